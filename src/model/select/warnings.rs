//! Warnings for listed files that bring nothing, and for imports that are not generated.

use std::collections::HashMap;

use super::{Selection, declared_names, is_named};
use crate::descriptor::{File, Message};
use crate::diagnostics::Diagnostic;
use crate::input::is_well_known;
use crate::model::listed::Listed;
use crate::model::paths::Externs;
use crate::options::Imports;

/// The most imports that a warning shows.
const SHOWN: usize = 5;

impl Selection {
    /// A warning for each listed file that brings nothing, or not all that it could be there for.
    pub(in crate::model) fn warnings(
        &self,
        listed: &Listed<'_>,
        externs: &Externs,
    ) -> Vec<Diagnostic> {
        // Other runs generate what is imported, or the user has said what is wanted.
        let options = listed.options;
        if options.imports == Imports::None || !options.include.0.is_empty() {
            return Vec::new();
        }
        let unused = Unused {
            listed,
            externs,
            selection: self,
        };
        let lost = unused.lost();
        let files = listed.input.files.iter();
        let mut files: Vec<_> = files.filter(|file| listed.has(&file.name)).collect();
        // A plugin is given files in an order of its own.
        files.sort_by_key(|file| &file.name);
        let warnings = files
            .into_iter()
            .filter_map(|file| unused.warning(file, &lost));
        warnings.collect()
    }
}

/// Search for files whose declarations are not generated.
struct Unused<'a> {
    listed: &'a Listed<'a>,
    externs: &'a Externs,
    selection: &'a Selection,
}

impl<'a> Unused<'a> {
    /// The imported files of which nothing is generated though something could be, and what they have.
    fn lost(&self) -> HashMap<&'a str, Lost> {
        let mut lost = HashMap::new();
        for file in &self.listed.input.files {
            // A file that extends options is imported for that: nothing else in it need be used.
            if self.listed.has(&file.name) || is_well_known(&file.name) || declares_extensions(file)
            {
                continue;
            }
            let offered: Vec<_> = self.offered(file).collect();
            let is_service = |name: &String| {
                let mut services = file.service.iter();
                services.any(|service| file.full_name(&service.name) == *name)
            };
            let found = if offered.is_empty() {
                let imports = file.dependency.iter();
                imports
                    .filter_map(|import| lost.get(import.as_str()).copied())
                    .max()
            } else if offered.iter().any(|name| self.selection.has_declared(name)) {
                None
            } else if offered.iter().any(is_service) {
                Some(Lost::Services)
            } else {
                Some(Lost::Types)
            };
            if let Some(found) = found {
                lost.insert(file.name.as_str(), found);
            }
        }
        lost
    }

    /// The names in a file that could be generated.
    fn offered(&self, file: &File) -> impl Iterator<Item = String> {
        declared_names(file).into_iter().filter(|name| {
            self.externs.resolve(name).is_none() && !is_named(&self.listed.options.exclude.0, name)
        })
    }

    fn warning(&self, file: &File, lost: &HashMap<&str, Lost>) -> Option<Diagnostic> {
        let is_empty = declared_names(file).is_empty() && !declares_extensions(file);
        // Types need not be used by a file that has something itself; services can only be wanted.
        let missed = |import: &String| match lost.get(import.as_str()) {
            Some(Lost::Types) => is_empty,
            Some(Lost::Services) => true,
            None => false,
        };
        let imports = (0..).zip(&file.dependency);
        let missed: Vec<_> = imports.filter(|(_, import)| missed(import)).collect();
        if let Some((_, first)) = missed.first() {
            return Some(self.nothing_of(file, first, &missed));
        }
        let has_use = |import: &String| self.listed.has(import) || !is_well_known(import);
        (is_empty && !file.dependency.iter().any(has_use)).then(|| {
            Diagnostic::warning(format!("\"{}\" declares nothing to generate", file.name))
                .with_label(file.place(&[]), "")
                .with_help("leave the file out")
        })
    }

    fn nothing_of(&self, file: &File, first: &str, missed: &[(i32, &String)]) -> Diagnostic {
        let (what, it) = match missed.len() - 1 {
            0 => (format!("\"{first}\""), "it"),
            1 => (format!("\"{first}\" and another file"), "them"),
            others => (format!("\"{first}\" and {others} other files"), "them"),
        };
        let message = format!(
            "nothing is generated of {what}: \"{}\" imports {it}, and uses nothing of {it}",
            file.name
        );
        let mut warning = Diagnostic::warning(message).with_help(format!(
            "to generate {it}, write `import public`, list the imported files as well, or set the option `imports=all`; otherwise remove the import, or `exclude` what it declares"
        ));
        for (index, _) in missed.iter().take(SHOWN) {
            let place = file.place(&[3, *index]);
            warning = warning.with_label(place, "imported");
        }
        warning
    }
}

/// The contents of an imported file of which nothing is generated.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Lost {
    Types,
    Services,
}

fn declares_extensions(file: &File) -> bool {
    fn within(message: &Message) -> bool {
        !message.extension.is_empty() || message.nested_type.iter().any(within)
    }
    !file.extension.is_empty() || file.message_type.iter().any(within)
}
