//! Takes away what differs between our compiler, protoc and buf for the same protos, so that the generated
//! code cannot differ either.
//!
//! - the order of files, and files that nothing listed imports;
//! - the spelling of options ([`canonicalize`]) and of defaults;
//! - what each of them carries as `google/protobuf/*.proto`;
//! - fields that are set to what they are anyway;
//! - features of other languages, and those that only say how a file is written: protoc keeps the latter from
//!   plugins, buf does not.
//!
//! Comments stay as they are: only their text is used, by the item they belong to.

use std::collections::{BTreeSet, HashMap, HashSet};

use rust_svc_compiler::canonicalize;

use super::linked::Linked;
use super::{editions, embedded};
use crate::descriptor::{Enum, Field, File, Message, Type};
use crate::diagnostics::{Diagnostic, Error};
use crate::symbols::Symbols;

pub(super) fn normalize(mut input: Linked) -> Result<Linked, Error> {
    // Comes before `sort`: the imports of our copies decide which files are needed.
    take_well_known(&mut input);
    input.files = sort(std::mem::take(&mut input.files), &input.listed)?;
    canonicalize(&mut input.files);
    let spelling = Spelling::new(&input.files);
    for file in &mut input.files {
        spelling.file(file);
        if file.edition.is_some() {
            editions::keep_known_features(file);
        }
    }
    Ok(input)
}

/// The listed files and what they import, every file after its imports, otherwise by name.
fn sort(files: Vec<File>, listed: &BTreeSet<String>) -> Result<Vec<File>, Error> {
    let mut left: HashMap<String, File> = files
        .into_iter()
        .map(|file| (file.name.clone(), file))
        .collect();
    let mut sorted = Vec::with_capacity(left.len());
    let mut open = HashSet::new();
    // Depth first without recursion: a chain of imports in a request can be any length.
    for name in listed {
        let mut stack = vec![(name.clone(), false)];
        while let Some((name, is_done)) = stack.pop() {
            if is_done {
                open.remove(&name);
                sorted.extend(left.remove(&name));
                continue;
            }
            let Some(file) = left.get(&name) else {
                continue;
            };
            if !open.insert(name.clone()) {
                let message = format!("the file \"{name}\" imports itself by way of others");
                return Err(Diagnostic::error(message)
                    .with_help("protoc and buf do not make such descriptors: what made these?")
                    .into());
            }
            stack.push((name.clone(), true));
            let mut imports = [&file.dependency[..], &file.option_dependency].concat();
            imports.sort();
            let unseen = imports
                .into_iter()
                .rev()
                .filter(|import| left.contains_key(import));
            stack.extend(unseen.map(|import| (import, false)));
        }
    }
    Ok(sorted)
}

/// Replaces `google/protobuf/*.proto` by the files that we carry, where those have all that is used.
///
/// Each tool brings its own versions, and in a plugin nothing tells them from a user's copy. A
/// listed file is never replaced.
fn take_well_known(input: &mut Linked) {
    let is_ours =
        |file: &File| !input.listed.contains(&file.name) && embedded::is_well_known(&file.name);
    let ours: Vec<File> = input
        .files
        .iter()
        .filter(|file| is_ours(file))
        .filter_map(|file| embedded::well_known_file(&file.name))
        .collect();
    let (theirs, others): (Vec<&File>, Vec<&File>) =
        input.files.iter().partition(|file| is_ours(file));
    let in_ours = Symbols::new(&ours);
    let in_theirs = Symbols::new(theirs);
    let is_lost = |name: &str| in_ours.get(name).is_none() && in_theirs.get(name).is_some();
    let mut used = others.into_iter().flat_map(references);
    if used.any(is_lost) {
        return;
    }
    for file in &mut input.files {
        if let Some(ours) = ours.iter().find(|ours| ours.name == file.name) {
            file.clone_from(ours);
        }
    }
}

/// The full names of all types that a file's declarations refer to.
fn references(file: &File) -> Vec<&str> {
    fn of_field<'a>(field: &'a Field, names: &mut Vec<&'a str>) {
        names.extend(field.type_name.as_deref());
        names.extend(field.extendee.as_deref());
    }
    fn of_message<'a>(message: &'a Message, names: &mut Vec<&'a str>) {
        for field in message.field.iter().chain(&message.extension) {
            of_field(field, names);
        }
        for nested in &message.nested_type {
            of_message(nested, names);
        }
    }
    let mut names = Vec::new();
    for message in &file.message_type {
        of_message(message, &mut names);
    }
    for extension in &file.extension {
        of_field(extension, &mut names);
    }
    for method in file.service.iter().flat_map(|service| &service.method) {
        names.extend([method.input_type.as_str(), method.output_type.as_str()]);
    }
    names
}

/// Gives what is said in several ways one spelling, but for options.
struct Spelling {
    /// The first name of each enum value that has several: what buf writes, and all that prost knows. By the
    /// full name of the enum and the other name.
    aliases: HashMap<(String, String), String>,
}

impl Spelling {
    fn new(files: &[File]) -> Self {
        let mut spelling = Self {
            aliases: HashMap::new(),
        };
        for file in files {
            for r#enum in &file.enum_type {
                spelling.add(r#enum, &file.full_name(&r#enum.name));
            }
            for message in &file.message_type {
                spelling.add_nested(message, &file.full_name(&message.name));
            }
        }
        spelling
    }

    fn add_nested(&mut self, message: &Message, full_name: &str) {
        for r#enum in &message.enum_type {
            self.add(r#enum, &format!("{full_name}.{}", r#enum.name));
        }
        for nested in &message.nested_type {
            self.add_nested(nested, &format!("{full_name}.{}", nested.name));
        }
    }

    fn add(&mut self, r#enum: &Enum, full_name: &str) {
        if r#enum.options.is_none() {
            return;
        }
        let mut first = HashMap::new();
        for value in &r#enum.value {
            let name = *first.entry(value.number).or_insert(&value.name);
            if *name != value.name {
                let key = (full_name.to_owned(), value.name.clone());
                self.aliases.insert(key, name.clone());
            }
        }
    }

    fn file(&self, file: &mut File) {
        if file.syntax.as_deref() == Some("proto2") {
            file.syntax = None;
        }
        for message in &mut file.message_type {
            self.message(message);
        }
        for extension in &mut file.extension {
            self.field(extension);
        }
        for method in file
            .service
            .iter_mut()
            .flat_map(|service| &mut service.method)
        {
            method.client_streaming = method.client_streaming.filter(|&streaming| streaming);
            method.server_streaming = method.server_streaming.filter(|&streaming| streaming);
        }
    }

    fn message(&self, message: &mut Message) {
        for field in message.field.iter_mut().chain(&mut message.extension) {
            self.field(field);
        }
        for nested in &mut message.nested_type {
            self.message(nested);
        }
    }

    fn field(&self, field: &mut Field) {
        field.proto3_optional = field.proto3_optional.filter(|&optional| optional);
        let kind = field.known_type();
        if let Some(default) = &mut field.default_value {
            *default = match kind {
                Some(Type::Double) => float(default, default.parse::<f64>().ok()),
                Some(Type::Float) => float(default, default.parse::<f32>().ok()),
                Some(Type::Enum) => {
                    let r#enum = field.type_name.clone().unwrap_or_default();
                    let first = self.aliases.get(&(r#enum, default.clone()));
                    first.unwrap_or(default).clone()
                }
                _ => return,
            };
        }
    }
}

/// The shortest decimal that reads back as the same number.
fn float<F: std::fmt::Debug + Copy + Into<f64>>(text: &str, value: Option<F>) -> String {
    match value {
        Some(value) if value.into().is_nan() => "nan".to_owned(),
        Some(value) => format!("{value:?}"),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spells_floats_one_way() {
        for (text, spelt) in [
            ("1e+10", "10000000000.0"),
            ("10000000000", "10000000000.0"),
            ("0.10000000000000001", "0.1"),
            ("-inf", "-inf"),
            ("nan", "nan"),
        ] {
            assert_eq!(float(text, text.parse::<f64>().ok()), spelt);
        }
    }
}
