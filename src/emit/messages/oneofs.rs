//! Oneofs: enums with data.

use super::code::{CodeWriter, DEFAULT, OK, SOME, line};
use super::merge::{self, BY_WIRE_TYPE};
use super::{Emitter, about, allow_deprecated, derives};
use crate::model::types::{Debug, Oneof, Value, Variant};

impl Emitter<'_> {
    pub(super) fn oneof(self, oneof: &Oneof, code: &mut CodeWriter) {
        code.gap();
        about(&oneof.about, code);
        derives(&oneof.derives, code);
        code.block(format!("pub enum {}", oneof.name), |code| {
            for variant in &oneof.variants {
                about(&variant.about, code);
                line!(
                    code,
                    "{}({}),",
                    variant.name,
                    self.value_type(&variant.value)
                );
            }
        });
        code.gap();
        let mut variants = oneof.variants.iter();
        allow_deprecated(variants.any(|variant| variant.about.is_deprecated), code);
        code.block(format!("impl {}", oneof.name), |code| {
            self.encode_oneof(oneof, code);
            self.merge_oneof(oneof, code);
            self.oneof_len(oneof, code);
        });
        if oneof.debug == Debug::Own {
            self.debug_oneof(oneof, code);
        }
    }

    fn encode_oneof(self, oneof: &Oneof, code: &mut CodeWriter) {
        let Self { prost, .. } = self;
        line!(code, "/// Writes the field that is set.");
        let head = format!("pub fn encode(&self, buf: &mut impl {prost}::bytes::BufMut)");
        code.block(head, |code| {
            self.each(oneof, code, |variant| {
                format!("encode({}, value, buf)", variant.number)
            });
        });
    }

    fn oneof_len(self, oneof: &Oneof, code: &mut CodeWriter) {
        code.gap();
        line!(
            code,
            "/// The length of the field that is set, as it is written."
        );
        line!(code, "#[inline]");
        code.block("pub fn encoded_len(&self) -> usize", |code| {
            self.each(oneof, code, |variant| {
                format!("encoded_len({}, value)", variant.number)
            });
        });
    }

    fn each(self, oneof: &Oneof, code: &mut CodeWriter, call: impl Fn(&Variant) -> String) {
        code.block("match self", |code| {
            for variant in &oneof.variants {
                let codec = format!("{}::encoding::{}", self.prost, variant.value.codec());
                line!(
                    code,
                    "Self::{}(value) => {codec}::{},",
                    variant.name,
                    call(variant)
                );
            }
        });
    }

    fn merge_oneof(self, oneof: &Oneof, code: &mut CodeWriter) {
        let Self { prost, .. } = self;
        code.gap();
        line!(
            code,
            "/// Reads the field with this number, and merges it into `field`."
        );
        line!(code, "pub fn merge(");
        line!(code, "    field: &mut ::core::option::Option<Self>,");
        line!(code, "    tag: u32,");
        line!(code, "    wire_type: {prost}::encoding::WireType,");
        line!(code, "    buf: &mut impl {prost}::bytes::Buf,");
        line!(code, "    ctx: {prost}::encoding::DecodeContext,");
        let result = format!(") -> ::core::result::Result<(), {prost}::DecodeError>");
        code.block(result, |code| {
            line!(code, "{BY_WIRE_TYPE}");
            let head = format!("*field = {SOME}(match (tag, wire_type as u8)");
            code.block_with(head, "});", |code| {
                for variant in &oneof.variants {
                    self.merge_variant(variant, code);
                }
                let skip = format!("{prost}::encoding::skip_field(wire_type, tag, buf, ctx)");
                line!(code, "_ => return {skip},");
            });
            line!(code, "{OK}(())");
        });
    }

    fn merge_variant(self, variant: &Variant, code: &mut CodeWriter) {
        let (name, value) = (&variant.name, &variant.value);
        let head = format!("({}, {}) =>", variant.number, value.wire_type());
        code.block(head, |code| {
            // Messages are merged, and everything else is replaced.
            match value {
                Value::Message { .. } => {
                    code.block_with("let mut value = match field.take()", "};", |code| {
                        line!(code, "{SOME}(Self::{name}(value)) => value,");
                        line!(code, "_ => {DEFAULT},");
                    });
                }
                _ => line!(code, "let mut value = {DEFAULT};"),
            }
            line!(code, "{}?;", value.merge(self.prost, "merge", "&mut value"));
            if let Value::Enum {
                path,
                is_closed: true,
                ..
            } = value
            {
                // The field that is set stays.
                let known = merge::known(path, "value");
                code.block(format!("if {known}.is_err()"), |code| {
                    line!(code, "return {OK}(());");
                });
            }
            line!(code, "Self::{name}(value)");
        });
    }
}
