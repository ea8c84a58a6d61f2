//! Generates the code of the service: no protoc, nothing else to install.

fn main() -> Result<(), rust_svc_build::Error> {
    // Mocks are for tests: whoever wants them turns the feature on.
    let testing = std::env::var_os("CARGO_FEATURE_TESTING").is_some();
    rust_svc_build::configure()
        .testing(testing)
        // The clients here are of this repository, and a new error is to be seen by them.
        .exhaustive_errors(["."])
        // What the proto says of timeouts and retries, for clients in other languages.
        .service_config_out("service_config.json")
        .compile(&["proto/user/v1/user_service.proto"], &["proto"])
}
