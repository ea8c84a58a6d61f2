//! What every fixture generates, reviewed by a person once and compared ever after.

use insta::{Settings, assert_snapshot};
use rust_svc_build::Options;

use crate::support::{fixture, fixtures, root};

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

/// Every option that changes the text, on the fixture that shows it best.
#[test]
fn options_generate_what_they_did() {
    for (name, fixture, parameter) in [
        ("no_runtime", "four_kinds", "runtime=false"),
        (
            "client_only",
            "four_kinds",
            "server=false,runtime=false,transport=false",
        ),
        (
            "server_only",
            "four_kinds",
            "client=false,runtime=false,default_stubs,arc_self",
        ),
        (
            "no_package_in_paths",
            "four_kinds",
            "emit_package=false,server=false",
        ),
        (
            "package_descriptors",
            "user_service",
            "descriptor_set=package,client=false,server=false",
        ),
        (
            "no_tree",
            "several_packages",
            "module_tree=false,descriptor_set=none",
        ),
        (
            "other_tree",
            "several_packages",
            "include_file=protos.rs,descriptor_set=none",
        ),
        (
            "names",
            "nested_messages",
            "enable_type_names,type_name_domain=.=type.example.com,descriptor_set=none",
        ),
        (
            "enum_prefix",
            "enums",
            "retain_enum_prefix,descriptor_set=none",
        ),
        (
            "collections",
            "maps",
            "btree_map=.,bytes=.,descriptor_set=none",
        ),
        (
            "attributes",
            "user_service",
            r#"type_attribute=.=#[derive(Eq\, Hash)],message_attribute=GetUserRequest=#[doc(alias = "get")],field_attribute=GetUserRequest.id=#[doc(alias = "key")],client_attribute=.=#[doc(alias = "c")],server_attribute=.=#[doc(alias = "s")],trait_attribute=.=#[doc(alias = "t")],client_mod_attribute=.=#[cfg(any())],server_mod_attribute=user.v1=#[cfg(all())],module_attribute=user.v1=#[doc(hidden)],descriptor_set=none,runtime=false"#,
        ),
        (
            "no_comments",
            "comments",
            "disable_comments=.,descriptor_set=none",
        ),
        (
            "own_well_known_types",
            "well_known_types",
            "compile_well_known_types,client=false,server=false,descriptor_set=none",
        ),
        (
            "renamed",
            "rpc_connect",
            "rename=Connect=dial,descriptor_set=none,server=false",
        ),
    ] {
        let options = Options::parse(parameter).unwrap_or_else(|error| panic!("{name}: {error}"));
        snapshot(&format!("options/{name}"), fixture, &options);
    }
}
