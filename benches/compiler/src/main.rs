//! Compiles protos with protox to a descriptor set: `compiler-bench -I DIR … -o OUT NAME…`, as our example
//! `descriptors` does.

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let mut includes = Vec::new();
    let mut out = None;
    let mut names = Vec::new();
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "-I" => includes.extend(args.next()),
            "-o" => out = args.next(),
            _ => names.push(arg),
        }
    }
    let mut compiler = protox::Compiler::new(includes)?;
    compiler
        .include_source_info(true)
        .include_imports(true)
        .open_files(names)?;
    std::fs::write(
        out.ok_or("OUT is missing")?,
        compiler.encode_file_descriptor_set(),
    )?;
    Ok(())
}
