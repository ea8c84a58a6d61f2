//! The values of string tokens.

/// The value of an escape sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Escaped {
    Byte(u8),
    /// A code point, which may be half of a surrogate pair.
    CodePoint(u32),
}

/// The length and the value of the escape sequence that these bytes begin with.
pub(crate) fn escape(bytes: &[u8]) -> Option<(usize, Escaped)> {
    let byte = |value: u8| Some((2, Escaped::Byte(value)));
    match *bytes.get(1)? {
        b'a' => byte(0x07),
        b'b' => byte(0x08),
        b'f' => byte(0x0c),
        b'n' => byte(b'\n'),
        b'r' => byte(b'\r'),
        b't' => byte(b'\t'),
        b'v' => byte(0x0b),
        quoted @ (b'\\' | b'?' | b'\'' | b'"') => byte(quoted),
        b'0'..=b'7' => {
            let (length, value) = digits(&bytes[1..], 8, 3);
            Some((1 + length, Escaped::Byte(value as u8)))
        }
        b'x' | b'X' => {
            let (length, value) = digits(&bytes[2..], 16, 2);
            (length > 0).then_some((2 + length, Escaped::Byte(value as u8)))
        }
        b'u' => {
            let (length, value) = digits(&bytes[2..], 16, 4);
            (length == 4).then_some((6, Escaped::CodePoint(value)))
        }
        b'U' => {
            let (length, value) = digits(&bytes[2..], 16, 8);
            let is_valid = length == 8 && value <= 0x1f_ffff;
            is_valid.then_some((10, Escaped::CodePoint(value)))
        }
        _ => None,
    }
}

/// How many digits there are, up to a number of them, and their value.
fn digits(bytes: &[u8], radix: u32, most: usize) -> (usize, u32) {
    let digits = bytes.iter().take(most);
    let digits = digits.map_while(|byte| char::from(*byte).to_digit(radix));
    digits.fold((0, 0), |(length, value), digit| {
        (length + 1, value * radix + digit)
    })
}

/// Appends the value of a string token, whose quotes stand around it.
pub(crate) fn append(token: &[u8], out: &mut Vec<u8>) {
    let Some((quote, rest)) = token.split_first() else {
        return;
    };
    // The lexer told of a token without its end. It is taken as it is.
    let content = match rest.split_last() {
        Some((last, content)) if last == quote => content,
        _ => rest,
    };
    let mut at = 0;
    while at < content.len() {
        if content[at] != b'\\' {
            out.push(content[at]);
            at += 1;
            continue;
        }
        match escape(&content[at..]) {
            Some((length, Escaped::Byte(byte))) => {
                out.push(byte);
                at += length;
            }
            Some((length, Escaped::CodePoint(code_point))) => {
                at += length;
                let (whole, length) = pair(code_point, &content[at..]);
                at += length;
                put_utf8(whole, out);
            }
            // The lexer told that it is no escape sequence.
            None => at += 1,
        }
    }
}

/// The code point of a surrogate pair, and how many bytes its second half takes.
fn pair(code_point: u32, rest: &[u8]) -> (u32, usize) {
    let is_head = (0xd800..0xdc00).contains(&code_point);
    match escape(rest) {
        Some((6, Escaped::CodePoint(trail @ 0xdc00..0xe000)))
            if is_head && rest.starts_with(b"\\u") =>
        {
            let whole = 0x10000 + (((code_point - 0xd800) << 10) | (trail - 0xdc00));
            (whole, 6)
        }
        _ => (code_point, 0),
    }
}

/// UTF-8 by its rule of bits: half of a surrogate pair is written as well, as protoc does.
fn put_utf8(code_point: u32, out: &mut Vec<u8>) {
    let tail = |shift: u32| 0x80 | (code_point >> shift & 0x3f) as u8;
    match code_point {
        0..0x80 => out.push(code_point as u8),
        0x80..0x800 => out.extend([0xc0 | (code_point >> 6) as u8, tail(0)]),
        0x800..0x1_0000 => out.extend([0xe0 | (code_point >> 12) as u8, tail(6), tail(0)]),
        0x1_0000..0x11_0000 => {
            out.extend([0xf0 | (code_point >> 18) as u8, tail(12), tail(6), tail(0)]);
        }
        // Beyond Unicode protoc keeps the spelling.
        _ => out.extend(format!("\\U{code_point:08x}").bytes()),
    }
}

/// Bytes as descriptors spell them in the default of a `bytes` field: C escapes.
pub(crate) fn c_escape(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for &byte in bytes {
        match byte {
            b'\n' => text += "\\n",
            b'\r' => text += "\\r",
            b'\t' => text += "\\t",
            b'"' => text += "\\\"",
            b'\'' => text += "\\'",
            b'\\' => text += "\\\\",
            0x20..0x7f => text.push(char::from(byte)),
            _ => text += &format!("\\{byte:03o}"),
        }
    }
    text
}

/// Whether every backslash begins an escape of C that stands for one byte.
pub(crate) fn is_c_escaped(text: &str) -> bool {
    let mut rest = text.as_bytes();
    while let Some(at) = rest.iter().position(|&byte| byte == b'\\') {
        match escape(&rest[at..]) {
            Some((length, Escaped::Byte(_))) => {
                let digits = &rest[at + 1..at + length];
                if digits.len() == 3 && digits[0] > b'3' && digits[0] <= b'7' {
                    return false;
                }
                rest = &rest[at + length..];
            }
            _ => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(token: &str) -> Vec<u8> {
        let mut out = Vec::new();
        append(token.as_bytes(), &mut out);
        out
    }

    #[test]
    fn unescapes() {
        assert_eq!(value(r#""a\n\101\x41\'""#), b"a\nAA'");
        assert_eq!(value(r#"'\u00e4\U0001F600'"#), "\u{e4}\u{1f600}".as_bytes());
        assert_eq!(value(r#"'\uD83C\uDDFA'"#), "\u{1f1fa}".as_bytes());
        assert_eq!(value(r#"'\uD83C'"#), [0xed, 0xa0, 0xbc]);
        assert_eq!(value(r#"'\377'"#), [0xff]);
    }

    #[test]
    fn spells_bytes() {
        assert_eq!(c_escape(b"a\"\n\xff\0"), r#"a\"\n\377\000"#);
    }

    #[test]
    fn knows_escapes_of_c() {
        for text in ["", "plain", r"\001\377\'x", r"\n\x0aF", r"\77", r"\\"] {
            assert!(is_c_escaped(text), "{text}");
        }
        for text in [r"\", r"\x", r"\q", r"\400", r"\777"] {
            assert!(!is_c_escaped(text), "{text}");
        }
    }
}
