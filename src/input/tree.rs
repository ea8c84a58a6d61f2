//! From what the user names, files and folders, to the import names of files.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use super::plain;
use crate::diagnostics::Diagnostic;

mod walk;

use walk::Walk;

/// The include folders, in the order in which they are searched.
pub(super) struct Includes<'a> {
    folders: &'a [&'a Path],
}

/// The files that the user listed.
#[derive(Default)]
pub(super) struct Listed {
    /// Import names, with the path as the user would write it.
    pub(super) files: BTreeMap<String, PathBuf>,
    /// Folders that stood for the files below them.
    pub(super) folders: Vec<PathBuf>,
    pub(super) problems: Vec<Diagnostic>,
}

impl<'a> Includes<'a> {
    pub(super) fn new(folders: &'a [&'a Path]) -> Self {
        Self { folders }
    }

    /// Where the file of this import name is.
    pub(super) fn find(&self, name: &str) -> Option<PathBuf> {
        self.places(name).find(|path| path.is_file())
    }

    /// Where a new file would be found instead of that one.
    pub(super) fn before(&self, name: &str) -> impl Iterator<Item = PathBuf> {
        self.places(name).take_while(|path| !path.is_file())
    }

    fn places(&self, name: &str) -> impl Iterator<Item = PathBuf> {
        let folders = self.folders.iter();
        folders.map(move |include| join(include, Path::new(name)))
    }

    /// The import name of a path on disk, by the first include folder that it lies in.
    fn name_of(&self, path: &Path) -> Option<String> {
        let lexically =
            |include: &&Path| import_name(clean(path).strip_prefix(clean(include)).ok()?);
        let really = |include: &&Path| {
            let path = path.canonicalize().ok()?;
            import_name(path.strip_prefix(include.canonicalize().ok()?).ok()?)
        };
        let folders = || self.folders.iter();
        folders()
            .find_map(lexically)
            .or_else(|| folders().find_map(really))
    }

    fn help(&self) -> String {
        let folders: Vec<_> = self
            .folders
            .iter()
            .map(|include| format!("`{}`", include.display()))
            .collect();
        match folders.is_empty() {
            true => "give the folder that its import paths start from as an include".to_owned(),
            false => format!("the include folders are {}", folders.join(", ")),
        }
    }
}

impl Listed {
    pub(super) fn new(protos: &[&Path], includes: &Includes<'_>) -> Self {
        let mut listed = Self::default();
        for include in includes.folders.iter().filter(|include| !include.is_dir()) {
            listed.problems.push(plain(
                format!("the include folder `{}` does not exist", include.display()),
                "paths are relative to the current folder, in build.rs to that of Cargo.toml",
            ));
        }
        if protos.is_empty() {
            listed.problems.push(plain(
                "no proto files were given",
                "name files, or a folder for every `.proto` file below it",
            ));
        }
        for proto in protos {
            match proto.is_dir() {
                true => listed.add_folder(proto, includes),
                false => listed.add_file(proto, includes),
            }
        }
        listed
    }

    fn add_folder(&mut self, folder: &Path, includes: &Includes<'_>) {
        self.folders.push(folder.to_owned());
        let files = match Walk::of(folder) {
            Ok(files) => files,
            Err(problem) => {
                self.problems.push(problem);
                return;
            }
        };
        if files.is_empty() {
            self.problems.push(plain(
                format!("there is no `.proto` file below `{}`", folder.display()),
                "name the folder that holds your proto files",
            ));
        }
        // Copies of what we carry are there for protoc and buf: imports find them, or ours. But who
        // names a folder of nothing else wants their code.
        let (copies, own): (Vec<_>, Vec<_>) =
            files.into_iter().partition(|file| walk::is_copy(file));
        let files = if own.is_empty() { copies } else { own };
        for file in files {
            self.add_file(&file, includes);
        }
    }

    /// A path on disk comes first, as with protoc; what is none is taken for an import name.
    fn add_file(&mut self, path: &Path, includes: &Includes<'_>) {
        let on_disk = path.is_file();
        let name = match on_disk {
            true => includes.name_of(path),
            false => import_name(path).filter(|name| includes.find(name).is_some()),
        };
        let Some(name) = name else {
            let problem = match on_disk {
                true => format!("`{}` is in none of the include folders", path.display()),
                false => format!("there is no file `{}`", path.display()),
            };
            self.problems
                .push(Diagnostic::error(problem).help(includes.help()));
            return;
        };
        let Some(found) = includes.find(&name) else {
            return;
        };
        if on_disk && found.canonicalize().ok() != path.canonicalize().ok() {
            self.problems.push(plain(
                format!(
                    "`{}` cannot be reached: an import of \"{name}\" finds `{}` first",
                    path.display(),
                    found.display()
                ),
                "change the order of the include folders, or name the other file",
            ));
            return;
        }
        self.files.insert(name, found);
    }
}

/// An import name has forward slashes, and no `.` or `..`.
fn import_name(path: &Path) -> Option<String> {
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
fn join(include: &Path, name: &Path) -> PathBuf {
    match include == Path::new(".") {
        true => name.to_owned(),
        false => include.join(name),
    }
}
