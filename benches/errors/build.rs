//! Generates the errors of the example, and nothing else of it.

fn main() -> Result<(), rust_svc_build::Error> {
    let folder = "../../examples/user-service/proto";
    rust_svc_build::configure()
        .include(["user.v1.UserErrorReason"])
        .compile(&[folder], &[folder])
}
