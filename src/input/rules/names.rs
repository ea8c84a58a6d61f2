//! Names that are reserved, and names that are too much alike.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::Rules;
use crate::descriptor::{Enum, Message};
use crate::input::editions::Features;
use crate::input::normalize::json_name;
use crate::wire;

impl Rules<'_, '_> {
    pub(super) fn reserved_names<'n>(
        &mut self,
        path: &[i32],
        reserved: &[String],
        used: impl Iterator<Item = (&'n str, Vec<i32>)>,
    ) {
        let mut names = HashSet::new();
        for name in reserved {
            if !names.insert(name.as_str()) {
                let message = format!("the name `{name}` is reserved twice");
                self.problem(path, name, message, "leave out one of them");
            }
        }
        for (name, path) in used.filter(|(name, _)| names.contains(name)) {
            let message = format!("the name `{name}` is reserved");
            let help = "choose another name, or do not reserve this one";
            self.problem(&path, "", message, help);
        }
    }

    /// Fields that are one in JSON. Those that are so by their own names may be in proto2, in editions with
    /// `json_format = LEGACY_BEST_EFFORT`, and where an option of old messages allows it.
    pub(super) fn json_names(&mut self, message: &Message, features: Features, path: &[i32]) {
        /// `deprecated_legacy_json_field_conflicts` of `MessageOptions`.
        const LEGACY: u32 = 11;
        let is_lax = features.json_format == Some(Features::LEGACY_JSON)
            || wire::flag(&message.options, LEGACY);
        let mut problems = BTreeMap::new();
        // First by the names that they would have, and then by those that they chose.
        for is_chosen in [false, true] {
            let mut first: HashMap<String, (&str, bool)> = HashMap::new();
            for (field, index) in message.field.iter().zip(0..) {
                let own = json_name(&field.name);
                let chosen = field
                    .json_name
                    .as_ref()
                    .filter(|name| is_chosen && **name != own);
                let (has_chosen, json) = (chosen.is_some(), chosen.cloned().unwrap_or(own));
                let known = first.get(&json).copied();
                let Some((other, other_has_chosen)) = known else {
                    first.insert(json, (&field.name, has_chosen));
                    continue;
                };
                if !is_lax || has_chosen && other_has_chosen {
                    let message =
                        format!("`{}` and `{other}` are both `{json}` in JSON", field.name);
                    problems.entry(index).or_insert(message);
                }
            }
        }
        for (index, message) in problems {
            let help = "give one of them another name, or another `json_name`";
            self.problem(&[path, &[2, index]].concat(), "", message, help);
        }
    }

    /// Values that generators call alike: those that take the name of the enum away, and write the rest in
    /// another case. An option of old enums allows it.
    pub(super) fn alike(&mut self, r#enum: &Enum, path: &[i32]) {
        /// `deprecated_legacy_json_field_conflicts` of `EnumOptions`.
        const LEGACY: u32 = 6;
        if wire::flag(&r#enum.options, LEGACY) {
            return;
        }
        let mut first: HashMap<String, (&str, Option<i32>)> = HashMap::new();
        for (value, index) in r#enum.value.iter().zip(0..) {
            let short = pascal(strip(&r#enum.name, &value.name));
            let (name, number) = *first.entry(short).or_insert((&value.name, value.number));
            if number != value.number && name != value.name {
                let message = format!(
                    "`{name}` and `{}` are one name without case and the name of the enum",
                    value.name
                );
                let help = "give one of them another name";
                self.problem(&[path, &[2, index]].concat(), "", message, help);
            }
        }
    }
}

/// A value without the name of its enum, whose underscores and case do not count.
fn strip<'a>(r#enum: &str, value: &'a str) -> &'a str {
    let lower = |c: char| c.to_ascii_lowercase();
    let mut prefix = r#enum.chars().filter(|c| *c != '_').map(lower).peekable();
    let mut rest = value.char_indices();
    while let Some(&expected) = prefix.peek() {
        match rest.next() {
            Some((_, '_')) => {}
            Some((_, c)) if lower(c) == expected => {
                prefix.next();
            }
            _ => return value,
        }
    }
    let stripped = rest.as_str().trim_start_matches('_');
    match stripped.is_empty() {
        true => value,
        false => stripped,
    }
}

/// `FOO_BAR` as `FooBar`.
fn pascal(name: &str) -> String {
    let mut pascal = String::with_capacity(name.len());
    let mut is_start = true;
    for c in name.chars() {
        match c {
            '_' => is_start = true,
            c if is_start => {
                pascal.push(c.to_ascii_uppercase());
                is_start = false;
            }
            c => pascal.push(c.to_ascii_lowercase()),
        }
    }
    pascal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strips_the_enum_as_protoc_does() {
        for (r#enum, value, short) in [
            ("Kind", "KIND_A", "A"),
            ("Kind", "A", "A"),
            ("FooBar", "FOO_BAR_BAZ", "BAZ"),
            ("FooBar", "FOOBAR_BAZ", "BAZ"),
            ("Kind", "KIND", "KIND"),
            ("Kind", "KINDLY", "LY"),
        ] {
            assert_eq!(strip(r#enum, value), short);
        }
        assert_eq!(pascal("FOO_BAR"), "FooBar");
    }
}
