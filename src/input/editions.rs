//! Editions: files that say by features what proto2 and proto3 say by their name.
//!
//! protox reads proto2 and proto3, and prost knows no other. So a text with an edition is read as one in
//! proto2 ([`parse`](super::parse)) and gets its edition back when it is linked ([`restore`]). What code is generated
//! from is a file in proto3 that comes to the same ([`lower()`]); reflection is told the truth.

use std::collections::HashMap;

use super::parse::Declared;
use super::raw_options::each_options;
use crate::descriptor::File;
use crate::diagnostics::Diagnostic;

mod declared;
mod features;
mod lower;
mod restore;

pub(crate) use features::{EnumType, Features, Target, Utf8};
pub(super) use features::{Presence, Repeated};
pub(super) use lower::lower;
pub(super) use restore::restore;

/// The editions that are understood, by their numbers and as files spell them.
const KNOWN: [(i32, &str); 2] = [(1000, "2023"), (1001, "2024")];

/// The lowest and the highest number of an edition that a plugin may be given: proto2, and the last of
/// those.
pub(crate) const SUPPORTED_EDITIONS: (i32, i32) = (998, KNOWN[1].0);

/// What is said about editions that are not understood.
pub(super) fn unknown(edition: &str) -> Diagnostic {
    let known: Vec<_> = KNOWN
        .iter()
        .map(|(_, name)| format!("\"{name}\""))
        .collect();
    Diagnostic::error(format!("the edition \"{edition}\" is not supported"))
        .help(format!("those are {}", known.join(" and ")))
}

pub(super) fn is_known(edition: i32) -> bool {
    KNOWN.iter().any(|(number, _)| *number == edition)
}

/// What a file says that a descriptor in proto2 cannot.
pub(super) struct Edition {
    number: i32,
    declared: Declared,
    /// Features by the path of what has them.
    features: HashMap<Vec<i32>, Features>,
    /// `default_symbol_visibility`, which nobody behind the reader is told.
    visibility: Option<String>,
    /// `enforce_naming_style`: whether names have to be of the style guide, by the path of what says so.
    styles: HashMap<Vec<i32>, bool>,
}

impl Edition {
    /// Whether other files can use a type, by its name in the file: what it says itself, or else what the
    /// edition does or the file says of all.
    pub(super) fn is_exported(&self, name: &str) -> bool {
        let mut declared = self.declared.visibility.iter();
        if let Some((_, is_exported)) = declared.find(|(declared, _)| declared == name) {
            return *is_exported;
        }
        let default = match self.number {
            1000 => "EXPORT_ALL",
            _ => "EXPORT_TOP_LEVEL",
        };
        match self.visibility.as_deref().unwrap_or(default) {
            "EXPORT_ALL" => true,
            "EXPORT_TOP_LEVEL" => !name.contains('.'),
            _ => false,
        }
    }

    /// What is said of that at a path itself.
    pub(super) fn says_style(&self, path: &[i32]) -> Option<bool> {
        self.styles.get(path).copied()
    }

    /// Whether the name of what is at a path has to be of the style guide.
    pub(super) fn has_style(&self, path: &[i32]) -> bool {
        let mut around = (0..=path.len()).rev().step_by(2);
        let said = around.find_map(|length| self.says_style(&path[..length]));
        said.unwrap_or(self.number >= 1001)
    }
}

/// Takes away features that are not of the language itself.
pub(super) fn keep_known_features(file: &mut File) {
    each_options(file, &mut |target, _, options| {
        let features = Features::of_options(options, target);
        features.put(options, target);
    });
}
