fn main() -> Result<(), rust_svc_build::Error> {
    rust_svc_build::configure().compile(&["proto"], &["proto"])
}
