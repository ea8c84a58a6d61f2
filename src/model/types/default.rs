//! Defaults of fields, out of the text that descriptors have of them.

use crate::descriptor::Type;

/// The value of a field that is absent.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum FieldDefault {
    /// A Rust literal, or a constant.
    Number(String),
    String(String),
    Bytes(Vec<u8>),
    /// A value of an enum: its path, and its number.
    Enum {
        path: String,
        number: i32,
    },
}

impl FieldDefault {
    /// Reads the text of anything but an enum; nothing if it cannot be one of the type.
    pub(super) fn parse(r#type: Type, text: &str) -> Option<Self> {
        match r#type {
            Type::String => Some(Self::String(text.to_owned())),
            Type::Bytes => Some(Self::Bytes(unescape(text))),
            Type::Double => float(
                text.parse().ok()?,
                format!("{:?}", text.parse::<f64>().ok()?),
                "f64",
            ),
            Type::Float => {
                let value: f32 = text.parse().ok()?;
                float(value.into(), format!("{value:?}"), "f32")
            }
            Type::Enum | Type::Message | Type::Group => None,
            _ => Some(Self::Number(text.to_owned())),
        }
    }

    /// Whether it is the default of its Rust type.
    pub(super) fn is_zero(&self) -> bool {
        match self {
            Self::Number(text) => matches!(text.as_str(), "0" | "0.0" | "false"),
            Self::String(text) => text.is_empty(),
            Self::Bytes(bytes) => bytes.is_empty(),
            Self::Enum { number, .. } => *number == 0,
        }
    }
}

fn float(value: f64, literal: String, r#type: &str) -> Option<FieldDefault> {
    let constant = match value {
        _ if value.is_nan() => "NAN",
        f64::INFINITY => "INFINITY",
        f64::NEG_INFINITY => "NEG_INFINITY",
        _ => return Some(FieldDefault::Number(literal)),
    };
    Some(FieldDefault::Number(format!("{type}::{constant}")))
}

/// The bytes that a text in C's notation stands for, as descriptor.proto has them.
fn unescape(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes().peekable();
    while let Some(byte) = rest.next() {
        let escaped = match byte {
            b'\\' => rest.next(),
            _ => None,
        };
        let Some(escaped) = escaped else {
            bytes.push(byte);
            continue;
        };
        let mut digits = |mut value: u32, radix: u32, count: usize| {
            for _ in 0..count {
                let digit = rest
                    .peek()
                    .and_then(|byte| char::from(*byte).to_digit(radix));
                let Some(digit) = digit else { break };
                value = value * radix + digit;
                rest.next();
            }
            value as u8
        };
        bytes.push(match escaped {
            b'a' => 0x07,
            b'b' => 0x08,
            b'f' => 0x0c,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'v' => 0x0b,
            b'x' | b'X' => digits(0, 16, 2),
            b'0'..=b'7' => digits(u32::from(escaped - b'0'), 8, 2),
            other => other,
        });
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_bytes_in_c_notation() {
        assert_eq!(
            unescape(r#"a\001\377\x7f\n\\\"\'?"#),
            b"a\x01\xff\x7f\n\\\"'?"
        );
        assert_eq!(unescape(r"\0012"), b"\x012");
    }

    #[test]
    fn writes_numbers_as_rust() {
        let number = |r#type, text: &str| FieldDefault::parse(r#type, text);
        let of = |text: &str| Some(FieldDefault::Number(text.to_owned()));
        assert_eq!(number(Type::Double, "1e+100"), of("1e100"));
        assert_eq!(number(Type::Float, "-inf"), of("f32::NEG_INFINITY"));
        assert_eq!(number(Type::Double, "nan"), of("f64::NAN"));
        assert_eq!(number(Type::Float, "3"), of("3.0"));
        assert_eq!(number(Type::Int32, "-2147483648"), of("-2147483648"));
    }
}
