//! Five published crates, built with the build scripts of docs/migrating.md: their own code is as it was published.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use crate::support::{root, scratch, skip, stderr};

/// The crates and what cargo is told of features: downloads of snapshots would bring a second client of HTTP.
const CRATES: [(&str, &[&str]); 5] = [
    ("containerd-client", &[]),
    ("etcd-client", &["--features", "build-server"]),
    ("k8s-cri", &[]),
    (
        "opentelemetry-proto",
        &["--features", "profiles,file-descriptors"],
    ),
    (
        "qdrant-client",
        &["--no-default-features", "--features", "serde"],
    ),
];

/// The blocks of code below a comment that names a file, by that name.
fn files_of_page(page: &str) -> BTreeMap<&str, &str> {
    let marked = page.split("\n<!-- ").skip(1);
    let files = marked.map(|text| {
        let (name, rest) = text.split_once(" -->\n```rust").expect("a block of Rust");
        let (_, code) = rest.split_once('\n').expect("the line ends");
        let (code, _) = code.split_once("\n```\n").expect("the block ends");
        (name, code)
    });
    files.collect()
}

/// Leaves a file as old as it is where nothing changes, so that nothing is built a second time.
fn write(path: &Path, code: &str) {
    let code = format!("{code}\n");
    if !std::fs::read_to_string(path).is_ok_and(|old| old == code) {
        std::fs::write(path, code).unwrap();
    }
}

#[test]
fn published_crates_build_with_the_scripts_of_the_page() {
    let folder = root().join("target/migrations");
    if !folder.join("ready").exists() {
        return skip(
            "published_crates_build_with_the_scripts_of_the_page",
            "the crates are not in target/migrations: run scripts/install-migrations.sh",
        );
    }
    let page = std::fs::read_to_string(root().join("docs/migrating.md")).unwrap();
    let files = files_of_page(&page);
    for (name, features) in CRATES {
        let script = format!("{name}/build.rs");
        assert!(files.contains_key(script.as_str()), "the page has {script}");
        let own = files.iter().filter(|(file, _)| file.starts_with(name));
        own.for_each(|(file, code)| write(&folder.join(file), code));
        let output = Command::new(env!("CARGO"))
            .current_dir(&folder)
            .env("CARGO_TARGET_DIR", scratch("target"))
            .env_remove("RUSTFLAGS")
            .args(["check", "--offline", "--package", name])
            .args(features)
            .output()
            .unwrap();
        assert!(output.status.success(), "{name}: {}", stderr(&output));
    }
    assert_eq!(
        files.len(),
        CRATES.len() + 1,
        "qdrant-client has a file more"
    );
}
