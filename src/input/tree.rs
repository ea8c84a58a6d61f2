//! From what the user names, files and folders, to the import names of files.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rust_svc_compiler::{Folders, import_name};

use crate::diagnostics::Diagnostic;

mod walk;

use walk::Walk;

/// The files that the user listed.
#[derive(Default)]
pub(super) struct Listed {
    /// Import names, with the path as the user would write it.
    pub(super) files: BTreeMap<String, PathBuf>,
    /// Folders that stood for the files below them.
    pub(super) folders: Vec<PathBuf>,
    pub(super) problems: Vec<Diagnostic>,
}

fn help(includes: &Folders) -> String {
    let folders = includes.paths().iter();
    let folders: Vec<_> = folders
        .map(|include| format!("`{}`", include.display()))
        .collect();
    if folders.is_empty() {
        "give the folder that its import paths start from as an include".to_owned()
    } else {
        format!("the include folders are {}", folders.join(", "))
    }
}

impl Listed {
    pub(super) fn new(protos: &[&Path], includes: &Folders) -> Self {
        let mut listed = Self::default();
        for include in includes.paths().iter().filter(|include| !include.is_dir()) {
            listed.problems.push(
                Diagnostic::error(format!(
                    "the include folder `{}` does not exist",
                    include.display()
                ))
                .with_help(
                    "paths are relative to the current folder, in build.rs to that of Cargo.toml",
                ),
            );
        }
        if protos.is_empty() {
            listed.problems.push(
                Diagnostic::error("no proto files were given")
                    .with_help("name files, or a folder for every `.proto` file below it"),
            );
        }
        for proto in protos {
            if proto.is_dir() {
                listed.add_folder(proto, includes)
            } else {
                listed.add_file(proto, includes)
            }
        }
        listed
    }

    fn add_folder(&mut self, folder: &Path, includes: &Folders) {
        self.folders.push(folder.to_owned());
        let files = match Walk::files_below(folder) {
            Ok(files) => files,
            Err(problem) => {
                self.problems.push(problem);
                return;
            }
        };
        if files.is_empty() {
            self.problems.push(
                Diagnostic::error(format!(
                    "there is no `.proto` file below `{}`",
                    folder.display()
                ))
                .with_help("name the folder that holds your proto files"),
            );
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
    fn add_file(&mut self, path: &Path, includes: &Folders) {
        let on_disk = path.is_file();
        let name = if on_disk {
            includes.name_of(path)
        } else {
            import_name(path).filter(|name| includes.find(name).is_some())
        };
        let Some(name) = name else {
            let problem = if on_disk {
                format!("`{}` is in none of the include folders", path.display())
            } else {
                format!("there is no file `{}`", path.display())
            };
            self.problems
                .push(Diagnostic::error(problem).with_help(help(includes)));
            return;
        };
        let Some(found) = includes.find(&name) else {
            return;
        };
        if on_disk && found.canonicalize().ok() != path.canonicalize().ok() {
            self.problems.push(
                Diagnostic::error(format!(
                    "`{}` cannot be reached: an import of \"{name}\" finds `{}` first",
                    path.display(),
                    found.display()
                ))
                .with_help("change the order of the include folders, or name the other file"),
            );
            return;
        }
        self.files.insert(name, found);
    }
}
