//! A message as it is put together from options: its fields by number, then its bytes.

use std::collections::BTreeMap;

use crate::descriptor::Type;
use crate::pool::{FieldRef, MessageRef};
use crate::wire;

/// A value without its key.
#[derive(Clone, Debug)]
pub(super) enum Encoded {
    Varint(u64),
    Fixed32(u32),
    Fixed64(u64),
    Delimited(Vec<u8>),
    Group(Vec<u8>),
}

impl Encoded {
    /// Whether a field without presence has this value when it is not set.
    fn is_zero(&self) -> bool {
        match self {
            Self::Varint(value) | Self::Fixed64(value) => *value == 0,
            Self::Fixed32(value) => *value == 0,
            Self::Delimited(bytes) => bytes.is_empty(),
            Self::Group(_) => false,
        }
    }

    /// The value of a field that is not set.
    fn default_of(field: FieldRef<'_>) -> Self {
        match field.field.r#type() {
            Type::String | Type::Bytes | Type::Message => Self::Delimited(Vec::new()),
            Type::Group => Self::Group(Vec::new()),
            Type::Float | Type::Fixed32 | Type::Sfixed32 => Self::Fixed32(0),
            Type::Double | Type::Fixed64 | Type::Sfixed64 => Self::Fixed64(0),
            // The first value of an enum in a map is 0.
            _ => Self::Varint(0),
        }
    }

    fn put_value(&self, out: &mut Vec<u8>) {
        match self {
            Self::Varint(value) => wire::put_raw_varint(*value, out),
            Self::Fixed32(value) => out.extend(value.to_le_bytes()),
            Self::Fixed64(value) => out.extend(value.to_le_bytes()),
            Self::Delimited(bytes) => {
                wire::put_raw_varint(bytes.len() as u64, out);
                out.extend_from_slice(bytes);
            }
            Self::Group(bytes) => out.extend_from_slice(bytes),
        }
    }

    /// Writes the record.
    pub(super) fn put(&self, number: u32, out: &mut Vec<u8>) {
        let wire_type = match self {
            Self::Varint(_) => 0,
            Self::Fixed64(_) => 1,
            Self::Delimited(_) => 2,
            Self::Group(_) => 3,
            Self::Fixed32(_) => 5,
        };
        wire::put_key(number, wire_type, out);
        self.put_value(out);
        if matches!(self, Self::Group(_)) {
            wire::put_key(number, 4, out);
        }
    }
}

/// The values of a message that is written in the text format.
pub(super) struct MessageValue<'a> {
    message: MessageRef<'a>,
    fields: BTreeMap<u32, (FieldRef<'a>, Vec<Encoded>)>,
    /// The first field that is set of each oneof.
    oneofs: BTreeMap<i32, FieldRef<'a>>,
}

impl<'a> MessageValue<'a> {
    pub(super) fn new(message: MessageRef<'a>) -> Self {
        Self {
            message,
            fields: BTreeMap::new(),
            oneofs: BTreeMap::new(),
        }
    }

    pub(super) fn add(&mut self, field: FieldRef<'a>, value: Encoded) {
        let oneof = field.field.oneof_index.filter(|_| !field.is_extension());
        if let Some(oneof) = oneof {
            self.oneofs.entry(oneof).or_insert(field);
        }
        let entry = self.fields.entry(field.number());
        entry.or_insert_with(|| (field, Vec::new())).1.push(value);
    }

    pub(super) fn has(&self, number: u32) -> bool {
        self.fields.contains_key(&number)
    }

    /// The field of a oneof that is set.
    pub(super) fn set_field_of(&self, oneof: i32) -> Option<FieldRef<'a>> {
        self.oneofs.get(&oneof).copied()
    }

    /// The bytes, fields in the order of their numbers.
    pub(super) fn encode(&self) -> Vec<u8> {
        if self.message.message.is_map_entry() {
            return self.encode_entry();
        }
        let is_message_set = self.message.message.is_message_set();
        let mut out = Vec::new();
        for (number, (field, values)) in &self.fields {
            if field.is_packed() {
                let mut packed = Vec::new();
                values.iter().for_each(|value| value.put_value(&mut packed));
                wire::put_delimited(*number, &packed, &mut out);
                continue;
            }
            let is_written = |value: &&Encoded| {
                field.field.is_repeated() || !value.is_zero() || field.has_presence()
            };
            for value in values.iter().filter(is_written) {
                match (is_message_set, value) {
                    (true, Encoded::Delimited(bytes)) => put_item(*number, bytes, &mut out),
                    _ => value.put(*number, &mut out),
                }
            }
        }
        out
    }
}

impl MessageValue<'_> {
    /// Encodes the entry of a map: both fields are written, set or not.
    fn encode_entry(&self) -> Vec<u8> {
        let mut out = Vec::new();
        let fields = self.message.message.field.iter();
        for field in fields.filter_map(|field| self.message.field(&field.name)) {
            let set = self.fields.get(&field.number());
            match set.and_then(|(_, values)| values.last()) {
                Some(value) => value.put(field.number(), &mut out),
                None => Encoded::default_of(field).put(field.number(), &mut out),
            }
        }
        out
    }
}

/// An extension in a message set is a group of its number and its bytes.
/// <https://github.com/protocolbuffers/protobuf/blob/main/src/google/protobuf/wire_format_lite.h>
fn put_item(type_id: u32, message: &[u8], out: &mut Vec<u8>) {
    const ITEM: u32 = 1;
    const TYPE_ID: u32 = 2;
    const MESSAGE: u32 = 3;
    let mut item = Vec::with_capacity(message.len() + 8);
    wire::put_varint(TYPE_ID, u64::from(type_id), &mut item);
    wire::put_delimited(MESSAGE, message, &mut item);
    Encoded::Group(item).put(ITEM, out);
}
