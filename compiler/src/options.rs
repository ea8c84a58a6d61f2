//! Options as they are written to the bytes of their messages.
//!
//! The bytes are those of protoc: what descriptor.proto declares in the order of numbers, and behind it
//! extensions, a record for each statement.

use crate::descriptor::{File, options_mut};
use crate::pool::Pool;
use crate::problems::Problems;
use crate::resolve::Declarations;
use crate::symbols::{SymbolId, SymbolKind, Symbols};
use crate::syntax::{OptionSet, Parsed};
use crate::target::Target;

mod encode;
mod interpret;
mod known;
mod names;
mod records;
mod scalar;
mod text;
mod values;

use interpret::{Interpreted, Interpreter, Phase};
pub(crate) use known::Known;

/// Everything that interpreting options looks up.
pub(crate) struct Context<'a, 's> {
    /// The files as parsed, in the order of their descriptors.
    pub(crate) syntax: &'a [Parsed],
    pub(crate) declarations: Declarations<'a, 's>,
    /// descriptor.proto as we carry it, for trees that do not import it.
    pub(crate) builtin: fn() -> Pool<'static>,
    pub(crate) known: Known,
}

impl Context<'_, '_> {
    /// Interprets all options of a file, which stands at an index of `files`.
    pub(crate) fn interpret(&self, files: &mut [File], file: usize, problems: &mut Problems) {
        let options = &self.syntax[file].options;
        if options.is_empty() {
            return;
        }
        for phase in [Phase::Own, Phase::Extensions] {
            let done = self.interpret_phase(files, file, phase, problems);
            apply(&mut files[file], options, done, problems);
        }
    }

    fn interpret_phase(
        &self,
        files: &[File],
        file: usize,
        phase: Phase,
        problems: &mut Problems,
    ) -> Vec<Option<Interpreted>> {
        let Declarations {
            symbols,
            visible,
            suggest,
        } = self.declarations;
        let visible = &visible[file];
        let parsed = &self.syntax[file];
        let pool = Pool { files, symbols };
        let mut interpret = |set: &OptionSet| {
            if !set.statements.iter().any(|statement| phase.has(statement)) {
                return None;
            }
            let options_type = pool
                .message(set.target.type_name())
                .or_else(|| (self.builtin)().message(set.target.type_name()));
            let mut interpreter = Interpreter {
                pool,
                file,
                source: &parsed.source,
                visible,
                suggest,
                scope: scope_of(&pool.files[file], set, symbols),
                known: &self.known,
                problems: &mut *problems,
            };
            let options_type = options_type?;
            if std::ptr::eq(options_type.pool.symbols, symbols) {
                visible.mark(symbols.get(options_type.id).file);
            }
            interpreter.set(set, phase, options_type)
        };
        parsed.options.iter().map(&mut interpret).collect()
    }
}

/// Writes the options into the descriptor, and gives their locations the paths of what they mean.
fn apply(
    target: &mut File,
    sets: &[OptionSet],
    done: Vec<Option<Interpreted>>,
    problems: &Problems,
) {
    for (set, interpreted) in sets.iter().zip(done) {
        let Some(interpreted) = interpreted else {
            continue;
        };
        if let Some(info) = &mut target.source_code_info {
            for (location, path) in interpreted.paths {
                info.set_path(location, &path);
            }
        }
        match options_mut(target, &set.path) {
            Some(options) => {
                let bytes = options.get_or_insert_default();
                // A map's entry has `map_entry` before its features.
                bytes.extend_from_slice(&interpreted.bytes);
            }
            // The declaration has mistakes, which were told.
            None => debug_assert!(problems.errors() > 0),
        }
    }
}

/// The scope around a declaration, in which names of extensions are looked up.
fn scope_of(file: &File, set: &OptionSet, symbols: &Symbols) -> SymbolId {
    let package = symbols.descend(SymbolId::ROOT, &file.package);
    let mut scope = package.unwrap_or(SymbolId::ROOT);
    let steps = match set.target {
        // Names of a range are looked up around its message.
        Target::ExtensionRange => set.path.len() / 2 - 1,
        // Values stand beside their enum.
        Target::EnumValue => set.path.len() / 2 - 1,
        _ => set.path.len() / 2,
    };
    let mut messages = &file.message_type;
    for step in set.path.chunks_exact(2).take(steps.saturating_sub(1)) {
        let index = step[1] as usize;
        let name = match step[0] {
            6 if scope == package.unwrap_or(SymbolId::ROOT) => {
                file.service.get(index).map(|service| service.name.as_str())
            }
            _ => messages.get(index).map(|message| {
                let name = message.name.as_str();
                messages = &message.nested_type;
                name
            }),
        };
        let Some(inner) = name.and_then(|name| symbols.child(scope, name)) else {
            return scope;
        };
        if !matches!(
            symbols.get(inner).kind,
            SymbolKind::Message | SymbolKind::Service
        ) {
            return scope;
        }
        scope = inner;
    }
    scope
}
