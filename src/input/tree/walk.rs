//! The proto files below a folder.

use std::collections::{HashSet, VecDeque};
use std::path::{Path, PathBuf};

use crate::diagnostics::Diagnostic;
use crate::input::embedded::{self, embedded_protos};

/// Every `.proto` file below a folder, in the order of their paths.
#[derive(Default)]
pub(super) struct Walk {
    files: Vec<PathBuf>,
    /// The folders that were looked into, as they really are.
    seen: HashSet<PathBuf>,
    /// Links to folders: they wait, so that what is reached without one keeps its own path.
    links: VecDeque<PathBuf>,
}

impl Walk {
    pub(super) fn files_below(root: &Path) -> Result<Vec<PathBuf>, Diagnostic> {
        let mut walk = Self::default();
        walk.visit(root)?;
        while let Some(link) = walk.links.pop_front() {
            // Above itself a link leads to what is not below the folder, and to the link once more.
            if !leads_up(&link) {
                walk.visit(&link)?;
            }
        }
        walk.files.sort();
        Ok(walk.files)
    }

    fn visit(&mut self, folder: &Path) -> Result<(), Diagnostic> {
        let failed = |error: std::io::Error| {
            Diagnostic::error(format!(
                "cannot read the folder `{}`: {error}",
                folder.display()
            ))
        };
        if !self.seen.insert(folder.canonicalize().map_err(failed)?) {
            return Ok(());
        }
        let entries = std::fs::read_dir(folder).map_err(failed)?;
        let entries = entries.map(|entry| entry.map(|entry| entry.path()));
        let mut entries = entries.collect::<Result<Vec<_>, _>>().map_err(failed)?;
        entries.sort();
        for path in entries {
            if path.is_dir() && path.is_symlink() {
                self.links.push_back(path);
            } else if path.is_dir() {
                self.visit(&path)?;
            } else if path.extension().is_some_and(|is| is == "proto") && path.is_file() {
                self.files.push(path);
            }
        }
        Ok(())
    }
}

/// Whether a link leads to a folder that it lies in.
fn leads_up(link: &Path) -> bool {
    let folder = link.parent().and_then(|folder| folder.canonicalize().ok());
    let target = link.canonicalize().ok();
    folder
        .zip(target)
        .is_some_and(|(folder, target)| folder.starts_with(target))
}

/// Whether a file is one of those that the command `protos` writes.
pub(super) fn is_copy(path: &Path) -> bool {
    let has_name = |(name, _): &(&str, &str)| path.ends_with(name);
    embedded_protos().iter().any(has_name)
        && std::fs::read_to_string(path).is_ok_and(|text| embedded::is_copy(&text))
}
