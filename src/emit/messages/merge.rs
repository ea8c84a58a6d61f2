//! `merge_field`: how a message is read.
//!
//! The specification's rules hold: a field is known by its number and its wire type, lists of numbers are read in one
//! record or in many, and a number that a closed enum does not have is no value. Unknown fields are skipped, since
//! prost has no place for them.

use super::code::{CodeWriter, SOME, line, numbers};
use super::codec::map_module;
use super::{Emitter, unraw};
use crate::model::types::{Cardinality, Field, FieldKind, Message, Value};
use crate::text;

/// Stands above each `match` of fields.
pub(super) const BY_WIRE_TYPE: &str = "// A field with another wire type is an unknown field.";

/// The wire type of what has a length before it.
const DELIMITED: u8 = 2;

impl Value {
    /// A call of its `merge…`.
    pub(super) fn merge(&self, prost: &str, function: &str, place: &str) -> String {
        let codec = self.codec();
        // The end of a group is known by its number.
        let tag = if codec == "group" { "tag, " } else { "" };
        format!("{prost}::encoding::{codec}::{function}({tag}wire_type, {place}, buf, ctx)")
    }

    /// The number of its `WireType`.
    pub(super) fn wire_type(&self) -> u8 {
        match self.codec() {
            "double" | "fixed64" | "sfixed64" => 1,
            "string" | "bytes" | "message" => DELIMITED,
            "group" => 3,
            "float" | "fixed32" | "sfixed32" => 5,
            _ => 0,
        }
    }

    /// The path of the enum, if only its own numbers are values.
    fn closed(&self) -> Option<&str> {
        match self {
            Self::Enum {
                path,
                is_closed: true,
                ..
            } => Some(path),
            _ => None,
        }
    }
}

/// A `Result` that says whether an enum has a number.
pub(super) fn known(path: &str, number: &str) -> String {
    format!("<{path} as ::core::convert::TryFrom<i32>>::try_from({number})")
}

impl Emitter<'_> {
    pub(super) fn merge(self, message: &Message, fields: &[&Field], code: &mut CodeWriter) {
        let Self { prost, .. } = self;
        let encoding = format!("{prost}::encoding");
        code.gap();
        line!(code, "fn merge_field(");
        line!(code, "    &mut self,");
        line!(code, "    tag: u32,");
        line!(code, "    wire_type: {encoding}::WireType,");
        line!(code, "    buf: &mut impl {prost}::bytes::Buf,");
        line!(code, "    ctx: {encoding}::DecodeContext,");
        let result = format!(") -> ::core::result::Result<(), {prost}::DecodeError>");
        let skip = format!("{encoding}::skip_field(wire_type, tag, buf, ctx)");
        code.block(result, |code| {
            if fields.is_empty() {
                return line!(code, "{skip}");
            }
            line!(code, "{BY_WIRE_TYPE}");
            let head = "let (field, merged) = match (tag, wire_type as u8)";
            code.block_with(head, "};", |code| {
                for field in fields {
                    self.merge_field(field, code);
                }
                line!(code, "_ => return {skip},");
            });
            code.block_with("merged.map_err(|mut error|", "})", |code| {
                let name = text::literal(unraw(&message.name));
                line!(code, "error.push({name}, field);");
                line!(code, "error");
            });
        });
    }

    fn merge_field(self, field: &Field, code: &mut CodeWriter) {
        let name = &field.name;
        let text = text::literal(unraw(name));
        match &field.kind {
            FieldKind::One {
                number,
                cardinality,
                value,
                ..
            } => match value.closed() {
                Some(path) => self.merge_closed(field, (*number, *cardinality, path), code),
                None => {
                    let call = self.merge_one(field, *cardinality, value);
                    let wire_types = wire_types(*cardinality, value);
                    line!(code, "({number}, {wire_types}) => ({text}, {call}),");
                }
            },
            FieldKind::Map {
                number, key, value, ..
            } => self.merge_map(field, *number, [key, value], code),
            FieldKind::Oneof { path, numbers: all } => {
                let call = format!("{path}::merge(&mut self.{name}, tag, wire_type, buf, ctx)");
                let tags = numbers(all.iter().copied());
                line!(code, "({tags}, _) => ({text}, {call}),");
            }
        }
    }

    fn merge_one(self, field: &Field, cardinality: Cardinality, value: &Value) -> String {
        let (prost, name) = (self.prost, &field.name);
        match cardinality {
            Cardinality::Implicit | Cardinality::Required => {
                value.merge(prost, "merge", &format!("&mut self.{name}"))
            }
            Cardinality::Optional => value.merge(
                prost,
                "merge",
                &format!("self.{name}.get_or_insert_default()"),
            ),
            Cardinality::Repeated | Cardinality::Packed => {
                value.merge(prost, "merge_repeated", &format!("&mut self.{name}"))
            }
        }
    }

    /// A field whose enum is closed: a number that it does not have changes nothing.
    fn merge_closed(
        self,
        field: &Field,
        (number, cardinality, path): (i32, Cardinality, &str),
        code: &mut CodeWriter,
    ) {
        let (prost, name) = (self.prost, &field.name);
        let text = text::literal(unraw(name));
        let is_list = matches!(cardinality, Cardinality::Repeated | Cardinality::Packed);
        let then = match cardinality {
            Cardinality::Implicit | Cardinality::Required => format!("self.{name} = value;"),
            Cardinality::Optional => format!("self.{name} = {SOME}(value);"),
            Cardinality::Repeated | Cardinality::Packed => format!("self.{name}.push(value);"),
        };
        code.block(format!("({number}, 0) =>"), |code| {
            line!(code, "let mut value = 0;");
            let merge = format!("{prost}::encoding::int32::merge(wire_type, &mut value, buf, ctx)");
            line!(code, "let merged = {merge};");
            let known = known(path, "value");
            code.block(format!("if merged.is_ok() && {known}.is_ok()"), |code| {
                line!(code, "{then}");
            });
            line!(code, "({text}, merged)");
        });
        if is_list {
            self.merge_packed(field, number, path, code);
        }
    }

    /// A list of a closed enum in one record.
    fn merge_packed(self, field: &Field, number: i32, path: &str, code: &mut CodeWriter) {
        let (prost, name) = (self.prost, &field.name);
        let text = text::literal(unraw(name));
        code.block(format!("({number}, {DELIMITED}) =>"), |code| {
            line!(code, "let mut values = {prost}::alloc::vec::Vec::new();");
            let merge = format!("{prost}::encoding::int32::merge_repeated");
            line!(
                code,
                "let merged = {merge}(wire_type, &mut values, buf, ctx);"
            );
            let known = known(path, "*value");
            line!(code, "values.retain(|value| {known}.is_ok());");
            line!(code, "self.{name}.append(&mut values);");
            line!(code, "({text}, merged)");
        });
    }

    fn merge_map(self, field: &Field, number: i32, entry: [&Value; 2], code: &mut CodeWriter) {
        let (prost, name) = (self.prost, &field.name);
        let text = text::literal(unraw(name));
        let map = map_module(field);
        let (suffix, default) = match entry[1] {
            Value::Enum { first, .. } if *first != 0 => ("_with_default", format!("{first}, ")),
            _ => ("", String::new()),
        };
        let [key, value] = [(1, entry[0]), (2, entry[1])].map(|(tag, of)| self.merge_half(tag, of));
        let call = |place: &str| {
            let function = format!("{prost}::encoding::{map}::merge{suffix}");
            format!("{function}({key}, {value}, {default}{place}, buf, ctx)")
        };
        let Some(path) = entry[1].closed() else {
            let call = call(&format!("&mut self.{name}"));
            return line!(code, "({number}, {DELIMITED}) => ({text}, {call}),");
        };
        code.block(format!("({number}, {DELIMITED}) =>"), |code| {
            let empty = match map {
                "btree_map" => format!("{prost}::alloc::collections::BTreeMap::new()"),
                _ => "::std::collections::HashMap::new()".to_owned(),
            };
            line!(code, "let mut entry = {empty};");
            line!(code, "let merged = {};", call("&mut entry"));
            let known = known(path, "*value");
            line!(code, "entry.retain(|_, value| {known}.is_ok());");
            line!(code, "self.{name}.extend(entry);");
            line!(code, "({text}, merged)");
        });
    }

    /// A closure that reads a key or a value: prost does not ask for wire types there.
    fn merge_half(self, tag: u32, value: &Value) -> String {
        let Self { prost, .. } = self;
        let codec = value.codec();
        let merge = format!("{prost}::encoding::{codec}::merge(wire_type, half, buf, ctx)");
        let skip = format!("{prost}::encoding::skip_field(wire_type, {tag}, buf, ctx)");
        let wire_type = value.wire_type();
        format!(
            "|wire_type, half, buf, ctx| match wire_type as u8 {{ {wire_type} => {merge}, _ => {skip} }}"
        )
    }
}

/// The pattern of wire types that a field is read from: a list of numbers comes in one record or in many.
fn wire_types(cardinality: Cardinality, value: &Value) -> String {
    let wire_type = value.wire_type();
    match cardinality {
        Cardinality::Repeated | Cardinality::Packed if value.is_packable() => {
            let (low, high) = (wire_type.min(DELIMITED), wire_type.max(DELIMITED));
            format!("{low} | {high}")
        }
        _ => wire_type.to_string(),
    }
}
