//! What is said of a path that has no effect, and when nothing is said.

use rust_svc_build::{Diagnostic, Input, Options, respond};

use super::{kinds, outcome, value};

fn told(input: &Input, key: &str, value: &str) -> Vec<String> {
    outcome(input, &[(key, value)]).1
}

/// An option, a value whose path has no effect, and a part of the warning.
const WITHOUT_EFFECT: &[(&str, &str, &str)] = &[
    (
        "bytes",
        ".kinds.v1.All.foto",
        "did you mean `.kinds.v1.All.photo`?",
    ),
    ("bytes", "All.foto", "did you mean `All.photo`?"),
    ("bytes", "kinds.v1", "`.kinds.v1`, with a dot before it"),
    (
        "bytes",
        ".kinds.v1.All.name",
        "`.kinds.v1.All.name` is a `string` field",
    ),
    (
        "bytes",
        ".kinds.v1.All.Inner",
        "none in the message `.kinds.v1.All.Inner`",
    ),
    ("btree_map", ".kinds.v1.All.photos", "is a list of `bytes`"),
    ("boxed", "All.count", "is a `int32` field"),
    (
        "skip_debug",
        ".kinds.v1.Colour",
        "did you mean `.kinds.v1.Color`?",
    ),
    (
        "disable_comments",
        ".kinds.v1.All.choice.text",
        "did you mean `.kinds.v1.All.text`?",
    ),
    ("allow_inexact", ".kinds.v1.Things", "is a service"),
    (
        "type_attribute",
        ".kinds.v1.Al=#[a]",
        "did you mean `.kinds.v1.All`?",
    ),
    (
        "type_attribute",
        ".kinds.v1.Al$=#[a]",
        "did you mean `.kinds.v1.All$`?",
    ),
    (
        "type_attribute",
        ".kinds.v1.All.name=#[a]",
        "for a `string` field there is `field_attribute`",
    ),
    (
        "message_attribute",
        ".kinds.v1.Color=#[a]",
        "for an enum there is `type_attribute`, `enum_attribute`",
    ),
    (
        "enum_attribute",
        ".kinds.v1.Apart=#[a]",
        "there are none in the message `.kinds.v1.Apart`",
    ),
    (
        "oneof_attribute",
        "All.choise=#[a]",
        "did you mean `All.choice`?",
    ),
    (
        "field_attribute",
        ".kinds.v1.All.text=#[a]",
        "did you mean `.kinds.v1.All.choice.text`?",
    ),
    (
        "server_attribute",
        "kinds.v1.Thing=#[a]",
        "did you mean `kinds.v1.Things`?",
    ),
    (
        "client_mod_attribute",
        ".kinds.v1.Things.Get=#[a]",
        "is an rpc",
    ),
    (
        "module_attribute",
        "kind.v1=#[a]",
        "did you mean `kinds.v1`?",
    ),
    (
        "type_name_domain",
        ".kinds.v1.Color=x",
        "it is for messages",
    ),
    ("extern_path", "kinds.v1=::x", "did you mean `.kinds.v1`?"),
    (
        "extern_path",
        ".kinds.v1.Colr=::x",
        "did you mean `.kinds.v1.Color`?",
    ),
    ("extern_path", ".kind.v1=::x", "did you mean `.kinds.v1`?"),
    (
        "rename",
        ".other.v1.Othr=X",
        "did you mean `.other.v1.Other`?",
    ),
    (
        "rename",
        "kinds.v1.All.foto=x",
        "did you mean `kinds.v1.All.photo`?",
    ),
    (
        "rename",
        ".kinds.v1.Color.COLOR_CRIMSON=X",
        "an alias of a value",
    ),
    (
        "rename_module",
        ".kinds.v1.Apart=x",
        "messages with nested types or oneofs",
    ),
    (
        "include",
        "kinds.v1.Thing",
        "did you mean `kinds.v1.Things`?",
    ),
    ("exclude", ".kinds.v1.All.Inner", "is a nested message"),
];

/// Says what is wrong with a path, and what to write instead.
#[test]
fn a_path_without_an_effect_is_told_with_the_nearest() {
    let input = kinds();
    for &(key, value, expected) in WITHOUT_EFFECT {
        let told = told(&input, key, value);
        assert!(
            told.len() == 1 && told[0].contains(expected),
            "{key}={value}: {told:?}"
        );
        let path = value.split('=').next().unwrap();
        let said = format!("option `{key}={path}` has no effect: ");
        assert!(told[0].contains(&said), "{key}={value}: {told:?}");
    }
}

/// What is said of a whole package is no mistake, nor is what is said of other files.
#[test]
fn no_path_is_told_without_a_reason() {
    let input = kinds();
    for option in Options::TABLE {
        let paths: &[&str] = match option.shape {
            "proto path`=`Rust path" => &[
                ".google.rpc",
                ".other.v2",
                ".google.protobuf",
                ".google.protobuf.Timestamp",
                ".other.v1.Unused",
            ],
            "proto path`=`Rust name" => &[".other.v1"],
            _ if option.key == "include" || option.key == "exclude" => &[".other.v1"],
            _ => &[".", ".other", ".other.v1", ".kinds.v1"],
        };
        for path in paths {
            if option.key == "rename_module" {
                continue;
            }
            if let Some(value) = value(option.shape, path) {
                assert_eq!(
                    told(&input, option.key, &value),
                    [""; 0],
                    "{}={value}",
                    option.key
                );
            }
        }
    }
    assert_eq!(told(&input, "bytes", ".other.v1.Unused.data"), [""; 0]);
}

/// buf runs a plugin once for each folder, with the same options: a run knows nothing of the others' packages.
#[test]
fn a_run_for_a_part_of_the_tree_knows_its_own_packages() {
    let request = crate::support::fixture("several_packages").request("buf");
    let told = |parameter: &str| {
        let bytes = prost::Message::encode_to_vec(&request.clone().with(parameter));
        let response = respond(&bytes).unwrap();
        assert_eq!(request.clone().with(parameter).respond().error, None);
        response
            .warnings
            .iter()
            .map(Diagnostic::to_line)
            .collect::<Vec<_>>()
    };
    let elsewhere = "bytes=.elsewhere.v1.Thing.data,bytes=Thing.data,rename=.elsewhere.v1.Thing=X";
    assert_eq!(told(&format!("module_tree=false,{elsewhere}")), [""; 0]);
    assert_eq!(told(elsewhere).len(), 3);
    let own = told("module_tree=false,bytes=.a.v1.Secnd");
    assert!(
        own.len() == 1 && own[0].contains("did you mean `.a.v1.Second`"),
        "{own:?}"
    );
}
