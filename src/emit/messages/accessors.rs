//! The methods of messages, by which enums are read and written as what they are, and optional fields
//! with their defaults.
//!
//! `model/names/accessors.rs` knows which there are.

use super::code::{CodeWriter, SOME, line};
use super::codec::zero;
use super::{Emitter, allow_deprecated, unraw};
use crate::model::types::{Cardinality, Field, FieldDefault, FieldKind, Message, Value};

const TRY_FROM: &str = "::core::convert::TryFrom::try_from";

impl Emitter<'_> {
    pub(super) fn accessors(self, message: &Message, code: &mut CodeWriter) {
        let mut fields = message
            .fields
            .iter()
            .filter(|field| has_accessors(field))
            .peekable();
        if fields.peek().is_none() {
            return;
        }
        code.gap();
        line!(code, "#[allow(dead_code)]");
        allow_deprecated(message.has_deprecated(), code);
        code.block(format!("impl {}", message.name), |code| {
            for field in fields {
                self.field_accessors(field, code);
            }
        });
    }

    fn field_accessors(self, field: &Field, code: &mut CodeWriter) {
        let name = &field.name;
        match &field.kind {
            FieldKind::One {
                cardinality,
                value: Value::Enum { path, .. },
                default,
                ..
            } => match cardinality {
                Cardinality::Repeated | Cardinality::Packed => list_accessors(name, path, code),
                _ => {
                    let field = EnumField {
                        name,
                        path,
                        is_optional: *cardinality == Cardinality::Optional,
                        default: default.as_ref(),
                    };
                    field.getter(code);
                    field.setter(code);
                }
            },
            FieldKind::One { value, default, .. } => {
                optional_accessor(name, value, default.as_ref(), code)
            }
            FieldKind::Map {
                key,
                value: Value::Enum { path, .. },
                ..
            } => self.map_accessors(name, key, path, code),
            FieldKind::Map { .. } | FieldKind::Oneof { .. } => {}
        }
    }

    fn map_accessors(self, name: &str, key: &Value, path: &str, code: &mut CodeWriter) {
        let text = unraw(name);
        let option = format!("::core::option::Option<{path}>");
        let (borrowed, reference) = match key {
            Value::String => ("&str", ""),
            Value::Number(_, rust) => (*rust, "&"),
            _ => ("i32", "&"),
        };
        code.gap();
        line!(
            code,
            "/// The value of a key in `{text}`, if there is one and it is known."
        );
        allow_underscores(text, code);
        code.block(
            format!("pub fn get_{text}(&self, key: {borrowed}) -> {option}"),
            |code| line!(code, "{TRY_FROM}(*self.{name}.get({reference}key)?).ok()"),
        );
        let key = self.value_type(key);
        code.gap();
        line!(
            code,
            "/// Sets the value of a key in `{text}`, and gives the one before, if it is known."
        );
        allow_underscores(text, code);
        code.block(
            format!("pub fn insert_{text}(&mut self, key: {key}, value: {path}) -> {option}"),
            |code| {
                line!(
                    code,
                    "{TRY_FROM}(self.{name}.insert(key, value as i32)?).ok()"
                )
            },
        );
    }
}

fn has_accessors(field: &Field) -> bool {
    match &field.kind {
        FieldKind::One {
            cardinality, value, ..
        } => match value {
            Value::Enum { .. } => true,
            Value::Message { .. } => false,
            _ => *cardinality == Cardinality::Optional,
        },
        FieldKind::Map { value, .. } => value.is_enum(),
        FieldKind::Oneof { .. } => false,
    }
}

/// A field with at most one value, which is of an enum.
struct EnumField<'f> {
    name: &'f str,
    /// The path of the enum.
    path: &'f str,
    is_optional: bool,
    default: Option<&'f FieldDefault>,
}

impl EnumField<'_> {
    fn getter(&self, code: &mut CodeWriter) {
        let (name, path, text) = (self.name, self.path, unraw(self.name));
        let or_default = match self.default {
            Some(default) => format!("unwrap_or({})", default.shared()),
            None => "unwrap_or_default()".to_owned(),
        };
        let when = if self.is_optional {
            "is not there or "
        } else {
            ""
        };
        code.gap();
        line!(
            code,
            "/// The value of `{text}`, or the default if it {when}is not known."
        );
        code.block(format!("pub fn {name}(&self) -> {path}"), |code| {
            if self.is_optional {
                line!(
                    code,
                    "self.{name}.and_then(|value| {TRY_FROM}(value).ok()).{or_default}"
                )
            } else {
                line!(code, "{TRY_FROM}(self.{name}).{or_default}")
            }
        });
    }

    fn setter(&self, code: &mut CodeWriter) {
        let (name, path, text) = (self.name, self.path, unraw(self.name));
        code.gap();
        line!(code, "/// Sets `{text}`.");
        allow_underscores(text, code);
        code.block(
            format!("pub fn set_{text}(&mut self, value: {path})"),
            |code| {
                if self.is_optional {
                    line!(code, "self.{name} = {SOME}(value as i32);")
                } else {
                    line!(code, "self.{name} = value as i32;")
                }
            },
        );
    }
}

fn list_accessors(name: &str, path: &str, code: &mut CodeWriter) {
    let text = unraw(name);
    code.gap();
    line!(code, "/// The values of `{text}` that are known.");
    let values = format!("::core::iter::DoubleEndedIterator<Item = {path}>");
    let head = format!("pub fn {name}(&self) -> impl {values} + ::core::clone::Clone + '_");
    code.block(head, |code| {
        line!(
            code,
            "self.{name}.iter().cloned().filter_map(|value| {TRY_FROM}(value).ok())"
        );
    });
    code.gap();
    line!(code, "/// Adds to `{text}`.");
    allow_underscores(text, code);
    code.block(
        format!("pub fn push_{text}(&mut self, value: {path})"),
        |code| {
            line!(code, "self.{name}.push(value as i32);");
        },
    );
}

fn optional_accessor(
    name: &str,
    value: &Value,
    default: Option<&FieldDefault>,
    code: &mut CodeWriter,
) {
    let (r#type, own) = match value {
        Value::String => ("&str", format!("self.{name}.as_deref()")),
        Value::Bytes { .. } => ("&[u8]", format!("self.{name}.as_deref()")),
        Value::Number(_, rust) => (*rust, format!("self.{name}")),
        Value::Enum { .. } | Value::Message { .. } => return,
    };
    let or_default = match default.map(FieldDefault::shared).or_else(|| zero(value)) {
        Some(default) => format!("unwrap_or({default})"),
        None => "unwrap_or_default()".to_owned(),
    };
    let text = unraw(name);
    code.gap();
    line!(
        code,
        "/// The value of `{text}`, or the default if it is not there."
    );
    code.block(format!("pub fn {name}(&self) -> {type}"), |code| {
        line!(code, "{own}.{or_default}");
    });
}

/// Allows names such as `set__1`, the setter of `_1`.
fn allow_underscores(field: &str, code: &mut CodeWriter) {
    if field.starts_with('_') {
        line!(code, "#[allow(non_snake_case)]");
    }
}
