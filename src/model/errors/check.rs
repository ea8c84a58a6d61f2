//! Rules of names: AIP-193 for reasons and keys, gRPC and HTTP for trailers.

use super::reading::{At, Reading};

/// Trailers that gRPC, HTTP/2 or tonic set themselves.
const RESERVED: [&str; 9] = [
    "connection",
    "content-length",
    "content-type",
    "date",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
];

impl Reading<'_> {
    /// `[A-Z][A-Z0-9_]+[A-Z0-9]`, up to 63 characters: <https://google.aip.dev/193#errorinfo>.
    pub(super) fn check_reason(&mut self, at: &At<'_>, reason: &str, text: &str) {
        let bytes = reason.as_bytes();
        let is_known = |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
        let is_right = (3..=63).contains(&bytes.len())
            && bytes[0].is_ascii_uppercase()
            && bytes.last().is_some_and(is_known)
            && bytes.iter().all(|byte| is_known(byte) || *byte == b'_');
        if !is_right {
            let message = format!("`{reason}` is not the reason of an error");
            let help = "AIP-193 has `[A-Z][A-Z0-9_]+[A-Z0-9]` with up to 63 characters, such as `USER_NOT_FOUND`: rename the value, or choose a `reason`";
            self.problem(at, text, message, help);
        }
    }

    /// `[a-z][a-zA-Z0-9-_]+`, up to 64 characters.
    pub(super) fn check_key(&mut self, at: &At<'_>, name: &str, text: &str) {
        let bytes = name.as_bytes();
        let is_known = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        let is_right = (2..=64).contains(&bytes.len())
            && bytes[0].is_ascii_lowercase()
            && bytes.iter().all(is_known);
        if !is_right {
            let message = format!("`{name}` is not the name of a placeholder");
            let help = match name.split_once(':') {
                Some((name, _)) => format!(
                    "say what `{name}` is in `placeholders: {{name: \"{name}\" type: INT64}}`"
                ),
                None => "it is a key of metadata as well, and AIP-193 has `[a-z][a-zA-Z0-9-_]+` with up to 64 characters for those; a brace itself is `{{` or `}}`".to_owned(),
            };
            self.problem(at, text, message, help);
        }
    }

    pub(super) fn check_trailer(&mut self, at: &At<'_>, key: &str) {
        if key.is_empty() {
            let help = "give it one, such as `key: \"field\"`";
            self.problem(at, "", "a trailer has no key", help);
        } else if let Some((what, help)) = what_is_wrong(key) {
            self.problem(at, key, format!("the trailer `{key}` {what}"), help);
        }
    }
}

fn what_is_wrong(key: &str) -> Option<(&'static str, String)> {
    let is_known = |byte: u8| {
        byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_' | b'.')
    };
    if key.starts_with("grpc-") || RESERVED.contains(&key) {
        let help = format!("choose another key, such as `x-{key}`");
        return Some(("is one that gRPC or HTTP use themselves", help));
    }
    if let Some(stem) = key.strip_suffix("-bin") {
        let help =
            format!("values here are text, call it `{stem}`: what is binary goes into `details`");
        return Some(("would be binary, as all are that end in `-bin`", help));
    }
    if !key.bytes().all(is_known) {
        let lower = key.to_ascii_lowercase();
        let help = if lower.bytes().all(is_known) {
            format!("write `{lower}`")
        } else {
            "keys have lower case letters, digits, `-`, `_` and `.`".to_owned()
        };
        return Some(("is not the key of metadata", help));
    }
    None
}
