//! The protos that we carry are those that everybody else has.

use std::collections::BTreeMap;
use std::path::PathBuf;

use prost::Message as _;
use prost_types::{FileDescriptorProto, FileDescriptorSet};
use rust_svc_build::{Input, Options};

use crate::support::{fixture, skip};

/// What a file declares: no positions, no options of languages, no name of the file.
fn declarations(file: &FileDescriptorProto) -> FileDescriptorProto {
    let mut file = file.clone();
    file.name = None;
    file.options = None;
    file.source_code_info = None;
    // The files that it imports may lie elsewhere too.
    for import in &mut file.dependency {
        *import = import.rsplit('/').next().unwrap_or_default().to_owned();
    }
    file
}

/// Everything we carry, linked by us.
fn carried() -> BTreeMap<String, FileDescriptorProto> {
    let root = crate::support::root().join("proto");
    let input = Input::from_protos(&[&root], &[&root]).unwrap();
    let generated = rust_svc_build::generate(&input, &Options::default()).unwrap();
    let set = generated
        .files
        .get("mod-descriptor-set.rs")
        .expect("the encoded descriptors");
    let literal = set.split_once("b\"").expect("a byte string").1;
    let bytes = read_literal(literal);
    let set = FileDescriptorSet::decode(bytes.as_slice()).unwrap();
    set.file
        .into_iter()
        .map(|file| (file.name().to_owned(), file))
        .collect()
}

/// The bytes of a literal as we write it.
fn read_literal(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes().peekable();
    while let Some(byte) = rest.next() {
        let byte = match byte {
            b'"' => break,
            b'\\' => match rest.next().expect("an escape") {
                b'\n' => continue,
                b'n' => b'\n',
                b'r' => b'\r',
                b't' => b'\t',
                b'x' => {
                    let digits = [rest.next().unwrap(), rest.next().unwrap()];
                    u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap()
                }
                other => other,
            },
            byte => byte,
        };
        bytes.push(byte);
    }
    bytes
}

fn assert_carried(carried: &BTreeMap<String, FileDescriptorProto>, name: &str, theirs: &[u8]) {
    let set = FileDescriptorSet::decode(theirs).unwrap();
    let base = name.rsplit('/').next().unwrap();
    let theirs = set
        .file
        .iter()
        .find(|file| file.name().ends_with(base))
        .expect("they have it");
    assert_eq!(declarations(&carried[name]), declarations(theirs), "{name}");
}

#[test]
fn status_details_and_health_are_those_of_tonic() {
    let carried = carried();
    assert_carried(
        &carried,
        "google/rpc/status.proto",
        tonic_types::pb::FILE_DESCRIPTOR_SET,
    );
    assert_carried(
        &carried,
        "google/rpc/error_details.proto",
        tonic_types::pb::FILE_DESCRIPTOR_SET,
    );
    assert_carried(
        &carried,
        "grpc/health/v1/health.proto",
        tonic_health::pb::FILE_DESCRIPTOR_SET,
    );
}

#[test]
fn the_others_are_those_of_googleapis() {
    const NAME: &str = "the_others_are_those_of_googleapis";
    let Some(corpora) = std::env::var_os("RUST_SVC_CORPORA").map(PathBuf::from) else {
        return skip(NAME, "RUST_SVC_CORPORA names no folder of proto trees");
    };
    let carried = carried();
    let names =
        ["annotations", "http", "field_behavior"].map(|name| format!("google/api/{name}.proto"));
    for name in names
        .iter()
        .map(String::as_str)
        .chain(["google/rpc/code.proto"])
    {
        let theirs = protox::compile([name], [corpora.join("googleapis")]).unwrap();
        assert_carried(&carried, name, &theirs.encode_to_vec());
    }
}

/// A custom option is in the method descriptor, on all ways; `same_bytes` holds the ways together.
#[test]
fn a_custom_option_reaches_the_method_descriptor() {
    let generated = fixture("custom_options").generate(&Options::default());
    let text = generated
        .files
        .get("custom_options.v1.rs")
        .expect("the package");
    // rust_svc.v1.method = { label: "labelled" }
    assert!(
        text.contains(r#"b"\x8A\xEE\x16\n\n\x08labelled""#),
        "{text}"
    );
}

/// A file of the user's goes before ours.
#[test]
fn a_file_in_the_includes_wins() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(folder.path().join("google/rpc")).unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write(
        "google/rpc/status.proto",
        "syntax = \"proto3\"; package google.rpc; message Status { string mine = 1; }",
    );
    write(
        "a.proto",
        "syntax = \"proto3\"; import \"google/rpc/status.proto\"; message A { google.rpc.Status s = 1; }",
    );
    let input = Input::from_protos(&["a.proto"], &[folder.path()]);
    let input = input.unwrap();
    let generated = rust_svc_build::generate(&input, &Options::default()).unwrap();
    assert!(
        generated
            .files
            .get("google.rpc.rs")
            .is_some_and(|text| text.contains("pub mine"))
    );
}

/// One import of annotations costs nothing, and what is reached is there.
#[test]
fn only_what_is_reached_is_generated() {
    let paths = |name: &str| {
        let generated = fixture(name).generate(&Options::default());
        generated
            .files
            .iter()
            .map(|(path, _)| path.to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        paths("trap_26_imports"),
        [
            "annotations_import.v1.rs",
            "mod-descriptor-set.rs",
            "mod.rs"
        ]
    );
    let reached = fixture("reached_import").generate(&Options::default());
    let rpc = reached
        .files
        .get("google.rpc.rs")
        .expect("google.rpc is reached");
    assert!(rpc.contains("pub struct Status") && rpc.contains("pub struct QuotaFailure"));
    assert!(!rpc.contains("pub struct BadRequest"), "nothing reaches it");
    let health = reached.files.get("grpc.health.v1.rs").expect("is reached");
    assert!(
        !health.contains("health_client"),
        "a service is not reached by its messages"
    );
}

#[test]
fn include_and_exclude_choose_packages_services_and_types() {
    let generate = |parameter: &str| {
        let input = fixture("several_packages").input().unwrap();
        rust_svc_build::generate(&input, &Options::parse(parameter).unwrap())
    };
    let paths = |parameter: &str| {
        let generated = generate(parameter).unwrap();
        let paths = generated.files.iter().map(|(path, _)| path.to_owned());
        paths
            .filter(|path| !path.starts_with("mod"))
            .collect::<Vec<_>>()
    };
    assert_eq!(paths("include=c"), ["c.rs"]);
    assert_eq!(paths("include=.a.v1.b.Inner"), ["a.v1.b.rs", "c.rs"]);
    let service = generate("include=a.v1.Both").unwrap();
    let text = service.files.get("a.v1.rs").unwrap();
    assert!(text.contains("pub mod both_server") && text.contains("pub struct Second"));
    assert!(
        !service
            .files
            .get("c.rs")
            .unwrap()
            .contains("commons_client")
    );
    assert_eq!(
        paths("exclude=.a.v1.Both,exclude=.a.v1.First,exclude=c.Commons"),
        ["a.v1.b.rs", "a.v1.rs", "c.rs"]
    );
    let error = generate("exclude=c").unwrap_err();
    assert!(
        error
            .to_string()
            .contains("extern_path=.c.Common=::some::Path"),
        "{error}"
    );
    assert_eq!(
        paths("exclude=c,extern_path=.c=::shared"),
        ["a.v1.b.rs", "a.v1.rs"]
    );
}
