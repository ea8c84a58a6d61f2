//! Enums and their values.

use std::collections::{HashMap, HashSet};

use super::context::{Around, Check};
use super::ranges::NumberRange;
use crate::descriptor::Enum;
use crate::diagnostics::Diagnostic;
use crate::features::{EnumType, Features};
use crate::places;
use crate::target::Target;
use crate::wire;
use crate::work;

impl<'a> Check<'a, '_> {
    pub(super) fn r#enum(
        &mut self,
        r#enum: &'a Enum,
        outer: &Around<'_>,
        number: i32,
        index: usize,
    ) {
        let path = outer.path_of(number, index);
        self.identifier(&path, &r#enum.name);
        self.options(&r#enum.options, Target::Enum, &path);
        self.keyword_of_enum(r#enum, outer, &path);
        for (index, value) in r#enum.value.iter().enumerate() {
            let path = [path.as_slice(), &[2, index as i32]].concat();
            self.identifier(&path, &value.name);
            self.options(&value.options, Target::EnumValue, &path);
            self.support_of_value(value, &path);
        }
        let Some(first) = r#enum.value.first() else {
            let text = format!("the enum `{}` has no values", r#enum.name);
            return self.problem_of(&path, text, "declare at least one value");
        };
        let own = Features::from_options(r#enum.options.as_deref(), Target::Enum);
        let is_open = outer.features.inherit(own).enum_type() == EnumType::Open;
        if is_open && first.number != Some(0) {
            let text = format!("the open enum `{}` does not begin with 0", r#enum.name);
            let help = if self.is_edition() {
                "begin it with a value that is 0, for what is not set, or close it: `option features.enum_type = CLOSED;`"
            } else {
                "begin it with a value that is 0, for what is not set"
            };
            let path = [path.as_slice(), &[2, 0]].concat();
            self.problem(|file| places::part(file, &path, 2), text, help);
        }
        self.reserved_of_enum(r#enum, &path);
        self.aliases(r#enum, &path);
        self.alike(r#enum, &path);
    }

    fn reserved_of_enum(&mut self, r#enum: &Enum, path: &[i32]) {
        let ranges = r#enum.reserved_range.iter().enumerate();
        // The end is included.
        let ranges = ranges.map(|(index, range)| NumberRange {
            path: [path, &[4, index as i32]].concat(),
            first: i64::from(range.start.unwrap_or_default()),
            last: i64::from(range.end.unwrap_or_default()),
            is_extension: false,
        });
        let ranges = self.ranges(ranges.collect(), i64::MIN);
        for (index, value) in r#enum.value.iter().enumerate() {
            let number = value.number.unwrap_or_default();
            if let Some(range) = ranges.find(i64::from(number)) {
                let path = [path, &[2, index as i32]].concat();
                let text = format!("the number {number} of `{}` is reserved", value.name);
                let help = "choose another number, or do not reserve this one";
                let place = |file: &_| places::part(file, &path, 2);
                self.kept(range, place, text, || help.to_owned());
            }
        }
        let names = r#enum.value.iter().map(|value| value.name.as_str());
        self.reserved_names(path, &r#enum.reserved_name, names.zip(0..));
    }

    /// Two values of one number are aliases, which an option allows.
    fn aliases(&mut self, r#enum: &Enum, path: &[i32]) {
        let allow_alias = wire::varint(r#enum.options.as_deref(), 2);
        let mut first: HashMap<i32, usize> = HashMap::with_capacity(r#enum.value.len());
        let mut has_some = false;
        for (index, value) in r#enum.value.iter().enumerate() {
            let number = value.number.unwrap_or_default();
            let other = *first.entry(number).or_insert(index);
            if other == index {
                continue;
            }
            has_some = true;
            // Whether it is allowed is not known where the options have mistakes.
            if allow_alias == Some(1) || self.facts.has_wrong_options {
                continue;
            }
            let child = |index: usize| [path, &[2, index as i32]].concat();
            let text = format!(
                "`{}` and `{}` have the number {number}",
                r#enum.value[other].name, value.name
            );
            let file = self.file;
            self.problems.error(|| {
                work::count(r#enum.value.len());
                let used: HashSet<i64> =
                    r#enum.value.iter().map(|value| i64::from(value.number.unwrap_or_default())).collect();
                let free = (i64::from(number)..).find(|number| !used.contains(number));
                let help = format!(
                    "the next free number is {}; if this is meant, write `option allow_alias = true;`",
                    free.unwrap_or_default()
                );
                Diagnostic::error(text)
                    .with_label(places::part(file, &child(index), 2), "used again here")
                    .with_label(places::part(file, &child(other), 2), "used first here")
                    .with_help(help)
            });
        }
        let place = |file: &_| places::word(file, path, "allow_alias");
        if allow_alias == Some(0) {
            let text = "`allow_alias = false` is what holds anyway";
            self.problem(place, text, "leave it out");
        } else if allow_alias.is_some() && !has_some {
            let text = format!("no two values of `{}` have one number", r#enum.name);
            self.problem(place, text, "leave out `allow_alias`");
        }
    }

    /// Values that generators call alike: those that take the name of the enum away, and write the rest in
    /// another case. An option of old enums in proto2 allows it.
    fn alike(&mut self, r#enum: &Enum, path: &[i32]) {
        /// `deprecated_legacy_json_field_conflicts` of `EnumOptions`.
        const LEGACY: u32 = 6;
        let is_proto2 = !self.is_edition() && !self.file.is_proto3();
        if is_proto2 && wire::flag(r#enum.options.as_deref(), LEGACY) {
            return;
        }
        let mut first: HashMap<String, (&str, Option<i32>)> =
            HashMap::with_capacity(r#enum.value.len());
        for (value, index) in r#enum.value.iter().zip(0..) {
            let short = pascal(strip(&r#enum.name, &value.name));
            let (name, number) = *first.entry(short).or_insert((&value.name, value.number));
            if number != value.number && name != value.name {
                let text = format!(
                    "`{name}` and `{}` are one name without case and the name of the enum",
                    value.name
                );
                let path = [path, &[2, index]].concat();
                self.problem_of(&path, text, "give one of them another name");
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
    if stripped.is_empty() { value } else { stripped }
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
