//! JSON with the place of each value: RFC 8259, and nothing beyond it. A crate for it would be in every user's build.

use std::collections::BTreeSet;

use rust_svc_compiler::Source;

use crate::diagnostics::{Diagnostic, Place};

/// A value, and the bytes where it stands.
pub(super) struct Value {
    pub(super) kind: Kind,
    pub(super) span: Span,
}

/// Offsets of the first byte and of the one behind the last.
#[derive(Clone, Copy)]
pub(super) struct Span {
    start: u32,
    end: u32,
}

pub(super) enum Kind {
    Null,
    Bool(bool),
    /// As it is written.
    Number(String),
    Text(String),
    List(Vec<Value>),
    Object(Vec<Member>),
}

pub(super) struct Member {
    pub(super) key: String,
    pub(super) key_span: Span,
    pub(super) value: Value,
}

impl Value {
    pub(super) fn is_empty_list(&self) -> bool {
        matches!(&self.kind, Kind::List(values) if values.is_empty())
    }
}

impl Kind {
    /// The kind in words, with an article.
    pub(super) fn text(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a bool",
            Self::Number(_) => "a number",
            Self::Text(_) => "a string",
            Self::List(_) => "a list",
            Self::Object(_) => "an object",
        }
    }
}

impl Span {
    pub(super) fn place(self, source: &Source) -> Place {
        source.place(self.start, self.end)
    }
}

/// Values in each other are as many at most.
const DEEPEST: usize = 32;

/// Reads the only value of a text.
///
/// # Errors
///
/// The first mistake in the text.
pub(super) fn parse(source: &Source) -> Result<Value, Diagnostic> {
    let mut parser = Parser {
        bytes: source.bytes(),
        at: 0,
        depth: 0,
    };
    if parser.bytes.starts_with("\u{feff}".as_bytes()) {
        parser.at = 3;
    }
    let parsed = parser.value().and_then(|value| {
        parser.space();
        match parser.peek() {
            None => Ok(value),
            Some(_) => Err(parser.unexpected("the end of the file")),
        }
    });
    parsed.map_err(|mistake| {
        let place = mistake.span.place(source);
        let error = Diagnostic::error(mistake.message).with_label(place, "");
        error.with_help(mistake.help)
    })
}

struct Mistake {
    span: Span,
    message: String,
    help: &'static str,
}

struct Parser<'a> {
    bytes: &'a [u8],
    at: usize,
    depth: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// Takes a byte if it is the next one.
    fn take(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == Some(byte);
        self.at += usize::from(is_next);
        is_next
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn span(&self, start: usize) -> Span {
        let [start, end] = [start, self.at].map(|offset| offset as u32);
        Span { start, end }
    }

    fn mistake(&self, start: usize, message: impl Into<String>, help: &'static str) -> Mistake {
        Mistake {
            span: self.span(start),
            message: message.into(),
            help,
        }
    }

    /// Something else stands here, or nothing.
    fn unexpected(&mut self, expected: &str) -> Mistake {
        let start = self.at;
        let rest = String::from_utf8_lossy(&self.bytes[start..]);
        let Some(found) = rest.chars().next() else {
            let message = format!("expected {expected}, and the file ends");
            return self.mistake(start, message, "close what is open");
        };
        self.at += found.len_utf8().min(self.bytes.len() - start);
        let help = match found {
            '/' | '#' => "JSON has no comments: leave them out",
            '\'' => "JSON has strings in double quotes",
            '}' | ']' => "remove the comma before it, if there is one",
            '"' => "put a comma between two members, and a colon between key and value",
            _ => "a service config is JSON: https://grpc.io/docs/guides/service-config",
        };
        let message = format!("expected {expected}, and found `{found}`");
        self.mistake(start, message, help)
    }

    fn value(&mut self) -> Result<Value, Mistake> {
        self.space();
        let start = self.at;
        let kind = match self.peek() {
            Some(b'{') => self.nested(Self::object)?,
            Some(b'[') => self.nested(Self::list)?,
            Some(b'"') => Kind::Text(self.text()?),
            Some(b'-' | b'0'..=b'9') => Kind::Number(self.number()?),
            Some(byte) if byte.is_ascii_alphabetic() => self.word()?,
            _ => return Err(self.unexpected("a value")),
        };
        let span = self.span(start);
        Ok(Value { kind, span })
    }

    fn nested(&mut self, read: fn(&mut Self) -> Result<Kind, Mistake>) -> Result<Kind, Mistake> {
        let start = self.at;
        self.at += 1;
        self.depth += 1;
        if self.depth > DEEPEST {
            let message = format!("more than {DEEPEST} lists and objects are in each other");
            return Err(self.mistake(start, message, "a service config has five"));
        }
        let kind = read(self)?;
        self.depth -= 1;
        Ok(kind)
    }

    fn list(&mut self) -> Result<Kind, Mistake> {
        let mut values = Vec::new();
        self.elements(b']', "`,` or `]`", |reader| {
            values.push(reader.value()?);
            Ok(())
        })?;
        Ok(Kind::List(values))
    }

    fn object(&mut self) -> Result<Kind, Mistake> {
        let mut members: Vec<Member> = Vec::new();
        let mut keys = BTreeSet::new();
        self.elements(b'}', "`,` or `}`", |reader| {
            let member = reader.member()?;
            if !keys.insert(member.key.clone()) {
                return Err(Mistake {
                    span: member.key_span,
                    message: format!("the key `{}` is there twice", member.key),
                    help: "leave out one of them",
                });
            }
            members.push(member);
            Ok(())
        })?;
        Ok(Kind::Object(members))
    }

    /// Reads elements with commas between them, up to the closing bracket.
    fn elements(
        &mut self,
        close: u8,
        expected: &str,
        mut read: impl FnMut(&mut Self) -> Result<(), Mistake>,
    ) -> Result<(), Mistake> {
        self.space();
        if self.take(close) {
            return Ok(());
        }
        loop {
            read(self)?;
            self.space();
            if self.take(close) {
                return Ok(());
            }
            if !self.take(b',') {
                return Err(self.unexpected(expected));
            }
        }
    }

    fn member(&mut self) -> Result<Member, Mistake> {
        self.space();
        let start = self.at;
        if self.peek() != Some(b'"') {
            return Err(self.unexpected("a key in double quotes"));
        }
        let key = self.text()?;
        let key_span = self.span(start);
        self.space();
        if !self.take(b':') {
            return Err(self.unexpected("`:`"));
        }
        let value = self.value()?;
        Ok(Member {
            key,
            key_span,
            value,
        })
    }

    fn word(&mut self) -> Result<Kind, Mistake> {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_alphanumeric()) {
            self.at += 1;
        }
        match &self.bytes[start..self.at] {
            b"null" => Ok(Kind::Null),
            b"true" => Ok(Kind::Bool(true)),
            b"false" => Ok(Kind::Bool(false)),
            other => {
                let message = format!("`{}` is no value", String::from_utf8_lossy(other));
                let help = "values are numbers, strings in double quotes, `true`, `false` and `null`, lists and objects";
                Err(self.mistake(start, message, help))
            }
        }
    }

    fn digits(&mut self) -> usize {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        self.at - start
    }

    /// `-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?`
    fn number(&mut self) -> Result<String, Mistake> {
        let start = self.at;
        self.take(b'-');
        let has_zero = self.peek() == Some(b'0');
        let digits = self.digits();
        let mut is_right = digits > 0 && !(has_zero && digits > 1);
        if self.take(b'.') {
            is_right &= self.digits() > 0;
        }
        if self.take(b'e') || self.take(b'E') {
            let _ = self.take(b'+') || self.take(b'-');
            is_right &= self.digits() > 0;
        }
        let text = String::from_utf8_lossy(&self.bytes[start..self.at]).into_owned();
        if is_right {
            return Ok(text);
        }
        let help = "JSON has numbers such as `10`, `0.5` and `-1e3`";
        Err(self.mistake(start, format!("`{text}` is no number"), help))
    }

    fn text(&mut self) -> Result<String, Mistake> {
        let start = self.at;
        self.at += 1;
        let mut text = Vec::new();
        loop {
            let from = self.at;
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => {
                    let c = self.escape()?;
                    text.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                }
                None | Some(b'\n' | b'\r') => {
                    let help = "add the `\"` at its end";
                    return Err(self.mistake(start, "a string does not end on its line", help));
                }
                Some(..0x20) => {
                    self.at += 1;
                    let help = "write it as `\\t`, or `\\u` with its number";
                    return Err(self.mistake(from, "a control character in a string", help));
                }
                Some(byte) => {
                    text.push(byte);
                    self.at += 1;
                }
            }
        }
        self.at += 1;
        // The text of the file is UTF-8, and it is cut at ASCII characters only.
        Ok(String::from_utf8_lossy(&text).into_owned())
    }

    fn escape(&mut self) -> Result<char, Mistake> {
        let start = self.at;
        self.at += 1;
        let simple = match self.peek() {
            Some(byte @ (b'"' | b'\\' | b'/')) => Some(byte.into()),
            Some(b'b') => Some('\u{8}'),
            Some(b'f') => Some('\u{c}'),
            Some(b'n') => Some('\n'),
            Some(b'r') => Some('\r'),
            Some(b't') => Some('\t'),
            _ => None,
        };
        if let Some(c) = simple {
            self.at += 1;
            return Ok(c);
        }
        self.unit().and_then(|unit| self.character(unit)).ok_or_else(|| {
            let help = "JSON has `\\\"`, `\\\\`, `\\/`, `\\b`, `\\f`, `\\n`, `\\r`, `\\t` and `\\u` with four digits";
            self.mistake(start, "an escape that JSON does not have", help)
        })
    }

    /// The four digits of `\u` as a unit of UTF-16, behind the backslash.
    fn unit(&mut self) -> Option<u32> {
        let digits = self.bytes.get(self.at + 1..self.at + 5);
        let is_unit = self.take(b'u');
        let digits = digits.filter(|digits| is_unit && digits.iter().all(u8::is_ascii_hexdigit))?;
        self.at += 4;
        u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
    }

    /// The character of a unit, and of the one behind it if it takes two.
    fn character(&mut self, unit: u32) -> Option<char> {
        if !(0xd800..0xdc00).contains(&unit) {
            return char::from_u32(unit);
        }
        if !self.take(b'\\') {
            return None;
        }
        let low = self.unit().filter(|low| (0xdc00..0xe000).contains(low))?;
        char::from_u32(0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(value: &Value) -> String {
        match &value.kind {
            Kind::Null => "null".to_owned(),
            Kind::Bool(value) => value.to_string(),
            Kind::Number(text) => text.clone(),
            Kind::Text(text) => format!("{text:?}"),
            Kind::List(values) => {
                let values: Vec<_> = values.iter().map(shown).collect();
                format!("[{}]", values.join(" "))
            }
            Kind::Object(members) => {
                let members = members.iter();
                let members = members.map(|member| (&member.key, shown(&member.value)));
                let members: Vec<_> = members
                    .map(|(key, value)| format!("{key}={value}"))
                    .collect();
                format!("{{{}}}", members.join(" "))
            }
        }
    }

    fn read(text: &str) -> Result<String, String> {
        let value = parse(&Source::new("a.json", text));
        value
            .map(|value| shown(&value))
            .map_err(|error| error.to_line())
    }

    #[test]
    fn reads_what_the_rfc_has() {
        for (text, expected) in [
            ("\u{feff} null\r\n", "null"),
            ("-0.5e+10", "-0.5e+10"),
            ("[true,\tfalse ,0]", "[true false 0]"),
            ("[ ]", "[]"),
            ("{ }", "{}"),
            (r#"{"a": 1, "": {}}"#, "{a=1 ={}}"),
            (
                r#""\"\\\/\b\f\n\r\t\u00e4\ud83d\ude00ö""#,
                r#""\"\\/\u{8}\u{c}\n\r\tä😀ö""#,
            ),
        ] {
            assert_eq!(read(text).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn says_where_a_text_is_no_json() {
        for (text, place, message) in [
            ("", "1:1", "expected a value, and the file ends"),
            ("{\"a\": 1", "1:8", "expected `,` or `}`, and the file ends"),
            ("[1,\n  ]", "2:3", "expected a value, and found `]`"),
            (
                "{\"a\": 1,}",
                "1:9",
                "expected a key in double quotes, and found `}`",
            ),
            ("{\"a\" 1}", "1:6", "expected `:`, and found `1`"),
            (
                "{'a': 1}",
                "1:2",
                "expected a key in double quotes, and found `'`",
            ),
            ("// a\n1", "1:1", "expected a value, and found `/`"),
            (
                "{\"a\": 1 \"b\": 2}",
                "1:9",
                "expected `,` or `}`, and found `\"`",
            ),
            ("1 ü", "1:3", "expected the end of the file, and found `ü`"),
            ("[True]", "1:2", "`True` is no value"),
            ("[01]", "1:2", "`01` is no number"),
            ("[1.]", "1:2", "`1.` is no number"),
            ("[-]", "1:2", "`-` is no number"),
            ("[1e]", "1:2", "`1e` is no number"),
            ("[\"a\n\"]", "1:2", "a string does not end on its line"),
            ("[\"a", "1:2", "a string does not end on its line"),
            ("[\"a\u{1}\"]", "1:4", "a control character in a string"),
            ("[\"a\\x\"]", "1:4", "an escape that JSON does not have"),
            ("[\"\\ud800\"]", "1:3", "an escape that JSON does not have"),
            (
                "[\"\\ud800\\u0041\"]",
                "1:3",
                "an escape that JSON does not have",
            ),
            ("[\"\\u00g0\"]", "1:3", "an escape that JSON does not have"),
            ("{\"a\": 1, \"a\": 2}", "1:10", "the key `a` is there twice"),
        ] {
            let error = read(text).unwrap_err();
            let expected = format!("a.json:{place}: {message} (");
            assert!(error.starts_with(&expected), "{text}: {error}");
        }
        let deep = "[".repeat(DEEPEST);
        assert!(read(&format!("{deep}{}", "]".repeat(DEEPEST))).is_ok());
        let error = read(&format!("{deep}[")).unwrap_err();
        assert!(
            error.starts_with("a.json:1:33: more than 32 lists"),
            "{error}"
        );
    }
}
