//! Words of a proto file, as far as its structure needs them.

use std::ops::Range;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// An identifier or a keyword.
    Word,
    Number,
    Text,
    /// One character of punctuation.
    Mark(char),
}

#[derive(Clone, Debug)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    pub(crate) range: Range<usize>,
}

/// All tokens, and apart from them the block comments. What is no token is left to the parser to complain about.
pub(crate) fn tokens(text: &str) -> (Vec<Token>, Vec<Range<usize>>) {
    let bytes = text.as_bytes();
    let (mut tokens, mut comments) = (Vec::new(), Vec::new());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let end = match byte {
            b'/' if bytes.get(at + 1) == Some(&b'/') => {
                at = text[at..].find('\n').map_or(text.len(), |end| at + end);
                continue;
            }
            b'/' if bytes.get(at + 1) == Some(&b'*') => {
                let end = text[at + 2..].find("*/");
                let end = end.map_or(text.len(), |end| at + 2 + end + 2);
                comments.push(at..end);
                at = end;
                continue;
            }
            b'"' | b'\'' => end_of_text(bytes, at),
            _ if is_word(byte) => {
                let word = bytes[at..].iter().take_while(|byte| is_word(**byte));
                at + word.count()
            }
            _ => at + 1,
        };
        let kind = match byte {
            b'"' | b'\'' => Some(Kind::Text),
            b'0'..=b'9' => Some(Kind::Number),
            _ if is_word(byte) => Some(Kind::Word),
            _ if byte.is_ascii_punctuation() => Some(Kind::Mark(char::from(byte))),
            _ => None,
        };
        tokens.extend(kind.map(|kind| Token {
            kind,
            range: at..end,
        }));
        at = end;
    }
    (tokens, comments)
}

fn is_word(byte: u8) -> bool {
    byte == b'_' || byte.is_ascii_alphanumeric()
}

/// Behind the closing quote, or at the end of the line.
fn end_of_text(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 1,
            b'\n' => return at,
            _ if byte == bytes[start] => return at + 1,
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}
