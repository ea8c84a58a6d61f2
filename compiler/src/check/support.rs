//! `feature_support`: what a declaration says about its editions has to hold together.
//!
//! The rules are those of protoc's `FeatureResolver::ValidateFeatureSupport`.

use super::context::Check;
use super::lifetimes::{FIELD_SUPPORT, Support, VALUE_SUPPORT};
use crate::descriptor::{EnumValue, Field, Type};
use crate::places;

/// The end of an error's text, and the help.
type Mistake = (&'static str, &'static str);

fn mistake(support: &Support) -> Option<Mistake> {
    const WARNING: &str = "set `deprecation_warning` and `edition_deprecated` both, or neither";
    const ERROR: &str = "set `removal_error` and `edition_removed` both, or neither";
    const ORDER: &str = "editions come in this order: introduced, deprecated, removed";
    let introduced = support.introduced.unwrap_or_default();
    match support.deprecated {
        Some(deprecated) if deprecated < introduced => {
            return Some(("is deprecated before it is introduced", ORDER));
        }
        Some(_) if support.warning.is_none() => {
            return Some(("is deprecated without a warning", WARNING));
        }
        None if support.warning.is_some() => {
            return Some(("has a warning, and is not deprecated", WARNING));
        }
        _ => {}
    }
    match support.removed {
        Some(removed) if support.deprecated.unwrap_or_default() >= removed => {
            Some(("is deprecated after it is removed", ORDER))
        }
        Some(removed) if removed < introduced => {
            Some(("is removed before it is introduced", ORDER))
        }
        Some(removed) if removed != introduced && support.error.is_none() => {
            Some(("is removed without an error", ERROR))
        }
        None if support.error.is_some() => Some(("has an error, and is not removed", ERROR)),
        _ => None,
    }
}

impl Check<'_, '_> {
    /// Checks what a field says of itself, and what the values of its enum say beyond that.
    pub(super) fn support(&mut self, field: &Field, path: &[i32]) {
        let Some(support) = Support::read(&field.options, FIELD_SUPPORT) else {
            return;
        };
        if let Some((what, help)) = mistake(&support) {
            let text = format!("the field `{}` {what}", field.name);
            self.problem(
                |file| places::word(file, path, "feature_support"),
                text,
                help,
            );
        }
        if field.known_type() != Some(Type::Enum) {
            return;
        }
        let id = self
            .pool
            .symbols
            .find(field.type_name.as_deref().unwrap_or_default());
        let r#enum = id.and_then(|id| self.pool.symbols.r#enum(self.pool.files, id));
        for value in r#enum.into_iter().flat_map(|r#enum| &r#enum.value) {
            let Some(own) = Support::read(&value.options, VALUE_SUPPORT) else {
                continue;
            };
            let is_before = own
                .introduced
                .is_some_and(|own| own < support.introduced.unwrap_or_default());
            let is_after = |own: Option<i32>, field: Option<i32>| {
                own.zip(field).is_some_and(|(own, field)| own > field)
            };
            let what = if is_before {
                "is introduced before the field"
            } else if is_after(own.removed, support.removed) {
                "is removed after the field"
            } else if is_after(own.deprecated, support.deprecated) {
                "is deprecated after the field"
            } else {
                continue;
            };
            let text = format!(
                "the value `{}` of the field `{}` {what}",
                value.name, field.name
            );
            self.problem_of(path, text, "a value lives no longer than its field");
        }
    }

    /// Checks what a value of an enum says of itself.
    pub(super) fn support_of_value(&mut self, value: &EnumValue, path: &[i32]) {
        let support = Support::read(&value.options, VALUE_SUPPORT);
        if let Some((what, help)) = support.as_ref().and_then(mistake) {
            let text = format!("the value `{}` {what}", value.name);
            self.problem(
                |file| places::word(file, path, "feature_support"),
                text,
                help,
            );
        }
    }
}
