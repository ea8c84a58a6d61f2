//! Records by the descriptor of a message, with some others between them.

use std::collections::HashMap;

use prost::Message as _;
use prost::encoding::{WireType, encode_key, encode_varint};
use prost_types::field_descriptor_proto::{Label, Type};
use prost_types::{DescriptorProto, FieldDescriptorProto, FileDescriptorSet};

use super::{Random, double, float, varint};

/// The messages of a descriptor set by their full names.
pub(crate) struct Schema(HashMap<String, DescriptorProto>);

impl Schema {
    pub(crate) fn new(set: &[u8]) -> Self {
        fn add(message: DescriptorProto, outer: &str, schema: &mut Schema) {
            let name = format!("{outer}.{}", message.name());
            for nested in &message.nested_type {
                add(nested.clone(), &name, schema);
            }
            schema.0.insert(name, message);
        }
        let mut schema = Self(HashMap::new());
        for file in FileDescriptorSet::decode(set).unwrap().file {
            let package = format!(".{}", file.package());
            for message in file.message_type {
                add(message, &package, &mut schema);
            }
        }
        schema
    }

    /// Records of a message, named with its leading dot.
    pub(crate) fn arbitrary(&self, random: &mut Random, name: &str, depth: u32) -> Vec<u8> {
        let fields = &self.0[name].field;
        let mut bytes = Vec::new();
        for _ in 0..random.below(14) {
            let field = &fields[random.below(fields.len() as u64) as usize];
            match random.below(10) {
                0 => self.odd(random, field, &mut bytes),
                _ => self.field(random, field, depth, &mut bytes),
            }
        }
        bytes
    }

    /// A record with the number of a field and mostly another wire type, or of no field.
    fn odd(&self, random: &mut Random, field: &FieldDescriptorProto, bytes: &mut Vec<u8>) {
        let number = match random.below(4) {
            0 => 1 + random.below(1 << 20) as u32,
            _ => field.number() as u32,
        };
        let (wire_type, value) = match random.below(4) {
            0 => (WireType::SixtyFourBit, double(random).to_vec()),
            1 => (WireType::ThirtyTwoBit, float(random).to_vec()),
            2 => {
                let mut group = Vec::new();
                encode_key(1, WireType::Varint, &mut group);
                encode_varint(varint(random), &mut group);
                encode_key(number, WireType::EndGroup, &mut group);
                (WireType::StartGroup, group)
            }
            _ => scalar(random, Type::Int64),
        };
        encode_key(number, wire_type, bytes);
        bytes.extend(value);
    }

    fn field(
        &self,
        random: &mut Random,
        field: &FieldDescriptorProto,
        depth: u32,
        bytes: &mut Vec<u8>,
    ) {
        let number = field.number() as u32;
        match field.r#type() {
            Type::Message | Type::Group => self.message(random, field, depth, bytes),
            r#type => {
                let is_number = !matches!(r#type, Type::String | Type::Bytes);
                if is_number && field.label() == Label::Repeated && random.below(2) == 0 {
                    let values = (0..random.below(4)).flat_map(|_| scalar(random, r#type).1);
                    let values: Vec<u8> = values.collect();
                    return delimited(number, &values, bytes);
                }
                let (wire_type, value) = scalar(random, r#type);
                encode_key(number, wire_type, bytes);
                bytes.extend(value);
            }
        }
    }

    fn message(
        &self,
        random: &mut Random,
        field: &FieldDescriptorProto,
        depth: u32,
        bytes: &mut Vec<u8>,
    ) {
        let number = field.number() as u32;
        let name = field.type_name();
        let options = self.0[name].options.as_ref();
        if options.is_some_and(|options| options.map_entry()) {
            let entry = self.entry(random, &self.0[name], depth);
            return delimited(number, &entry, bytes);
        }
        let inner = match depth {
            0 => Vec::new(),
            _ => self.arbitrary(random, name, depth - 1),
        };
        // Descriptors have no features here: which of the two it is in an edition is not known.
        match field.r#type() == Type::Group || random.below(4) == 0 {
            true => {
                encode_key(number, WireType::StartGroup, bytes);
                bytes.extend(inner);
                encode_key(number, WireType::EndGroup, bytes);
            }
            false => delimited(number, &inner, bytes),
        }
    }

    /// An entry of a map: a key and a value, either of which may be missing, and nothing else.
    fn entry(&self, random: &mut Random, entry: &DescriptorProto, depth: u32) -> Vec<u8> {
        let mut bytes = Vec::new();
        for half in &entry.field {
            match half.r#type() {
                _ if random.below(4) == 0 => {}
                Type::Message => {
                    let inner = match depth {
                        0 => Vec::new(),
                        _ => self.arbitrary(random, half.type_name(), depth - 1),
                    };
                    delimited(half.number() as u32, &inner, &mut bytes);
                }
                r#type => {
                    let (wire_type, value) = scalar(random, r#type);
                    encode_key(half.number() as u32, wire_type, &mut bytes);
                    bytes.extend(value);
                }
            }
        }
        bytes
    }
}

fn delimited(number: u32, value: &[u8], bytes: &mut Vec<u8>) {
    encode_key(number, WireType::LengthDelimited, bytes);
    encode_varint(value.len() as u64, bytes);
    bytes.extend(value);
}

fn scalar(random: &mut Random, r#type: Type) -> (WireType, Vec<u8>) {
    match r#type {
        Type::Double | Type::Fixed64 | Type::Sfixed64 => {
            (WireType::SixtyFourBit, double(random).to_vec())
        }
        Type::Float | Type::Fixed32 | Type::Sfixed32 => {
            (WireType::ThirtyTwoBit, float(random).to_vec())
        }
        Type::String | Type::Bytes => {
            let text = ["", "a", "ä", "some more"][random.below(4) as usize];
            let mut value = Vec::new();
            encode_varint(text.len() as u64, &mut value);
            value.extend(text.as_bytes());
            (WireType::LengthDelimited, value)
        }
        _ => {
            let mut value = Vec::new();
            encode_varint(varint(random), &mut value);
            (WireType::Varint, value)
        }
    }
}
