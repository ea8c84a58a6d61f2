//! Generates the same messages twice: by us, and by prost-build.

use rust_svc_build::{Error, Messages, configure};

fn main() -> Result<(), Error> {
    for (maker, folder) in [(Messages::Svc, "svc"), (Messages::Prost, "prost")] {
        let out = std::env::var("OUT_DIR").unwrap_or_default();
        configure()
            .messages(maker)
            .runtime(false)
            // The order of a `HashMap` changes from run to run, and with it what it costs.
            .btree_map(".")
            .out_dir(format!("{out}/{folder}"))
            .compile(&["proto"], &["proto"])?;
    }
    Ok(())
}
