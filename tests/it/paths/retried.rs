//! `allow_retry` changes no text: its effect is a warning that is not there.

use rust_svc_build::{Diagnostic, Options};

use super::input;

/// An rpc that is told, one that is idempotent, and one whose calls are not sent again.
const RETRIES: &str = r#"syntax = "proto3";
package retries.v1;
import "rust_svc/v1/options.proto";
message Message {}
service Things {
  rpc Post(Message) returns (Message) {
    option (rust_svc.v1.method).hedging.max_attempts = 2;
  }
  rpc Put(Message) returns (Message) {
    option idempotency_level = IDEMPOTENT;
    option (rust_svc.v1.method).hedging.max_attempts = 2;
  }
  rpc Get(Message) returns (Message);
}
service Others {
  rpc Get(Message) returns (Message) {
    option (rust_svc.v1.method).hedging.max_attempts = 2;
  }
}
"#;

/// The rpcs that are told to be sent again, and what is said of paths.
fn told(path: Option<&str>) -> (Vec<String>, Vec<String>) {
    let input = input(&[("retries.proto", RETRIES)], &["retries.proto"]);
    let mut options = Options::default();
    if let Some(path) = path {
        options.set("allow_retry", path).unwrap();
    }
    let warnings = rust_svc_build::generate(&input, &options).unwrap().warnings;
    let messages: Vec<_> = warnings.iter().map(Diagnostic::to_line).collect();
    let rpcs = messages.iter().filter_map(|message| {
        let (_, rest) = message.split_once("policy sends calls of `retries.v1.")?;
        Some(rest.split_once('`')?.0.to_owned())
    });
    let of_paths = messages
        .iter()
        .filter(|message| message.contains("has no effect"));
    (rpcs.collect(), of_paths.cloned().collect())
}

#[test]
fn a_path_of_allow_retry_silences_something_or_is_told() {
    assert_eq!(told(None).0, ["Things.Post", "Others.Get"]);
    for (path, left) in [
        (".", &[][..]),
        (".retries.v1", &[]),
        (".retries.v1.Things", &["Others.Get"]),
        (".retries.v1.Things.Post", &["Others.Get"]),
        (".retries.v1.Things.Post$", &["Others.Get"]),
        ("Things.Post", &["Others.Get"]),
        ("Get", &["Things.Post"]),
        (".retries.v1.Others", &["Things.Post"]),
    ] {
        let (rpcs, of_paths) = told(Some(path));
        assert_eq!(
            (rpcs, of_paths),
            (
                left.iter().map(|rpc| (*rpc).to_owned()).collect(),
                Vec::new()
            ),
            "{path}"
        );
    }
    for (path, expected) in [
        (
            ".retries.v1.Things.Put",
            "it is for rpcs with a retry or hedging policy and without an `idempotency_level`, and `.retries.v1.Things.Put` is an rpc",
        ),
        (
            ".retries.v1.Things.Get",
            "`.retries.v1.Things.Get` is an rpc",
        ),
        (".retries.v1.Things$", "`.retries.v1.Things` is a service"),
        (
            ".retries.v1.Message",
            "there are none in the message `.retries.v1.Message`",
        ),
        (
            ".retries.v1.Things.Pst",
            "did you mean `.retries.v1.Things.Post`?",
        ),
        ("Things.Put", "`.retries.v1.Things.Put` is an rpc"),
    ] {
        let (rpcs, of_paths) = told(Some(path));
        assert_eq!(rpcs, ["Things.Post", "Others.Get"], "{path}");
        assert!(
            of_paths.len() == 1 && of_paths[0].contains(expected),
            "{path}: {of_paths:?}"
        );
    }
}
