//! Descriptors that somebody else linked: a plugin's request, or a descriptor set.

use std::collections::BTreeSet;

use rust_svc_compiler::check_linked;
use rust_svc_compiler::wire::Codec as _;

use super::{Input, Paths, embedded, plain};
use crate::descriptor::{File, FileSet, Request};
use crate::diagnostics::Error;

/// The parameter of a request.
pub(crate) type Parameter = Option<String>;

/// The outer result is about the request as such, the inner one about what is in it.
pub(super) fn read(bytes: &[u8]) -> Result<(Parameter, Result<Input, Error>), Error> {
    const HELP: &str =
        "this program is started by protoc and buf; see `--help` for its use by hand";
    let request = Request::decode(bytes)
        .map_err(|_| plain("standard input is not a whole CodeGeneratorRequest, or one with more than 100 messages in each other", HELP))?;
    if request.file_to_generate.is_empty() {
        let text = "the CodeGeneratorRequest lists no file to generate";
        return Err(plain(text, HELP).into());
    }
    let listed = request.file_to_generate.into_iter().collect();
    let input = check(request.proto_file, listed).map(|input| Input {
        is_from_plugin: true,
        ..input
    });
    Ok((request.parameter, input))
}

pub(super) fn read_descriptor_set(bytes: &[u8]) -> Result<Input, Error> {
    const HELP: &str = "make one with `buf build -o x.fds --as-file-descriptor-set`, or with `protoc --include_imports --include_source_info --descriptor_set_out=x.fds`";
    let set =
        FileSet::decode(bytes).map_err(|_| plain("this is not a whole FileDescriptorSet, or one with more than 100 messages in each other", HELP))?;
    if set.file.is_empty() {
        return Err(plain("the FileDescriptorSet is empty", HELP).into());
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
fn check(files: Vec<File>, listed: BTreeSet<String>) -> Result<Input, Error> {
    match check_linked(files, &listed) {
        Ok(checked) => Input::new(checked.files, listed, checked.warnings, Paths::default()),
        Err(errors) => Err(Error::new(errors)),
    }
}
