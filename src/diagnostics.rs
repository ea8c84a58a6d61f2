//! The error of a run: everything that was found wrong.

use std::fmt;

pub use rust_svc_compiler::{Diagnostic, Label, Place, Severity};
pub(crate) use rust_svc_compiler::{edit_distance, nearest};

/// The error of a run: everything that was found wrong, not only the first thing.
///
/// `Display` and `Debug` print the same text, since a `build.rs` whose `main` returns this error is
/// shown to the user by way of `Debug`.
pub struct Error {
    diagnostics: Vec<Diagnostic>,
}

impl Error {
    pub(crate) fn new(diagnostics: Vec<Diagnostic>) -> Self {
        Self { diagnostics }
    }

    pub(crate) fn append(&mut self, more: Error) {
        self.diagnostics.extend(more.diagnostics);
    }

    /// Everything that was found, in the order of the files.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// One line per error, `file:line:column: message (fix)`: the form that a protoc plugin answers in.
    pub fn to_lines(&self) -> String {
        let lines: Vec<_> = self.diagnostics.iter().map(Diagnostic::to_line).collect();
        lines.join("\n")
    }
}

impl From<Diagnostic> for Error {
    fn from(diagnostic: Diagnostic) -> Self {
        Self::new(vec![diagnostic])
    }
}

impl std::error::Error for Error {}

/// Build scripts that come from prost-build return `std::io::Result`.
impl From<Error> for std::io::Error {
    fn from(error: Error) -> Self {
        Self::other(error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for diagnostic in &self.diagnostics {
            writeln!(f, "{diagnostic}")?;
        }
        match self.diagnostics.len() {
            1 => write!(f, "no code was generated because of this error"),
            count => write!(f, "no code was generated because of these {count} errors"),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Starts on a line of its own: cargo prints `Error: ` before it.
        write!(f, "\n{self}")
    }
}
