//! Include folders on disk.

use std::path::{Component, Path, PathBuf};

use crate::diagnostics::Diagnostic;
use crate::load::Resolver;
use crate::source::Source;

/// Include folders, in the order in which they are searched: protoc's `-I`.
///
/// The first that has a file of the name of an import has the one that is meant. Links are followed.
#[derive(Clone, Debug, Default)]
pub struct Folders {
    paths: Vec<PathBuf>,
}

impl Folders {
    /// The folders in their order.
    pub fn new(paths: impl IntoIterator<Item = impl Into<PathBuf>>) -> Self {
        Self {
            paths: paths.into_iter().map(Into::into).collect(),
        }
    }

    /// The folders as they were given.
    pub fn paths(&self) -> &[PathBuf] {
        &self.paths
    }

    /// Where the file of this import name is.
    pub fn find(&self, name: &str) -> Option<PathBuf> {
        self.places(name).find(|path| path.is_file())
    }

    /// Where a new file would be found instead of the one that [`find`](Self::find) has: in earlier folders, or in
    /// all of them where there is none.
    pub fn before(&self, name: &str) -> impl Iterator<Item = PathBuf> {
        self.places(name).take_while(|path| !path.is_file())
    }

    fn places(&self, name: &str) -> impl Iterator<Item = PathBuf> {
        let folders = self.paths.iter();
        folders.map(move |folder| join(folder, Path::new(name)))
    }

    /// The import name of a path on disk, by the first folder that it lies in; `None` if it lies in none.
    pub fn name_of(&self, path: &Path) -> Option<String> {
        let lexically =
            |folder: &PathBuf| import_name(clean(path).strip_prefix(clean(folder)).ok()?);
        let really = |folder: &PathBuf| {
            let path = path.canonicalize().ok()?;
            import_name(path.strip_prefix(folder.canonicalize().ok()?).ok()?)
        };
        let folders = || self.paths.iter();
        folders()
            .find_map(lexically)
            .or_else(|| folders().find_map(really))
    }
}

impl Resolver for Folders {
    fn open(&mut self, name: &str) -> Result<Option<Source>, Diagnostic> {
        self.find(name).map(|path| read(&path)).transpose()
    }
}

/// The text of a file. Diagnostics show its path.
///
/// # Errors
///
/// A file that cannot be read.
pub fn read(path: &Path) -> Result<Source, Diagnostic> {
    match std::fs::read(path) {
        Ok(text) => Ok(Source::new(path.display().to_string(), text)),
        Err(error) => Err(Diagnostic::error(format!(
            "cannot read `{}`: {error}",
            path.display()
        ))),
    }
}

/// A path as the name of an import: with forward slashes and without `.`. `None` where it has `..` or a root, or is empty.
pub fn import_name(path: &Path) -> Option<String> {
    let parts = path
        .components()
        .filter(|part| *part != Component::CurDir)
        .map(|part| match part {
            Component::Normal(part) => part.to_str(),
            _ => None,
        })
        .collect::<Option<Vec<_>>>()?;
    (!parts.is_empty()).then(|| parts.join("/"))
}

/// The path without `.` and without `x/..`.
fn clean(path: &Path) -> PathBuf {
    let mut clean = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if clean.file_name().is_some() => {
                clean.pop();
            }
            part => clean.push(part),
        }
    }
    clean
}

/// `./a.proto` reads worse than `a.proto`, and both are one file to cargo.
fn join(folder: &Path, name: &Path) -> PathBuf {
    if folder == Path::new(".") {
        name.to_owned()
    } else {
        folder.join(name)
    }
}
