//! Names of types to full names.
//!
//! The innermost scope that has the first part of a name decides, whether or not it has the rest
//! ([language guide](https://protobuf.dev/programming-guides/proto3/#name-resolution)).

use crate::descriptor::{Field, File, Message, Type};
use crate::diagnostics::{Diagnostic, Place};
use crate::places::{self, part};
use crate::problems::Problems;
use crate::suggest::Suggest;
use crate::symbols::{SymbolId, SymbolKind, Symbols, Wanted};
use crate::visible::Visible;

/// Why a name means nothing.
#[derive(Debug)]
pub(crate) struct Unresolved {
    wanted: Wanted,
    /// It is declared in a file that is not imported.
    not_imported: Option<SymbolId>,
    /// An inner scope has the first part of the name, and not the rest.
    shadowed_by: Option<String>,
}

/// A name as it is written, which refers to a declaration.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reference<'n> {
    pub(crate) name: &'n str,
    /// The scope that the name is written in.
    pub(crate) scope: SymbolId,
    pub(crate) wanted: Wanted,
}

/// Looks a name up in its scope and those around it.
pub(crate) fn lookup(
    symbols: &Symbols,
    visible: &Visible,
    reference: Reference<'_>,
) -> Result<SymbolId, Unresolved> {
    let Reference {
        name,
        mut scope,
        wanted,
    } = reference;
    let mut unresolved = Unresolved {
        wanted,
        not_imported: None,
        shadowed_by: None,
    };
    let mut see = |found: Option<SymbolId>| {
        let found = found?;
        if visible.has(symbols, found) {
            return Some(found);
        }
        unresolved.not_imported = Some(found);
        None
    };
    if name.starts_with('.') {
        let found = see(symbols.find(name));
        return found.ok_or(unresolved);
    }
    let (first, rest) = name.split_once('.').unwrap_or((name, ""));
    while scope != SymbolId::ROOT {
        if let Some(found) = see(symbols.child(scope, first)) {
            let kind = symbols.get(found).kind;
            if rest.is_empty() {
                if wanted == Wanted::Any || kind.is_type() {
                    return Ok(found);
                }
            } else if kind.is_aggregate() {
                if let Some(found) = see(symbols.descend(found, rest)) {
                    return Ok(found);
                }
                unresolved.shadowed_by = Some(symbols.plain_name(found));
                return Err(unresolved);
            }
        }
        scope = symbols.get(scope).scope;
    }
    let found = see(symbols.descend(SymbolId::ROOT, name));
    found.ok_or(unresolved)
}

/// The declarations of a run, and which of them each file can use.
#[derive(Clone, Copy)]
pub(crate) struct Declarations<'a, 's> {
    pub(crate) symbols: &'a Symbols,
    /// The names that each file can use.
    pub(crate) visible: &'a [Visible],
    /// What else a name may have meant.
    pub(crate) suggest: &'a Suggest<'s>,
}

/// Gives all names of types in a file, which stands at an index of `files`, their full spelling.
pub(crate) fn resolve(
    files: &mut [File],
    file: usize,
    declarations: Declarations<'_, '_>,
    problems: &mut Problems,
) {
    // The file is changed while others are looked at for places.
    let mut own = std::mem::take(&mut files[file]);
    let mut resolve = Resolve {
        files: &*files,
        name: own.name.clone(),
        symbols: declarations.symbols,
        visible: &declarations.visible[file],
        suggest: declarations.suggest,
        problems,
    };
    resolve.file(&mut own);
    files[file] = own;
}

struct Resolve<'a, 's> {
    files: &'a [File],
    name: String,
    symbols: &'a Symbols,
    visible: &'a Visible,
    suggest: &'a Suggest<'s>,
    problems: &'a mut Problems,
}

impl Resolve<'_, '_> {
    fn file(&mut self, file: &mut File) {
        let package = self.symbols.descend(SymbolId::ROOT, &file.package);
        let scope = package.unwrap_or(SymbolId::ROOT);
        // Places are looked up in the positions, which nothing changes here.
        let info = file.source_code_info.take();
        let positions = File {
            name: file.name.clone(),
            source_code_info: info,
            ..File::default()
        };
        for (message, index) in file.message_type.iter_mut().zip(0..) {
            self.message(&positions, message, scope, &mut vec![4, index]);
        }
        for (field, index) in file.extension.iter_mut().zip(0..) {
            self.field(&positions, field, scope, &[7, index]);
        }
        for (service, index) in file.service.iter_mut().zip(0..) {
            let scope = self.symbols.child(scope, &service.name).unwrap_or(scope);
            for (method, position) in service.method.iter_mut().zip(0..) {
                let path = [6, index, 2, position];
                let place = |part| places::part(&positions, &path, part);
                self.method_type(&mut method.input_type, scope, || place(2));
                self.method_type(&mut method.output_type, scope, || place(3));
            }
        }
        file.source_code_info = positions.source_code_info;
    }

    fn message(
        &mut self,
        file: &File,
        message: &mut Message,
        scope: SymbolId,
        path: &mut Vec<i32>,
    ) {
        let scope = self.symbols.child(scope, &message.name).unwrap_or(scope);
        let length = path.len();
        let is_entry = message.is_map_entry();
        for (number, fields) in [(2, &mut message.field), (6, &mut message.extension)] {
            for (field, index) in fields.iter_mut().zip(0..) {
                // Types of a map stand at its field.
                if !is_entry {
                    path.extend([number, index]);
                }
                self.field(file, field, scope, path);
                path.truncate(length);
            }
        }
        let maps = message.maps();
        for (nested, index) in message.nested_type.iter_mut().zip(0..) {
            match maps.get(&nested.name) {
                Some(field) => path.extend([2, *field]),
                None => path.extend([3, index]),
            }
            self.message(file, nested, scope, path);
            path.truncate(length);
        }
    }

    fn field(&mut self, file: &File, field: &mut Field, scope: SymbolId, path: &[i32]) {
        if let Some(name) = &field.extendee {
            let place = |part| places::part(file, path, part);
            let found = self.find(name, scope, Wanted::Any, || place(part::EXTENDEE));
            if let Some(found) = found {
                self.must_be_message(found, name, || place(part::EXTENDEE));
                field.extendee = Some(self.symbols.full_name(found));
            }
        }
        let Some(name) = &field.type_name else {
            return;
        };
        let place = || match &field.r#type {
            _ if !name.is_empty() => {
                let exact = places::part(file, path, part::TYPE_NAME);
                // The name in a map stands somewhere between the angle brackets.
                let word = name.trim_start_matches('.');
                let is_whole = exact.length as usize <= name.len();
                if is_whole {
                    exact
                } else {
                    places::word(file, path, word)
                }
            }
            _ => places::name(file, path),
        };
        let Some(found) = self.find(name, scope, Wanted::Type, place) else {
            return;
        };
        let kind = self.symbols.get(found).kind;
        let known = field.known_type();
        match (kind, known) {
            (SymbolKind::Message, None) => field.r#type = Some(Type::Message as i32),
            (SymbolKind::Enum, None) => field.r#type = Some(Type::Enum as i32),
            (SymbolKind::Message, Some(Type::Message | Type::Group))
            | (SymbolKind::Enum, Some(Type::Enum)) => {}
            _ => {
                let message = format!("`{name}` is {}, and no type of a field", kind.name());
                let help = "name a message or an enum: in full, as in `.package.Message`, if something nearer has its name";
                self.problems.error(|| {
                    Diagnostic::error(message)
                        .with_label(place(), "")
                        .with_help(help)
                });
                return;
            }
        }
        field.type_name = Some(self.symbols.full_name(found));
    }

    fn method_type(&mut self, name: &mut String, scope: SymbolId, place: impl Fn() -> Place) {
        let Some(found) = self.find(name, scope, Wanted::Any, &place) else {
            return;
        };
        self.must_be_message(found, name, place);
        *name = self.symbols.full_name(found);
    }

    fn must_be_message(&mut self, found: SymbolId, name: &str, place: impl Fn() -> Place) {
        let kind = self.symbols.get(found).kind;
        if kind == SymbolKind::Message {
            return;
        }
        let help =
            "name a message: in full, as in `.package.Message`, if something nearer has its name";
        self.problems.error(|| {
            let message = format!("`{name}` is {}, and no message", kind.name());
            Diagnostic::error(message)
                .with_label(place(), "")
                .with_help(help)
        });
    }

    fn find(
        &mut self,
        name: &str,
        scope: SymbolId,
        wanted: Wanted,
        place: impl Fn() -> Place,
    ) -> Option<SymbolId> {
        // A name that is missing was told by the parser.
        if name.is_empty() {
            return None;
        }
        let reference = Reference {
            name,
            scope,
            wanted,
        };
        match lookup(self.symbols, self.visible, reference) {
            Ok(found) => Some(found),
            Err(unresolved) => {
                let (symbols, files) = (self.symbols, self.files);
                let (suggest, file) = (self.suggest, &self.name);
                if suggest.is_known_to_be_missing(file, name) {
                    return None;
                }
                self.problems.error(|| {
                    let (message, help) = unresolved.explain(name, symbols, files, suggest);
                    Diagnostic::error(message)
                        .with_label(place(), "")
                        .with_help(help)
                });
                None
            }
        }
    }
}

impl Unresolved {
    /// The error and its help.
    pub(crate) fn explain(
        &self,
        name: &str,
        symbols: &Symbols,
        files: &[File],
        suggest: &Suggest<'_>,
    ) -> (String, String) {
        if let Some(inner) = &self.shadowed_by {
            let first = name.split('.').next().unwrap_or(name);
            let message = format!("`{name}` is not declared: `{first}` means `{inner}` here");
            let help = format!("if it is further out, write `.{name}`, which starts there");
            return (message, help);
        }
        if let Some(found) = self.not_imported {
            let symbol = symbols.get(found);
            let file = &files[symbol.file as usize].name;
            let message = format!("`{name}` is declared in a file that is not imported");
            let full = symbols.plain_name(found);
            return (
                message,
                format!("import \"{file}\", which declares `{full}`"),
            );
        }
        let help = suggest.help(name, self.wanted);
        (format!("`{name}` is not declared"), help)
    }
}
