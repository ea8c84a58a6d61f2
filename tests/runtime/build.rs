//! Generates one service twice, with stubs of ours and with tonic-build's to compare them with; types of
//! errors; and messages of an edition.

use rust_svc_build::{Error, Stubs, configure};

fn main() -> Result<(), Error> {
    let protos = ["../../fixtures/four_kinds"];
    configure().testing(true).compile(&protos, &protos)?;
    let out = std::env::var("OUT_DIR").unwrap_or_default();
    for fixture in ["editions", "errors", "errors_of_kratos"] {
        let protos = [format!("../../fixtures/{fixture}")];
        configure()
            .out_dir(format!("{out}/{fixture}"))
            .compile(&protos, &protos)?;
    }
    configure()
        .stubs(Stubs::Tonic)
        .testing(true)
        .out_dir(format!("{out}/tonic"))
        .compile(&protos, &protos)
}
