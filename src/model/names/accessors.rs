//! The methods that prost derives for fields, and that a field of another name may have too:
//! `E foo = 1; E set_foo = 2;` would make `set_foo` twice.

use std::collections::HashMap;

use super::super::ident::snake;
use crate::descriptor::{Field, Label, Message, Type};

/// The methods beside getters, each with the field that they are for.
pub(super) fn beside_getters(message: &Message) -> HashMap<String, &str> {
    let mut methods = HashMap::new();
    let plain = message
        .field
        .iter()
        .filter(|field| field.real_oneof().is_none());
    for field in plain {
        let name = snake(&field.name);
        let name = name.trim_start_matches("r#");
        for prefix in prefixes(field, message) {
            methods.insert(format!("{prefix}_{name}"), field.name.as_str());
        }
    }
    methods
}

fn prefixes(field: &Field, message: &Message) -> &'static [&'static str] {
    let is_enum = |field: &Field| field.known_type() == Some(Type::Enum);
    match field.label() {
        Label::Repeated if is_enum(field) => &["push"],
        Label::Repeated if map_value(field, message).is_some_and(is_enum) => &["get", "insert"],
        Label::Optional | Label::Required if is_enum(field) => &["set"],
        _ => &[],
    }
}

fn map_value<'a>(field: &Field, message: &'a Message) -> Option<&'a Field> {
    message.map_entry(field)?.field.get(1)
}

/// Whether prost derives a method of the field's own name.
pub(super) fn has_getter(field: &Field, is_proto3: bool) -> bool {
    let has_presence = field.proto3_optional == Some(true) || !is_proto3;
    match field.known_type() {
        Some(Type::Enum) => true,
        Some(Type::Message | Type::Group) | None => false,
        Some(_) => field.label() == Label::Optional && has_presence,
    }
}
