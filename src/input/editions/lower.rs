//! A file with an edition as one in proto3 that comes to the same, as far as prost can.

use rust_svc_compiler::Target;
use rust_svc_compiler::features::{Features, MessageEncoding, Presence, RepeatedEncoding};

use crate::descriptor::{Field, File, Label, Message, Type};
use crate::wire;

/// The file to generate code from.
pub(crate) fn lower(file: &File) -> File {
    let mut lowered = file.clone();
    lowered.syntax = Some("proto3".to_owned());
    lowered.edition = None;
    // prost knows no `import option`.
    lowered.dependency.append(&mut lowered.option_dependency);
    let features = Features::from_file(file);
    for message in &mut lowered.message_type {
        lower_message(message, features);
    }
    lowered
}

fn lower_message(message: &mut Message, outer: Features) {
    let own = Features::from_options(message.options.as_deref(), Target::Message);
    let features = outer.inherit(own);
    let oneofs: Vec<_> = message
        .oneof_decl
        .iter()
        .map(|oneof| {
            features.inherit(Features::from_options(
                oneof.options.as_deref(),
                Target::Oneof,
            ))
        })
        .collect();
    // A map is always length-prefixed, and so is what is in its entries.
    let is_map_entry = message.is_map_entry();
    let maps: Vec<bool> = message
        .field
        .iter()
        .map(|field| message.map_entry(field).is_some())
        .collect();
    for (field, is_map) in message.field.iter_mut().zip(maps) {
        let oneof = field.real_oneof().and_then(|index| oneofs.get(index));
        lower_field(field, *oneof.unwrap_or(&features), is_map || is_map_entry);
    }
    for nested in &mut message.nested_type {
        lower_message(nested, features);
    }
}

fn lower_field(field: &mut Field, outer: Features, is_of_map: bool) {
    let features = outer.inherit(Features::from_options(
        field.options.as_deref(),
        Target::Field,
    ));
    let kind = field.known_type();
    let is_delimited = kind == Some(Type::Message)
        && features.message_encoding() == MessageEncoding::Delimited
        && !is_of_map;
    if is_delimited {
        field.r#type = Some(Type::Group as i32);
    }
    if field.is_repeated() {
        let is_packed = features.repeated_field_encoding() == RepeatedEncoding::Packed;
        if field.is_packable() {
            set_packed(field, is_packed);
        }
    } else if field.oneof_index.is_none() && !is_of_map {
        match features.field_presence() {
            Presence::LegacyRequired => field.label = Some(Label::Required as i32),
            Presence::Implicit if !is_delimited => {}
            // prost knows of messages that they have presence, but not of groups.
            _ if kind == Some(Type::Message) && !is_delimited => {}
            _ => field.proto3_optional = Some(true),
        }
    }
}

/// Sets `packed` in the options.
fn set_packed(field: &mut Field, is_packed: bool) {
    const PACKED: u32 = 2;
    let options = field.options.take().unwrap_or_default();
    let records = wire::records(&options).unwrap_or_default().into_iter();
    let mut bytes: Vec<u8> = Vec::with_capacity(options.len() + 2);
    for record in records.filter(|record| record.number != PACKED) {
        bytes.extend_from_slice(record.raw);
    }
    bytes.extend_from_slice(&[(PACKED << 3) as u8, u8::from(is_packed)]);
    field.options = Some(bytes);
}
