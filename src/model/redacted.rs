//! Secret fields, by `debug_redact` of descriptor.proto or by the option of that name.
//!
//! A field says so itself, or by an option of somebody's own: a value of an enum that has `debug_redact` makes
//! secret whatever is marked with it, also where the value is in a message that is the option.

use crate::descriptor::{Field, Type};
use crate::options::Options;
use crate::pattern;
use crate::symbols::Symbols;
use crate::wire::{self, Record, WireType};

/// `debug_redact` of `FieldOptions`.
const OF_FIELD: u32 = 16;

/// `debug_redact` of `EnumValueOptions`.
const OF_VALUE: u32 = 3;

/// The two things that make a field secret: its proto, and the option `debug_redact`.
#[derive(Clone, Copy)]
pub(super) struct Redaction<'a> {
    pub(super) options: &'a Options,
    pub(super) symbols: &'a Symbols<'a>,
}

impl Redaction<'_> {
    /// Whether what is in a field is not to be shown.
    pub(super) fn hides(self, field: &Field, full_name: &str) -> bool {
        self.is_asked(full_name) || self.is_marked(field)
    }

    /// A path of a message alone is about its own fields, and not those of messages in it.
    fn is_asked(self, full_name: &str) -> bool {
        let asked = &self.options.debug_redact.0;
        let message = full_name.rsplit_once('.').map(|(message, _)| message);
        pattern::any(asked, full_name)
            || message.is_some_and(|message| pattern::any(asked, message))
    }

    fn is_marked(self, field: &Field) -> bool {
        let Some(options) = field.options.as_deref() else {
            return false;
        };
        wire::flag(Some(options), OF_FIELD)
            || marks(".google.protobuf.FieldOptions", options, self.symbols, 0)
    }
}

/// Messages nest, and a request is not trusted: the bound that prost has for decoding.
const MAX_DEPTH: usize = 100;

/// Whether a message has a value that marks as secret, in any of its fields.
fn marks(message: &str, bytes: &[u8], symbols: &Symbols<'_>, depth: usize) -> bool {
    let records = wire::records(bytes).unwrap_or_default();
    let mut records = records.iter();
    records.any(|record| {
        let Some(field) = symbols.field(message, record.number) else {
            return false;
        };
        let type_name = field.type_name.as_deref().unwrap_or_default();
        match (field.known_type(), record.kind) {
            (Some(Type::Message), WireType::Delimited) | (Some(Type::Group), WireType::Group) => {
                depth < MAX_DEPTH && marks(type_name, record.value, symbols, depth + 1)
            }
            (Some(Type::Enum), _) => {
                numbers(record).any(|number| is_mark(type_name, number, symbols))
            }
            _ => false,
        }
    })
}

fn is_mark(r#enum: &str, number: u64, symbols: &Symbols<'_>) -> bool {
    let mut values = symbols.enum_values(r#enum).iter();
    values.any(|value| {
        value.number() == number as i32 && wire::flag(value.options.as_deref(), OF_VALUE)
    })
}

/// The varints of a record, packed or not.
fn numbers<'a>(record: &Record<'a>) -> impl Iterator<Item = u64> + use<'a> {
    let is_number = matches!(record.kind, WireType::Varint | WireType::Delimited);
    let mut rest = if is_number { record.value } else { &[] };
    std::iter::from_fn(move || wire::take_varint(&mut rest))
}
