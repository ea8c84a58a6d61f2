//! Everything that has a full name, in one tree of scopes for all files.
//!
//! protoc has one such table for a run as well, so that a name is taken whatever file declares it.

use std::collections::HashMap;

use crate::descriptor::{Enum, EnumValue, Field, File, Message};
use crate::names::{Fast, NameId, Names};
use crate::work;

mod declare;

pub(crate) use declare::declare;

/// The number of a symbol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct SymbolId(u32);

impl SymbolId {
    /// The scope of all packages.
    pub(crate) const ROOT: Self = Self(0);
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SymbolKind {
    Package,
    Message,
    Enum,
    EnumValue,
    Field,
    Extension,
    Oneof,
    Service,
    Method,
}

impl SymbolKind {
    /// Whether other names can stand behind this one and a point.
    pub(crate) fn is_aggregate(self) -> bool {
        matches!(
            self,
            Self::Package | Self::Message | Self::Enum | Self::Service
        )
    }

    pub(crate) fn is_type(self) -> bool {
        matches!(self, Self::Message | Self::Enum)
    }

    /// The name for diagnostics, with an article.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Package => "a package",
            Self::Message => "a message",
            Self::Enum => "an enum",
            Self::EnumValue => "an enum value",
            Self::Field => "a field",
            Self::Extension => "an extension",
            Self::Oneof => "a oneof",
            Self::Service => "a service",
            Self::Method => "an rpc",
        }
    }
}

/// The kind of symbol that a name has to mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// A message or an enum: other symbols of that name are passed over.
    Type,
    /// The innermost symbol of that name.
    Any,
}

/// Something with a full name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Symbol {
    /// The scope that the name is in. That of an enum value is the scope of its enum.
    pub(crate) scope: SymbolId,
    /// The message, enum or service that declares it; for top-level declarations the scope.
    owner: SymbolId,
    name: NameId,
    pub(crate) kind: SymbolKind,
    /// The index of the file. For a package it is that of the first file.
    pub(crate) file: u32,
    /// The index among the declarations of its kind.
    index: u32,
}

/// The symbols of a run.
#[derive(Clone, Debug)]
pub(crate) struct Symbols {
    names: Names,
    all: Vec<Symbol>,
    children: HashMap<(u32, NameId), SymbolId, Fast>,
    /// Messages and enums by their full names, which are what descriptors have.
    types: HashMap<Box<str>, SymbolId, Fast>,
}

impl Default for Symbols {
    fn default() -> Self {
        let mut names = Names::default();
        let root = Symbol {
            scope: SymbolId::ROOT,
            owner: SymbolId::ROOT,
            name: names.add(""),
            kind: SymbolKind::Package,
            file: u32::MAX,
            index: 0,
        };
        Self {
            names,
            all: vec![root],
            children: HashMap::default(),
            types: HashMap::default(),
        }
    }
}

impl Symbols {
    pub(crate) fn get(&self, id: SymbolId) -> Symbol {
        self.all[id.0 as usize]
    }

    /// The symbol of a name in a scope.
    pub(crate) fn child(&self, scope: SymbolId, name: &str) -> Option<SymbolId> {
        work::count(1);
        let name = self.names.get(name)?;
        self.children.get(&(scope.0, name)).copied()
    }

    /// The symbol at a dotted path below a scope.
    pub(crate) fn descend(&self, scope: SymbolId, path: &str) -> Option<SymbolId> {
        if path.is_empty() {
            return Some(scope);
        }
        path.split('.')
            .try_fold(scope, |scope, name| self.child(scope, name))
    }

    /// The symbol of a full name, with a leading dot.
    pub(crate) fn find(&self, full_name: &str) -> Option<SymbolId> {
        match (self.types.get(full_name), full_name.strip_prefix('.')?) {
            (Some(found), _) => Some(*found),
            (None, "") => None,
            (None, path) => self.descend(SymbolId::ROOT, path),
        }
    }

    /// The full name, with a leading dot.
    pub(crate) fn full_name(&self, id: SymbolId) -> String {
        let mut scopes = Vec::with_capacity(8);
        let mut at = id;
        while at != SymbolId::ROOT {
            scopes.push(self.name(at));
            at = self.get(at).scope;
        }
        let mut name = String::with_capacity(scopes.iter().map(|scope| scope.len() + 1).sum());
        work::count(name.capacity());
        for scope in scopes.iter().rev() {
            name.push('.');
            name += scope;
        }
        name
    }

    /// The full name as people write it.
    pub(crate) fn plain_name(&self, id: SymbolId) -> String {
        self.full_name(id).trim_start_matches('.').to_owned()
    }

    /// The name without its scope.
    pub(crate) fn name(&self, id: SymbolId) -> &str {
        self.names.text(self.get(id).name)
    }

    /// Everything but packages.
    pub(crate) fn declarations(&self) -> impl Iterator<Item = SymbolId> {
        let ids = (1..self.all.len() as u32).map(SymbolId);
        ids.filter(|id| self.get(*id).kind != SymbolKind::Package)
    }

    /// The path of a declaration in the descriptor of its file.
    pub(crate) fn path(&self, id: SymbolId) -> Vec<i32> {
        let symbol = self.get(id);
        let owner = self.get(symbol.owner);
        let is_top_level = owner.kind == SymbolKind::Package;
        let number = match (symbol.kind, is_top_level) {
            (SymbolKind::Package, _) => return vec![2],
            (SymbolKind::Message, true) => 4,
            (SymbolKind::Enum, true) => 5,
            (SymbolKind::Service, _) => 6,
            (SymbolKind::Extension, true) => 7,
            (SymbolKind::Message, false) => 3,
            (SymbolKind::Enum, false) => 4,
            (SymbolKind::Extension, false) => 6,
            (SymbolKind::Oneof, _) => 8,
            (SymbolKind::Field | SymbolKind::EnumValue | SymbolKind::Method, _) => 2,
        };
        let mut path = if is_top_level {
            Vec::new()
        } else {
            self.path(symbol.owner)
        };
        path.extend([number, symbol.index as i32]);
        path
    }

    /// The declaration at the path of an extension.
    pub(crate) fn extension_at(&self, file: &File, path: &[i32]) -> Option<SymbolId> {
        let mut scope = self
            .descend(SymbolId::ROOT, &file.package)
            .unwrap_or(SymbolId::ROOT);
        let (index, around) = path.split_last()?;
        let (_, around) = around.split_last()?;
        let mut messages = &file.message_type;
        let mut extensions = &file.extension;
        for step in around.chunks_exact(2) {
            let message = messages.get(step[1] as usize)?;
            scope = self.child(scope, &message.name)?;
            (messages, extensions) = (&message.nested_type, &message.extension);
        }
        self.child(scope, &extensions.get(*index as usize)?.name)
    }

    /// The message that declares this, if it is not at top level.
    pub(crate) fn owner(&self, id: SymbolId) -> Option<SymbolId> {
        let owner = self.get(id).owner;
        (self.get(owner).kind != SymbolKind::Package).then_some(owner)
    }

    /// The descriptor of a message.
    pub(crate) fn message<'a>(&self, files: &'a [File], id: SymbolId) -> Option<&'a Message> {
        let symbol = self.get(id);
        if symbol.kind != SymbolKind::Message {
            return None;
        }
        let index = symbol.index as usize;
        match self.owner(id) {
            Some(owner) => self.message(files, owner)?.nested_type.get(index),
            None => files[symbol.file as usize].message_type.get(index),
        }
    }

    /// The descriptor of an enum.
    pub(crate) fn r#enum<'a>(&self, files: &'a [File], id: SymbolId) -> Option<&'a Enum> {
        let symbol = self.get(id);
        if symbol.kind != SymbolKind::Enum {
            return None;
        }
        let index = symbol.index as usize;
        match self.owner(id) {
            Some(owner) => self.message(files, owner)?.enum_type.get(index),
            None => files[symbol.file as usize].enum_type.get(index),
        }
    }

    /// The descriptor of a field or an extension.
    pub(crate) fn field<'a>(&self, files: &'a [File], id: SymbolId) -> Option<&'a Field> {
        let symbol = self.get(id);
        let index = symbol.index as usize;
        match (symbol.kind, self.owner(id)) {
            (SymbolKind::Field, Some(owner)) => self.message(files, owner)?.field.get(index),
            (SymbolKind::Extension, Some(owner)) => {
                self.message(files, owner)?.extension.get(index)
            }
            (SymbolKind::Extension, None) => files[symbol.file as usize].extension.get(index),
            _ => None,
        }
    }

    /// A value of an enum, by its name.
    pub(crate) fn enum_value<'a>(
        &self,
        files: &'a [File],
        r#enum: SymbolId,
        name: &str,
    ) -> Option<&'a EnumValue> {
        let value = self.child(self.get(r#enum).scope, name)?;
        let symbol = self.get(value);
        let is_own = symbol.kind == SymbolKind::EnumValue && symbol.owner == r#enum;
        is_own.then(|| self.r#enum(files, r#enum)?.value.get(symbol.index as usize))?
    }
}
