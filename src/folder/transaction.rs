//! Changing several files all or not at all.
//!
//! New texts are written beside their places first. Then each file is put aside before it is replaced or
//! removed, so that a change that fails is taken back with all before it.

use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use tempfile::{NamedTempFile, TempPath};

use super::disk::problem;
use crate::diagnostics::Diagnostic;

/// The beginning of the names of files that are there only while a run writes.
const PREFIX: &str = ".rust-svc-";

#[derive(Default)]
pub(super) struct Transaction {
    removals: Vec<PathBuf>,
    staged: Vec<(NamedTempFile, PathBuf)>,
    /// Folders that were made for it, the outermost first.
    folders: Vec<PathBuf>,
    done: Vec<Step>,
}

/// A file that was replaced, added or removed, and what was there before.
struct Step {
    place: PathBuf,
    before: Option<TempPath>,
}

impl Transaction {
    pub(super) fn remove(&mut self, place: PathBuf) {
        self.removals.push(place);
    }

    /// Writes a text beside the place where it is to go.
    pub(super) fn write(&mut self, place: PathBuf, text: &str) -> Result<(), Diagnostic> {
        match self.stage(&place, text) {
            Ok(file) => {
                self.staged.push((file, place));
                Ok(())
            }
            Err(error) => Err(problem("write", &place, &error)),
        }
    }

    fn stage(&mut self, place: &Path, text: &str) -> std::io::Result<NamedTempFile> {
        /// Another run may remove a folder that it made itself, as long as that is empty.
        const ATTEMPTS: usize = 100;
        let folder = folder_of(place);
        let mut builder = tempfile::Builder::new();
        builder.prefix(PREFIX).permissions_of_new_file();
        let mut attempts = 0;
        let mut file = loop {
            attempts += 1;
            let made = self.make_folder(folder);
            match made.and_then(|()| builder.tempfile_in(folder)) {
                Err(error) if attempts < ATTEMPTS && may_pass(&error) => {}
                made => break made?,
            }
        };
        file.write_all(text.as_bytes())?;
        Ok(file)
    }

    fn make_folder(&mut self, folder: &Path) -> std::io::Result<()> {
        let missing = folder
            .ancestors()
            .take_while(|folder| *folder != Path::new("") && !folder.exists());
        let mut missing: Vec<_> = missing.map(Path::to_owned).collect();
        missing.retain(|folder| !self.folders.contains(folder));
        missing.reverse();
        self.folders.append(&mut missing);
        std::fs::create_dir_all(folder)
    }

    /// Puts everything in its place, or leaves everything as it was.
    pub(super) fn commit(mut self) -> Result<(), Diagnostic> {
        match self.try_commit() {
            Ok(()) => {
                self.folders.clear();
                Ok(())
            }
            Err(error) => Err(self.roll_back(error)),
        }
    }

    /// Removals come first: where `A.rs` and `a.rs` are one file, the new one has to stay.
    fn try_commit(&mut self) -> Result<(), Diagnostic> {
        for place in std::mem::take(&mut self.removals) {
            let failed = |error| problem("remove", &place, &error);
            let before = put_aside(&place).map_err(failed)?;
            match std::fs::remove_file(&place) {
                Ok(()) => self.done.push(Step { place, before }),
                // Another run was faster.
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(failed(error)),
            }
        }
        for (file, place) in std::mem::take(&mut self.staged) {
            let failed = |error| problem("write", &place, &error);
            let before = put_aside(&place).map_err(failed)?;
            file.persist(&place).map_err(|error| failed(error.error))?;
            self.done.push(Step { place, before });
        }
        Ok(())
    }

    /// The error, and what could not be taken back.
    fn roll_back(&mut self, error: Diagnostic) -> Diagnostic {
        let mut lost = Vec::new();
        for Step { place, before } in std::mem::take(&mut self.done).into_iter().rev() {
            let Some(before) = before else {
                let _ = std::fs::remove_file(&place);
                continue;
            };
            if let Err(error) = before.persist(&place) {
                let kept = error.path.keep();
                let kept = kept.unwrap_or_else(|error| error.path.to_path_buf());
                lost.push(format!("`{}` is now `{}`", place.display(), kept.display()));
            }
        }
        if lost.is_empty() {
            error
        } else {
            error.with_help(format!(
                "and what was there could not be put back: {}",
                lost.join(", ")
            ))
        }
    }
}

impl Drop for Transaction {
    /// Folders that were made for nothing go again, unless somebody else uses them by now.
    fn drop(&mut self) {
        self.staged.clear();
        for folder in self.folders.iter().rev() {
            let _ = std::fs::remove_dir(folder);
        }
    }
}

/// Gives what is at a place a second name, so that there is a file at the place all the time.
fn put_aside(place: &Path) -> std::io::Result<Option<TempPath>> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREFIX);
    let linked = builder.make_in(folder_of(place), |aside| {
        match std::fs::hard_link(place, aside) {
            Ok(()) => Ok(()),
            // There is nothing, or the name is taken.
            Err(error) if may_pass(&error) => Err(error),
            // Not all file systems have links.
            Err(_) => std::fs::copy(place, aside).map(drop),
        }
    });
    match linked {
        Ok(aside) => Ok(Some(aside.into_temp_path())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Whether somebody else may have caused an error, by making or removing something just now.
fn may_pass(error: &std::io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::AlreadyExists)
}

fn folder_of(place: &Path) -> &Path {
    match place.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}

/// Temporary files are for their owner alone, and generated ones are to be as any other.
trait PermissionsOfNewFile {
    fn permissions_of_new_file(&mut self) -> &mut Self;
}

impl PermissionsOfNewFile for tempfile::Builder<'_, '_> {
    #[cfg(unix)]
    fn permissions_of_new_file(&mut self) -> &mut Self {
        use std::os::unix::fs::PermissionsExt as _;
        // The umask takes from it what it takes from every new file.
        self.permissions(std::fs::Permissions::from_mode(0o666))
    }

    #[cfg(not(unix))]
    fn permissions_of_new_file(&mut self) -> &mut Self {
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        super::super::manifest::names_in(folder)
    }

    /// The second file cannot be put in its place: a folder came there after everything was checked.
    #[test]
    fn a_change_that_fails_midway_is_taken_back() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::write(at("a.rs"), "old").unwrap();
        std::fs::write(at("stale.rs"), "stale").unwrap();
        let mut transaction = Transaction::default();
        transaction.remove(at("stale.rs"));
        transaction.write(at("a.rs"), "new").unwrap();
        transaction.write(at("b.rs"), "added").unwrap();
        transaction.write(at("new/c.rs"), "added").unwrap();
        transaction.write(at("d.rs"), "never").unwrap();
        std::fs::create_dir_all(at("d.rs/x")).unwrap();

        let error = transaction.commit().unwrap_err();
        assert!(error.message().contains("d.rs`"), "{error}");
        assert_eq!(std::fs::read_to_string(at("a.rs")).unwrap(), "old");
        assert_eq!(std::fs::read_to_string(at("stale.rs")).unwrap(), "stale");
        assert_eq!(names(folder.path()), ["a.rs", "d.rs", "stale.rs"]);
    }

    #[test]
    fn what_is_done_leaves_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::write(at("a.rs"), "old").unwrap();
        std::fs::write(at("stale.rs"), "stale").unwrap();
        let mut transaction = Transaction::default();
        for gone in ["stale.rs", "never.rs"] {
            transaction.remove(at(gone));
        }
        transaction.write(at("a.rs"), "new").unwrap();
        transaction.write(at("new/c.rs"), "added").unwrap();
        transaction.commit().unwrap();
        assert_eq!(names(folder.path()), ["a.rs", "new"]);
        assert_eq!(std::fs::read_to_string(at("a.rs")).unwrap(), "new");
    }

    /// Each makes and removes the folder that the others write to.
    #[test]
    fn runs_that_fail_do_not_take_the_folder_of_others() {
        let folder = tempfile::tempdir().unwrap();
        let shared = folder.path().join("a/b");
        std::thread::scope(|scope| {
            for run in 0..4 {
                let place = shared.join(format!("{run}.rs"));
                scope.spawn(move || {
                    for _ in 0..200 {
                        let mut transaction = Transaction::default();
                        transaction.write(place.clone(), "text").unwrap();
                    }
                });
            }
        });
    }
}
