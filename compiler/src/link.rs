//! The passes over all files, in their order.

use std::collections::{BTreeSet, HashMap};

use crate::check;
use crate::descriptor::File;
use crate::imports;
use crate::json_name::set_json_names;
use crate::options::{self, Context};
use crate::pool::Pool;
use crate::problems::Problems;
use crate::resolve::{self, Declarations};
use crate::suggest::Suggest;
use crate::symbols::{self, Symbols};
use crate::syntax::Parsed;
use crate::visible::{FileIndex, Visible};

/// Linked files with their symbols.
#[derive(Debug)]
pub(crate) struct Linked {
    pub(crate) files: Vec<File>,
    pub(crate) symbols: Symbols,
}

/// Input of linking beside the files.
pub(crate) struct Surroundings<'a> {
    /// The files that the user names, and not only imports.
    pub(crate) listed: &'a BTreeSet<String>,
    /// Imports that were not found, by the file that has them.
    pub(crate) missing: &'a HashMap<String, Vec<String>>,
    /// A file that can be imported and declares a full name.
    pub(crate) declaring: &'a dyn Fn(&str) -> Option<String>,
    /// descriptor.proto as we carry it, for trees that do not import it.
    pub(crate) builtin: fn() -> Pool<'static>,
}

/// Links parsed files. Each stands behind those that it imports.
pub(crate) fn link(
    parsed: Vec<Parsed>,
    surroundings: &Surroundings<'_>,
    problems: &mut Problems,
) -> Linked {
    let mut files = Vec::with_capacity(parsed.len());
    let mut syntax = Vec::with_capacity(parsed.len());
    for mut parsed in parsed {
        files.push(std::mem::take(&mut parsed.file));
        syntax.push(parsed);
    }
    link_files(files, &syntax, surroundings, problems)
}

/// Links descriptors. `syntax` has the options of those that were parsed.
fn link_files(
    mut files: Vec<File>,
    syntax: &[Parsed],
    surroundings: &Surroundings<'_>,
    problems: &mut Problems,
) -> Linked {
    let mut symbols = Symbols::default();
    for file in 0..files.len() {
        symbols::declare(&mut symbols, &files, file, problems);
    }
    let index = FileIndex::new(&files);
    let ids = 0..files.len() as u32;
    let visible = ids.map(|file| Visible::new(&files, &index, &symbols, file));
    let visible: Vec<Visible> = visible.collect();
    let names: Vec<String> = files.iter().map(|file| file.name.clone()).collect();
    let Surroundings {
        missing, declaring, ..
    } = surroundings;
    let suggest = Suggest::new(&symbols, &names, missing, *declaring);
    let declarations = Declarations {
        symbols: &symbols,
        visible: &visible,
        suggest: &suggest,
    };
    for file in 0..files.len() {
        resolve::resolve(&mut files, file, declarations, problems);
    }
    let context = Context {
        syntax,
        declarations,
        builtin: surroundings.builtin,
        known: options::Known::default(),
    };
    let mut has_wrong_options = Vec::with_capacity(syntax.len());
    for file in 0..syntax.len() {
        let before = problems.errors();
        context.interpret(&mut files, file, problems);
        has_wrong_options.push(problems.errors() > before);
    }
    files.iter_mut().for_each(set_json_names);
    // Descriptors come without syntax: the compiler that linked them has warned of their imports.
    if problems.errors() == 0 && !syntax.is_empty() {
        let warnings = imports::unused(&files, &index, &visible, surroundings.listed);
        warnings
            .into_iter()
            .for_each(|warning| problems.warning(warning));
    }
    let pool = Pool {
        files: &files,
        symbols: &symbols,
    };
    let mut shared = check::Shared::new(pool, &index, surroundings.builtin);
    for (file, descriptor) in files.iter().enumerate() {
        // A test checks the files that we carry.
        if syntax.get(file).is_some_and(|parsed| parsed.is_embedded) {
            continue;
        }
        let facts = check::Facts {
            file,
            is_listed: surroundings.listed.contains(&descriptor.name),
            has_wrong_options: has_wrong_options.get(file) == Some(&true),
        };
        check::check(pool, facts, &mut shared, problems);
    }
    Linked { files, symbols }
}

/// Checks descriptors that others linked, in the same passes.
pub(crate) fn relink(
    files: Vec<File>,
    surroundings: &Surroundings<'_>,
    problems: &mut Problems,
) -> Linked {
    link_files(files, &[], surroundings, problems)
}
