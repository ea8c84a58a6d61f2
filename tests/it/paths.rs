//! Paths in options: each has an effect, or is told, whichever the option is.

use rust_svc_build::{Diagnostic, Input, Options};

use crate::support::{Texts, texts, write};

mod alone;
mod retried;
mod told;

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

/// Everything in the first file that has a name, but for its package.
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
        write(folder.path(), name, text);
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

/// Options to which one more is added, and the text that is generated without it.
struct Base<'a> {
    input: &'a Input,
    options: &'a [(&'a str, &'a str)],
    plain: Option<Texts>,
}

impl<'a> Base<'a> {
    fn new(input: &'a Input, options: &'a [(&'a str, &'a str)]) -> Self {
        let (plain, _) = outcome(input, options);
        Self {
            input,
            options,
            plain,
        }
    }

    /// An option with a path changes the text that is generated, or the path is told.
    fn check(&self, key: &str, value: &str) {
        let options = [self.options, &[(key, value)]].concat();
        let (files, told) = outcome(self.input, &options);
        let is_changed = files != self.plain;
        assert!(
            is_changed == told.is_empty() || files.is_none(),
            "{key}={value}: {told:?}"
        );
    }
}

/// What an option is about is said once more, to tell who gets it wrong: it has to be what is generated.
#[test]
fn a_path_of_a_type_changes_something_or_is_told() {
    let input = kinds();
    let no_stubs = ["client", "server", "runtime"].map(|key| (key, "false"));
    for messages in ["svc", "prost"] {
        let more = [("messages", messages), ("enable_type_names", "true")];
        let options = [&no_stubs[..], &more].concat();
        let base = Base::new(&input, &options);
        // `allow_inexact` takes warnings away, and changes no text.
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
                        base.check(option.key, &value);
                    }
                }
            }
        }
    }
}

#[test]
fn a_path_of_anything_changes_something_or_is_told() {
    let input = kinds();
    let base = Base::new(&input, &[]);
    for option in Options::TABLE {
        // The last are a service and what is around it: with stubs this takes its time.
        let paths = match option.key {
            key if is_of_names(key) => &PATHS[..],
            key if is_of_services(key) => &PATHS[PATHS.len() - 4..],
            _ => continue,
        };
        for path in paths {
            let value = value(option.shape, path).unwrap();
            base.check(option.key, &value);
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
