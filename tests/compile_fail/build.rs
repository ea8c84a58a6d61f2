//! Generates the service that the cases are about.

use rust_svc_build::{Error, configure};

fn main() -> Result<(), Error> {
    let protos = ["../../fixtures/four_kinds"];
    configure().compile(&protos, &protos)
}
