//! What every fixture generates, reviewed by a person once and compared ever after.

use insta::{Settings, assert_snapshot};
use rust_svc_build::Options;

use crate::support::{fixture, fixtures, root};
use crate::variants::VARIANTS;

fn settings(folder: &str) -> Settings {
    let mut settings = Settings::new();
    settings.set_snapshot_path(root().join("tests/snapshots").join(folder));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings
}

/// One snapshot per generated file, and one for the warnings.
fn snapshot(folder: &str, name: &str, options: &Options) {
    let generated = fixture(name).generate(options);
    settings(folder).bind(|| {
        for (path, content) in generated.files.iter() {
            // Encoded descriptors are nothing to read; `same_bytes` and reflection try them.
            if !path.ends_with("-descriptor-set.rs") {
                assert_snapshot!(path, content);
            }
        }
        let warnings: Vec<_> = generated.warnings.iter().map(|w| w.to_line()).collect();
        let warnings = warnings
            .join("\n")
            .replace(&root().display().to_string(), "");
        if !warnings.is_empty() {
            assert_snapshot!("warnings", warnings);
        }
    });
}

#[test]
fn every_fixture_generates_what_it_did() {
    let options = Options::default();
    for fixture in fixtures() {
        snapshot(&fixture.name, &fixture.name, &options);
    }
}

#[test]
fn options_generate_what_they_did() {
    for variant in VARIANTS {
        let options = Options::parse(variant.parameter)
            .unwrap_or_else(|error| panic!("{}: {error}", variant.name));
        snapshot(
            &format!("options/{}", variant.name),
            variant.fixture,
            &options,
        );
    }
}
