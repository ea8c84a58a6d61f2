//! Listed files: those that the user named, and the imports that they bring with them.
//!
//! An umbrella file declares nothing itself: whoever lists `all.proto` wants what it imports publicly. What it
//! imports in another way is generated where it is used, or by `imports=all`; where it comes to nothing, a warning
//! says so.

use std::collections::BTreeSet;

use crate::descriptor::File;
use crate::input::{Input, is_well_known};
use crate::options::{Imports, Options};

/// The files of which everything is generated.
pub(super) struct Listed<'a> {
    pub(super) input: &'a Input,
    pub(super) options: &'a Options,
    files: BTreeSet<&'a str>,
}

impl<'a> Listed<'a> {
    pub(super) fn new(input: &'a Input, options: &'a Options) -> Self {
        let mut files: BTreeSet<&str> = input.listed.iter().map(String::as_str).collect();
        // Every file comes after its imports, so one pass from the end finds them all.
        for file in input.files.iter().rev() {
            if files.contains(file.name.as_str()) {
                files.extend(brought(file, options.imports));
            }
        }
        Self {
            input,
            options,
            files,
        }
    }

    /// Whether all that a file declares is to be generated.
    pub(super) fn has(&self, file: &str) -> bool {
        self.files.contains(file)
    }
}

/// The imports that are listed with a file. What comes with protoc is generated where it is used, if at all.
fn brought(file: &File, imports: Imports) -> Vec<&str> {
    let brought: Vec<_> = match imports {
        Imports::None => Vec::new(),
        Imports::Used => file.public_imports().collect(),
        Imports::All => file.dependency.iter().collect(),
    };
    let names = brought.into_iter().map(String::as_str);
    names.filter(|name| !is_well_known(name)).collect()
}
