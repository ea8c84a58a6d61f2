//! Generates the same service twice: as we generate it, and with tonic's own stubs to compare with.

use std::error::Error;
use std::path::PathBuf;

use rust_svc_build::Stubs;

fn main() -> Result<(), Box<dyn Error>> {
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    for (folder, stubs) in [("svc", Stubs::Svc), ("tonic", Stubs::Tonic)] {
        rust_svc_build::configure()
            .stubs(stubs)
            .testing(true)
            .out_dir(out.join(folder))
            .compile(&["proto/bench/v1/bench.proto"], &["proto"])?;
    }
    Ok(())
}
