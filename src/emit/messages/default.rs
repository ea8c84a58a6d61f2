//! `impl Default`, where it is more than what can be derived, and defaults as Rust.

use super::Emitter;
use super::code::{CodeWriter, DEFAULT, INTO, NONE, line};
use super::codec::zero;
use crate::model::types::{Cardinality, Field, FieldDefault, FieldKind, Message};
use crate::text;

impl FieldDefault {
    /// The default as an owned value.
    pub(super) fn owned(&self) -> String {
        match self {
            Self::Number(text) => text.clone(),
            Self::String(text) => format!("{INTO}({})", text::literal(text)),
            Self::Bytes(bytes) => format!("{INTO}({}.as_slice())", text::bytes(bytes)),
            Self::Enum { path, .. } => format!("{path} as i32"),
        }
    }

    /// The default where a reference will do.
    pub(super) fn shared(&self) -> String {
        match self {
            Self::Number(text) => text.clone(),
            Self::String(text) => text::literal(text),
            Self::Bytes(bytes) => text::bytes(bytes),
            Self::Enum { path, .. } => path.clone(),
        }
    }
}

impl Message {
    /// Whether it has an `impl Default` of its own.
    pub(super) fn has_own_default(&self) -> bool {
        !self.fields.iter().all(Field::is_default_derived) && !self.is_default_asked_for
    }
}

impl Emitter<'_> {
    pub(super) fn default(self, message: &Message, code: &mut CodeWriter) {
        code.gap();
        super::allow_deprecated(message.has_deprecated(), code);
        let head = format!("impl ::core::default::Default for {}", message.name);
        code.block(head, |code| {
            code.block("fn default() -> Self", |code| {
                code.block("Self", |code| {
                    for field in &message.fields {
                        line!(code, "{}: {},", field.name, initial(field));
                    }
                });
            });
        });
    }
}

fn initial(field: &Field) -> String {
    let own = match &field.kind {
        FieldKind::One {
            cardinality: Cardinality::Implicit | Cardinality::Required,
            value,
            default,
            ..
        } => {
            let default = default.as_ref().map(FieldDefault::owned);
            default.or_else(|| zero(value))
        }
        FieldKind::One {
            cardinality: Cardinality::Optional,
            ..
        }
        | FieldKind::Oneof { .. } => Some(NONE.to_owned()),
        _ => None,
    };
    own.unwrap_or_else(|| DEFAULT.to_owned())
}
