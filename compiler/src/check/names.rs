//! Names: identifiers, and names that are reserved.

use std::collections::HashSet;

use super::context::Check;
use crate::lexer::is_identifier;
use crate::places;

impl Check<'_, '_> {
    /// Whether the file was read from its text, so that the parser has told of what is missing.
    pub(super) fn is_parsed(&self) -> bool {
        let info = self.file.source_code_info.as_ref();
        info.is_some_and(|info| info.source().is_some())
    }

    /// The parser takes no other names; descriptors that others made can have any.
    pub(super) fn identifier(&mut self, path: &[i32], name: &str) {
        // A name that is missing was told by the parser.
        let is_told = name.is_empty() && self.is_parsed();
        if !is_identifier(name) && !is_told {
            let message = format!("`{name}` is not an identifier");
            let help = "names are ASCII letters, digits and underscores, and begin with no digit";
            self.problem_of(path, message, help);
        }
    }

    /// A name is reserved once, and what is reserved is not used.
    pub(super) fn reserved_names<'n>(
        &mut self,
        path: &[i32],
        reserved: &[String],
        used: impl Iterator<Item = (&'n str, usize)>,
    ) {
        if reserved.is_empty() {
            return;
        }
        let mut names = HashSet::new();
        for name in reserved {
            if !names.insert(name.as_str()) {
                let message = format!("the name `{name}` is reserved twice");
                self.problem(
                    |file| places::word(file, path, name),
                    message,
                    "leave out one of them",
                );
            }
        }
        for (name, index) in used.filter(|(name, _)| names.contains(name)) {
            let path = [path, &[2, index as i32]].concat();
            let message = format!("the name `{name}` is reserved");
            let help = "choose another name, or do not reserve this one";
            self.problem_of(&path, message, help);
        }
    }
}
