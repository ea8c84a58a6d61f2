//! Generates one service twice, with stubs of ours and with tonic-build's to compare them with, and types
//! of errors.

use rust_svc_build::{Error, Stubs, configure};

fn main() -> Result<(), Error> {
    let protos = ["../../fixtures/four_kinds"];
    configure().testing(true).compile(&protos, &protos)?;
    let out = std::env::var("OUT_DIR").unwrap_or_default();
    for errors in ["errors", "errors_of_kratos"] {
        let protos = [format!("../../fixtures/{errors}")];
        configure()
            .out_dir(format!("{out}/{errors}"))
            .compile(&protos, &protos)?;
    }
    configure()
        .stubs(Stubs::Tonic)
        .testing(true)
        .out_dir(format!("{out}/tonic"))
        .compile(&protos, &protos)
}
