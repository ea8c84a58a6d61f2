//! Linked files with their symbols, and what options need to know of them.

use crate::descriptor::{Field, File, Label, Message, Type};
use crate::features::{Features, MessageEncoding, Presence, RepeatedEncoding};
use crate::symbols::{SymbolId, SymbolKind, Symbols};
use crate::target::Target;

/// Files and their symbols.
#[derive(Clone, Copy)]
pub(crate) struct Pool<'a> {
    pub(crate) files: &'a [File],
    pub(crate) symbols: &'a Symbols,
}

/// A message of a pool.
#[derive(Clone, Copy)]
pub(crate) struct MessageRef<'a> {
    pub(crate) pool: Pool<'a>,
    pub(crate) id: SymbolId,
    pub(crate) message: &'a Message,
}

/// A field or an extension of a pool.
#[derive(Clone, Copy)]
pub(crate) struct FieldRef<'a> {
    pub(crate) pool: Pool<'a>,
    pub(crate) id: SymbolId,
    pub(crate) field: &'a Field,
}

/// A type of one of several pools.
pub(crate) type TypeKey = (*const Symbols, SymbolId);

impl<'a> Pool<'a> {
    /// Tells a type of this pool from all others.
    pub(crate) fn key(self, id: SymbolId) -> TypeKey {
        (self.symbols, id)
    }

    /// The message of this full name, with a leading dot.
    pub(crate) fn message(self, full_name: &str) -> Option<MessageRef<'a>> {
        self.message_of(self.symbols.find(full_name)?)
    }

    pub(crate) fn message_of(self, id: SymbolId) -> Option<MessageRef<'a>> {
        let message = self.symbols.message(self.files, id)?;
        Some(MessageRef {
            pool: self,
            id,
            message,
        })
    }

    pub(crate) fn field_of(self, id: SymbolId) -> Option<FieldRef<'a>> {
        let field = self.symbols.field(self.files, id)?;
        Some(FieldRef {
            pool: self,
            id,
            field,
        })
    }

    pub(crate) fn file(self, id: SymbolId) -> &'a File {
        &self.files[self.symbols.get(id).file as usize]
    }

    /// The features that hold inside of a message, or at the top level of its file.
    pub(crate) fn features(self, id: SymbolId) -> Features {
        let symbol = self.symbols.get(id);
        let outer = match self.symbols.owner(id) {
            Some(owner) => self.features(owner),
            None => Features::from_file(self.file(id)),
        };
        let own = match symbol.kind {
            SymbolKind::Message => {
                let message = self.symbols.message(self.files, id);
                let options = message.and_then(|message| message.options.as_deref());
                Features::from_options(options, Target::Message)
            }
            SymbolKind::Enum => {
                let r#enum = self.symbols.r#enum(self.files, id);
                let options = r#enum.and_then(|r#enum| r#enum.options.as_deref());
                Features::from_options(options, Target::Enum)
            }
            _ => Features::default(),
        };
        outer.inherit(own)
    }
}

impl<'a> MessageRef<'a> {
    pub(crate) fn full_name(self) -> String {
        self.pool.symbols.full_name(self.id)
    }

    pub(crate) fn key(self) -> TypeKey {
        self.pool.key(self.id)
    }

    /// A field of the message by its name.
    pub(crate) fn field(self, name: &str) -> Option<FieldRef<'a>> {
        let id = self.pool.symbols.child(self.id, name)?;
        let is_field = self.pool.symbols.get(id).kind == SymbolKind::Field;
        is_field.then(|| self.pool.field_of(id))?
    }

    /// A field by the name of its type, as groups have it in the text format.
    pub(crate) fn group(self, type_name: &str) -> Option<FieldRef<'a>> {
        let field = self.field(&type_name.to_ascii_lowercase())?;
        let is_named = |message: MessageRef<'_>| message.message.name == type_name;
        (field.is_group_like() && field.message().is_some_and(is_named)).then_some(field)
    }
}

impl<'a> FieldRef<'a> {
    pub(crate) fn number(self) -> u32 {
        self.field.number as u32
    }

    /// The type, if it is a message.
    pub(crate) fn message(self) -> Option<MessageRef<'a>> {
        if self.field.is_message() {
            self.pool.message(self.field.type_name.as_deref()?)
        } else {
            None
        }
    }

    pub(crate) fn is_extension(self) -> bool {
        self.pool.symbols.get(self.id).kind == SymbolKind::Extension
    }

    pub(crate) fn full_name(self) -> String {
        self.pool.symbols.plain_name(self.id)
    }

    pub(crate) fn file(self) -> &'a File {
        self.pool.file(self.id)
    }

    /// The features that hold for the field.
    pub(crate) fn features(self) -> Features {
        let mut outer = match self.pool.symbols.owner(self.id) {
            Some(owner) => self.pool.features(owner),
            None => Features::from_file(self.file()),
        };
        if let Some(oneof) = self.oneof_options() {
            outer = outer.inherit(Features::from_options(Some(oneof), Target::Oneof));
        }
        outer.for_field(self.field, self.file().edition.is_some())
    }

    fn oneof_options(self) -> Option<&'a [u8]> {
        let index = self.field.real_oneof()?;
        let owner = self.pool.symbols.owner(self.id)?;
        let message = self.pool.symbols.message(self.pool.files, owner)?;
        message.oneof_decl.get(index)?.options.as_deref()
    }

    /// Whether the value is written as a group.
    pub(crate) fn is_group(self) -> bool {
        match self.field.known_type() {
            Some(Type::Group) => true,
            Some(Type::Message) => {
                self.features().message_encoding() == MessageEncoding::Delimited
                    && !self
                        .message()
                        .is_some_and(|message| message.message.is_map_entry())
            }
            _ => false,
        }
    }

    /// Whether the field looks as one that was declared as a group: its type has its name and stands beside it.
    fn is_group_like(self) -> bool {
        let symbols = self.pool.symbols;
        let Some(message) = self.message() else {
            return false;
        };
        self.is_group()
            && message.message.name.to_ascii_lowercase() == self.field.name
            && symbols.get(message.id).file == symbols.get(self.id).file
            && symbols.get(message.id).scope == symbols.get(self.id).scope
    }

    pub(crate) fn is_packed(self) -> bool {
        self.field.is_repeated()
            && self.field.is_packable()
            && self.features().repeated_field_encoding() == RepeatedEncoding::Packed
    }

    /// Whether a zero is written like any other value.
    pub(crate) fn has_presence(self) -> bool {
        !self.field.is_repeated()
            && (self.field.is_message()
                || self.is_extension()
                || self.field.oneof_index.is_some()
                || self.features().field_presence() != Presence::Implicit)
    }

    pub(crate) fn is_required(self) -> bool {
        // Only editions say it by a feature.
        if self.file().edition.is_none() {
            return self.field.label() == Label::Required;
        }
        self.features().field_presence() == Presence::LegacyRequired
    }
}
