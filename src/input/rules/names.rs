//! Names that are reserved, and names that are too much alike.

use std::collections::{HashMap, HashSet};

use super::Rules;
use crate::descriptor::Enum;
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
