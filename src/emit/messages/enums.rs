//! Enums.

use super::code::{CodeWriter, ERR, NONE, OK, SOME, line, numbers};
use super::{Emitter, about, allow_deprecated, derives};
use crate::model::types::{Enum, EnumValue};
use crate::text;

impl Emitter<'_> {
    pub(super) fn r#enum(self, r#enum: &Enum, code: &mut CodeWriter) {
        code.gap();
        about(&r#enum.about, code);
        derives(&r#enum.derives, code);
        line!(code, "#[repr(i32)]");
        code.block(format!("pub enum {}", r#enum.name), |code| {
            for (index, value) in r#enum.values.iter().enumerate() {
                about(&value.about, code);
                if index == 0 && r#enum.derives.contains(&"Default") {
                    line!(code, "#[default]");
                }
                line!(code, "{} = {},", value.name, value.number);
            }
        });
        let mut values = r#enum.values.iter();
        let has_deprecated = values.any(|value| value.about.is_deprecated);
        code.gap();
        allow_deprecated(has_deprecated, code);
        code.block(format!("impl {}", r#enum.name), |code| {
            inherent(r#enum, code)
        });
        code.gap();
        let head = format!("impl ::core::convert::From<{}> for i32", r#enum.name);
        code.block(head, |code| {
            code.block(format!("fn from(value: {}) -> Self", r#enum.name), |code| {
                line!(code, "value as Self");
            });
        });
        code.gap();
        allow_deprecated(has_deprecated, code);
        self.try_from(r#enum, code);
    }

    fn try_from(self, r#enum: &Enum, code: &mut CodeWriter) {
        let unknown = format!("{}::UnknownEnumValue", self.prost);
        let head = format!("impl ::core::convert::TryFrom<i32> for {}", r#enum.name);
        code.block(head, |code| {
            line!(code, "type Error = {unknown};");
            // Not `Self::Error`, which may be a value.
            let result = format!("::core::result::Result<Self, {unknown}>");
            code.gap();
            code.block(format!("fn try_from(value: i32) -> {result}"), |code| {
                code.block("match value", |code| {
                    for EnumValue { name, number, .. } in &r#enum.values {
                        line!(code, "{number} => {OK}(Self::{name}),");
                    }
                    line!(code, "_ => {ERR}({unknown}(value)),");
                });
            });
        });
    }
}

fn inherent(r#enum: &Enum, code: &mut CodeWriter) {
    line!(code, "/// The name of the value in the proto file.");
    code.block("pub fn as_str_name(&self) -> &'static str", |code| {
        code.block("match self", |code| {
            for EnumValue {
                name, proto_name, ..
            } in &r#enum.values
            {
                line!(code, "Self::{name} => {},", text::literal(proto_name));
            }
        });
    });
    code.gap();
    line!(code, "/// The value that has this name in the proto file.");
    let option = "::core::option::Option<Self>";
    code.block(
        format!("pub fn from_str_name(value: &str) -> {option}"),
        |code| {
            code.block("match value", |code| {
                for value in &r#enum.values {
                    let names = std::iter::once(&value.proto_name).chain(&value.aliases);
                    let names: Vec<_> = names.map(|name| text::literal(name)).collect();
                    line!(
                        code,
                        "{} => {SOME}(Self::{}),",
                        names.join(" | "),
                        value.name
                    );
                }
                line!(code, "_ => {NONE},");
            });
        },
    );
    code.gap();
    line!(code, "/// Whether a value has this number.");
    code.block("pub const fn is_valid(value: i32) -> bool", |code| {
        let numbers = numbers(r#enum.values.iter().map(|value| value.number));
        line!(code, "::core::matches!(value, {numbers})");
    });
    code.gap();
    line!(code, "/// The value with this number.");
    line!(code, "#[deprecated = \"use `TryFrom<i32>`\"]");
    code.block(format!("pub fn from_i32(value: i32) -> {option}"), |code| {
        line!(code, "::core::convert::TryFrom::try_from(value).ok()");
    });
}
