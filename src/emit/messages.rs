//! Messages, enums and oneofs, for prost's runtime: the items of prost-build under the same names, and every
//! `impl` that its derives would make, written out.
//!
//! Everything but primitive types has its full path, values and macros of the prelude included: the module around may
//! have others of their names, and edition 2018 has not all of them.

use crate::model::types::{
    About, Cardinality, Debug, Field, FieldKind, Item, Message, Nested, Value,
};
use crate::options::Options;
use crate::text;

mod accessors;
mod code;
mod codec;
mod debug;
mod default;
mod enums;
mod merge;
mod oneofs;
#[cfg(feature = "prost-build")]
pub(super) mod prost;

use code::{CodeWriter, INTO, line};

/// Paths outside of the standard library, and options.
#[derive(Clone, Copy)]
struct Emitter<'a> {
    prost: &'a str,
    has_type_names: bool,
}

/// The text of some items.
pub(super) fn items(items: &[Item], options: &Options) -> String {
    let emitter = Emitter {
        prost: &options.prost_path.0,
        has_type_names: options.enable_type_names,
    };
    let mut code = CodeWriter::default();
    emitter.items(items, &mut code);
    code.into_text()
}

impl Emitter<'_> {
    fn items(self, items: &[Item], code: &mut CodeWriter) {
        for item in items {
            match item {
                Item::Message(message) => self.message(message, code),
                Item::Nested(nested) => self.nested(nested, code),
                Item::Enum(r#enum) => self.r#enum(r#enum, code),
            }
        }
    }

    fn message(self, message: &Message, code: &mut CodeWriter) {
        code.gap();
        about(&message.about, code);
        derives(&message.derives, code);
        let name = &message.name;
        if message.fields.is_empty() {
            line!(code, "pub struct {name} {{}}")
        } else {
            code.block(format!("pub struct {name}"), |code| {
                for field in &message.fields {
                    about(&field.about, code);
                    line!(code, "pub {}: {},", field.name, self.field_type(field));
                }
            })
        }
        self.codec(message, code);
        if message.has_own_default() {
            self.default(message, code);
        }
        if message.debug == Debug::Own {
            self.debug_message(message, code);
        }
        self.accessors(message, code);
        if self.has_type_names {
            self.type_name(message, code);
        }
        if let Some(nested) = &message.nested {
            self.nested(nested, code);
        }
    }

    fn nested(self, nested: &Nested, code: &mut CodeWriter) {
        code.gap();
        line!(code, "/// Types nested in `{}`.", nested.proto_name);
        code.block(format!("pub mod {}", nested.module), |code| {
            self.items(&nested.items, code);
            for oneof in &nested.oneofs {
                self.oneof(oneof, code);
            }
        });
    }

    fn field_type(self, field: &Field) -> String {
        let prost = self.prost;
        match &field.kind {
            FieldKind::One {
                cardinality, value, ..
            } => {
                let r#type = self.value_type(value);
                match cardinality {
                    Cardinality::Implicit | Cardinality::Required => r#type,
                    Cardinality::Optional => format!("::core::option::Option<{type}>"),
                    Cardinality::Repeated | Cardinality::Packed => {
                        format!("{prost}::alloc::vec::Vec<{type}>")
                    }
                }
            }
            FieldKind::Map {
                is_sorted,
                key,
                value,
                ..
            } => {
                let types = format!("{}, {}", self.value_type(key), self.value_type(value));
                if *is_sorted {
                    format!("{prost}::alloc::collections::BTreeMap<{types}>")
                } else {
                    format!("::std::collections::HashMap<{types}>")
                }
            }
            FieldKind::Oneof { path, .. } => format!("::core::option::Option<{path}>"),
        }
    }

    fn value_type(self, value: &Value) -> String {
        let prost = self.prost;
        match value {
            Value::Number(_, rust) => (*rust).to_owned(),
            Value::String => format!("{prost}::alloc::string::String"),
            Value::Bytes { is_shared: false } => format!("{prost}::alloc::vec::Vec<u8>"),
            Value::Bytes { is_shared: true } => format!("{prost}::bytes::Bytes"),
            Value::Enum { .. } => "i32".to_owned(),
            Value::Message { path, is_boxed, .. } => {
                if *is_boxed {
                    format!("{prost}::alloc::boxed::Box<{path}>")
                } else {
                    path.clone()
                }
            }
        }
    }

    fn type_name(self, message: &Message, code: &mut CodeWriter) {
        let Self { prost, .. } = self;
        let full_name = &message.full_name;
        code.gap();
        code.block(format!("impl {prost}::Name for {}", message.name), |code| {
            let [name, package] =
                [&message.proto_name, &message.package].map(|it| text::literal(it));
            line!(code, "const NAME: &'static str = {name};");
            line!(code, "const PACKAGE: &'static str = {package};");
            let string = format!("{prost}::alloc::string::String");
            code.block(format!("fn full_name() -> {string}"), |code| {
                line!(code, "{INTO}({})", text::literal(full_name));
            });
            code.block(format!("fn type_url() -> {string}"), |code| {
                let url = format!("{}/{full_name}", message.domain);
                line!(code, "{INTO}({})", text::literal(&url));
            });
        });
    }
}

/// Writes the docs and attributes above an item.
fn about(about: &About, code: &mut CodeWriter) {
    for docs in &about.docs {
        line!(code, "///{}", text::line(docs));
    }
    if about.is_deprecated {
        line!(code, "#[deprecated]");
    }
    for attribute in &about.attributes {
        line!(code, "{attribute}");
    }
}

fn derives(derives: &[&str], code: &mut CodeWriter) {
    if !derives.is_empty() {
        let paths: Vec<_> = derives.iter().map(|name| path_of(name)).collect();
        line!(code, "#[derive({})]", paths.join(", "));
    }
}

/// The path of a derived trait.
fn path_of(name: &str) -> String {
    let module = match name {
        "Clone" => "clone",
        "Copy" => "marker",
        "Debug" => "fmt",
        "Default" => "default",
        "Hash" => "hash",
        _ => "cmp",
    };
    format!("::core::{module}::{name}")
}

/// On an `impl` that names what users are told not to.
fn allow_deprecated(is_needed: bool, code: &mut CodeWriter) {
    if is_needed {
        line!(code, "#[allow(deprecated)]");
    }
}

/// A name as text.
fn unraw(name: &str) -> &str {
    name.trim_start_matches("r#")
}
