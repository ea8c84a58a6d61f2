//! The plan of a run: what it would do to a folder, found out before anything is touched.

use std::collections::HashSet;
use std::path::Path;

use super::change::Change;
use super::code::is_same;
use super::disk;
use super::manifest::{self, Manifest};
use crate::diagnostics::{Diagnostic, Error};
use crate::input::is_copy;
use crate::output::{self, Files};

/// The changes, the warnings, and the list for the next run.
#[derive(Default)]
pub(super) struct Plan {
    pub(super) changes: Vec<Change>,
    pub(super) warnings: Vec<Diagnostic>,
    /// The list of the tree, by its name, if it has to be written.
    pub(super) manifest: Option<(String, String)>,
}

/// The treatment of a file that an earlier run wrote, and that is not generated any more.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Stale {
    Remove,
    Name,
}

/// A folder that people look into: what is there may be theirs, or another run's.
pub(super) struct Shared<'a> {
    folder: &'a Path,
    files: &'a Files,
    /// The files that the last run for this tree wrote.
    listed: Manifest,
    others: Vec<Manifest>,
}

/// The state of a file that is listed, and not generated any more.
enum Found {
    Nothing,
    AsWritten,
    /// It stays, for this reason.
    Changed(&'static str),
}

/// The plan for a folder that only this run writes to: all files that differ.
pub(super) fn own(folder: &Path, files: &Files) -> Result<Plan, Error> {
    edits(folder, files.iter(), |_, _| Ok(true))
}

/// The plan for writing these protos.
pub(super) fn protos(folder: &Path, protos: &[(&str, &str)]) -> Result<Plan, Error> {
    let mut others = Vec::new();
    let mut plan = edits(folder, protos.iter().copied(), |path, old| {
        let is_ours = is_copy(old);
        if !is_ours {
            let place = folder.join(path);
            let message = format!(
                "`{}` is not the one that we carry, and stays",
                place.display()
            );
            others.push(
                Diagnostic::warning(message).with_help("delete it and run this again to have ours"),
            );
        }
        Ok(is_ours)
    })?;
    plan.warnings = others;
    Ok(plan)
}

/// The files that are missing or differ; `look` sees the old text of these, and says whether to replace it.
fn edits<'a>(
    folder: &Path,
    files: impl Iterator<Item = (&'a str, &'a str)>,
    mut look: impl FnMut(&str, &str) -> Result<bool, Diagnostic>,
) -> Result<Plan, Error> {
    let mut plan = Plan::default();
    let mut problems = Vec::new();
    for (path, content) in files {
        let old = disk::check_folders(folder, path).and_then(|()| disk::read(&folder.join(path)));
        let replace = match &old {
            Ok(Some(old)) if is_same(path, old, content) => continue,
            Ok(Some(old)) => look(path, old),
            Ok(None) => Ok(true),
            Err(problem) => Err(problem.clone()),
        };
        match (replace, old) {
            (Ok(true), Ok(Some(_))) => plan.changes.push(Change::Update(path.to_owned())),
            (Ok(true), _) => plan.changes.push(Change::Add(path.to_owned())),
            (Ok(false), _) => {}
            // Many files can have one folder, and what is wrong with it.
            (Err(problem), _) if problems.contains(&problem) => {}
            (Err(problem), _) => problems.push(problem),
        }
    }
    if problems.is_empty() {
        Ok(plan)
    } else {
        Err(Error::new(problems))
    }
}

impl<'a> Shared<'a> {
    pub(super) fn new(folder: &'a Path, files: &'a Files) -> Result<Self, Error> {
        disk::check_folders(folder, "")?;
        let name = files.tree().map(Manifest::name);
        let listed = match &name {
            Some(name) => Manifest::read(&folder.join(name))?,
            None => Manifest::default(),
        };
        Ok(Self {
            folder,
            files,
            listed,
            others: Manifest::others(folder, name.as_deref().unwrap_or_default()),
        })
    }

    pub(super) fn plan(&self, stale: Stale) -> Result<Plan, Error> {
        let mut edited = Vec::new();
        let mut plan = edits(self.folder, self.files.iter(), |path, old| {
            if !is_replaceable(path, old) {
                return Err(self.not_ours(path));
            }
            if self.listed.has(path) && !self.listed.has_text(path, old) {
                edited.push(self.edited(path));
            }
            Ok(true)
        })?;
        plan.warnings = edited;
        let mut next = self.next(&plan.changes);
        for path in self.listed.paths() {
            if self.files.get(path).is_some() {
                continue;
            }
            match (self.find(path), stale) {
                (Found::Nothing, _) => {}
                (Found::AsWritten, Stale::Remove) => {
                    plan.changes.push(Change::Remove(path.to_owned()));
                }
                (Found::AsWritten, Stale::Name) => {
                    plan.warnings
                        .push(self.kept(path, "a build script removes nothing"));
                    next.keep(path, &self.listed);
                }
                (Found::Changed(reason), _) => plan.warnings.push(self.kept(path, reason)),
            }
        }
        if let Some(tree) = self.files.tree() {
            plan.warnings.extend(self.unknown());
            plan.manifest = (next != self.listed).then(|| (Manifest::name(tree), next.show()));
        }
        Ok(plan)
    }

    /// The list of what this run wrote. A file that stays as an earlier run wrote it keeps its entry: another version
    /// may have other comments, which are no difference.
    fn next(&self, changes: &[Change]) -> Manifest {
        let written: HashSet<&str> = changes.iter().map(Change::path).collect();
        let mut next = Manifest::new(self.files);
        for (path, text) in self.files.iter() {
            let may_stay = !written.contains(path) && self.listed.has(path);
            if may_stay && !self.listed.has_text(path, text) {
                let old = disk::read(&self.folder.join(path));
                if matches!(old, Ok(Some(old)) if self.listed.has_text(path, &old)) {
                    next.keep(path, &self.listed);
                }
            }
        }
        next
    }

    fn edited(&self, path: &str) -> Diagnostic {
        let path = self.show(path);
        Diagnostic::warning(format!(
            "{path} was edited since it was generated: generating replaces the edit"
        ))
        .with_help("change the protos or the options instead, or write in another file")
    }

    fn not_ours(&self, path: &str) -> Diagnostic {
        Diagnostic::error(format!(
            "{} is in the way: it does not say that it is generated",
            self.show(path)
        ))
        .with_help("move or delete it if it is not needed, or write to another folder")
    }

    fn kept(&self, path: &str, reason: &str) -> Diagnostic {
        Diagnostic::warning(format!(
            "{} is not generated any more, and stays: {reason}",
            self.show(path)
        ))
        .with_help("remove it if it is not needed")
    }

    fn find(&self, path: &str) -> Found {
        if self.others.iter().any(|list| list.has(path)) {
            // A run for the other tree decides.
            return Found::Nothing;
        }
        for folder in disk::folders(path) {
            let folder = self.folder.join(folder);
            match std::fs::symlink_metadata(&folder) {
                Err(_) => return Found::Nothing,
                Ok(found) if !found.is_dir() => {
                    return Found::Changed("a symbolic link leads to it");
                }
                Ok(_) if has_owner(&folder) => {
                    return Found::Changed("its folder is another project's");
                }
                Ok(_) => {}
            }
        }
        let place = self.folder.join(path);
        match std::fs::symlink_metadata(&place) {
            Err(_) => Found::Nothing,
            Ok(found) if !found.is_file() => Found::Changed("it is not a regular file"),
            Ok(_) => match disk::read(&place) {
                Ok(None) => Found::Nothing,
                Ok(Some(text)) if self.is_as_written(path, &text) => Found::AsWritten,
                Ok(Some(_)) => Found::Changed("it was edited since it was generated"),
                Err(_) => Found::Changed("it cannot be read"),
            },
        }
    }

    /// A list can be anybody's: what does not say itself that it is generated is never removed.
    fn is_as_written(&self, path: &str, text: &str) -> bool {
        self.listed.has_text(path, text) && output::is_generated(path, text)
    }

    /// Generated files in the folder that no list has: those of older versions, of protoc and of buf.
    fn unknown(&self) -> Option<Diagnostic> {
        let is_known = |path: &str| {
            self.files.get(path).is_some()
                || self.listed.has(path)
                || self.others.iter().any(|list| list.has(path))
        };
        let is_generated = |path: &str| {
            let place = self.folder.join(path);
            let is_plain = std::fs::symlink_metadata(&place).is_ok_and(|found| found.is_file());
            is_plain
                && matches!(disk::read(&place), Ok(Some(text)) if output::is_generated(path, &text))
        };
        let mut folders: Vec<_> = self.files.iter().map(|(path, _)| parent(path)).collect();
        folders.sort_unstable();
        folders.dedup();
        let inside = folders.into_iter().flat_map(|below| {
            let names = manifest::names_in(&self.folder.join(below));
            names.into_iter().map(move |name| format!("{below}{name}"))
        });
        let unknown: Vec<_> = inside
            .filter(|path| !is_known(path) && is_generated(path))
            .map(|path| self.show(&path))
            .collect();
        let (what, pronoun) = match unknown.len() {
            0 => return None,
            1 => ("is a generated file", "it stays"),
            _ => ("are generated files", "they stay"),
        };
        let names = unknown.join(", ");
        let message = format!("{names} {what} that no list here names: {pronoun}");
        Some(
            Diagnostic::warning(message)
                .with_help("remove what an older version, protoc or buf left and nobody needs"),
        )
    }

    fn show(&self, path: &str) -> String {
        format!("`{}`", self.folder.join(path).display())
    }
}

/// Whether nobody wrote this file by hand.
fn is_replaceable(path: &str, old: &str) -> bool {
    // prost-build's files may be where ours go, if the user comes from there.
    const BY_PROST: &str = "// This file is @generated by prost-build.";
    output::is_generated(path, old) || old.lines().next() == Some(BY_PROST) || old.trim().is_empty()
}

/// The folder of a file, with a `/` at its end; empty for the output folder itself.
fn parent(path: &str) -> &str {
    &path[..path.rfind('/').map_or(0, |at| at + 1)]
}

/// Whether a folder is a project of its own, or another run's output.
fn has_owner(folder: &Path) -> bool {
    const MARKS: [&str; 3] = [".git", "Cargo.toml", "buf.yaml"];
    let is_there = |mark: &&str| std::fs::symlink_metadata(folder.join(mark)).is_ok();
    MARKS.iter().any(is_there) || manifest::is_listed(folder)
}

#[cfg(test)]
mod tests {
    use crate::folder::{Change, Folder};
    use crate::output::Files;

    fn files(items: &[(&str, &str)]) -> Files {
        let mut files = Files::default();
        files.set_tree("mod.rs");
        for (path, text) in items {
            files.add(path, text).unwrap();
        }
        files
    }

    #[test]
    fn a_file_that_differs_in_comments_only_is_still_as_it_was_written() {
        let temporary = tempfile::tempdir().unwrap();
        let folder = Folder::new(temporary.path());
        let tree = ("mod.rs", "mod a;\n");
        let first = files(&[tree, ("a.rs", "// One.\nstruct A;\n")]);
        assert_eq!(folder.sync(&first).unwrap().changes.len(), 2);

        let second = files(&[tree, ("a.rs", "// Another.\nstruct A;\n")]);
        let changes = folder.sync(&second).unwrap();
        assert_eq!(changes.changes, []);

        let third = files(&[tree, ("a.rs", "struct B;\n")]);
        let changes = folder.changes(&third).unwrap();
        assert_eq!(changes.changes, [Change::Update("a.rs".to_owned())]);
        assert_eq!(changes.warnings, [], "nobody edited it");

        let changes = folder.sync(&files(&[tree])).unwrap();
        assert_eq!(changes.changes, [Change::Remove("a.rs".to_owned())]);
        assert_eq!(changes.warnings, []);
    }
}
