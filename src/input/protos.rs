//! A proto tree on disk, compiled.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use rust_svc_compiler::{Diagnostic, Folders, Resolver, Source, compile};

use super::embedded;
use super::linked::Linked;
use super::tree::Listed;
use crate::diagnostics::Error;

/// The paths on disk that an input depends on.
#[derive(Clone, Debug, Default)]
pub(crate) struct Paths {
    /// The files and folders that were read.
    pub(crate) read: Vec<PathBuf>,
    /// Places at which a new file would be found instead of one of them.
    pub(crate) absent: Vec<PathBuf>,
}

/// The files or their errors, and in both cases the paths that were looked at: a build script watches them all.
pub(super) fn read(protos: &[&Path], includes: &[&Path]) -> (Result<Linked, Error>, Paths) {
    let includes = Folders::new(includes);
    let listed = Listed::new(protos, &includes);
    let names: BTreeSet<String> = listed.files.into_keys().collect();
    let mut disk = Disk {
        includes,
        paths: Paths {
            read: listed.folders,
            absent: Vec::new(),
        },
    };
    let compiled = compile(&names, &mut disk, &embedded::declaring);
    let mut problems = listed.problems;
    let result = match compiled {
        Ok(compiled) if problems.is_empty() => Ok(Linked {
            files: compiled.files,
            listed: names,
            warnings: compiled.warnings,
        }),
        Ok(_) => Err(Error::new(problems)),
        Err(errors) => {
            problems.extend(errors);
            Err(Error::new(problems))
        }
    };
    (result, disk.paths)
}

/// The include folders, and behind them the protos that we carry.
struct Disk {
    includes: Folders,
    paths: Paths,
}

impl Resolver for Disk {
    fn open(&mut self, name: &str) -> Result<Option<Source>, Diagnostic> {
        self.paths.absent.extend(self.includes.before(name));
        let Some(path) = self.includes.find(name) else {
            return Ok(embedded::text(name).map(|text| Source::new(name, text)));
        };
        self.paths.read.push(path.clone());
        rust_svc_compiler::read(&path).map(Some)
    }
}
