//! Descriptors that somebody else linked: a plugin's request, or a descriptor set.

use std::collections::BTreeSet;

use rust_svc_compiler::check_linked;
use rust_svc_compiler::wire::Codec as _;

use super::embedded;
use super::linked::Linked;
use crate::descriptor::{File, FileSet, Request};
use crate::diagnostics::{Diagnostic, Error};

/// The parameter of a request.
pub(crate) type Parameter = Option<String>;

/// The outer result is about the request as such, the inner one about what is in it.
pub(super) fn read(bytes: &[u8]) -> Result<(Parameter, Result<Linked, Error>), Error> {
    const HELP: &str =
        "this program is started by protoc and buf; see `--help` for its use by hand";
    let request = Request::decode(bytes)
        .map_err(|_| Diagnostic::error("standard input is not a whole CodeGeneratorRequest, or one with more than 100 messages in each other").with_help(HELP))?;
    if request.file_to_generate.is_empty() {
        let text = "the CodeGeneratorRequest lists no file to generate";
        return Err(Diagnostic::error(text).with_help(HELP).into());
    }
    let listed = request.file_to_generate.into_iter().collect();
    Ok((request.parameter, check(request.proto_file, listed)))
}

pub(super) fn read_descriptor_set(bytes: &[u8]) -> Result<Linked, Error> {
    const HELP: &str = "make one with `buf build -o x.fds --as-file-descriptor-set`, or with `protoc --include_imports --include_source_info --descriptor_set_out=x.fds`";
    let set =
        FileSet::decode(bytes).map_err(|_| Diagnostic::error("this is not a whole FileDescriptorSet, or one with more than 100 messages in each other").with_help(HELP))?;
    if set.file.is_empty() {
        return Err(Diagnostic::error("the FileDescriptorSet is empty")
            .with_help(HELP)
            .into());
    }
    // Files that everybody imports are not listed, unless the set has no others.
    let mut listed: BTreeSet<_> = names(&set)
        .filter(|name| !embedded::is_well_known(name) && embedded::text(name).is_none())
        .collect();
    if listed.is_empty() {
        listed = names(&set).collect();
    }
    check(set.file, listed)
}

fn names(set: &FileSet) -> impl Iterator<Item = String> {
    set.file.iter().map(|file| file.name.clone())
}

/// Checks descriptors by the rules that hold for source, so that later passes can rely on them.
fn check(files: Vec<File>, listed: BTreeSet<String>) -> Result<Linked, Error> {
    match check_linked(files, &listed) {
        Ok(checked) => Ok(Linked {
            files: checked.files,
            listed,
            warnings: checked.warnings,
        }),
        Err(errors) => Err(Error::new(errors)),
    }
}
