//! The types of a set of files by full name.

use std::collections::HashMap;

use crate::descriptor::{Enum, EnumValue, Field, File, Message};

/// The declaration of a type.
#[derive(Clone, Copy)]
pub(crate) enum Symbol<'a> {
    Message(&'a Message),
    Enum(&'a Enum),
}

/// A type and where it is declared.
#[derive(Clone, Copy)]
pub(crate) struct Declared<'a> {
    pub(crate) symbol: Symbol<'a>,
    pub(crate) file: &'a File,
}

/// An extension, and its full name.
struct Extension<'a> {
    full_name: String,
    field: &'a Field,
}

/// All types and extensions of a set of files.
#[derive(Default)]
pub(crate) struct Symbols<'a> {
    types: HashMap<String, Declared<'a>>,
    extensions: HashMap<(&'a str, i32), Extension<'a>>,
}

impl<'a> Symbols<'a> {
    pub(crate) fn new(files: impl IntoIterator<Item = &'a File>) -> Self {
        let mut symbols = Self::default();
        for file in files {
            for message in &file.message_type {
                symbols.add_message(message, file.full_name(&message.name), file);
            }
            for r#enum in &file.enum_type {
                symbols.add(file.full_name(&r#enum.name), Symbol::Enum(r#enum), file);
            }
            symbols.add_extensions(&file.extension, &file.full_name(""));
        }
        symbols
    }

    fn add_message(&mut self, message: &'a Message, name: String, file: &'a File) {
        for nested in &message.nested_type {
            self.add_message(nested, format!("{name}.{}", nested.name), file);
        }
        for r#enum in &message.enum_type {
            self.add(
                format!("{name}.{}", r#enum.name),
                Symbol::Enum(r#enum),
                file,
            );
        }
        self.add_extensions(&message.extension, &format!("{name}."));
        self.add(name, Symbol::Message(message), file);
    }

    fn add(&mut self, name: String, symbol: Symbol<'a>, file: &'a File) {
        self.types.insert(name, Declared { symbol, file });
    }

    fn add_extensions(&mut self, extensions: &'a [Field], scope: &str) {
        for field in extensions {
            let extendee = field.extendee.as_deref().unwrap_or_default();
            let full_name = format!("{scope}{}", field.name);
            let extension = Extension { full_name, field };
            self.extensions.insert((extendee, field.number), extension);
        }
    }

    pub(crate) fn get(&self, name: &str) -> Option<Declared<'a>> {
        self.types.get(name).copied()
    }

    pub(crate) fn message(&self, name: &str) -> Option<&'a Message> {
        match self.get(name)?.symbol {
            Symbol::Message(message) => Some(message),
            Symbol::Enum(_) => None,
        }
    }

    /// All types, in no order.
    pub(crate) fn types(&self) -> impl Iterator<Item = (&str, Symbol<'a>)> {
        let types = self.types.iter();
        types.map(|(name, declared)| (name.as_str(), declared.symbol))
    }

    /// All messages, in no order.
    pub(crate) fn messages(&self) -> impl Iterator<Item = (&str, &'a Message)> {
        self.types().filter_map(|(name, symbol)| match symbol {
            Symbol::Message(message) => Some((name, message)),
            Symbol::Enum(_) => None,
        })
    }

    /// The values of an enum; none for what is no enum.
    pub(crate) fn enum_values(&self, name: &str) -> &'a [EnumValue] {
        match self.get(name) {
            Some(Declared {
                symbol: Symbol::Enum(r#enum),
                ..
            }) => &r#enum.value,
            _ => &[],
        }
    }

    pub(crate) fn is_enum(&self, name: &str) -> bool {
        matches!(
            self.get(name),
            Some(Declared {
                symbol: Symbol::Enum(_),
                ..
            })
        )
    }

    pub(crate) fn is_deprecated(&self, name: &str) -> bool {
        self.get(name)
            .is_some_and(|declared| match declared.symbol {
                Symbol::Message(message) => message.is_deprecated(),
                Symbol::Enum(r#enum) => r#enum.is_deprecated(),
            })
    }

    /// The field or extension of a message that has this number.
    pub(crate) fn field(&self, message: &str, number: u32) -> Option<&'a Field> {
        let number = i32::try_from(number).ok()?;
        let own = self.message(message)?.field.iter();
        own.clone()
            .find(|field| field.number == number)
            .or_else(|| Some(self.extensions.get(&(message, number))?.field))
    }

    /// Whether the extension of a message that has this number has this full name.
    pub(crate) fn is_extension(&self, message: &str, number: i32, full_name: &str) -> bool {
        let extension = self.extensions.get(&(message, number));
        extension.is_some_and(|extension| extension.full_name == full_name)
    }
}
