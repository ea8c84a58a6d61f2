//! Whether descriptors that others made are whole, so that nothing behind this can fall over them.
//!
//! protoc and buf hand over what passes here. A set that lacks an import, or bytes that only look
//! like descriptors, do not, and would be panics in prost-build.

use std::collections::HashSet;

use prost::Message as _;

use super::{Input, editions, plain};
use crate::descriptor::{Enum, Field, File, Label, Message, Type};
use crate::diagnostics::{Diagnostic, Error};
use crate::symbols::Symbols;

pub(super) fn check(input: &Input) -> Result<(), Error> {
    let symbols = Symbols::new(&input.files);
    let mut check = Check {
        input,
        symbols: &symbols,
        problems: Vec::new(),
    };
    check.files();
    for file in &input.files {
        check.file(file);
    }
    for name in &symbols.duplicates {
        check.problems.push(plain(
            format!("`{}` is declared twice", name.trim_start_matches('.')),
            "the files were not linked together: make the descriptors in one run",
        ));
    }
    match check.problems.is_empty() {
        true => Ok(()),
        false => Err(Error::new(check.problems)),
    }
}

struct Check<'a> {
    input: &'a Input,
    symbols: &'a Symbols<'a>,
    problems: Vec<Diagnostic>,
}

impl Check<'_> {
    fn files(&mut self) {
        let mut names = HashSet::new();
        for file in &self.input.files {
            if !names.insert(file.name.as_str()) {
                self.problem(file, &[], format!("the file \"{}\" comes twice", file.name));
            }
        }
        for name in &self.input.listed {
            if !names.contains(name.as_str()) {
                self.problems.push(plain(
                    format!("the file \"{name}\" is to be generated, but not in the request"),
                    "make the descriptors with all imports, as `protoc --include_imports` does",
                ));
            }
        }
        for file in &self.input.files {
            for import in file.dependency.iter().chain(&file.option_dependency) {
                if !names.contains(import.as_str()) {
                    self.problems.push(
                        Diagnostic::error(format!("the import \"{import}\" is not in the set"))
                            .at(self.input.sources.place(file, &[]), "imported by")
                            .help("make the descriptors with all imports, as `protoc --include_imports` does"),
                    );
                }
            }
        }
    }

    fn file(&mut self, file: &File) {
        // Options are bytes to us, and messages to prost-build.
        let bytes = file.encode_to_vec();
        if let Err(error) = prost_types::FileDescriptorProto::decode(bytes.as_slice()) {
            self.problem(
                file,
                &[],
                format!("the file's descriptor is broken: {error}"),
            );
        }
        match (file.syntax.as_deref(), file.edition) {
            (None | Some("" | "proto2" | "proto3"), None) => {}
            (Some("editions"), Some(edition)) if editions::is_known(edition) => {}
            (_, edition) => {
                let edition = edition.map_or("?".to_owned(), |number| number.to_string());
                let place = self.input.sources.place(file, &[12]);
                self.problems
                    .push(editions::unknown(&edition).at(place, ""));
            }
        }
        if !file.package.is_empty() && !file.package.split('.').all(is_identifier) {
            self.problem(
                file,
                &[2],
                format!("`{}` is not a package name", file.package),
            );
        }
        let mut path = vec![4, 0];
        for (index, message) in file.message_type.iter().enumerate() {
            path[1] = index as i32;
            self.message(file, &mut path, message);
        }
        path[0] = 5;
        for (index, r#enum) in file.enum_type.iter().enumerate() {
            path[1] = index as i32;
            self.r#enum(file, &path, r#enum);
        }
        self.services(file);
    }

    fn services(&mut self, file: &File) {
        for (index, service) in file.service.iter().enumerate() {
            let path = [6, index as i32];
            self.name(file, &path, &service.name);
            for (index, method) in service.method.iter().enumerate() {
                let path = [path[0], path[1], 2, index as i32];
                self.name(file, &path, &method.name);
                for name in [&method.input_type, &method.output_type] {
                    if self.symbols.message(name).is_none() {
                        self.problem(file, &path, format!("`{name}` is not a message of the set"));
                    }
                }
            }
        }
    }

    fn message(&mut self, file: &File, path: &mut Vec<i32>, message: &Message) {
        // Nobody writes the name of an entry: that of `_1` is `1Entry`.
        let is_made = message.is_map_entry() && is_identifier(&format!("_{}", message.name));
        if !is_made {
            self.name(file, path, &message.name);
        }
        for (index, field) in message.field.iter().enumerate() {
            path.extend([2, index as i32]);
            self.field(file, path, message, field);
            path.truncate(path.len() - 2);
        }
        for (index, nested) in message.nested_type.iter().enumerate() {
            path.extend([3, index as i32]);
            self.message(file, path, nested);
            path.truncate(path.len() - 2);
        }
        for (index, r#enum) in message.enum_type.iter().enumerate() {
            path.extend([4, index as i32]);
            self.r#enum(file, path, r#enum);
            path.truncate(path.len() - 2);
        }
        for (index, oneof) in message.oneof_decl.iter().enumerate() {
            path.extend([8, index as i32]);
            self.name(file, path, &oneof.name);
            path.truncate(path.len() - 2);
        }
        let is_entry = || {
            let names = message
                .field
                .iter()
                .map(|field| (field.name.as_str(), field.number));
            names.eq([("key", 1), ("value", 2)])
        };
        if message.is_map_entry() && !is_entry() {
            self.problem(
                file,
                path,
                "a map entry has exactly `key` and `value`".to_owned(),
            );
        }
    }

    fn field(&mut self, file: &File, path: &[i32], message: &Message, field: &Field) {
        self.name(file, path, &field.name);
        let name = field.type_name.as_deref().unwrap_or_default();
        let is_known = match field.known_type() {
            Some(Type::Message | Type::Group) => self.symbols.message(name).is_some(),
            Some(Type::Enum) => self.symbols.is_enum(name),
            Some(_) => true,
            None => false,
        };
        if !is_known {
            self.problem(
                file,
                path,
                format!("the field's type `{name}` is not in the set"),
            );
        }
        if let Some(default) = &field.default_value
            && !self.is_default(field, default)
        {
            self.problem(
                file,
                path,
                format!("`{default}` is no default for the field"),
            );
        }
        let has_label = field
            .label
            .is_some_and(|label| Label::try_from(label).is_ok());
        if !has_label || field.number <= 0 {
            self.problem(file, path, "the field has no label or no number".to_owned());
        }
        let is_oneof = |index: i32| (index as usize) < message.oneof_decl.len();
        if !field
            .oneof_index
            .is_none_or(|index| index >= 0 && is_oneof(index))
        {
            self.problem(file, path, "the field's oneof does not exist".to_owned());
        }
    }

    /// Whether a default is spelt as descriptor.proto says, for the field's type.
    fn is_default(&self, field: &Field, default: &str) -> bool {
        match field.known_type() {
            Some(Type::Double | Type::Float) => default.parse::<f64>().is_ok(),
            Some(Type::Int32 | Type::Sint32 | Type::Sfixed32) => default.parse::<i32>().is_ok(),
            Some(Type::Int64 | Type::Sint64 | Type::Sfixed64) => default.parse::<i64>().is_ok(),
            Some(Type::Uint32 | Type::Fixed32) => default.parse::<u32>().is_ok(),
            Some(Type::Uint64 | Type::Fixed64) => default.parse::<u64>().is_ok(),
            Some(Type::Bool) => matches!(default, "true" | "false"),
            Some(Type::String) => true,
            Some(Type::Bytes) => is_c_escaped(default),
            Some(Type::Enum) => {
                let name = field.type_name.as_deref().unwrap_or_default();
                let values = self.symbols.enum_values(name);
                values.iter().any(|value| value.name == default)
            }
            Some(Type::Message | Type::Group) | None => false,
        }
    }

    fn r#enum(&mut self, file: &File, path: &[i32], r#enum: &Enum) {
        self.name(file, path, &r#enum.name);
        if r#enum.value.is_empty() {
            self.problem(
                file,
                path,
                format!("the enum `{}` has no values", r#enum.name),
            );
        }
        for (index, value) in r#enum.value.iter().enumerate() {
            let path: Vec<i32> = path.iter().copied().chain([2, index as i32]).collect();
            self.name(file, &path, &value.name);
        }
    }

    fn name(&mut self, file: &File, path: &[i32], name: &str) {
        if !is_identifier(name) {
            self.problem(file, path, format!("`{name}` is not an identifier"));
        }
    }

    fn problem(&mut self, file: &File, path: &[i32], message: String) {
        let place = self.input.sources.place(file, path);
        self.problems.push(
            Diagnostic::error(message)
                .at(place, "")
                .help("protoc and buf do not make such descriptors: what made these?"),
        );
    }
}

/// An identifier of the proto language.
fn is_identifier(name: &str) -> bool {
    name.starts_with(|c: char| c == '_' || c.is_ascii_alphabetic())
        && name.chars().all(|c| c == '_' || c.is_ascii_alphanumeric())
}

/// Whether every backslash begins an escape of C that stands for one byte.
fn is_c_escaped(text: &str) -> bool {
    let mut rest = text.as_bytes();
    while let Some(at) = rest.iter().position(|&byte| byte == b'\\') {
        let after = &rest[at + 1..];
        let digits = |radix: u32, most: usize| {
            let digits = after.iter().take(most);
            digits
                .take_while(|&&byte| char::from(byte).is_digit(radix))
                .count()
        };
        let length = match after {
            [
                b'a' | b'b' | b'f' | b'n' | b'r' | b't' | b'v' | b'?' | b'\\' | b'\'' | b'"',
                ..,
            ] => 1,
            // `\377` is the largest byte.
            [b'0'..=b'3', ..] => digits(8, 3),
            [b'4'..=b'7', ..] if digits(8, 3) < 3 => digits(8, 2),
            [b'x' | b'X', high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                3
            }
            _ => return false,
        };
        rest = &after[length..];
    }
    true
}

#[cfg(test)]
mod tests {
    use super::is_c_escaped;

    #[test]
    fn knows_escapes() {
        for text in ["", "plain", r"\001\377\'x", r"\n\x0aF", r"\77", r"\\"] {
            assert!(is_c_escaped(text), "{text}");
        }
        for text in [r"\", r"\x1", r"\q", r"\400", r"\777"] {
            assert!(!is_c_escaped(text), "{text}");
        }
    }
}
