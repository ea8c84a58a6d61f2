//! Required fields that lead back to their own message.
//!
//! `message Node { required Node next = 1; }` has no value: each holds another. protoc takes it nevertheless, and a
//! struct of it would be a `Box` of itself, whose `Default` never ends. So each field of such a cycle is optional
//! in the descriptors that code is generated from; reflection is told the truth.

use std::collections::{HashMap, HashSet};

use crate::components::components;
use crate::descriptor::{Field, File, Label, Message, Type};

/// A field: the full name of its message, and its number.
type Place = (String, i32);

/// The files with the fields of such cycles optional: those that have some.
pub(super) fn relaxed(files: &[File]) -> HashMap<String, File> {
    let cycles = cycles(files);
    let mut relaxed = HashMap::new();
    if cycles.is_empty() {
        return relaxed;
    }
    for file in files {
        let mut changed = file.clone();
        let is_proto3 = file.syntax.as_deref() == Some("proto3");
        let mut has_changed = false;
        each_message(&mut changed, &mut |name, message| {
            for field in &mut message.field {
                if cycles.contains(&(name.to_owned(), field.number)) {
                    field.label = Some(Label::Optional as i32);
                    // prost knows of messages in proto3 that they have presence, but not of groups.
                    let is_group = field.known_type() == Some(Type::Group);
                    field.proto3_optional = (is_group && is_proto3).then_some(true);
                    has_changed = true;
                }
            }
        });
        if has_changed {
            relaxed.insert(file.name.clone(), changed);
        }
    }
    relaxed
}

fn each_message(file: &mut File, visit: &mut impl FnMut(&str, &mut Message)) {
    fn inner(message: &mut Message, name: &str, visit: &mut impl FnMut(&str, &mut Message)) {
        visit(name, message);
        for nested in &mut message.nested_type {
            let name = format!("{name}.{}", nested.name);
            inner(nested, &name, visit);
        }
    }
    let names = file.message_type.iter();
    let names: Vec<_> = names.map(|message| file.full_name(&message.name)).collect();
    for (message, name) in file.message_type.iter_mut().zip(names) {
        inner(message, &name, visit);
    }
}

/// The fields by which messages require themselves.
fn cycles(files: &[File]) -> HashSet<Place> {
    let mut required = Vec::new();
    for file in files {
        for message in &file.message_type {
            collect(message, &file.full_name(&message.name), &mut required);
        }
    }
    let mut nodes: HashMap<&str, usize> = HashMap::new();
    for (message, field) in &required {
        for name in [message.as_str(), target(field)] {
            let next = nodes.len();
            nodes.entry(name).or_insert(next);
        }
    }
    let mut edges = vec![Vec::new(); nodes.len()];
    for (message, field) in &required {
        edges[nodes[message.as_str()]].push(nodes[target(field)]);
    }
    let components = components(&edges);
    let is_of_cycle = |(message, field): &&(String, &Field)| {
        components[nodes[message.as_str()]] == components[nodes[target(field)]]
    };
    let fields = required.iter().filter(is_of_cycle);
    fields
        .map(|(message, field)| (message.clone(), field.number))
        .collect()
}

/// The required fields of messages that hold a message.
fn collect<'a>(message: &'a Message, name: &str, required: &mut Vec<(String, &'a Field)>) {
    let fields = message.field.iter().filter(|field| {
        let is_message = matches!(field.known_type(), Some(Type::Message | Type::Group));
        field.label() == Label::Required && is_message
    });
    required.extend(fields.map(|field| (name.to_owned(), field)));
    for nested in &message.nested_type {
        collect(nested, &format!("{name}.{}", nested.name), required);
    }
}

fn target(field: &Field) -> &str {
    field.type_name.as_deref().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_cycles_of_required_fields_only() {
        let folder = tempfile::tempdir().unwrap();
        let text = "syntax = \"proto2\"; package p;
            message Node { required Node next = 1; optional Node other = 2; repeated Node more = 3; }
            message A { required B b = 1; required Leaf leaf = 2; }
            message B { required C c = 1; }
            message C { required A a = 1; optional C c = 2; }
            message Leaf { required string text = 1; optional Outside outside = 2; }
            message Outside { required Leaf leaf = 1; required A a = 2; }
            message Grouped { required group Inner = 1 { required Grouped outer = 1; } }";
        std::fs::write(folder.path().join("p.proto"), text).unwrap();
        let input = crate::Input::from_protos(&[folder.path()], &[folder.path()]).unwrap();
        let originals = input.files.iter().map(|file| input.original(file).clone());
        let originals: Vec<_> = originals.collect();
        let found = cycles(&originals).into_iter();
        let mut found: Vec<_> = found
            .map(|(name, number)| format!("{name} {number}"))
            .collect();
        found.sort();
        assert_eq!(
            found,
            [
                ".p.A 1",
                ".p.B 1",
                ".p.C 1",
                ".p.Grouped 1",
                ".p.Grouped.Inner 1",
                ".p.Node 1"
            ]
        );
        assert!(cycles(&input.files).is_empty(), "they are optional by now");
    }
}
