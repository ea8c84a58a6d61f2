//! `peers files SET`, `peers count SET FILE…`, and `peers GENERATOR OUT …`: `tonic-protox OUT INCLUDE… -- FILE…`, `tonic OUT SET`,
//! `connect OUT SET FILE…`. Sets are descriptor sets of protoc.

use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use prost::Message as _;
use prost_types::{DescriptorProto, FileDescriptorSet};

fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args.as_slice() {
        ["files", set] => {
            let set = read(set)?;
            set.file.iter().for_each(|file| println!("{}", file.name()));
            Ok(())
        }
        ["count", set, files @ ..] => count(set, files),
        ["tonic-protox", out, rest @ ..] => {
            let mut parts = rest.split(|arg| *arg == "--");
            let (includes, files) = parts.next().zip(parts.next()).context("no `--`")?;
            let set = protox::compile(files, includes)?;
            by_tonic(out, set)
        }
        ["tonic", out, set] => by_tonic(out, read(set)?),
        ["connect", out, set, files @ ..] => by_connect(out, set, files),
        _ => bail!("see the head of main.rs"),
    }
}

fn read(set: &str) -> Result<FileDescriptorSet> {
    Ok(FileDescriptorSet::decode(std::fs::read(set)?.as_slice())?)
}

fn by_tonic(out: &str, set: FileDescriptorSet) -> Result<()> {
    let config = tonic_prost_build::configure().out_dir(Path::new(out));
    config.include_file("mod.rs").compile_fds(set)?;
    Ok(())
}

fn by_connect(out: &str, set: &str, files: &[&str]) -> Result<()> {
    let mut config = connectrpc_build::CodeGenConfig::default();
    // Message sets are refused without. JSON nobody else makes either, and it is off here.
    config.allow_message_set = true;
    connectrpc_build::Config::new()
        .buffa_config(config)
        .descriptor_set(set)
        .files(files)
        .out_dir(out)
        .include_file("mod.rs")
        .compile()
}

/// How many messages and services there are in these files.
fn count(set: &str, files: &[&str]) -> Result<()> {
    fn messages(of: &[DescriptorProto]) -> usize {
        let is_written = |message: &&DescriptorProto| {
            let options = message.options.as_ref();
            !options.is_some_and(|options| options.map_entry())
        };
        let counts = of.iter().filter(is_written);
        counts
            .map(|message| 1 + messages(&message.nested_type))
            .sum()
    }
    let set = read(set)?;
    let (mut all, mut services) = (0, 0);
    for file in files {
        let mut known = set.file.iter();
        let found = known.find(|known| known.name() == *file);
        let file = found.ok_or_else(|| anyhow!("{file} is not in the set"))?;
        all += messages(&file.message_type);
        services += file.service.len();
    }
    println!("{all} {services}");
    Ok(())
}
