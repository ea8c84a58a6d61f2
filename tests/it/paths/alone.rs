//! An attribute can be for one thing alone, whatever else has a name like it.

use super::{input, outcome};
use crate::support::Texts;

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

/// An option, a path in [`SAME`], and the line that gets the attribute.
const ALONE: &[(&str, &str, &str)] = &[
    (
        "type_attribute",
        ".same.v1.Same$",
        "same.v1.rs : pub struct Same {",
    ),
    (
        "type_attribute",
        ".same.v1.Same.Same$",
        "same.v1.rs same: pub struct Same {",
    ),
    (
        "message_attribute",
        ".same.v1.Same.Same.Same$",
        "same.v1.rs same::same: pub struct Same {",
    ),
    (
        "type_attribute",
        ".same.v1.Same.Same.same$",
        "same.v1.rs same::same: pub enum SameOneOf {",
    ),
    (
        "oneof_attribute",
        ".same.v1.Same.Same.same",
        "same.v1.rs same::same: pub enum SameOneOf {",
    ),
    (
        "oneof_attribute",
        ".same",
        "same.v1.rs same::same: pub enum SameOneOf {",
    ),
    (
        "enum_attribute",
        ".same.v1.Same.Kind$",
        "same.v1.rs same: pub enum Kind {",
    ),
    (
        "field_attribute",
        ".same.v1.Same.same$",
        "same.v1.rs : pub same: ::core::option::Option<same::Same>,",
    ),
    (
        "field_attribute",
        ".same.v1.Same.Same.same$",
        "same.v1.rs same: pub same: ::core::option::Option<same::SameOneOf>,",
    ),
    (
        "field_attribute",
        ".same.v1.Same.Same.same.one$",
        "same.v1.rs same::same: One(::prost::alloc::string::String),",
    ),
    (
        "field_attribute",
        ".same.v1.Same.Same.Same.same$",
        "same.v1.rs same::same: pub same: i32,",
    ),
    (
        "field_attribute",
        ".same.v1.Same.Kind.KIND_UNSPECIFIED$",
        "same.v1.rs same: Unspecified = 0,",
    ),
];

#[test]
fn an_attribute_can_be_for_one_thing_alone() {
    let up = SAME.replace("same.v1", "up.same.v1");
    let input = input(
        &[("same.proto", SAME), ("up.proto", &up)],
        &["same.proto", "up.proto"],
    );
    for &(option, path, expected) in ALONE {
        for messages in ["svc", "prost"] {
            let value = format!("{path}=#[mark]");
            let (files, told) = outcome(&input, &[("messages", messages), (option, &value)]);
            assert_eq!(told, [""; 0], "{option}={value}");
            assert_eq!(
                marked(&files.unwrap()),
                [expected],
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
