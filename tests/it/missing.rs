//! What users are told whose Cargo.toml lacks a crate, or a feature: the line to write, and little else.

use std::path::PathBuf;
use std::process::Command;

use rust_svc_build::{Folder, Options};

use crate::support::{fixture, root, scratch, stderr};

/// What everything that is generated needs, one line each.
const PROST: &str = "prost = \"0.14\"";
const TONIC: &str = "tonic = { version = \"0.14\", default-features = false, features = [\"codegen\", \"channel\"] }";
const TONIC_WITHOUT_CHANNEL: &str =
    "tonic = { version = \"0.14\", default-features = false, features = [\"codegen\"] }";
const TONIC_PROST: &str = "tonic-prost = \"0.14\"";

fn runtime(features: &str) -> String {
    let path = root().join("rust-svc");
    format!("rust-svc = {{ path = {path:?}, features = [{features}] }}")
}

/// A crate that uses what is generated of a fixture, in several places.
struct User {
    folder: PathBuf,
}

impl User {
    fn new(name: &str, fixture_name: &str, parameter: &str, dependencies: &[&str]) -> Self {
        let folder = scratch("missing").join(name);
        std::fs::create_dir_all(folder.join("src")).unwrap();
        let manifest = format!(
            "[package]\nname = \"missing-{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\n{}\n\n[workspace]\n",
            dependencies.join("\n")
        );
        std::fs::write(folder.join("Cargo.toml"), manifest).unwrap();
        std::fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
        let options = Options::parse(parameter).unwrap();
        let generated = fixture(fixture_name).generate(&options);
        Folder::new(folder.join("src/gen"))
            .sync(&generated.files)
            .unwrap();
        Self { folder }
    }

    /// The errors of the crate with this code of its own, each in one line.
    fn errors(&self, code: &str) -> Vec<String> {
        let text = format!("#[path = \"gen/mod.rs\"]\nmod proto;\n{code}\nfn main() {{}}\n");
        std::fs::write(self.folder.join("src/main.rs"), text).unwrap();
        let output = Command::new(env!("CARGO"))
            .current_dir(&self.folder)
            .env("CARGO_TARGET_DIR", scratch("target"))
            .env_remove("RUSTFLAGS")
            .args(["check", "--quiet"])
            .output()
            .unwrap();
        assert!(!output.status.success(), "something is missing");
        let said = stderr(&output);
        let blocks = said
            .split("\n\n")
            .filter(|block| block.starts_with("error"));
        let blocks = blocks.filter(|block| !block.starts_with("error: could not compile"));
        blocks.map(str::to_owned).collect()
    }
}

/// Uses of code that is not there cause no errors of their own.
#[test]
fn a_feature_of_the_runtime() {
    let errors = User::new(
        "errors",
        "errors",
        "errors=true",
        &[PROST, "prost-types = \"0.14\"", TONIC, TONIC_PROST, &runtime("")],
    )
    .errors("use proto::errors::v1::{OrderError, orders_server::Orders};\nuse proto::other;\nfn of(error: proto::errors::v1::OrderError) -> OrderError { error }\nimpl Orders for u8 {}");
    let said = errors.join("\n---\n");
    assert_eq!(errors.len(), 2, "{said}");
    assert!(
        said.contains("rust-svc = { version = \"0.1\", features = [\"errors\"] }"),
        "{said}"
    );
    assert!(errors[1].contains("see_the_error_above"), "{said}");

    let errors = User::new(
        "testing",
        "four_kinds",
        "testing",
        &[PROST, TONIC, TONIC_PROST, &runtime("")],
    )
    .errors("fn mock(mock: proto::four_kinds::v1::kinds_api::KindsMock) { drop(mock) }");
    let said = errors.join("\n---\n");
    assert!(
        said.contains("rust-svc = { version = \"0.1\", features = [\"testing\"] }"),
        "{said}"
    );
    assert_eq!(errors.len(), 2, "{said}");
}

/// rustc shows the line for Cargo.toml beside the first thing that it does not find.
#[test]
fn a_crate() {
    let errors = User::new("runtime", "four_kinds", "", &[PROST, TONIC, TONIC_PROST])
        .errors("use proto::four_kinds::v1::Request;");
    let said = errors.join("\n---\n");
    assert_eq!(errors.len(), 2, "{said}");
    assert!(said.contains("needs! { // rust-svc = \"0.1\""), "{said}");

    let errors = User::new("codec", "four_kinds", "", &[PROST, TONIC, &runtime("")]).errors("");
    assert!(
        errors[0].contains("use ::tonic_prost as _; // tonic-prost = \"0.14\""),
        "{}",
        errors[0]
    );
}

#[test]
fn the_channel_of_tonic() {
    let errors = User::new(
        "channel",
        "four_kinds",
        "",
        &[PROST, TONIC_WITHOUT_CHANNEL, TONIC_PROST, &runtime("")],
    )
    .errors("");
    let said = errors.join("\n---\n");
    assert_eq!(errors.len(), 2, "{said}");
    let line = "// tonic = { version = \"0.14\", features = [\"channel\"] }";
    assert!(errors[0].contains(line), "{said}");
}
