//! Values of fields that are not messages, from their two spellings: that of options and that of the text format.

use super::encode::Encoded;
use crate::descriptor::Type;

/// A number as it is written.
#[derive(Clone, Copy)]
pub(super) enum Number {
    Positive(u64),
    Negative(i64),
    Double(f64),
}

/// The range that a type has, for messages.
pub(super) fn range(kind: Type) -> &'static str {
    match kind {
        Type::Int32 | Type::Sint32 | Type::Sfixed32 => "an integer from -2147483648 to 2147483647",
        Type::Uint32 | Type::Fixed32 => "an integer from 0 to 4294967295",
        Type::Int64 | Type::Sint64 | Type::Sfixed64 => {
            "an integer from -9223372036854775808 to 9223372036854775807"
        }
        Type::Uint64 | Type::Fixed64 => "an integer from 0 to 18446744073709551615",
        Type::Float | Type::Double => "a number",
        Type::Bool => "`true` or `false`",
        Type::String | Type::Bytes => "a string in quotes",
        Type::Enum => "a value of the enum",
        Type::Message | Type::Group => "fields in braces: `{name: value}`",
    }
}

/// The value of a number in a type; `None` where it does not fit.
pub(super) fn number(kind: Type, number: Number) -> Option<Encoded> {
    match kind {
        Type::Float => Some(Encoded::Fixed32((float(number) as f32).to_bits())),
        Type::Double => Some(Encoded::Fixed64(float(number).to_bits())),
        _ => integer(kind, number),
    }
}

fn float(number: Number) -> f64 {
    match number {
        Number::Positive(value) => value as f64,
        Number::Negative(value) => value as f64,
        Number::Double(value) => value,
    }
}

fn integer(kind: Type, number: Number) -> Option<Encoded> {
    let signed = || match number {
        Number::Positive(value) => i64::try_from(value).ok(),
        Number::Negative(value) => Some(value),
        Number::Double(_) => None,
    };
    let unsigned = || match number {
        Number::Positive(value) => Some(value),
        Number::Negative(_) | Number::Double(_) => None,
    };
    let small = || signed().and_then(|value| i32::try_from(value).ok());
    let zigzag = |value: i64| (value << 1 ^ value >> 63) as u64;
    Some(match kind {
        Type::Int32 | Type::Enum => Encoded::Varint(i64::from(small()?) as u64),
        Type::Sint32 => Encoded::Varint(zigzag(i64::from(small()?)) & 0xffff_ffff),
        Type::Sfixed32 => Encoded::Fixed32(small()? as u32),
        Type::Int64 => Encoded::Varint(signed()? as u64),
        Type::Sint64 => Encoded::Varint(zigzag(signed()?)),
        Type::Sfixed64 => Encoded::Fixed64(signed()? as u64),
        Type::Uint32 => Encoded::Varint(u64::from(u32::try_from(unsigned()?).ok()?)),
        Type::Fixed32 => Encoded::Fixed32(u32::try_from(unsigned()?).ok()?),
        Type::Uint64 => Encoded::Varint(unsigned()?),
        Type::Fixed64 => Encoded::Fixed64(unsigned()?),
        _ => return None,
    })
}
