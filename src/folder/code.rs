//! When two texts are one: what rustfmt, git and editors change is no difference.

use std::borrow::Cow;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use crate::fnv::Fnv;

/// A text with `\n` at the end of each line, as we write it; git may check it out with `\r\n`.
pub(super) fn with_plain_lines(text: &str) -> Cow<'_, str> {
    if text.contains("\r\n") {
        text.replace("\r\n", "\n").into()
    } else {
        text.into()
    }
}

/// Whether a file has what is generated, but for the ends of its lines and, in Rust, formatting.
pub(super) fn is_same(path: &str, old: &str, new: &str) -> bool {
    let (old, new) = (with_plain_lines(old), with_plain_lines(new));
    old == new || path.ends_with(".rs") && is_same_code(&old, &new)
}

/// Whether two sources are the same but for what rustfmt may change: white space, commas at the end
/// of something, the order of `use`s, and braces around what a match arm or a closure comes to.
fn is_same_code(old: &str, new: &str) -> bool {
    // Comments that are no documentation are no tokens: the header at least has to be there.
    old.lines().next() == new.lines().next()
        && SourceCode::read(old)
            .zip(SourceCode::read(new))
            .is_some_and(|(old, new)| old == new)
}

/// The tokens between two brackets, or of a whole file.
#[derive(PartialEq)]
struct SourceCode {
    uses: Vec<String>,
    others: Vec<Token>,
}

#[derive(PartialEq)]
enum Token {
    Plain(String),
    Group(Delimiter, SourceCode),
}

impl SourceCode {
    fn read(text: &str) -> Option<Self> {
        text.parse::<TokenStream>().ok().map(Self::from_tokens)
    }

    fn from_tokens(tokens: TokenStream) -> Self {
        let mut code = Self {
            uses: Vec::new(),
            others: Vec::new(),
        };
        let mut tokens = tokens.into_iter().peekable();
        while let Some(token) = tokens.next() {
            match token {
                TokenTree::Group(group) => code.add_group(group.delimiter(), group.stream()),
                // No two sources of valid code differ in nothing but commas.
                token if token.to_string() == "," => {}
                token if token.to_string() == "use" && !is_captures(tokens.peek()) => {
                    let path = tokens.by_ref().map(|token| token.to_string());
                    code.uses
                        .push(path.take_while(|token| token != ";").collect());
                }
                token => code.others.push(Token::Plain(token.to_string())),
            }
        }
        code.uses.sort();
        code
    }

    fn add_group(&mut self, delimiter: Delimiter, tokens: TokenStream) {
        let inner = Self::from_tokens(tokens);
        let is_body = match self.others.as_slice() {
            [.., Token::Plain(last)] if last == "|" => true,
            [.., Token::Plain(a), Token::Plain(b)] => a == "=" && b == ">",
            _ => false,
        };
        if delimiter == Delimiter::Brace && is_body {
            self.others.extend(inner.others)
        } else {
            self.others.push(Token::Group(delimiter, inner))
        }
    }
}

/// Whether what comes after a `use` makes it one of `impl Trait + use<'_, T>`.
fn is_captures(next: Option<&TokenTree>) -> bool {
    next.is_some_and(|next| next.to_string() == "<")
}

/// A number for a text that formatting leaves as it is, and that an edit changes.
///
/// Spaces, commas and braces do not count, nor does the order of `use`s.
pub(super) fn fingerprint(text: &str) -> u64 {
    let mut code = Fnv::new();
    let mut uses = 0_u64;
    for line in text.lines().map(str::trim) {
        if line.starts_with("use ") || line.starts_with("pub use ") {
            let mut hash = Fnv::new();
            add_line(&mut hash, line);
            uses = uses.wrapping_add(hash.finish());
        } else {
            add_line(&mut code, line);
        }
    }
    code.finish().wrapping_add(uses)
}

fn add_line(hash: &mut Fnv, line: &str) {
    let is_kept = |c: &char| !c.is_whitespace() && !matches!(c, ',' | '{' | '}');
    let mut buffer = [0; 4];
    for c in line.chars().filter(is_kept) {
        hash.add(c.encode_utf8(&mut buffer).as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::{fingerprint, is_same, is_same_code};

    #[test]
    fn line_ends_are_no_change() {
        let ours = "// header\nb\"\\\nab\\\ncd\"\n";
        let theirs = ours.replace('\n', "\r\n");
        assert!(is_same("mod-descriptor-set.rs", &theirs, ours));
        assert!(is_same("errors.md", "# A\r\n", "# A\n"));
        assert!(!is_same("errors.md", "# A\r\n", "# B\n"));
        assert_eq!(fingerprint(&theirs), fingerprint(ours));
    }

    #[test]
    fn a_fingerprint_is_of_what_is_said() {
        let ours = "// header\nuse a::C;\nuse b::*;\nfn a(b: u8, c: u8) { d(|e| f) }\n";
        let formatted = "// header\r\nuse b::*;\nuse a::C;\nfn a(\n    b: u8,\n    c: u8,\n) {\n    d(|e| { f })\n}\n";
        assert_eq!(fingerprint(formatted), fingerprint(ours));
        for edit in [
            ours.replace("f)", "g)"),
            ours.replace("b: u8, c: u8", "c: u8, b: u8"),
            format!("{ours}// by hand\n"),
        ] {
            assert_ne!(fingerprint(&edit), fingerprint(ours), "{edit}");
        }
    }

    #[test]
    fn formatting_is_no_change() {
        let ours = "// header\nfn a(b: u8, c: u8) { d([1, 2]) }";
        assert!(is_same_code(
            "\nuse b::*;\nuse a::C;\n",
            "\nuse a::C; use b::*;"
        ));
        for (other, is_same) in [
            (
                "// header\nfn a(\n    b: u8,\n    c: u8,\n) {\n    d([1, 2,])\n}\n",
                true,
            ),
            ("// other\nfn a(b: u8, c: u8) { d([1, 2]) }", false),
            ("// header\nfn a(b: u8, c: u8) { d([1, 3]) }", false),
            ("// header\nfn a(b: u8, d: u8) { d([1, 2]) }", false),
            ("// header\nfn a(b: u8, c: u8) { d([1, 2])", false),
        ] {
            assert_eq!(is_same_code(other, ours), is_same, "{other}");
        }
        let ours = "\nfn a<T>() -> impl B + use<T> { c(|d| e(d)) }";
        for (other, is_same) in [
            ("\nfn a<T>() -> impl B + use<T> { c(|d| { e(d) }) }", true),
            ("\nfn a<T>() -> impl B + use<T> { c(|d| f(d)) }", false),
        ] {
            assert_eq!(is_same_code(other, ours), is_same, "{other}");
        }
    }
}
