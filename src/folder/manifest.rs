//! The list of the files of one module tree: what a later run may replace and remove.
//!
//! It lies in the output folder, and each tree has its own, so that runs for different trees share a
//! folder without sharing a file. Without a tree there is no list: then runs cannot be told apart.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use super::code::fingerprint;
use super::disk;
use crate::diagnostics::{Diagnostic, Error};
use crate::output::{self, Files};

/// The first line of each list: how one is known.
const HEADER: &str =
    "# Files that protoc-gen-rust-svc wrote, and may replace and remove. Check this in with them.";

const ENDING: &str = "-files.txt";

/// Paths of generated files, relative to the output folder, each with the fingerprint of what was written.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Manifest {
    files: BTreeMap<String, u64>,
}

impl Manifest {
    /// The name of the list of a tree, whose file may be in a folder below.
    pub(super) fn name(tree: &str) -> String {
        let stem = tree.strip_suffix(".rs").unwrap_or(tree);
        format!("{}{ENDING}", stem.replace('/', "."))
    }

    pub(super) fn new(files: &Files) -> Self {
        let files = files.iter();
        Self {
            files: files
                .map(|(path, text)| (path.to_owned(), fingerprint(text)))
                .collect(),
        }
    }

    /// Reads a list from disk. A path that leads out of the folder is an error, since no run writes one.
    pub(super) fn read(path: &Path) -> Result<Self, Error> {
        let text = disk::read(path)?.unwrap_or_default();
        let mut manifest = Self::default();
        let mut problems = Vec::new();
        // Lines that are no entries, such as the marks of a merge, are skipped.
        let entries = text.lines().filter_map(|line| line.split_once(' '));
        for (number, file) in entries {
            let Ok(number) = u64::from_str_radix(number, 16) else {
                continue;
            };
            match output::check_path(file) {
                Ok(()) => drop(manifest.files.insert(file.to_owned(), number)),
                Err(problem) => problems.push(
                    Diagnostic::error(format!("`{}` was tampered with: {problem}", path.display()))
                        .with_help(
                            "delete it: then nothing is removed, and the next list is right",
                        ),
                ),
            }
        }
        if problems.is_empty() {
            Ok(manifest)
        } else {
            Err(Error::new(problems))
        }
    }

    /// The lists of the other trees in a folder, without those whose tree is gone.
    pub(super) fn others(folder: &Path, own: &str) -> Vec<Self> {
        let others = names_in(folder)
            .into_iter()
            .filter(|name| name != own && is_manifest(&folder.join(name)));
        let mut lists = Vec::new();
        for name in others {
            let Ok(list) = Self::read(&folder.join(&name)) else {
                continue;
            };
            let is_tree = |path: &str| Self::name(path) == name && folder.join(path).is_file();
            if list.paths().any(is_tree) {
                lists.push(list);
            }
        }
        lists
    }

    pub(super) fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    pub(super) fn has(&self, path: &str) -> bool {
        self.files.contains_key(path)
    }

    /// Whether a file has what was written to it.
    pub(super) fn has_text(&self, path: &str, text: &str) -> bool {
        self.files.get(path) == Some(&fingerprint(text))
    }

    /// Copies the entry of a file from another list.
    pub(super) fn keep(&mut self, path: &str, from: &Self) {
        if let Some(&number) = from.files.get(path) {
            self.files.insert(path.to_owned(), number);
        }
    }

    pub(super) fn show(&self) -> String {
        let mut text = format!("{HEADER}\n");
        for (path, number) in &self.files {
            writeln!(text, "{number:016x} {path}").expect("a String takes everything");
        }
        text
    }
}

/// Whether a folder has a list of its own.
pub(super) fn is_listed(folder: &Path) -> bool {
    let is_ours = |name: &String| is_manifest(&folder.join(name));
    names_in(folder).iter().any(is_ours)
}

fn is_manifest(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    name.is_some_and(|name| name.ends_with(ENDING))
        && matches!(disk::read(path), Ok(Some(text)) if text.lines().next() == Some(HEADER))
}

/// The names in a folder, in their order; none if it cannot be read.
pub(super) fn names_in(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<_> = entries
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    names.sort();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Manifest, Error> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("mod-files.txt");
        std::fs::write(&path, text).unwrap();
        Manifest::read(&path)
    }

    #[test]
    fn is_read_back_as_it_was() {
        let mut files = Files::default();
        files.add("a.v1.rs", "struct A;\n").unwrap();
        files.add("with space/a.md", "# A\n").unwrap();
        let manifest = Manifest::new(&files);
        let shown = manifest.show();
        assert_eq!(read(&shown).unwrap(), manifest);
        assert_eq!(read(&shown.replace('\n', "\r\n")).unwrap(), manifest);
        let merged = format!("<<<<<<< ours\n{shown}=======\n{shown}>>>>>>> theirs\n");
        assert_eq!(read(&merged).unwrap(), manifest);
    }

    #[test]
    fn nothing_outside_can_be_listed() {
        for path in [
            "../a.rs",
            "/etc/a.rs",
            "a/../../b.rs",
            r"C:\a.rs",
            r"..\a.rs",
            "a//b.rs",
        ] {
            let error = read(&format!("{HEADER}\n0 {path}\n")).unwrap_err();
            assert!(error.to_string().contains(path), "{error}");
        }
    }
}
