//! A file with an edition as one in proto3 that comes to the same, as far as prost can.

use super::features::{Encoding, EnumType, Features, Presence, Repeated, Target, Utf8};
use crate::descriptor::{Enum, Field, File, Label, Message, Type};
use crate::diagnostics::Diagnostic;
use crate::input::Sources;
use crate::wire;

/// The file to generate code from. What prost cannot express is told.
pub(crate) fn lower(file: &File, sources: &Sources) -> (File, Vec<Diagnostic>) {
    let mut lowered = file.clone();
    lowered.syntax = Some("proto3".to_owned());
    lowered.edition = None;
    // What imports only options is needed to read them.
    lowered.dependency.append(&mut lowered.option_dependency);
    let features = Features::DEFAULT.inherit(Features::of_options(&file.options, Target::File));
    let mut lowering = Lowering {
        file,
        sources,
        warnings: Vec::new(),
    };
    for (message, index) in lowered.message_type.iter_mut().zip(0..) {
        lowering.message(message, features, &[4, index]);
    }
    for (r#enum, index) in lowered.enum_type.iter_mut().zip(0..) {
        lowering.r#enum(r#enum, features, &[5, index]);
    }
    (lowered, lowering.warnings)
}

struct Lowering<'a> {
    file: &'a File,
    sources: &'a Sources,
    warnings: Vec<Diagnostic>,
}

impl Lowering<'_> {
    fn message(&mut self, message: &mut Message, outer: Features, path: &[i32]) {
        let own = Features::of_options(&message.options, Target::Message);
        let features = outer.inherit(own);
        let child = |field: i32, index: i32| [path, &[field, index]].concat();
        let oneofs: Vec<_> = message
            .oneof_decl
            .iter()
            .map(|oneof| features.inherit(Features::of_options(&oneof.options, Target::Oneof)))
            .collect();
        let is_map_entry = message.is_map_entry();
        let maps: Vec<String> = message
            .nested_type
            .iter()
            .filter(|nested| nested.is_map_entry())
            .map(|nested| nested.name.clone())
            .collect();
        for (field, index) in message.field.iter_mut().zip(0..) {
            let oneof = field.real_oneof().and_then(|index| oneofs.get(index));
            let features = *oneof.unwrap_or(&features);
            let entry = field
                .type_name
                .as_deref()
                .and_then(|name| name.rsplit('.').next());
            let is_map =
                field.is_repeated() && entry.is_some_and(|name| maps.iter().any(|map| map == name));
            let place = child(2, index);
            // A map is always length-prefixed, and so is what is in its entries.
            self.field(field, features, &place, is_map || is_map_entry);
        }
        for (nested, index) in message.nested_type.iter_mut().zip(0..) {
            self.message(nested, features, &child(3, index));
        }
        for (r#enum, index) in message.enum_type.iter_mut().zip(0..) {
            self.r#enum(r#enum, features, &child(4, index));
        }
    }

    fn field(&mut self, field: &mut Field, outer: Features, path: &[i32], is_of_map: bool) {
        let features = outer.inherit(Features::of_options(&field.options, Target::Field));
        let kind = field.known_type();
        let is_delimited = kind == Some(Type::Message)
            && features.message_encoding() == Encoding::Delimited
            && !is_of_map;
        if is_delimited {
            field.r#type = Some(Type::Group as i32);
        }
        if field.is_repeated() {
            let is_packed = features.repeated_field_encoding() == Repeated::Packed;
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
        let says_none = |own: Features| own.utf8_validation() == Utf8::None;
        let own = Features::of_options(&field.options, Target::Field);
        if kind == Some(Type::String) && says_none(own) {
            let message = format!(
                "the field `{}` can have what is no UTF-8, and a `String` in Rust cannot",
                field.name
            );
            let help = "prost refuses such a message: use `bytes`, or leave out `features.utf8_validation`";
            self.warn(path, message, help);
        }
    }

    fn r#enum(&mut self, r#enum: &mut Enum, outer: Features, path: &[i32]) {
        let features = outer.inherit(Features::of_options(&r#enum.options, Target::Enum));
        if features.enum_type() == EnumType::Closed {
            let message = format!(
                "the enum `{}` is closed, and prost has open ones only",
                r#enum.name
            );
            let help =
                "a value that is not known is kept in the field, and not with unknown fields";
            self.warn(path, message, help);
        }
    }

    fn warn(&mut self, path: &[i32], message: String, help: &str) {
        let place = self.sources.place(self.file, path);
        self.warnings
            .push(Diagnostic::warning(message).at(place, "").help(help));
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

/// A warning for each message in the format of message sets, whatever the syntax: its extensions are
/// groups of a kind of their own, which prost does not read.
pub(crate) fn message_sets(file: &File, sources: &Sources) -> Vec<Diagnostic> {
    fn visit(message: &Message, path: &[i32], found: &mut Vec<(Vec<i32>, String)>) {
        /// `message_set_wire_format` of `MessageOptions`.
        const NUMBER: u32 = 1;
        if wire::flag(&message.options, NUMBER) {
            found.push((path.to_vec(), message.name.clone()));
        }
        for (nested, index) in message.nested_type.iter().zip(0..) {
            visit(nested, &[path, &[3, index]].concat(), found);
        }
    }
    let mut found = Vec::new();
    for (message, index) in file.message_type.iter().zip(0..) {
        visit(message, &[4, index], &mut found);
    }
    let warnings = found.into_iter().map(|(path, name)| {
        let message = format!("`{name}` is a message set, which prost cannot read or write");
        let help = "in Rust it is an empty message, and what is in it is lost";
        Diagnostic::warning(message)
            .at(sources.place(file, &path), "")
            .help(help)
    });
    warnings.collect()
}
