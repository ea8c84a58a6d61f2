//! The rules of the language, over linked files: whoever linked them.
//!
//! Source that we read, what protoc and buf hand to a plugin, and descriptor sets pass here alike. Each
//! file here has the rules of one kind of declaration; all of them are walked once.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use crate::by_number::OptionFields;
use crate::descriptor::{Field, File, Message};
use crate::diagnostics::{Diagnostic, Place};
use crate::features::Features;
use crate::places;
use crate::pool::Pool;
use crate::problems::Problems;
use crate::symbols::SymbolId;
use crate::syntax::Target;
use crate::visible::FileIndex;

mod enums;
mod extensions;
mod fields;
mod files;
mod json;
mod lifetimes;
mod maps;
mod messages;
mod names;
mod ranges;
mod style;
mod support;
mod visibility;

/// Facts that the checks of all files of a run share.
pub(crate) struct Shared<'a> {
    index: &'a FileIndex,
    option_fields: OptionFields<'a>,
    /// The extensions of a message by number.
    extensions: HashMap<(String, i32), SymbolId>,
    /// The ranges of messages that are extended, by their full names.
    extended: HashMap<String, Rc<extensions::Extended>>,
    /// Options of types by their full names: whether a message is the entry of a map, or a message set, and an enum
    /// closed.
    map_entries: HashMap<String, bool>,
    message_sets: HashMap<String, bool>,
    closed_enums: HashMap<String, bool>,
    /// Files for the lite runtime.
    lite_files: HashSet<String>,
    /// The first option of a file that has `debug_redact`, by the file.
    redacted_options: HashMap<u32, Option<&'a str>>,
    lifetimes: lifetimes::Known,
}

impl<'a> Shared<'a> {
    pub(crate) fn new(pool: Pool<'a>, index: &'a FileIndex) -> Self {
        let files = pool.files.iter();
        let lite = files.filter(|file| files::is_lite(file.options.as_deref()));
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
            lifetimes: lifetimes::Known::default(),
        }
    }
}

/// Facts of a file beside its descriptor.
#[derive(Clone, Copy)]
pub(crate) struct Facts {
    /// Whether the user names the file. Some rules are not held against what is imported.
    pub(crate) is_listed: bool,
    /// Whether some of its options could not be interpreted.
    pub(crate) has_wrong_options: bool,
}

/// Checks one file.
pub(crate) fn check<'a>(
    pool: Pool<'a>,
    file: usize,
    facts: Facts,
    shared: &mut Shared<'a>,
    problems: &mut Problems,
) {
    let mut check = Check {
        pool,
        file: &pool.files[file],
        facts,
        shared,
        problems,
    };
    check.file();
    check.style();
}

struct Check<'a, 'p> {
    pool: Pool<'a>,
    file: &'a File,
    facts: Facts,
    shared: &'p mut Shared<'a>,
    problems: &'p mut Problems,
}

/// A declaration around others: its path, its scope, and the features that hold inside.
#[derive(Clone, Copy)]
struct Around<'p> {
    path: &'p [i32],
    scope: SymbolId,
    features: Features,
}

impl Around<'_> {
    fn path_of(&self, number: i32, index: usize) -> Vec<i32> {
        [self.path, &[number, index as i32]].concat()
    }
}

impl<'a> Check<'a, '_> {
    fn is_edition(&self) -> bool {
        self.file.edition.is_some()
    }

    /// Tells of a mistake. Its place is looked up only if the mistake is shown.
    fn problem(
        &mut self,
        place: impl FnOnce(&File) -> Place,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let file = self.file;
        self.problems
            .error(|| Diagnostic::error(message).at(place(file), "").help(help));
    }

    /// Tells of a mistake whose help takes a search.
    fn problem_with(
        &mut self,
        place: impl FnOnce(&File) -> Place,
        message: impl Into<String>,
        help: impl FnOnce() -> String,
    ) {
        let file = self.file;
        self.problems
            .error(|| Diagnostic::error(message).at(place(file), "").help(help()));
    }

    /// Tells of a mistake in the declaration at a path, at its name.
    fn problem_of(&mut self, path: &[i32], message: impl Into<String>, help: impl Into<String>) {
        self.problem(|file| places::name(file, path), message, help);
    }

    /// Whether a part of a declaration stands in the text, as far as is known.
    fn is_written(&self, path: &[i32], part: i32) -> bool {
        let path = [path, &[part]].concat();
        let info = self.file.source_code_info.as_ref();
        info.is_none_or(|info| {
            let found = info.find(&path);
            info.is_empty() || found.is_some_and(|location| !location.is_empty())
        })
    }

    fn file(&mut self) {
        let package = self
            .pool
            .symbols
            .descend(SymbolId::ROOT, &self.file.package);
        let around = Around {
            path: &[],
            scope: package.unwrap_or(SymbolId::ROOT),
            features: Features::of_file(self.file),
        };
        self.file_options(around.features);
        self.options(&self.file.options, Target::File, &[]);
        for (message, index) in self.file.message_type.iter().zip(0..) {
            self.message(message, &around, 4, index);
        }
        for (r#enum, index) in self.file.enum_type.iter().zip(0..) {
            self.r#enum(r#enum, &around, 5, index);
        }
        self.extensions(&self.file.extension, &around, 7);
        self.services(&around);
    }

    fn services(&mut self, around: &Around<'_>) {
        for (index, service) in self.file.service.iter().enumerate() {
            let path = around.path_of(6, index);
            self.identifier(&path, &service.name);
            self.options(&service.options, Target::Service, &path);
            self.lite_service(&path);
            for (index, method) in service.method.iter().enumerate() {
                let path = [path.as_slice(), &[2, index as i32]].concat();
                self.identifier(&path, &method.name);
                self.options(&method.options, Target::Method, &path);
                self.visible(&method.input_type, &path, 2);
                self.visible(&method.output_type, &path, 3);
            }
        }
    }

    fn extensions(&mut self, extensions: &'a [Field], around: &Around<'_>, number: i32) {
        for (index, field) in extensions.iter().enumerate() {
            let path = around.path_of(number, index);
            self.field(field, around, &path, None);
            self.extension(field, around, &path);
        }
    }

    /// The message of this full name, if it is the entry of a map.
    fn map_entry(&mut self, name: &str) -> Option<&'a Message> {
        let message = self.message_named(name)?;
        let is_entry = || message.is_map_entry();
        remember(&mut self.shared.map_entries, name, is_entry).then_some(message)
    }

    /// The message of this full name.
    fn message_named(&self, name: &str) -> Option<&'a Message> {
        self.pool.message(name).map(|message| message.message)
    }
}

/// A fact of a name, found out once: options can be long, and are read from their bytes.
fn remember(known: &mut HashMap<String, bool>, name: &str, find: impl FnOnce() -> bool) -> bool {
    if let Some(known) = known.get(name) {
        return *known;
    }
    let found = find();
    known.insert(name.to_owned(), found);
    found
}
