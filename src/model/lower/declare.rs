//! Which things get a placeholder: those that prost-build would call otherwise than the model.

use super::super::ident::{camel, snake, variant};
use super::super::names::{last, nested_names, oneof_type, real_oneofs};
use super::placeholders::Placeholders;
use super::{Source, is_blank};
use crate::descriptor::{Enum, Field, File, Message};

/// The full name, as prost-build gets it, of the package or message that a type is in. There are two where a message
/// exists already and something nested in it does not: that is hoisted to a package (`hoist.rs`).
#[derive(Clone, Copy)]
struct Outer<'a> {
    /// The name around a type that exists already.
    known: &'a str,
    /// The name around a type that is generated.
    generated: &'a str,
}

impl<'a> Outer<'a> {
    fn around(self, full_name: &str, source: &Source<'_>) -> &'a str {
        if source.paths.is_extern(full_name) {
            self.known
        } else {
            self.generated
        }
    }
}

impl Source<'_> {
    /// Whether something in a message is to be generated, and the message is not.
    pub(super) fn hoists(&self, message: &Message, full_name: &str) -> bool {
        let is_generated = |name: &str| !self.paths.is_extern(&format!("{full_name}.{name}"));
        let mut enums = message.enum_type.iter();
        let mut nested = message.nested_type.iter();
        self.paths.is_extern(full_name)
            && (enums.any(|r#enum| is_generated(&r#enum.name))
                || nested.any(|nested| {
                    let full_name = format!("{full_name}.{}", nested.name);
                    is_generated(&nested.name) || self.hoists(nested, &full_name)
                }))
    }
}

impl Placeholders {
    /// Notes every type of a file whose full name differs from what prost-build gets.
    pub(super) fn declare_file(&mut self, file: &File, source: &Source<'_>) {
        let package = self.package(&file.package, source);
        let outer = if package.is_empty() {
            String::new()
        } else {
            format!(".{package}")
        };
        for message in &file.message_type {
            let outer = Outer {
                known: &outer,
                generated: &outer,
            };
            self.declare_message(message, &file.full_name(&message.name), outer, source);
        }
        for r#enum in &file.enum_type {
            self.declare_enum(r#enum, &file.full_name(&r#enum.name), &outer, source);
        }
    }

    /// A package as prost-build gets it.
    pub(super) fn package(&mut self, package: &str, source: &Source<'_>) -> String {
        let modules = source.names.package(package);
        let mut full = String::new();
        let mut lowered = String::new();
        for (part, module) in package.split('.').zip(modules) {
            full = format!("{full}.{part}");
            let name = match self.known(&full) {
                Some(known) => last(known).to_owned(),
                None if module == snake(part) && !is_blank(part) => part.to_owned(),
                None => self.name(part, module.clone(), module),
            };
            lowered = format!("{lowered}.{name}");
            self.note(&full, &lowered);
        }
        lowered.trim_start_matches('.').to_owned()
    }

    fn declare_message(
        &mut self,
        message: &Message,
        full_name: &str,
        outer: Outer<'_>,
        source: &Source<'_>,
    ) {
        let ident = source.names.r#type(full_name);
        let module = source.names.nested_module(full_name);
        let is_plain = ident == camel(&message.name) && module == snake(&message.name);
        let name = if is_plain && source.is_found(&message.name, full_name) {
            message.name.clone()
        } else {
            self.name(&message.name, ident, module.clone())
        };
        let lowered = format!("{}.{name}", outer.around(full_name, source));
        self.note(full_name, &lowered);
        let hoisted = if source.hoists(message, full_name) {
            let package = self.name(&message.name, module.clone(), module);
            format!("{}.{package}", outer.generated)
        } else {
            lowered.clone()
        };
        let inner = Outer {
            known: &lowered,
            generated: &hoisted,
        };
        for nested in &message.nested_type {
            let full_name = format!("{full_name}.{}", nested.name);
            self.declare_message(nested, &full_name, inner, source);
        }
        for r#enum in &message.enum_type {
            let full_name = format!("{full_name}.{}", r#enum.name);
            let outer = inner.around(&full_name, source);
            self.declare_enum(r#enum, &full_name, outer, source);
        }
        for field in message.field.iter().filter(|_| !message.is_map_entry()) {
            self.declare_field(
                field,
                &format!("{full_name}.{}", field.name),
                &lowered,
                source,
            );
        }
        for index in real_oneofs(message) {
            self.declare_oneof(message, index, full_name, source);
        }
    }

    fn declare_field(&mut self, field: &Field, full_name: &str, outer: &str, source: &Source<'_>) {
        let (ident, default) = match field.real_oneof() {
            Some(_) => (source.names.oneof_variant(full_name), camel(&field.name)),
            None => (source.names.field(full_name), snake(&field.name)),
        };
        let name = if ident == default && source.is_found(&field.name, full_name) {
            field.name.clone()
        } else {
            self.name(&field.name, ident.clone(), ident)
        };
        self.note(full_name, &format!("{outer}.{name}"));
    }

    fn declare_oneof(
        &mut self,
        message: &Message,
        index: usize,
        message_name: &str,
        source: &Source<'_>,
    ) {
        let proto = &message.oneof_decl[index].name;
        let full_name = format!("{message_name}.{proto}");
        let ident = source.names.oneof(&full_name, message);
        let field = source.names.field(&full_name);
        // prost-build's own choice, with the names of nested types that it gets.
        let nested: Vec<_> = nested_names(message)
            .map(|nested| last(self.resolve(&format!("{message_name}.{nested}"))).to_owned())
            .collect();
        let default = oneof_type(proto, nested.iter().map(String::as_str));
        let is_plain = ident == default && field == snake(proto);
        let name = if is_plain && source.is_oneof_found(proto, &full_name) {
            proto.clone()
        } else {
            self.name(proto, ident, field)
        };
        let lowered = format!("{}.{name}", self.resolve(message_name));
        self.note_oneof(&full_name, &lowered);
        // Attributes of variants go by the oneof that they are in.
        let variants = message.field.iter();
        for field in variants.filter(|field| field.real_oneof() == Some(index)) {
            let variant = last(self.resolve(&format!("{message_name}.{}", field.name))).to_owned();
            self.note(
                &format!("{full_name}.{}", field.name),
                &format!("{lowered}.{variant}"),
            );
        }
    }

    fn declare_enum(&mut self, r#enum: &Enum, full_name: &str, outer: &str, source: &Source<'_>) {
        let ident = source.names.r#type(full_name);
        let is_plain = ident == camel(&r#enum.name);
        let name = if is_plain && source.is_found(&r#enum.name, full_name) {
            r#enum.name.clone()
        } else {
            self.name(&r#enum.name, ident.clone(), ident)
        };
        let lowered = format!("{outer}.{name}");
        self.note(full_name, &lowered);
        let strip = !source.options.retain_enum_prefix;
        for value in &r#enum.value {
            let value_name = format!("{full_name}.{}", value.name);
            let default = || variant(&r#enum.name, &value.name, strip);
            let ident = source.names.enum_value(&value_name, default);
            // Stripping goes by the enum's name as prost-build gets it.
            let is_plain = ident == variant(&name, &value.name, strip);
            let name = if is_plain && source.is_found(&value.name, &value_name) {
                value.name.clone()
            } else {
                self.name(&value.name, ident.clone(), ident)
            };
            self.note(&value_name, &format!("{lowered}.{name}"));
        }
    }
}
