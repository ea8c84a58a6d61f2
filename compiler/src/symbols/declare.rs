//! Declarations to symbols. A name that is taken is told.

use super::{Symbol, SymbolId, SymbolKind, Symbols};
use crate::descriptor::{Enum, Field, File, Message, Service};
use crate::diagnostics::{Diagnostic, Place};
use crate::places;
use crate::problems::Problems;

/// Adds all symbols of a file.
pub(crate) fn declare(symbols: &mut Symbols, files: &[File], file: usize, problems: &mut Problems) {
    let mut declare = Declare {
        symbols,
        files,
        file: file as u32,
        problems,
    };
    declare.file();
}

struct Declare<'a> {
    symbols: &'a mut Symbols,
    files: &'a [File],
    file: u32,
    problems: &'a mut Problems,
}

impl Declare<'_> {
    fn file(&mut self) {
        let file = &self.files[self.file as usize];
        let package = self.package(&file.package);
        for (message, index) in file.message_type.iter().zip(0..) {
            self.message(message, package, index);
        }
        for (r#enum, index) in file.enum_type.iter().zip(0..) {
            self.r#enum(r#enum, package, index);
        }
        for (service, index) in file.service.iter().zip(0..) {
            self.service(service, package, index);
        }
        self.extensions(&file.extension, package);
    }

    /// The scope of a package. Files share it.
    fn package(&mut self, package: &str) -> SymbolId {
        let mut scope = SymbolId::ROOT;
        for part in package.split('.').filter(|part| !part.is_empty()) {
            let name = self.symbols.names.add(part);
            let known = self.symbols.children.get(&(scope.0, name)).copied();
            scope = match known {
                Some(known) if self.symbols.get(known).kind == SymbolKind::Package => known,
                _ => {
                    let package = self.symbol(SymbolKind::Package, part, scope, 0);
                    self.add(package)
                }
            };
        }
        scope
    }

    /// A symbol of this file, whose owner is its scope.
    fn symbol(&mut self, kind: SymbolKind, name: &str, scope: SymbolId, index: u32) -> Symbol {
        Symbol {
            scope,
            owner: scope,
            name: self.symbols.names.add(name),
            kind,
            file: self.file,
            index,
        }
    }

    /// Gives a symbol a number. Its name does not lead to it before [`publish`](Self::publish).
    fn reserve(&mut self, symbol: Symbol) -> SymbolId {
        let id = SymbolId(self.symbols.all.len() as u32);
        self.symbols.all.push(symbol);
        id
    }

    /// Makes a symbol known by its name.
    fn publish(&mut self, id: SymbolId) {
        let symbol = self.symbols.get(id);
        // A declaration without a name was told by the parser.
        if self.symbols.names.text(symbol.name).is_empty() {
            return;
        }
        let key = (symbol.scope.0, symbol.name);
        match self.symbols.children.entry(key) {
            std::collections::hash_map::Entry::Vacant(entry) => {
                entry.insert(id);
                if symbol.kind.is_type() {
                    let full_name = self.symbols.full_name(id);
                    self.symbols.types.insert(full_name.into(), id);
                }
            }
            std::collections::hash_map::Entry::Occupied(entry) => {
                let first = *entry.get();
                self.taken(first, id);
            }
        }
    }

    fn add(&mut self, symbol: Symbol) -> SymbolId {
        let id = self.reserve(symbol);
        self.publish(id);
        id
    }

    fn message(&mut self, message: &Message, scope: SymbolId, index: u32) {
        let symbol = self.symbol(SymbolKind::Message, &message.name, scope, index);
        let id = self.reserve(symbol);
        for (oneof, index) in message.oneof_decl.iter().zip(0..) {
            let oneof = self.symbol(SymbolKind::Oneof, &oneof.name, id, index);
            self.add(oneof);
        }
        for (field, index) in message.field.iter().zip(0..) {
            let field = self.symbol(SymbolKind::Field, &field.name, id, index);
            self.add(field);
        }
        for (r#enum, index) in message.enum_type.iter().zip(0..) {
            self.r#enum(r#enum, id, index);
        }
        self.extensions(&message.extension, id);
        for (nested, index) in message.nested_type.iter().zip(0..) {
            self.message(nested, id, index);
        }
        self.publish(id);
    }

    fn r#enum(&mut self, r#enum: &Enum, scope: SymbolId, index: u32) {
        let symbol = self.symbol(SymbolKind::Enum, &r#enum.name, scope, index);
        let id = self.reserve(symbol);
        for (value, index) in r#enum.value.iter().zip(0..) {
            let value = self.symbol(SymbolKind::EnumValue, &value.name, scope, index);
            self.add(Symbol { owner: id, ..value });
        }
        self.publish(id);
    }

    fn service(&mut self, service: &Service, scope: SymbolId, index: u32) {
        let symbol = self.symbol(SymbolKind::Service, &service.name, scope, index);
        let id = self.reserve(symbol);
        for (method, index) in service.method.iter().zip(0..) {
            let method = self.symbol(SymbolKind::Method, &method.name, id, index);
            self.add(method);
        }
        self.publish(id);
    }

    fn extensions(&mut self, extensions: &[Field], scope: SymbolId) {
        for (field, index) in extensions.iter().zip(0..) {
            let field = self.symbol(SymbolKind::Extension, &field.name, scope, index);
            self.add(field);
        }
    }

    /// A name is declared a second time.
    fn taken(&mut self, first: SymbolId, second: SymbolId) {
        let (symbols, files) = (&*self.symbols, self.files);
        self.problems.error(|| {
            let of = |id: SymbolId| symbols.get(id);
            let name = symbols.plain_name(second);
            let place = |id: SymbolId| self::place(symbols, files, id);
            let is_entry = |id: SymbolId| {
                let message = symbols.message(files, id);
                message.is_some_and(Message::is_map_entry)
            };
            let kinds = (of(first).kind, of(second).kind);
            let help = if is_entry(first) || is_entry(second) {
                "a map makes a type of its field's name and `Entry`: give one of the two another name"
            } else if kinds.0 == SymbolKind::EnumValue || kinds.1 == SymbolKind::EnumValue {
                "values of an enum stand beside the enum, and not in it: give one of the two another name"
            } else if of(first).file != of(second).file {
                "declare it once; if the two are one file, reached by two include folders or a link, name it in one way"
            } else {
                "give one of the two another name"
            };
            let file = |id: SymbolId| &files[of(id).file as usize].name;
            let where_to = if file(first) == file(second) {
String::new()
} else {
format!(", in `{}` and in `{}`", file(first), file(second))
};
            Diagnostic::error(format!("`{name}` is declared twice{where_to}"))
                .with_label(place(second), format!("{} here", kinds.1.name()))
                .with_label(place(first), format!("{} of that name here", kinds.0.name()))
                .with_help(help)
        });
    }
}

/// Where a symbol is declared. The entry of a map is declared by its field.
fn place(symbols: &Symbols, files: &[File], id: SymbolId) -> Place {
    let file = &files[symbols.get(id).file as usize];
    let message = symbols.message(files, id);
    let entry = message.filter(|message| message.is_map_entry());
    let owner = symbols.owner(id);
    let around = owner.and_then(|owner| symbols.message(files, owner));
    if let Some(((entry, around), owner)) = entry.zip(around).zip(owner)
        && let Some(field) = around.maps().get(&entry.name)
    {
        return places::name(
            file,
            &[symbols.path(owner).as_slice(), &[2, *field]].concat(),
        );
    }
    places::name(file, &symbols.path(id))
}
