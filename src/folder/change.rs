//! Changes of a run to a folder.

use std::fmt;

use crate::diagnostics::Diagnostic;

/// A change to a file: made by a run, or that a run would make.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Change {
    /// The file is not there yet.
    Add(String),
    /// The file has other content.
    Update(String),
    /// An earlier run wrote the file, and it is not generated any more.
    Remove(String),
}

/// The changes to a folder: made by a run, or that a run would make.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Changes {
    /// The changes, in the order of the paths, removals last.
    pub changes: Vec<Change>,
    /// Warnings: edits that are replaced, and files that are left alone.
    pub warnings: Vec<Diagnostic>,
}

impl Change {
    /// The file, relative to the folder.
    pub fn path(&self) -> &str {
        match self {
            Self::Add(path) | Self::Update(path) | Self::Remove(path) => path,
        }
    }

    /// The change that was made, in one line: `updated: user.v1.rs`.
    pub fn done(&self) -> String {
        let verb = match self {
            Self::Add(_) => "added",
            Self::Update(_) => "updated",
            Self::Remove(_) => "removed",
        };
        format!("{verb}: {}", self.path())
    }
}

/// The change that would be made, in one line: `differs: user.v1.rs`.
impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verb = match self {
            Self::Add(_) => "missing",
            Self::Update(_) => "differs",
            Self::Remove(_) => "stale",
        };
        write!(f, "{verb}: {}", self.path())
    }
}
