//! Generates the code of the service: no protoc, nothing else to install.

fn main() -> Result<(), rust_svc_build::Error> {
    rust_svc_build::configure().compile(&["proto/user/v1/user_service.proto"], &["proto"])
}
