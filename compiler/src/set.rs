//! Files that others linked, as a whole: each is there once, with all that it imports.

use std::collections::{BTreeSet, HashSet};

use crate::descriptor::File;
use crate::diagnostics::Diagnostic;
use crate::places;
use crate::problems::Problems;

/// How to make descriptors that have everything.
const WITH_IMPORTS: &str =
    "make the descriptors with all imports, as `protoc --include_imports` does";

/// Checks which files there are.
pub(crate) fn check(files: &[File], listed: &BTreeSet<String>, problems: &mut Problems) {
    let mut names = HashSet::new();
    for file in files {
        if !names.insert(file.name.as_str()) {
            let text = format!("the file \"{}\" comes twice", file.name);
            let place = places::file(file);
            problems.error(|| {
                Diagnostic::error(text)
                    .with_label(place, "")
                    .with_help("keep one of the two")
            });
        }
    }
    for name in listed.iter().filter(|name| !names.contains(name.as_str())) {
        let text = format!("the file \"{name}\" is to be generated, but not in the request");
        problems.error(|| Diagnostic::error(text).with_help(WITH_IMPORTS));
    }
    for file in files {
        for import in file.imports().filter(|import| !names.contains(import)) {
            let text = format!("the import \"{import}\" is not in the set");
            let place = places::file(file);
            problems.error(|| {
                Diagnostic::error(text)
                    .with_label(place, "imported by")
                    .with_help(WITH_IMPORTS)
            });
        }
    }
}
