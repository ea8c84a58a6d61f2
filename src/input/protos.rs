//! A proto tree on disk, compiled.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use rust_svc_compiler::{Diagnostic, Resolver, Source, compile};

use super::tree::{Includes, Listed};
use super::{Input, Reading, embedded};
use crate::diagnostics::Error;

pub(super) fn read(protos: &[&Path], includes: &[&Path]) -> Reading {
    let includes = Includes::new(includes);
    let listed = Listed::new(protos, &includes);
    let names: BTreeSet<String> = listed.files.into_keys().collect();
    let mut disk = Disk {
        includes,
        read: listed.folders,
    };
    let compiled = compile(&names, &mut disk, &embedded::declaring);
    let read = disk.read;
    let mut problems = listed.problems;
    let result = match compiled {
        Ok(compiled) if problems.is_empty() => {
            Input::new(compiled.files, names, compiled.warnings, read.clone())
        }
        Ok(_) => Err(Error::new(problems)),
        Err(errors) => {
            problems.extend(errors);
            Err(Error::new(problems))
        }
    };
    Reading { result, read }
}

/// The include folders, and behind them the protos that we carry.
struct Disk<'a> {
    includes: Includes<'a>,
    /// The files that were read.
    read: Vec<PathBuf>,
}

impl Resolver for Disk<'_> {
    fn open(&mut self, name: &str) -> Result<Option<Source>, Diagnostic> {
        let Some(path) = self.includes.find(name) else {
            return Ok(embedded::text(name).map(|text| Source::new(name, text)));
        };
        self.read.push(path.clone());
        let text = std::fs::read(&path).map_err(|error| {
            Diagnostic::error(format!("cannot read `{}`: {error}", path.display()))
        })?;
        Ok(Some(Source::new(path.display().to_string(), text)))
    }
}
