//! The errors and warnings of a run. Errors beyond a number are only counted.

use crate::diagnostics::{Diagnostic, Severity};

/// Nobody reads more than this at once, and each costs a search for what was meant.
const LIMIT: usize = 200;

/// The errors and warnings of a run.
#[derive(Debug, Default)]
pub(crate) struct Problems {
    told: Vec<Diagnostic>,
    errors: usize,
}

impl Problems {
    /// Adds an error, which is made only if there is room for it.
    pub(crate) fn error(&mut self, make: impl FnOnce() -> Diagnostic) {
        self.errors += 1;
        if self.errors <= LIMIT {
            self.told.push(make());
        }
    }

    pub(crate) fn warning(&mut self, warning: Diagnostic) {
        self.told.push(warning);
    }

    /// How many errors there are so far.
    pub(crate) fn errors(&self) -> usize {
        self.errors
    }

    /// Errors and warnings, apart. Those of a file stand in the order of its lines, and files in the
    /// order in which they were met first.
    pub(crate) fn finish(self) -> (Vec<Diagnostic>, Vec<Diagnostic>) {
        let mut files = std::collections::HashMap::new();
        for problem in &self.told {
            let next = files.len();
            files
                .entry(problem.place().map(|place| place.file.clone()))
                .or_insert(next);
        }
        let mut told = self.told;
        told.sort_by_key(|problem| {
            let place = problem.place();
            let file = files[&place.map(|place| place.file.clone())];
            (file, place.and_then(|place| place.position))
        });
        let (mut errors, warnings): (Vec<_>, Vec<_>) = told
            .into_iter()
            .partition(|problem| problem.severity() == Severity::Error);
        if self.errors > LIMIT {
            let more = self.errors - LIMIT;
            errors.push(Diagnostic::error(format!("there are {more} more errors")));
        }
        (errors, warnings)
    }
}
