//! Options as they are written to the bytes of their messages.
//!
//! The bytes are those of protoc: what descriptor.proto declares in the order of numbers, and behind it
//! extensions, a record for each statement.

use crate::descriptor::{File, options_mut};
use crate::pool::Pool;
use crate::problems::Problems;
use crate::suggest::Suggest;
use crate::symbols::{SymbolId, SymbolKind, Symbols};
use crate::syntax::{OptionSet, Parsed};
use crate::target::Target;
use crate::visible::Visible;

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
    pub(crate) symbols: &'a Symbols,
    /// The names that each file can use.
    pub(crate) visible: &'a [Visible],
    /// descriptor.proto as we carry it, for trees that do not import it.
    pub(crate) builtin: fn() -> Pool<'static>,
    pub(crate) suggest: &'a Suggest<'s>,
    pub(crate) known: Known,
}

/// Interprets all options of a file, which stands at an index of `files`.
pub(crate) fn interpret(
    files: &mut [File],
    file: usize,
    parsed: &Parsed,
    context: &Context<'_, '_>,
    problems: &mut Problems,
) {
    if parsed.options.is_empty() {
        return;
    }
    for phase in [Phase::Own, Phase::Extensions] {
        let done = interpret_phase(files, file, parsed, phase, context, problems);
        apply(&mut files[file], &parsed.options, done, problems);
    }
}

fn interpret_phase(
    files: &[File],
    file: usize,
    parsed: &Parsed,
    phase: Phase,
    context: &Context<'_, '_>,
    problems: &mut Problems,
) -> Vec<Option<Interpreted>> {
    let visible = &context.visible[file];
    let pool = Pool {
        files,
        symbols: context.symbols,
    };
    let mut of_set = |set: &OptionSet| {
        if !set.statements.iter().any(|statement| phase.has(statement)) {
            return None;
        }
        let options_type = pool
            .message(set.target.type_name())
            .or_else(|| (context.builtin)().message(set.target.type_name()));
        let mut interpreter = Interpreter {
            pool,
            file,
            source: &parsed.source,
            visible,
            suggest: context.suggest,
            scope: scope_of(&pool.files[file], set, context.symbols),
            known: &context.known,
            problems: &mut *problems,
        };
        let options_type = options_type?;
        if std::ptr::eq(options_type.pool.symbols, context.symbols) {
            visible.mark(context.symbols.get(options_type.id).file);
        }
        interpreter.set(set, phase, options_type)
    };
    parsed.options.iter().map(&mut of_set).collect()
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
