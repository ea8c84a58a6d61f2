//! Names in JSON: no two fields of a message have one.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use super::context::{Around, Check};
use crate::descriptor::Message;
use crate::features::JsonFormat;
use crate::json_name::{has_default_json_name, json_name};
use crate::names::Fast;
use crate::wire;

impl Check<'_, '_> {
    /// Fields that have one name by default may have it in proto2, in editions with
    /// `json_format = LEGACY_BEST_EFFORT`, and where an option of old messages allows it.
    pub(super) fn json_names(&mut self, message: &Message, around: &Around<'_>) {
        /// `deprecated_legacy_json_field_conflicts` of `MessageOptions`.
        const LEGACY: u32 = 11;
        if wire::flag(message.options.as_deref(), LEGACY) {
            return;
        }
        let is_lax = around.features.json_format() == JsonFormat::LegacyBestEffort;
        let mut problems = BTreeMap::new();
        let mut first: HashMap<Cow<'_, str>, (&str, bool), Fast> = HashMap::default();
        let choices: Vec<bool> = message
            .field
            .iter()
            .map(|field| !has_default_json_name(field))
            .collect();
        let has_choices = choices.contains(&true);
        // First by the names that they would have, and then by those that they chose.
        for is_chosen in [false, true].into_iter().take(1 + usize::from(has_choices)) {
            first.clear();
            first.reserve(message.field.len());
            for (index, field) in message.field.iter().enumerate() {
                let has_chosen = is_chosen && choices[index];
                let json = match &field.json_name {
                    Some(name) if has_chosen || !choices[index] => Cow::Borrowed(name.as_str()),
                    _ => Cow::Owned(json_name(&field.name)),
                };
                if has_chosen && json.starts_with('[') && json.ends_with(']') {
                    problems.entry(index).or_insert(format!(
                        "the name `{json}` in JSON is in brackets, which extensions have"
                    ));
                    continue;
                }
                let known = first.get(&json).copied();
                let Some((other, other_has_chosen)) = known else {
                    first.insert(json, (&field.name, has_chosen));
                    continue;
                };
                if is_chosen && !has_chosen && !other_has_chosen {
                    continue;
                }
                if !is_lax || has_chosen && other_has_chosen {
                    let text = format!("`{}` and `{other}` are both `{json}` in JSON", field.name);
                    problems.entry(index).or_insert(text);
                }
            }
        }
        for (index, text) in problems {
            let help = "give one of them another name, or another `json_name`";
            self.problem_of(&around.path_of(2, index), text, help);
        }
    }
}
