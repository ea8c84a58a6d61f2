//! Bytes to tokens.
//!
//! Comments are skipped here. The parser looks at the gap between two tokens where comments belong to
//! something ([`crate::parser`]).
//! The rules are those of the [language specification](https://protobuf.dev/reference/protobuf/edition-2023-spec/#lexical_elements)
//! and, where that is silent, of protoc's tokenizer.

use crate::diagnostics::Diagnostic;
use crate::problems::Problems;
use crate::source::Source;
use crate::work;

pub(crate) mod number;
pub(crate) mod string;

/// The kind of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    Identifier,
    /// Decimal, octal or hexadecimal, without a sign.
    Integer,
    Float,
    /// A string with its quotes.
    String,
    /// One byte that is none of the above.
    Symbol,
    /// The end of the text.
    End,
}

/// A token: what it is, and its bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    pub(crate) kind: TokenKind,
    pub(crate) start: u32,
    pub(crate) end: u32,
}

/// The tokens of a text. The last one is [`TokenKind::End`].
pub(crate) fn tokens(source: &Source, problems: &mut Problems) -> Vec<Token> {
    let mut lexer = Lexer {
        source,
        bytes: source.bytes(),
        at: 0,
        problems,
    };
    // A token and the space behind it are about six bytes.
    let mut tokens = Vec::with_capacity(source.bytes().len() / 6 + 1);
    lexer.skip_byte_order_mark();
    loop {
        let token = lexer.next();
        tokens.push(token);
        if token.kind == TokenKind::End {
            return tokens;
        }
    }
}

struct Lexer<'a, 'p> {
    source: &'a Source,
    bytes: &'a [u8],
    at: usize,
    problems: &'p mut Problems,
}

pub(crate) fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_'
}

/// Whether a byte can stand in an identifier. Half of all bytes of a text are tested.
pub(crate) fn is_alphanumeric(byte: u8) -> bool {
    const IS_PART: [bool; 256] = {
        let mut is_part = [false; 256];
        let mut byte = 0;
        while byte < 256 {
            is_part[byte] = (byte as u8).is_ascii_alphanumeric() || byte as u8 == b'_';
            byte += 1;
        }
        is_part
    };
    IS_PART[byte as usize]
}

/// White space without the newline.
pub(crate) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | 0x0b | 0x0c)
}

/// Whether this is an identifier of the language.
pub(crate) fn is_identifier(name: &str) -> bool {
    name.bytes().next().is_some_and(is_letter) && name.bytes().all(is_alphanumeric)
}

impl Lexer<'_, '_> {
    fn peek(&self) -> u8 {
        self.peek_at(0)
    }

    /// A byte ahead; 0 behind the end.
    fn peek_at(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn is_at_end(&self) -> bool {
        self.at >= self.bytes.len()
    }

    fn skip_while(&mut self, is_part: impl Fn(u8) -> bool) {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let length = rest.iter().position(|byte| !is_part(*byte));
        let length = length.unwrap_or(rest.len());
        work::count(length);
        self.at += length;
    }

    fn problem(&mut self, start: usize, end: usize, message: impl Into<String>, help: &str) {
        let source = self.source;
        self.problems.error(|| {
            let place = source.place(start as u32, end as u32);
            Diagnostic::error(message)
                .with_label(place, "")
                .with_help(help)
        });
    }

    fn skip_byte_order_mark(&mut self) {
        // Bytes of an incomplete mark become tokens that are not ASCII, which is an error.
        if self.bytes.starts_with(&[0xef, 0xbb, 0xbf]) {
            self.at = 3;
        }
    }

    fn next(&mut self) -> Token {
        loop {
            work::count(1);
            self.skip_while(|byte| is_space(byte) || byte == b'\n');
            match (self.peek(), self.peek_at(1)) {
                (b'/', b'/' | b'*') => self.skip_comment(),
                (byte, _) if byte < b' ' || byte == 0x7f => {
                    if self.is_at_end() {
                        return self.token(TokenKind::End, self.at);
                    }
                    self.skip_control_characters();
                }
                _ => return self.read(),
            }
        }
    }

    fn skip_control_characters(&mut self) {
        let start = self.at;
        self.skip_while(|byte| (byte < b' ' && byte != b'\n' && !is_space(byte)) || byte == 0x7f);
        let message = "the text has control characters";
        self.problem(start, self.at, message, "remove them, outside of comments");
    }

    /// Skips a comment. It may have any bytes but NUL, at which protoc ends it.
    fn skip_comment(&mut self) {
        let start = self.at;
        match self.peek_at(1) {
            b'/' => self.skip_while(|byte| byte != b'\n'),
            _ => self.skip_block_comment(),
        }
        let comment = &self.bytes[start..self.at];
        if let Some(nul) = comment.iter().position(|byte| *byte == 0) {
            let place = start + nul;
            let message = "the comment has a NUL byte";
            self.problem(place, place + 1, message, "remove it");
        }
    }

    fn skip_block_comment(&mut self) {
        let start = self.at;
        self.at += 2;
        while !self.is_at_end() {
            match (self.peek(), self.peek_at(1)) {
                (b'*', b'/') => {
                    self.at += 2;
                    return;
                }
                (b'/', b'*') => {
                    let message = "a block comment begins within another one";
                    let help = "comments do not nest: end the first one before, or write `//`";
                    self.problem(self.at, self.at + 2, message, help);
                    self.at += 1;
                }
                _ => self.at += 1,
            }
        }
        let message = "the block comment has no end";
        self.problem(start, start + 2, message, "end it with `*/`");
    }

    fn token(&self, kind: TokenKind, start: usize) -> Token {
        Token {
            kind,
            start: start as u32,
            end: self.at as u32,
        }
    }

    fn read(&mut self) -> Token {
        let start = self.at;
        let first = self.peek();
        self.at += 1;
        let kind = match first {
            _ if is_letter(first) => {
                self.skip_while(is_alphanumeric);
                TokenKind::Identifier
            }
            b'.' if self.peek().is_ascii_digit() => {
                if start > 0 && is_alphanumeric(self.bytes[start - 1]) {
                    let message = "a number that begins with a point stands right behind a name";
                    self.problem(start, start + 1, message, "put a space between them");
                }
                self.number(start, first)
            }
            _ if first.is_ascii_digit() => self.number(start, first),
            b'"' | b'\'' => {
                self.string(start, first);
                TokenKind::String
            }
            _ => {
                if first >= 0x80 {
                    self.not_ascii(start);
                }
                TokenKind::Symbol
            }
        };
        self.token(kind, start)
    }

    /// Names are ASCII. The whole character is one mistake.
    fn not_ascii(&mut self, start: usize) {
        self.skip_while(|byte| byte & 0xc0 == 0x80);
        let text = String::from_utf8_lossy(&self.bytes[start..self.at]).into_owned();
        let message = format!("`{text}` stands outside of comments and strings");
        self.problem(
            start,
            self.at,
            message,
            "names are ASCII letters, digits and underscores",
        );
    }

    fn number(&mut self, start: usize, first: u8) -> TokenKind {
        let mut is_float = first == b'.';
        if first == b'0' && matches!(self.peek(), b'x' | b'X') {
            self.at += 1;
            let digits = self.at;
            self.skip_while(|byte| byte.is_ascii_hexdigit());
            if self.at == digits {
                let help = "write digits behind `0x`";
                self.problem(start, self.at, "the number has no digits", help);
            }
        } else if first == b'0' && self.peek().is_ascii_digit() {
            self.skip_while(|byte| matches!(byte, b'0'..=b'7'));
            if self.peek().is_ascii_digit() {
                self.skip_while(|byte| byte.is_ascii_digit());
                let message = "the number begins with 0, and is not octal";
                self.problem(
                    start,
                    self.at,
                    message,
                    "remove the 0, or write digits up to 7",
                );
            }
        } else {
            self.skip_while(|byte| byte.is_ascii_digit());
            if !is_float && self.peek() == b'.' {
                is_float = true;
                self.at += 1;
                self.skip_while(|byte| byte.is_ascii_digit());
            }
            if matches!(self.peek(), b'e' | b'E') {
                is_float = true;
                self.exponent(start);
            }
        }
        self.end_of_number(start, is_float);
        if is_float {
            TokenKind::Float
        } else {
            TokenKind::Integer
        }
    }

    fn exponent(&mut self, start: usize) {
        self.at += 1;
        if matches!(self.peek(), b'-' | b'+') {
            self.at += 1;
        }
        let digits = self.at;
        self.skip_while(|byte| byte.is_ascii_digit());
        if self.at == digits {
            let message = "the exponent has no digits";
            self.problem(start, self.at, message, "write digits behind `e`");
        }
    }

    fn end_of_number(&mut self, start: usize, is_float: bool) {
        let next = self.peek();
        if is_letter(next) {
            let message = "a name stands right behind a number";
            self.problem(self.at, self.at + 1, message, "put a space between them");
        } else if next == b'.' {
            let message = if is_float {
                "the number has a second point, or a point in its exponent"
            } else {
                "hexadecimal and octal numbers have no point"
            };
            self.problem(start, self.at + 1, message, "write one number");
        }
    }

    fn string(&mut self, start: usize, quote: u8) {
        loop {
            match self.peek() {
                b'\n' | 0 if self.is_at_end() || self.peek() == b'\n' => {
                    let message = "the string has no end on its line";
                    let help = "close it with its quote; strings that follow each other are one";
                    return self.problem(start, self.at, message, help);
                }
                0 => {
                    let message = "the string has a NUL byte";
                    self.problem(self.at, self.at + 1, message, "write it as `\\0`");
                    self.at += 1;
                }
                b'\\' => self.escape(),
                byte => {
                    self.at += 1;
                    if byte == quote {
                        return;
                    }
                }
            }
        }
    }

    fn escape(&mut self) {
        let start = self.at;
        let is_valid = string::escape(&self.bytes[start..]);
        // The byte behind the backslash may be a quote, which then ends nothing.
        self.at += is_valid.map_or(1, |(length, _)| length);
        if is_valid.is_none() {
            let message = "the language has no such escape sequence";
            let help = "those are \\a \\b \\f \\n \\r \\t \\v \\? \\\\ \\' \\\", octal as \\101, \\x41, \\u0041 and \\U00000041";
            self.problem(start, start + 2, message, help);
        }
    }
}
