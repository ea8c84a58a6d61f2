//! `impl Debug` of what holds enums: as it would be derived, with the names of values instead of numbers.

use super::code::{Code, line};
use super::{Emitter, allow_deprecated, unraw};
use crate::model::types::{Field, FieldKind, Message, Oneof, Presence, Value};

impl Emitter<'_> {
    pub(super) fn debug_message(self, message: &Message, code: &mut Code) {
        code.gap();
        allow_deprecated(message.has_deprecated(), code);
        self.debug(&message.name, code, |code| {
            line!(code, "f.debug_struct({:?})", unraw(&message.name));
            for field in &message.fields {
                let value = self.shown(field);
                line!(code, "    .field({:?}, {value})", unraw(&field.name));
            }
            line!(code, "    .finish()");
        });
    }

    pub(super) fn debug_oneof(self, oneof: &Oneof, code: &mut Code) {
        let variants = &oneof.variants;
        code.gap();
        allow_deprecated(
            variants.iter().any(|variant| variant.about.is_deprecated),
            code,
        );
        self.debug(&oneof.name, code, |code| {
            code.block("match self", |code| {
                for variant in variants {
                    let value = match &variant.value {
                        Value::Enum { path, .. } => format!("&named::<{path}>(*value)"),
                        _ => "value".to_owned(),
                    };
                    let (name, text) = (&variant.name, unraw(&variant.name));
                    line!(
                        code,
                        "Self::{name}(value) => f.debug_tuple({text:?}).field({value}).finish(),"
                    );
                }
            });
        });
    }

    fn debug(self, name: &str, code: &mut Code, body: impl FnOnce(&mut Code)) {
        let Self { prost, .. } = self;
        let debug = format!("{prost}::alloc::boxed::Box<dyn ::core::fmt::Debug>");
        let bounds = "::core::convert::TryFrom<i32> + ::core::fmt::Debug + 'static";
        code.block(format!("impl ::core::fmt::Debug for {name}"), |code| {
            let formatter = "f: &mut ::core::fmt::Formatter<'_>";
            code.block(
                format!("fn fmt(&self, {formatter}) -> ::core::fmt::Result"),
                |code| {
                    // A function, since a type would hide one of the same name.
                    let head = format!("fn named<E: {bounds}>(value: i32) -> {debug}");
                    code.block(head, |code| {
                        code.block("match E::try_from(value)", |code| {
                            let boxed = format!("{prost}::alloc::boxed::Box::new(value)");
                            line!(code, "Ok(value) => {boxed},");
                            line!(code, "Err(_) => {boxed},");
                        });
                    });
                    body(code);
                },
            );
        });
    }

    /// A field as it is shown.
    fn shown(self, field: &Field) -> String {
        let name = &field.name;
        match &field.kind {
            FieldKind::One {
                label,
                value: Value::Enum { path, .. },
                ..
            } => match label {
                Presence::Implicit | Presence::Required => format!("&named::<{path}>(self.{name})"),
                Presence::Optional => format!("&self.{name}.map(named::<{path}>)"),
                Presence::Repeated | Presence::Packed => {
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
                let map = match is_sorted {
                    true => format!("{}::alloc::collections::BTreeMap<_, _>", self.prost),
                    false => "::std::collections::HashMap<_, _>".to_owned(),
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
