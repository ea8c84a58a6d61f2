//! Generates with tonic-prost-build: `peer OUT --fds FILE`, or `peer OUT -I DIR… FILE…`.

use std::error::Error;
use std::path::PathBuf;

use prost::Message as _;
use prost_types::FileDescriptorSet;

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1).peekable();
    let out = PathBuf::from(args.next().ok_or("OUT is missing")?);
    let set = if args.next_if_eq("--fds").is_some() {
        let bytes = std::fs::read(args.next().ok_or("FILE is missing")?)?;
        FileDescriptorSet::decode(bytes.as_slice())?
    } else {
        let mut includes = Vec::new();
        while args.next_if_eq("-I").is_some() {
            includes.push(args.next().ok_or("DIR is missing")?);
        }
        protox::compile(args, includes)?
    };
    std::fs::create_dir_all(&out)?;
    tonic_prost_build::configure()
        .out_dir(out)
        .include_file("mod.rs")
        .compile_fds(set)?;
    Ok(())
}
