//! `impl Debug` of what holds enums or secrets: as it would be derived, with the names of values instead of numbers,
//! and without what has `debug_redact`.

use super::code::{CodeWriter, ERR, OK, line};
use super::{Emitter, allow_deprecated, unraw};
use crate::model::types::{Cardinality, Field, FieldKind, Message, Oneof, Value};
use crate::text;

/// The text that is shown for a secret, whether it is there or not.
const REDACTED: &str = "&::core::format_args!(\"[REDACTED]\")";

impl Emitter<'_> {
    pub(super) fn debug_message(self, message: &Message, code: &mut CodeWriter) {
        code.gap();
        allow_deprecated(message.has_deprecated(), code);
        let mut fields = message.fields.iter();
        let names_values = fields.any(|field| !field.is_redacted && field.holds_enums());
        self.debug(&message.name, names_values, code, |code| {
            line!(
                code,
                "f.debug_struct({})",
                text::literal(unraw(&message.name))
            );
            for field in &message.fields {
                let (name, value) = (text::literal(unraw(&field.name)), self.shown(field));
                line!(code, "    .field({name}, {value})");
            }
            line!(code, "    .finish()");
        });
    }

    pub(super) fn debug_oneof(self, oneof: &Oneof, code: &mut CodeWriter) {
        let variants = &oneof.variants;
        code.gap();
        allow_deprecated(
            variants.iter().any(|variant| variant.about.is_deprecated),
            code,
        );
        let mut all = variants.iter();
        let names_values = all.any(|variant| !variant.is_redacted && variant.value.is_enum());
        self.debug(&oneof.name, names_values, code, |code| {
            code.block("match self", |code| {
                for variant in variants {
                    let (pattern, value) = match &variant.value {
                        _ if variant.is_redacted => ("_", REDACTED.to_owned()),
                        Value::Enum { path, .. } => ("value", format!("&named::<{path}>(*value)")),
                        _ => ("value", "value".to_owned()),
                    };
                    let (name, text) = (&variant.name, text::literal(unraw(&variant.name)));
                    let shown = format!("f.debug_tuple({text}).field({value}).finish()");
                    line!(code, "Self::{name}({pattern}) => {shown},");
                }
            });
        });
    }

    fn debug(
        self,
        name: &str,
        names_values: bool,
        code: &mut CodeWriter,
        body: impl FnOnce(&mut CodeWriter),
    ) {
        code.block(format!("impl ::core::fmt::Debug for {name}"), |code| {
            let formatter = "f: &mut ::core::fmt::Formatter<'_>";
            code.block(
                format!("fn fmt(&self, {formatter}) -> ::core::fmt::Result"),
                |code| {
                    if names_values {
                        self.named(code);
                    }
                    body(code);
                },
            );
        });
    }

    /// A function, since a type would hide one of the same name.
    fn named(self, code: &mut CodeWriter) {
        let Self { prost, .. } = self;
        let debug = format!("{prost}::alloc::boxed::Box<dyn ::core::fmt::Debug>");
        let bounds = "::core::convert::TryFrom<i32> + ::core::fmt::Debug + 'static";
        let head = format!("fn named<E: {bounds}>(value: i32) -> {debug}");
        code.block(head, |code| {
            let try_from = "<E as ::core::convert::TryFrom<i32>>::try_from";
            code.block(format!("match {try_from}(value)"), |code| {
                let boxed = format!("{prost}::alloc::boxed::Box::new(value)");
                line!(code, "{OK}(value) => {boxed},");
                line!(code, "{ERR}(_) => {boxed},");
            });
        });
    }

    /// A field as it is shown.
    fn shown(self, field: &Field) -> String {
        let name = &field.name;
        match &field.kind {
            _ if field.is_redacted => REDACTED.to_owned(),
            FieldKind::One {
                cardinality,
                value: Value::Enum { path, .. },
                ..
            } => match cardinality {
                Cardinality::Implicit | Cardinality::Required => {
                    format!("&named::<{path}>(self.{name})")
                }
                Cardinality::Optional => format!("&self.{name}.map(named::<{path}>)"),
                Cardinality::Repeated | Cardinality::Packed => {
                    let list = format!("{}::alloc::vec::Vec<_>", self.prost);
                    let names = format!("self.{name}.iter().copied().map(named::<{path}>)");
                    format!("&{names}.collect::<{list}>()")
                }
            },
            FieldKind::Map {
                is_sorted,
                value: Value::Enum { path, .. },
                ..
            } => {
                let map = if *is_sorted {
                    format!("{}::alloc::collections::BTreeMap<_, _>", self.prost)
                } else {
                    "::std::collections::HashMap<_, _>".to_owned()
                };
                let names = format!(
                    "self.{name}.iter().map(|(key, value)| (key, named::<{path}>(*value)))"
                );
                format!("&{names}.collect::<{map}>()")
            }
            _ => format!("&self.{name}"),
        }
    }
}
