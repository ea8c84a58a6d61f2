//! A folder of generated files: what would change in it, and changing it all or not at all.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex, PoisonError};

use crate::diagnostics::{Diagnostic, Error};
use crate::input::embedded_protos;
use crate::output::Files;

mod change;
mod code;
mod disk;
mod manifest;
mod plan;
mod transaction;

pub use change::{Change, Changes};
use plan::{Plan, Shared, Stale};
use transaction::Transaction;

/// A folder that generated files are written to.
#[derive(Clone, Debug)]
pub struct Folder {
    path: PathBuf,
}

impl Folder {
    /// A folder, which need not exist yet.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// The changes that [`sync`](Self::sync) would make.
    ///
    /// A file that differs in formatting only, as after `cargo fmt`, or in the ends of its lines, is
    /// left alone.
    ///
    /// # Errors
    ///
    /// As [`sync`](Self::sync).
    pub fn changes(&self, files: &Files) -> Result<Changes, Error> {
        Ok(Shared::new(&self.path, files)?.plan(Stale::Remove)?.into())
    }

    /// Writes what differs, and removes what an earlier run for the same module tree wrote and this one
    /// does not. Without a module tree nothing is removed: several runs may share the folder.
    ///
    /// # Errors
    ///
    /// A folder that cannot be written to, and a file in the way that is not generated. Everything is
    /// then as it was.
    pub fn sync(&self, files: &Files) -> Result<Changes, Error> {
        let plan = Shared::new(&self.path, files)?.plan(Stale::Remove)?;
        self.apply(files, plan)
    }

    /// As [`sync`](Self::sync), but what is stale is named and stays: for build scripts, which write
    /// to a folder of sources.
    ///
    /// # Errors
    ///
    /// As [`sync`](Self::sync), and a file that this process has written before with other content, since
    /// one of the two would be lost.
    pub fn add(&self, files: &Files) -> Result<Changes, Error> {
        self.claim(files)?;
        let plan = Shared::new(&self.path, files)?.plan(Stale::Name)?;
        self.apply(files, plan)
    }

    /// Writes what differs, and looks at nothing else: for `$OUT_DIR`, in which everything was generated.
    ///
    /// # Errors
    ///
    /// A folder that cannot be written to, and a file that this process has written before with other
    /// content, since one of the two would be lost. Everything is then as it was.
    pub fn write(&self, files: &Files) -> Result<Changes, Error> {
        self.claim(files)?;
        let plan = plan::own(&self.path, files)?;
        self.apply(files, plan)
    }

    /// Writes the protos that we carry, for protoc and buf to find. One that is there and is not a copy of
    /// ours stays, and is named.
    ///
    /// # Errors
    ///
    /// A folder that cannot be written to. Everything is then as it was.
    pub fn write_protos(&self) -> Result<Changes, Error> {
        let protos = embedded_protos();
        let plan = plan::protos(&self.path, protos)?;
        let text = |path: &str| protos.iter().find(|(name, _)| *name == path);
        self.commit(plan, |path| text(path).map(|(_, text)| *text))
    }

    fn apply(&self, files: &Files, plan: Plan) -> Result<Changes, Error> {
        self.commit(plan, |path| files.get(path))
    }

    fn commit<'a>(
        &self,
        plan: Plan,
        text: impl Fn(&str) -> Option<&'a str>,
    ) -> Result<Changes, Error> {
        let mut transaction = Transaction::default();
        for change in &plan.changes {
            let place = self.path.join(change.path());
            match text(change.path()) {
                Some(text) => transaction.write(place, text)?,
                None => transaction.remove(place),
            }
        }
        if let Some((name, list)) = &plan.manifest {
            transaction.write(self.path.join(name), list)?;
        }
        transaction.commit()?;
        Ok(plan.into())
    }

    fn claim(&self, files: &Files) -> Result<(), Error> {
        static WRITTEN: LazyLock<Mutex<HashMap<PathBuf, String>>> = LazyLock::new(Mutex::default);
        let mut written = WRITTEN.lock().unwrap_or_else(PoisonError::into_inner);
        let folder = std::path::absolute(&self.path).unwrap_or_else(|_| self.path.clone());
        let mut clashes = Vec::new();
        for (path, content) in files.iter() {
            match written.get(&folder.join(path)) {
                Some(first) if first != content => clashes.push(path),
                Some(_) => {}
                None => drop(written.insert(folder.join(path), content.to_owned())),
            }
        }
        if clashes.is_empty() {
            Ok(())
        } else {
            Err(written_twice(&folder, &clashes, files).into())
        }
    }
}

fn written_twice(folder: &Path, clashes: &[&str], files: &Files) -> Diagnostic {
    let names: Vec<_> = clashes.iter().map(|path| format!("`{path}`")).collect();
    let help = if clashes.iter().all(|path| is_of_tree(path, files)) {
        "give one of the two another `include_file`, or compile the protos of both at once"
    } else {
        "compile the protos of both at once, or give one of the two another `out_dir`: both generate these packages"
    };
    Diagnostic::error(format!(
        "an earlier `compile` of this build script wrote {} in `{}`, with other content",
        names.join(", "),
        folder.display()
    ))
    .with_help(help)
}

/// Whether a file is that of the module tree, or the one beside it.
fn is_of_tree(path: &str, files: &Files) -> bool {
    let tree = files.tree().unwrap_or_default();
    let stem = tree.strip_suffix(".rs").unwrap_or(tree);
    path == tree
        || path
            .strip_prefix(stem)
            .is_some_and(|rest| rest.starts_with('-'))
}

impl From<Plan> for Changes {
    fn from(plan: Plan) -> Self {
        Self {
            changes: plan.changes,
            warnings: plan.warnings,
        }
    }
}
