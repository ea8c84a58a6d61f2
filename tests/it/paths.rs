//! Paths in options: each has an effect, or is told, whichever the option is.

use rust_svc_build::{Diagnostic, Input, Options, respond};

use crate::support::{Texts, texts};

/// Something of each kind that a path can be a path of, with a comment each.
const KINDS: &str = r#"syntax = "proto3";
package kinds.v1;
import "other.proto";
// One.
message All {
  // One.
  string name = 1;
  // One.
  bytes photo = 2;
  // One.
  repeated bytes photos = 3;
  // One.
  map<string, bytes> blobs = 4;
  // One.
  map<string, string> labels = 5;
  // One.
  Inner inner = 6;
  // One.
  repeated Inner inners = 7;
  // One.
  Color color = 8;
  // One.
  oneof choice {
    // One.
    string text = 9;
    // One.
    bytes data = 10;
    // One.
    Inner chosen = 11;
  }
  // One.
  optional int32 count = 12;
  other.v1.Other other = 13;
  // One.
  message Inner {
    // One.
    bool on = 1;
  }
  // One.
  enum Size {
    // One.
    SIZE_UNSPECIFIED = 0;
  }
}
// One.
enum Color {
  option allow_alias = true;
  // One.
  COLOR_UNSPECIFIED = 0;
  // One.
  COLOR_RED = 1;
  // One.
  COLOR_CRIMSON = 1;
}
// One.
message Apart {}
// One.
service Things {
  // One.
  rpc Get(All) returns (All);
}
"#;

const OTHER: &str = r#"syntax = "proto3";
package other.v1;
message Other { string name = 1; }
message Unused { bytes data = 1; }
"#;

/// All that is called something in the first file, but for its package.
const PATHS: [&str; 28] = [
    ".kinds.v1.All",
    ".kinds.v1.All.name",
    ".kinds.v1.All.photo",
    ".kinds.v1.All.photos",
    ".kinds.v1.All.blobs",
    ".kinds.v1.All.labels",
    ".kinds.v1.All.inner",
    ".kinds.v1.All.inners",
    ".kinds.v1.All.color",
    ".kinds.v1.All.count",
    ".kinds.v1.All.choice",
    ".kinds.v1.All.text",
    ".kinds.v1.All.data",
    ".kinds.v1.All.chosen",
    ".kinds.v1.All.choice.text",
    ".kinds.v1.All.choice.data",
    ".kinds.v1.All.choice.chosen",
    ".kinds.v1.All.Inner",
    ".kinds.v1.All.Inner.on",
    ".kinds.v1.All.Size",
    ".kinds.v1.All.Size.SIZE_UNSPECIFIED",
    ".kinds.v1.Color",
    ".kinds.v1.Color.COLOR_UNSPECIFIED",
    ".kinds.v1.Color.COLOR_RED",
    ".kinds.v1.Color.COLOR_CRIMSON",
    ".kinds.v1.Apart",
    ".kinds.v1.Things",
    ".kinds.v1.Things.Get",
];

fn input(files: &[(&str, &str)], listed: &[&str]) -> Input {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let protos = listed.iter().map(|name| folder.path().join(name));
    let protos: Vec<_> = protos.collect();
    Input::from_protos(&protos, &[folder.path()]).unwrap()
}

fn kinds() -> Input {
    let files = [("kinds.proto", KINDS), ("other.proto", OTHER)];
    input(&files, &["kinds.proto"])
}

/// What is generated, if anything is, and whether a path is said to have no effect.
fn outcome(input: &Input, options: &[(&str, &str)]) -> (Option<Texts>, Vec<String>) {
    let mut set = Options::default();
    for (key, value) in options {
        set.set(key, value).unwrap();
    }
    let (files, told) = match rust_svc_build::generate(input, &set) {
        Ok(generated) => (Some(texts(&generated.files)), generated.warnings),
        Err(error) => (None, error.diagnostics().to_vec()),
    };
    let told = told.iter().map(Diagnostic::to_line);
    (
        files,
        told.filter(|line| line.contains("has no effect")).collect(),
    )
}

fn told(input: &Input, key: &str, value: &str) -> Vec<String> {
    outcome(input, &[(key, value)]).1
}

/// A value for an option that takes a path.
fn value(shape: &str, path: &str) -> Option<String> {
    Some(match shape {
        "proto path" => path.to_owned(),
        "proto path`=`Rust path" => format!("{path}=::elsewhere::Thing"),
        "proto path`=`Rust name" => format!("{path}=Another"),
        "proto path`=`attribute" => format!("{path}=#[doc(alias = \"x\")]"),
        "proto path`=`text" => format!("{path}=example.com"),
        _ => return None,
    })
}

/// prost-build looks for the field of a map's entry, has no names for oneofs, and boxes what it is told to. That it shows
/// what is secret is told by a warning of its own.
fn is_other_with_prost(key: &str, path: &str) -> bool {
    let others = [
        ("bytes", ".kinds.v1.All.blobs"),
        ("skip_debug", ".kinds.v1.All.choice"),
    ];
    matches!(key, "boxed" | "debug_redact") || others.contains(&(key, path))
}

/// An option with a path, on top of others: the text that is generated differs, or the path is told.
fn check(input: &Input, base: &[(&str, &str)], plain: &Option<Texts>, key: &str, value: &str) {
    let options = [base, &[(key, value)]].concat();
    let (files, told) = outcome(input, &options);
    let is_changed = files != *plain;
    assert!(
        is_changed == told.is_empty() || files.is_none(),
        "{key}={value}: {told:?}"
    );
}

/// What an option is about is said once more, to tell who gets it wrong: it has to be what is generated.
#[test]
fn a_path_of_a_type_changes_something_or_is_told() {
    let input = kinds();
    let no_stubs = ["client", "server", "runtime"].map(|key| (key, "false"));
    for messages in ["svc", "prost"] {
        let more = [("messages", messages), ("enable_type_names", "true")];
        let base = [&no_stubs[..], &more].concat();
        let (plain, _) = outcome(&input, &base);
        // One takes warnings away, and changes no text.
        let options = Options::TABLE.iter();
        let options = options.filter(|option| {
            option.key != "allow_inexact" && !is_of_names(option.key) && !is_of_services(option.key)
        });
        for option in options {
            let is_met = |path: &&str| messages == "svc" || !is_other_with_prost(option.key, path);
            for path in PATHS.into_iter().filter(is_met) {
                let alone = format!("{path}$");
                let end = path.trim_start_matches(".kinds.v1.");
                let is_pattern = !option.shape.contains("Rust");
                for path in &[path, &alone, end][..if is_pattern { 3 } else { 1 }] {
                    if let Some(value) = value(option.shape, path) {
                        check(&input, &base, &plain, option.key, &value);
                    }
                }
            }
        }
    }
}

#[test]
fn a_path_of_anything_changes_something_or_is_told() {
    let input = kinds();
    let (plain, _) = outcome(&input, &[]);
    for option in Options::TABLE {
        // The last are a service and what is around it: with stubs this takes its time.
        let paths = match option.key {
            key if is_of_names(key) => &PATHS[..],
            key if is_of_services(key) => &PATHS[PATHS.len() - 4..],
            _ => continue,
        };
        for path in paths {
            let value = value(option.shape, path).unwrap();
            check(&input, &[], &plain, option.key, &value);
        }
    }
}

fn is_of_names(key: &str) -> bool {
    ["rename", "include", "exclude", "disable_comments"].contains(&key)
}

fn is_of_services(key: &str) -> bool {
    let mut sides = ["server_", "client_", "trait_"].into_iter();
    key.ends_with("_attribute") && sides.any(|side| key.starts_with(side))
}

/// What is wrong with a path, and what to write instead.
#[test]
fn a_path_without_an_effect_is_told_with_the_nearest() {
    let input = kinds();
    for (key, value, expected) in [
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
    ] {
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

/// Types in each other with one name, and a package whose name ends like another.
const SAME: &str = r#"syntax = "proto3";
package same.v1;
message Same {
  Same same = 1;
  message Same {
    oneof same {
      string one = 1;
      bool same_too = 2;
    }
    message Same { int32 same = 1; }
  }
  enum Kind { KIND_UNSPECIFIED = 0; }
}
"#;

/// The lines right below an attribute, each with the modules that it is in.
fn marked(files: &Texts) -> Vec<String> {
    let mut marked = Vec::new();
    for (file, text) in files {
        let mut modules: Vec<(usize, &str)> = Vec::new();
        let mut is_marked = false;
        for line in text.lines() {
            let item = line.trim_start();
            let indent = line.len() - item.len();
            if !item.is_empty() {
                modules.retain(|(outer, _)| *outer < indent);
            }
            if let Some(module) = item.strip_prefix("pub mod ") {
                modules.push((indent, module.trim_end_matches(" {")));
            }
            if item == "#[mark]" {
                is_marked = true;
            } else if is_marked && !item.starts_with('#') && !item.starts_with("///") {
                let path: Vec<_> = modules.iter().map(|(_, module)| *module).collect();
                marked.push(format!("{file} {}: {item}", path.join("::")));
                is_marked = false;
            }
        }
    }
    marked
}

#[test]
fn an_attribute_can_be_for_one_thing_alone() {
    let up = SAME.replace("same.v1", "up.same.v1");
    let input = input(
        &[("same.proto", SAME), ("up.proto", &up)],
        &["same.proto", "up.proto"],
    );
    let (outer, inner) = ("same.v1.rs same: ", "same.v1.rs same::same: ");
    for (option, path, expected) in [
        (
            "type_attribute",
            ".same.v1.Same$",
            "same.v1.rs : pub struct Same {".to_owned(),
        ),
        (
            "type_attribute",
            ".same.v1.Same.Same$",
            format!("{outer}pub struct Same {{"),
        ),
        (
            "message_attribute",
            ".same.v1.Same.Same.Same$",
            format!("{inner}pub struct Same {{"),
        ),
        (
            "type_attribute",
            ".same.v1.Same.Same.same$",
            format!("{inner}pub enum SameOneOf {{"),
        ),
        (
            "oneof_attribute",
            ".same.v1.Same.Same.same",
            format!("{inner}pub enum SameOneOf {{"),
        ),
        (
            "oneof_attribute",
            ".same",
            format!("{inner}pub enum SameOneOf {{"),
        ),
        (
            "enum_attribute",
            ".same.v1.Same.Kind$",
            format!("{outer}pub enum Kind {{"),
        ),
        (
            "field_attribute",
            ".same.v1.Same.same$",
            "same.v1.rs : pub same: ::core::option::Option<same::Same>,".to_owned(),
        ),
        (
            "field_attribute",
            ".same.v1.Same.Same.same$",
            format!("{outer}pub same: ::core::option::Option<same::SameOneOf>,"),
        ),
        (
            "field_attribute",
            ".same.v1.Same.Same.same.one$",
            format!("{inner}One(::prost::alloc::string::String),"),
        ),
        (
            "field_attribute",
            ".same.v1.Same.Same.Same.same$",
            format!("{inner}pub same: i32,"),
        ),
        (
            "field_attribute",
            ".same.v1.Same.Kind.KIND_UNSPECIFIED$",
            format!("{outer}Unspecified = 0,"),
        ),
    ] {
        for messages in ["svc", "prost"] {
            let value = format!("{path}=#[mark]");
            let (files, told) = outcome(&input, &[("messages", messages), (option, &value)]);
            assert_eq!(told, [""; 0], "{option}={value}");
            assert_eq!(
                marked(&files.unwrap()),
                [expected.as_str()],
                "{messages}: {option}={value}"
            );
        }
    }
    // As in prost-build, a path without `$` is one of all that is below as well.
    for messages in ["svc", "prost"] {
        let value = ".same.v1.Same.Same=#[mark]";
        let (files, _) = outcome(&input, &[("messages", messages), ("type_attribute", value)]);
        assert_eq!(marked(&files.unwrap()).len(), 3);
    }
}
