//! `impl prost::Message`: how a message is written, measured and cleared. `merge.rs` has how it is read.

use super::code::{CodeWriter, NONE, SOME, line};
use super::{Emitter, allow_deprecated};
use crate::model::types::{Cardinality, Field, FieldDefault, FieldKind, Message, Value};

impl Value {
    /// The module of `prost::encoding` for it.
    pub(super) fn codec(&self) -> &str {
        match self {
            Self::Number(codec, _) => codec,
            Self::String => "string",
            Self::Bytes { .. } => "bytes",
            Self::Enum { .. } => "int32",
            Self::Message {
                is_group: false, ..
            } => "message",
            Self::Message { is_group: true, .. } => "group",
        }
    }
}

impl Field {
    /// The number that says where it is written.
    fn order(&self) -> i32 {
        match &self.kind {
            FieldKind::One { number, .. } | FieldKind::Map { number, .. } => *number,
            FieldKind::Oneof { numbers, .. } => numbers.iter().copied().min().unwrap_or_default(),
        }
    }
}

impl Emitter<'_> {
    /// `impl prost::Message`.
    pub(super) fn codec(self, message: &Message, code: &mut CodeWriter) {
        let Self { prost, .. } = self;
        let mut fields: Vec<&Field> = message.fields.iter().collect();
        // The specification of the encoding wants the order of numbers.
        fields.sort_by_key(|field| field.order());
        code.gap();
        allow_deprecated(message.has_deprecated(), code);
        code.block(
            format!("impl {prost}::Message for {}", message.name),
            |code| {
                self.encode(&fields, code);
                self.merge(message, &fields, code);
                self.encoded_len(&fields, code);
                self.clear(&fields, code);
            },
        );
    }

    fn encode(self, fields: &[&Field], code: &mut CodeWriter) {
        let Self { prost, .. } = self;
        let buf = if fields.is_empty() { "_buf" } else { "buf" };
        let head = format!("fn encode_raw(&self, {buf}: &mut impl {prost}::bytes::BufMut)");
        if fields.is_empty() {
            return line!(code, "{head} {{}}");
        }
        code.block(head, |code| {
            for field in fields {
                match &field.kind {
                    FieldKind::Oneof { .. } => if_some(field, code, |code| {
                        line!(code, "value.encode(buf);");
                    }),
                    _ => self.write(field, "encode", code, |call| format!("{call}, buf);")),
                }
            }
        });
    }

    fn encoded_len(self, fields: &[&Field], code: &mut CodeWriter) {
        code.gap();
        line!(code, "#[inline]");
        code.block("fn encoded_len(&self) -> usize", |code| {
            if fields.is_empty() {
                return line!(code, "0");
            }
            line!(code, "let mut len = 0;");
            for field in fields {
                match &field.kind {
                    FieldKind::Oneof { .. } => if_some(field, code, |code| {
                        line!(code, "len += value.encoded_len();");
                    }),
                    _ => self.write(field, "encoded_len", code, |call| {
                        format!("len += {call});")
                    }),
                }
            }
            line!(code, "len");
        });
    }

    /// Calls `encode…` or `encoded_len…` for what there is of a field.
    fn write(
        self,
        field: &Field,
        function: &str,
        code: &mut CodeWriter,
        statement: impl Fn(String) -> String,
    ) {
        let Self { prost, .. } = self;
        let name = &field.name;
        match &field.kind {
            FieldKind::One {
                number,
                cardinality,
                value,
                ..
            } => {
                let codec = format!("{prost}::encoding::{}::{function}", value.codec());
                let of = |suffix: &str, value: &str| {
                    statement(format!("{codec}{suffix}({number}, {value}"))
                };
                let own = format!("&self.{name}");
                match cardinality {
                    Cardinality::Implicit => {
                        code.block(format!("if {}", is_set(name, value)), |code| {
                            line!(code, "{}", of("", &own));
                        })
                    }
                    Cardinality::Optional => if_some(field, code, |code| {
                        line!(code, "{}", of("", "value"));
                    }),
                    Cardinality::Required => line!(code, "{}", of("", &own)),
                    Cardinality::Repeated => line!(code, "{}", of("_repeated", &own)),
                    Cardinality::Packed => line!(code, "{}", of("_packed", &own)),
                }
            }
            FieldKind::Map {
                number, key, value, ..
            } => {
                let functions = [key, value].map(|of| {
                    let codec = format!("{prost}::encoding::{}", of.codec());
                    match function {
                        "encode" => format!("{codec}::encode, {codec}::encoded_len"),
                        _ => format!("{codec}::encoded_len"),
                    }
                });
                let (suffix, default) = match written_by_default(value) {
                    Some(default) => ("_with_default", format!("&{default}, ")),
                    None => ("", String::new()),
                };
                let map = map_module(field);
                let call = format!(
                    "{prost}::encoding::{map}::{function}{suffix}({}, {default}{number}, &self.{name}",
                    functions.join(", ")
                );
                line!(code, "{}", statement(call));
            }
            FieldKind::Oneof { .. } => {}
        }
    }

    fn clear(self, fields: &[&Field], code: &mut CodeWriter) {
        code.gap();

        if fields.is_empty() {
            return line!(code, "fn clear(&mut self) {{}}");
        }
        code.block("fn clear(&mut self)", |code| {
            for field in fields {
                let name = &field.name;
                match self.cleared(field) {
                    Some(value) => line!(code, "self.{name} = {value};"),
                    None if field.is_one_message() => {
                        line!(code, "{}::Message::clear(&mut self.{name});", self.prost);
                    }
                    // It keeps what it has allocated.
                    None => line!(code, "self.{name}.clear();"),
                }
            }
        });
    }

    /// The value that a field is set to, unless it is cleared in place.
    fn cleared(self, field: &Field) -> Option<String> {
        match &field.kind {
            FieldKind::Oneof { .. } => Some(NONE.to_owned()),
            FieldKind::Map { .. } => None,
            FieldKind::One {
                cardinality,
                value,
                default,
                ..
            } => match cardinality {
                Cardinality::Optional => Some(NONE.to_owned()),
                Cardinality::Repeated | Cardinality::Packed => None,
                Cardinality::Implicit | Cardinality::Required => {
                    let default = default.as_ref().map(FieldDefault::owned);
                    default.or_else(|| zero(value))
                }
            },
        }
    }
}

impl Field {
    fn is_one_message(&self) -> bool {
        let is_message = |value: &Value| matches!(value, Value::Message { .. });
        match &self.kind {
            FieldKind::One {
                cardinality: Cardinality::Required,
                value,
                ..
            } => is_message(value),
            _ => false,
        }
    }
}

/// The default of a type, if it is one word.
pub(super) fn zero(value: &Value) -> Option<String> {
    match value {
        Value::Number(_, "bool") => Some("false".to_owned()),
        Value::Number(_, "f32" | "f64") => Some("0.0".to_owned()),
        Value::Number(..) => Some("0".to_owned()),
        Value::Enum { first, .. } => Some(first.to_string()),
        _ => None,
    }
}

/// Whether a field without presence is there.
fn is_set(name: &str, value: &Value) -> String {
    match (value, zero(value)) {
        (Value::Number(_, "bool"), _) => format!("self.{name}"),
        // -0.0 is another value than 0.0, and equal to it.
        (Value::Number(_, "f32" | "f64"), _) => format!("self.{name}.to_bits() != 0"),
        (_, Some(zero)) => format!("self.{name} != {zero}"),
        (_, None) => format!("!self.{name}.is_empty()"),
    }
}

fn if_some(field: &Field, code: &mut CodeWriter, then: impl FnOnce(&mut CodeWriter)) {
    code.block(format!("if let {SOME}(value) = &self.{}", field.name), then);
}

pub(super) fn map_module(field: &Field) -> &'static str {
    match field.kind {
        FieldKind::Map {
            is_sorted: true, ..
        } => "btree_map",
        _ => "hash_map",
    }
}

/// The value that a map leaves out where it occurs, if that is not the default of its type.
fn written_by_default(value: &Value) -> Option<String> {
    match value {
        Value::Enum { first, .. } if *first != 0 => Some(first.to_string()),
        // Equal to nothing: -0.0 would be left out for 0.0.
        Value::Number(_, float @ ("f32" | "f64")) => Some(format!("{float}::NAN")),
        _ => None,
    }
}
