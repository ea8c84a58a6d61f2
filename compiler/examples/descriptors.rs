//! Compiles protos to a descriptor set: `descriptors -I DIR … -o OUT.fds NAME …`, as `protoc -o` does.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::ExitCode;

use rust_svc_compiler::descriptor::FileSet;
use rust_svc_compiler::wire::Codec as _;
use rust_svc_compiler::{Folders, compile};

fn main() -> ExitCode {
    let mut folders: Vec<PathBuf> = Vec::new();
    let mut out = None;
    let mut listed = BTreeSet::new();
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "-I" => folders.extend(args.next().map(PathBuf::from)),
            "-o" => out = args.next(),
            _ => {
                listed.insert(arg);
            }
        }
    }
    match compile(&listed, &mut Folders::new(folders), &|_| None) {
        Ok(compiled) => {
            compiled
                .warnings
                .iter()
                .for_each(|warning| eprintln!("{}", warning.to_line()));
            let set = FileSet {
                file: compiled.files,
            };
            if let Some(out) = out
                && let Err(error) = std::fs::write(&out, set.encode_to_vec())
            {
                eprintln!("{out}: {error}");
                return ExitCode::FAILURE;
            }
            ExitCode::SUCCESS
        }
        Err(errors) => {
            errors
                .iter()
                .for_each(|error| eprintln!("{}", error.to_line()));
            ExitCode::FAILURE
        }
    }
}
