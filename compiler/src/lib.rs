//! A compiler for protobuf source: text in, descriptors out, exactly as protoc makes them.
//!
//! It reads proto2, proto3 and the editions 2023 and 2024, and has no dependencies. What comes out is what
//! protoc's `--descriptor_set_out` has: names in full, options as their bytes, and where everything
//! stands, with all comments. What is wrong is told all at once, with line, column and help.
//!
//! Each pass has a file of its own, reads what the one before made, and adds one thing:
//!
//! 1. `load`: listed files and their imports, by a [`Resolver`].
//! 2. `lexer`: bytes to tokens.
//! 3. `parser`: tokens to descriptors with positions; names and options are as written.
//! 4. `symbols`: everything that has a full name, in one tree of scopes.
//! 5. `resolve`: names of types to full names, by the files that are `visible` in a file.
//! 6. `options`: options to the bytes of their messages.
//! 7. `imports`: warnings for imports that nothing needs.
//! 8. `check`: the rules of the language, also for descriptors that others made.
//!
//! `link` runs the passes from `symbols` on over all files; `json_name` is set before `imports`. `features` tells
//! which features of an edition hold for a declaration; it is asked by `options` and `check`.

mod by_number;
mod canonical;
mod check;
pub mod descriptor;
mod diagnostics;
pub mod edition;
pub mod embedded;
mod embedded_texts;
pub mod features;
mod folders;
mod imports;
mod json_name;
mod lexer;
mod link;
mod load;
mod names;
mod options;
mod parser;
mod places;
mod pool;
mod positions;
mod problems;
mod resolve;
mod set;
mod source;
mod suggest;
mod symbols;
mod syntax;
mod target;
mod visible;
pub mod wire;
#[doc(hidden)]
pub mod work;

use std::collections::{BTreeSet, HashMap};

pub use canonical::canonicalize;
use descriptor::File;
pub use diagnostics::{Diagnostic, Label, Place, Severity, edit_distance, nearest};
pub use folders::{Folders, import_name, read};
pub use load::Resolver;
pub use positions::{Location, SourceInfo};
use problems::Problems;
pub use source::Source;
pub use target::Target;

/// Linked files, and warnings about them.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Compiled {
    /// Each file stands behind those that it imports.
    pub files: Vec<File>,
    /// Mistakes that do not stop a run, such as imports that are not used.
    pub warnings: Vec<Diagnostic>,
}

/// Compiles the files of these import names, and all that they import.
///
/// `declaring` maps a full name to a file outside of the tree that declares it. It is asked for the help of a
/// name that is not declared; `&|_| None` knows none.
///
/// # Errors
///
/// Everything that is wrong with the files, each with its place.
pub fn compile(
    listed: &BTreeSet<String>,
    resolver: &mut dyn Resolver,
    declaring: &dyn Fn(&str) -> Option<String>,
) -> Result<Compiled, Vec<Diagnostic>> {
    let mut problems = Problems::default();
    let loaded = load::load(listed, resolver, &mut problems);
    let surroundings = link::Surroundings {
        listed,
        missing: &loaded.missing,
        declaring,
        builtin: embedded::pool,
    };
    let linked = link::link(loaded.files, &surroundings, &mut problems);
    finish(linked.files, problems)
}

/// Checks files that others linked, by the same rules: a descriptor set, or the request of a plugin.
///
/// Names of types are full ones. `listed` are the files that the user names, which have to be there.
///
/// # Errors
///
/// Everything that is wrong with the files.
pub fn check_linked(
    files: Vec<File>,
    listed: &BTreeSet<String>,
) -> Result<Compiled, Vec<Diagnostic>> {
    let mut problems = Problems::default();
    set::check(&files, listed, &mut problems);
    if problems.errors() > 0 {
        return finish(files, problems);
    }
    let surroundings = link::Surroundings {
        listed,
        missing: &HashMap::new(),
        declaring: &|_| None,
        builtin: embedded::pool,
    };
    let linked = link::relink(files, &surroundings, &mut problems);
    finish(linked.files, problems)
}

fn finish(files: Vec<File>, problems: Problems) -> Result<Compiled, Vec<Diagnostic>> {
    let (errors, warnings) = problems.finish();
    if errors.is_empty() {
        Ok(Compiled { files, warnings })
    } else {
        Err(errors)
    }
}

/// Compiles the code of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
