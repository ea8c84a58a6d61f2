//! Options that their declaration limits: to kinds of declarations (`targets`), and to editions
//! (`feature_support`).
//!
//! Both are options of the fields of options messages. So are features, which nothing else needs to know.

use std::collections::HashMap;

use super::context::Check;
use super::messages::NOT_OURS;
use crate::descriptor::{RawOptions, Type};
use crate::diagnostics::Diagnostic;
use crate::edition;
use crate::places;
use crate::pool::{FieldRef, MessageRef};
use crate::target::Target;
use crate::wire::{self, Record, Records, WireType};

/// Numbers of fields of `FieldOptions` and `EnumValueOptions`.
const TARGETS: u32 = 19;
pub(super) const FIELD_SUPPORT: u32 = 22;
pub(super) const VALUE_SUPPORT: u32 = 4;

/// `FieldOptions.FeatureSupport`.
pub(super) struct Support {
    pub(super) introduced: Option<i32>,
    pub(super) deprecated: Option<i32>,
    pub(super) warning: Option<String>,
    pub(super) removed: Option<i32>,
    pub(super) error: Option<String>,
}

impl Support {
    pub(super) fn read(options: &RawOptions, number: u32) -> Option<Self> {
        let bytes = wire::message(options.as_deref(), number)?;
        let edition = |number: u32| wire::varint(Some(&bytes), number).map(|number| number as i32);
        let text = |number: u32| {
            let text = wire::message(Some(&bytes), number)?;
            Some(String::from_utf8_lossy(&text).into_owned())
        };
        Some(Self {
            introduced: edition(1),
            deprecated: edition(2),
            warning: text(3),
            removed: edition(4),
            error: text(5),
        })
    }
}

/// The options of a declaration, or a message in them.
struct OptionsMessage<'a, 'b> {
    r#type: MessageRef<'a>,
    bytes: &'b [u8],
    path: &'b [i32],
    /// How many messages are around it.
    depth: usize,
}

impl<'a> Check<'a, '_> {
    /// Looks through the options of the declaration at a path.
    pub(super) fn options(&mut self, options: &RawOptions, target: Target, path: &[i32]) {
        let Some(bytes) = options.as_deref() else {
            return;
        };
        if Records::new(bytes).any(|record| record.is_err()) {
            return self.problem_of(path, "the options are not a message", NOT_OURS);
        }
        let number = target.features();
        if !self.is_edition()
            && Records::new(bytes)
                .flatten()
                .any(|record| record.number == number)
        {
            let help = "begin the file with `edition = \"2023\";`, or leave them out";
            let option = [path, &[target.options(), number as i32]].concat();
            self.problem(
                |file| option_place(file, &option, path, "features"),
                "features are for files with an edition",
                help,
            );
        }
        let known = self.pool.message(target.type_name());
        let Some(message) = known.or_else(|| (self.shared.builtin)().message(target.type_name()))
        else {
            return;
        };
        let options = OptionsMessage {
            r#type: message,
            bytes,
            path: &[path, &[target.options()]].concat(),
            depth: 0,
        };
        self.limited(options, target);
    }

    /// Whether a value of the message can have fields that are limited.
    fn is_limited(&mut self, message: MessageRef<'a>) -> bool {
        let key = message.key();
        if let Some(known) = self.shared.limited.get(&key) {
            return *known;
        }
        // A message that contains itself is limited if another field of it is. One with extensions could
        // have any, as `FeatureSet` and the options themselves do.
        self.shared.limited.insert(key, false);
        let mut is_limited = !message.message.extension_range.is_empty();
        for field in &message.message.field {
            let options = field.options.as_deref();
            is_limited |= options.is_some_and(|options| {
                let mut records = Records::new(options).flatten();
                records.any(|record| matches!(record.number, TARGETS | FIELD_SUPPORT))
            });
            if let Some(inner) = message.field(&field.name).and_then(FieldRef::message) {
                is_limited |= self.is_limited(inner);
            }
        }
        self.shared.limited.insert(key, is_limited);
        is_limited
    }

    fn limited(&mut self, options: OptionsMessage<'a, '_>, target: Target) {
        let OptionsMessage {
            r#type: message,
            bytes,
            path,
            depth,
        } = options;
        if depth > wire::MAX_DEPTH || !self.is_limited(message) {
            return;
        }
        let mut counts: HashMap<u32, i32> = HashMap::new();
        for record in Records::new(bytes).flatten() {
            let Some(field) = self.shared.option_fields.field(message, record.number) else {
                continue;
            };
            let mut path = [path, &[field.field.number]].concat();
            if field.field.is_repeated() {
                let count = counts.entry(record.number).or_default();
                path.push(*count);
                *count += 1;
            }
            self.limits_of_field(field, target, &path);
            if field.field.known_type() == Some(Type::Enum) {
                self.limits_of_value(field, &record, &path);
            } else if let Some(inner) = field.message().filter(|_| is_nested(&record)) {
                let inner = OptionsMessage {
                    r#type: inner,
                    bytes: record.value,
                    path: &path,
                    depth: depth + 1,
                };
                self.limited(inner, target);
            }
        }
    }

    fn limits_of_field(&mut self, field: FieldRef<'a>, target: Target, path: &[i32]) {
        let Some(options) = field.field.options.as_deref() else {
            return;
        };
        let targets = Records::new(options).flatten();
        let targets: Vec<u64> = targets
            .filter(|record| record.number == TARGETS && record.kind == WireType::Varint)
            .filter_map(|record| wire::take_varint(&mut { record.value }))
            .collect();
        let name = field.field.name.clone();
        if self.facts.is_listed && !targets.is_empty() && !targets.contains(&target.target_type()) {
            let names = targets
                .iter()
                .filter_map(|target| Target::from_target_type(*target));
            let names: Vec<_> = names.map(Target::name).collect();
            let text = format!("the option `{name}` says nothing of {}", target.name());
            let help = format!("it can be set on {}", names.join(" or "));
            self.problem(|file| option_place(file, path, path, &name), text, help);
        }
        if let Some(support) = Support::read(&field.field.options, FIELD_SUPPORT) {
            self.lifetime(&support, &name, path);
        }
    }

    fn limits_of_value(&mut self, field: FieldRef<'a>, record: &Record<'_>, path: &[i32]) {
        let Some(number) = wire::take_varint(&mut { record.value }) else {
            return;
        };
        let number = number as i32;
        let pool = field.pool;
        let name = field.field.type_name.as_deref().unwrap_or_default();
        let Some(id) = pool.symbols.find(name) else {
            return;
        };
        let by_number = &self.shared.option_fields.by_number;
        let Some(value) = by_number.enum_value(pool, id, number) else {
            return;
        };
        if number == 0 && field.full_name().starts_with("google.protobuf.FeatureSet.") {
            let text = format!(
                "the feature `{}` is never `{}`",
                field.field.name, value.name
            );
            let r#enum = pool.symbols.r#enum(pool.files, id);
            let others = r#enum.into_iter().flat_map(|r#enum| &r#enum.value).skip(1);
            let others: Vec<_> = others.map(|value| value.name.as_str()).collect();
            let help = format!("it is one of {}", others.join(", "));
            self.problem(
                |file| option_place(file, path, path, &value.name),
                text,
                help,
            );
        }
        if let Some(support) = Support::read(&value.options, VALUE_SUPPORT) {
            self.lifetime(&support, &value.name, path);
        }
    }

    fn lifetime(&mut self, support: &Support, name: &str, path: &[i32]) {
        let own = self.file.edition.unwrap_or(if self.file.is_proto3() {
            edition::PROTO3
        } else {
            edition::PROTO2
        });
        let place = |file: &_| option_place(file, path, path, name);
        let here = edition::name(own);
        if let Some(introduced) = support.introduced.filter(|introduced| own < *introduced) {
            // Before editions every feature is refused, with one message.
            if own < edition::E2023 && introduced >= edition::E2023 {
                return;
            }
            let text = format!(
                "`{name}` begins with edition {}, and this file has {here}",
                edition::name(introduced)
            );
            self.problem(place, text, "leave it out, or take a newer edition");
        } else if let Some(removed) = support.removed.filter(|removed| own >= *removed) {
            let text = format!(
                "`{name}` ends before edition {}, and this file has {here}",
                edition::name(removed)
            );
            let own = support.error.as_deref().filter(|error| !error.is_empty());
            let help = own.unwrap_or("leave it out");
            self.problem(place, text, help);
        } else if let Some(deprecated) = support.deprecated.filter(|deprecated| own >= *deprecated)
        {
            let text = format!(
                "`{name}` is deprecated from edition {} on",
                edition::name(deprecated)
            );
            let warning = Diagnostic::warning(text).with_label(place(self.file), "");
            let help = support.warning.as_ref().filter(|text| !text.is_empty());
            self.problems.warning(match help {
                Some(help) => warning.with_help(help.clone()),
                None => warning,
            });
        }
    }
}

fn is_nested(record: &Record<'_>) -> bool {
    matches!(record.kind, WireType::Delimited | WireType::Group)
}

/// Where an option stands: its own location, or that of what it is set in, or a word of the declaration.
fn option_place(
    file: &crate::descriptor::File,
    option: &[i32],
    declaration: &[i32],
    word: &str,
) -> crate::diagnostics::Place {
    let info = file.source_code_info.as_ref();
    let around = (declaration.len().min(2)..=option.len()).rev();
    let mut around = around.map(|length| &option[..length]);
    let found = info.and_then(|info| around.find_map(|path| info.find(path)));
    match found {
        Some(location) => location
            .place_of_word(word)
            .unwrap_or_else(|| location.place(&file.name)),
        None => places::at(file, declaration),
    }
}
