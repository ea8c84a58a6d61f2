//! The context of all rules: the file, facts that files share, and how a problem is told.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::extended::Extended;
use crate::by_number::OptionFields;
use crate::descriptor::{File, Message};
use crate::diagnostics::{Diagnostic, Place};
use crate::features::Features;
use crate::places;
use crate::pool::{Pool, TypeKey};
use crate::problems::Problems;
use crate::symbols::SymbolId;
use crate::visible::FileIndex;

/// Facts that the checks of all files of a run share.
pub(crate) struct Shared<'a> {
    pub(super) index: &'a FileIndex,
    pub(super) option_fields: OptionFields<'a>,
    /// The extensions of a message by number.
    pub(super) extensions: HashMap<(String, i32), SymbolId>,
    /// The ranges of messages that are extended, by their full names.
    pub(super) extended: HashMap<String, Rc<Extended>>,
    /// Options of types by their full names: whether a message is the entry of a map, or a message set, and an enum
    /// closed.
    pub(super) map_entries: HashMap<String, bool>,
    pub(super) message_sets: HashMap<String, bool>,
    pub(super) closed_enums: HashMap<String, bool>,
    /// Files for the lite runtime.
    pub(super) lite_files: HashSet<String>,
    /// The first option of a file that has `debug_redact`, by the file.
    pub(super) redacted_options: HashMap<u32, Option<&'a str>>,
    /// Whether values of a message have a lifetime to look at.
    pub(super) limited: HashMap<TypeKey, bool>,
    pub(super) builtin: fn() -> Pool<'static>,
}

impl<'a> Shared<'a> {
    pub(crate) fn new(
        pool: Pool<'a>,
        index: &'a FileIndex,
        builtin: fn() -> Pool<'static>,
    ) -> Self {
        let files = pool.files.iter();
        let lite = files.filter(|file| file.is_lite());
        Self {
            index,
            option_fields: OptionFields::new(pool),
            extensions: HashMap::new(),
            extended: HashMap::new(),
            map_entries: HashMap::new(),
            message_sets: HashMap::new(),
            closed_enums: HashMap::new(),
            lite_files: lite.map(|file| file.name.clone()).collect(),
            redacted_options: HashMap::new(),
            limited: HashMap::new(),
            builtin,
        }
    }
}

/// Facts of a file beside its descriptor.
#[derive(Clone, Copy)]
pub(crate) struct Facts {
    /// Its index in the pool.
    pub(crate) file: usize,
    /// Whether the user names the file. Some rules are not held against what is imported.
    pub(crate) is_listed: bool,
    /// Whether some of its options could not be interpreted.
    pub(crate) has_wrong_options: bool,
}

pub(super) struct Check<'a, 'p> {
    pub(super) pool: Pool<'a>,
    pub(super) file: &'a File,
    pub(super) facts: Facts,
    pub(super) shared: &'p mut Shared<'a>,
    pub(super) problems: &'p mut Problems,
}

/// A declaration around others: its path, its scope, and the features that hold inside.
#[derive(Clone, Copy)]
pub(super) struct Around<'p> {
    pub(super) path: &'p [i32],
    pub(super) scope: SymbolId,
    pub(super) features: Features,
}

impl Around<'_> {
    pub(super) fn path_of(&self, number: i32, index: usize) -> Vec<i32> {
        [self.path, &[number, index as i32]].concat()
    }
}

impl<'a> Check<'a, '_> {
    pub(super) fn is_edition(&self) -> bool {
        self.file.edition.is_some()
    }

    /// Tells of a mistake. Its place is looked up only if the mistake is shown.
    pub(super) fn problem(
        &mut self,
        place: impl FnOnce(&File) -> Place,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let file = self.file;
        self.problems.error(|| {
            Diagnostic::error(message)
                .with_label(place(file), "")
                .with_help(help)
        });
    }

    /// Tells of a mistake whose help takes a search.
    pub(super) fn problem_with(
        &mut self,
        place: impl FnOnce(&File) -> Place,
        message: impl Into<String>,
        help: impl FnOnce() -> String,
    ) {
        let file = self.file;
        self.problems.error(|| {
            Diagnostic::error(message)
                .with_label(place(file), "")
                .with_help(help())
        });
    }

    /// Tells of a mistake in the declaration at a path, at its name.
    pub(super) fn problem_of(
        &mut self,
        path: &[i32],
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.problem(|file| places::name(file, path), message, help);
    }

    /// Whether a part of a declaration stands in the text, as far as is known.
    pub(super) fn is_written(&self, path: &[i32], part: i32) -> bool {
        let path = [path, &[part]].concat();
        let info = self.file.source_code_info.as_ref();
        info.is_none_or(|info| {
            let found = info.find(&path);
            info.is_empty() || found.is_some_and(|location| !location.is_empty())
        })
    }

    /// The message of this full name, if it is the entry of a map.
    pub(super) fn map_entry(&mut self, name: &str) -> Option<&'a Message> {
        let message = self.message_named(name)?;
        let is_entry = || message.is_map_entry();
        remember(&mut self.shared.map_entries, name, is_entry).then_some(message)
    }

    /// The message of this full name.
    pub(super) fn message_named(&self, name: &str) -> Option<&'a Message> {
        self.pool.message(name).map(|message| message.message)
    }
}

/// A fact of a name, found out once: options can be long, and are read from their bytes.
pub(super) fn remember(
    known: &mut HashMap<String, bool>,
    name: &str,
    find: impl FnOnce() -> bool,
) -> bool {
    if let Some(known) = known.get(name) {
        return *known;
    }
    let found = find();
    known.insert(name.to_owned(), found);
    found
}
