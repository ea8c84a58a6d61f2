//! Names in brackets: `[package.extension]`, and `[host/package.Message]` in an Any.
//!
//! <https://protobuf.dev/reference/protobuf/textformat-spec/#names>. Whitespace between tokens does not count.

use super::super::interpret::Wrong;
use super::Text;

impl Text<'_, '_, '_, '_> {
    /// Name in brackets, which begin here.
    pub(super) fn bracketed_name(&mut self) -> Result<String, Wrong> {
        self.expect("[")?;
        let start = self.at;
        let mut name = String::new();
        while !self.is("]") {
            if !self.text().bytes().all(is_of_url) {
                return self.expected("`]`");
            }
            if self.token().is_none() {
                break;
            }
            name += self.text();
            self.at += 1;
        }
        if let Some(problem) = problem(&name) {
            self.at = start;
            let help = "write `[package.extension]`, or `[type.googleapis.com/package.Message]`";
            return self.wrong(problem, help);
        }
        self.expect("]")?;
        Ok(name)
    }
}

fn is_of_url(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_.~!$&()*+,;=%/".contains(&byte)
}

/// What is wrong with a name whose characters are those of a URL.
fn problem(name: &str) -> Option<String> {
    let (host, path) = match name.rsplit_once('/') {
        Some((host, path)) => (Some(host), path),
        None => (None, name),
    };
    match host {
        Some("") => return Some("the URL of the type has nothing before its `/`".to_owned()),
        Some(host) if host.starts_with('/') => {
            return Some("the URL of the type begins with `/`".to_owned());
        }
        Some(host) => {
            if let Some(wrong) = host.split('%').skip(1).find(|rest| !is_encoded(rest)) {
                return Some(format!("`%{wrong}` is no percent-encoded byte"));
            }
        }
        None => {}
    }
    let part = path.split('.').find(|part| !is_identifier(part))?;
    Some(format!("`{part}` is no identifier in the name of a type"))
}

/// Whether this is what may be behind a `%`: two hexadecimal digits first.
fn is_encoded(rest: &str) -> bool {
    rest.len() >= 2 && rest.bytes().take(2).all(|byte| byte.is_ascii_hexdigit())
}

fn is_identifier(part: &str) -> bool {
    part.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && part
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
