//! The one door through which texts of protos become Rust source: comments, strings, bytes.
//!
//! rustc refuses a bare carriage return in a doc comment, and by `text_direction_codepoint_in_comment` and
//! `_in_literal` what turns the direction of text. A comment has such characters taken out, a literal
//! has them escaped.

/// A text as it can stand in comments, line breaks included: without control characters, tabs as spaces, since
/// clippy has `tabs_in_doc_comments`.
pub(crate) fn printable(text: &str) -> String {
    let mut printable = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => printable.push(c),
            '\t' => printable.push_str("    "),
            _ if c.is_control() || turns_direction(c) => {}
            _ => printable.push(c),
        }
    }
    printable
}

/// A text as it can stand in one line of a comment: what would break the line is a space.
pub(crate) fn line(text: &str) -> String {
    let breaks = [
        '\r', '\n', '\t', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}',
    ];
    printable(&text.replace("\r\n", " ").replace(breaks, " "))
}

/// A text as code in one line of Markdown.
pub(crate) fn code(text: &str) -> String {
    let text = line(text);
    let text = text.trim();
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    // Code with a backtick at an end of it stands apart from its own.
    let space = if longest > 0 { " " } else { "" };
    let fence = "`".repeat(longest + 1);
    format!("{fence}{space}{text}{space}{fence}")
}

/// A string literal.
pub(crate) fn literal(text: &str) -> String {
    // It escapes all that is not printable, and so all that `printable` takes away.
    format!("{text:?}")
}

/// A byte string literal.
pub(crate) fn bytes(bytes: &[u8]) -> String {
    format!("b\"{}\"", bytes.escape_ascii())
}

/// Whether a character decides on which side those behind it stand.
pub(crate) fn turns_direction(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: &str = "a\r\nb\rc\0\u{202e}d\u{2066}*/ {}\"'\\`\n\te\u{200b}";

    #[test]
    fn nothing_that_rustc_refuses_is_left() {
        assert_eq!(printable(HOSTILE), "a\nbcd*/ {}\"'\\`\n    e\u{200b}");
        assert_eq!(line(HOSTILE), "a b cd*/ {}\"'\\`  e\u{200b}");
        assert_eq!(
            literal(HOSTILE),
            r#""a\r\nb\rc\0\u{202e}d\u{2066}*/ {}\"'\\`\n\te\u{200b}""#
        );
        assert_eq!(bytes("\r\u{202e}\"".as_bytes()), r#"b"\r\xe2\x80\xae\"""#);
    }

    #[test]
    fn literals_say_what_the_text_says() {
        let read: syn::LitStr = syn::parse_str(&literal(HOSTILE)).unwrap();
        assert_eq!(read.value(), HOSTILE);
        let read: syn::LitByteStr = syn::parse_str(&bytes(HOSTILE.as_bytes())).unwrap();
        assert_eq!(read.value(), HOSTILE.as_bytes());
    }

    #[test]
    fn code_has_a_fence_that_its_text_has_not() {
        assert_eq!(code("a\rb"), "`a b`");
        assert_eq!(code("a`b``"), "``` a`b`` ```");
        assert_eq!(code(""), "``");
    }
}
