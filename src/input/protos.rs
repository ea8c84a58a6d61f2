//! A proto tree on disk, compiled.

use std::collections::BTreeSet;
use std::path::Path;

use rust_svc_compiler::{Diagnostic, Folders, Resolver, Source, compile};

use super::tree::Listed;
use super::{Input, Paths, Reading, embedded};
use crate::diagnostics::Error;

pub(super) fn read(protos: &[&Path], includes: &[&Path]) -> Reading {
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
    let paths = disk.paths;
    let mut problems = listed.problems;
    let result = match compiled {
        Ok(compiled) if problems.is_empty() => {
            Input::new(compiled.files, names, compiled.warnings, paths.clone())
        }
        Ok(_) => Err(Error::new(problems)),
        Err(errors) => {
            problems.extend(errors);
            Err(Error::new(problems))
        }
    };
    Reading { result, paths }
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
