//! The descriptors of descriptor.proto, with every `options` message kept as the bytes it came in.
//!
//! prost-types decodes options into structs that know nothing of extensions, so custom options are
//! gone after one decode; and it has no fields for editions. These types carry both, and encode to
//! the same wire format, so `prost_types` values can be had from them (see [`File::to_prost`]).

use prost::Message as _;

use crate::wire;

/// The bytes of one `google.protobuf.*Options` message.
pub(crate) type RawOptions = Option<Vec<u8>>;

#[derive(Clone, prost::Message)]
pub(crate) struct FileSet {
    #[prost(message, repeated, tag = "1")]
    pub(crate) file: Vec<File>,
}

#[derive(Clone, prost::Message)]
pub(crate) struct File {
    #[prost(string, tag = "1")]
    pub(crate) name: String,
    #[prost(string, tag = "2")]
    pub(crate) package: String,
    #[prost(string, repeated, tag = "3")]
    pub(crate) dependency: Vec<String>,
    #[prost(message, repeated, tag = "4")]
    pub(crate) message_type: Vec<Message>,
    #[prost(message, repeated, tag = "5")]
    pub(crate) enum_type: Vec<Enum>,
    #[prost(message, repeated, tag = "6")]
    pub(crate) service: Vec<Service>,
    #[prost(message, repeated, tag = "7")]
    pub(crate) extension: Vec<Field>,
    #[prost(bytes = "vec", optional, tag = "8")]
    pub(crate) options: RawOptions,
    #[prost(message, optional, tag = "9")]
    pub(crate) source_code_info: Option<prost_types::SourceCodeInfo>,
    #[prost(int32, repeated, packed = "false", tag = "10")]
    pub(crate) public_dependency: Vec<i32>,
    #[prost(int32, repeated, packed = "false", tag = "11")]
    pub(crate) weak_dependency: Vec<i32>,
    #[prost(string, repeated, tag = "15")]
    pub(crate) option_dependency: Vec<String>,
    #[prost(string, optional, tag = "12")]
    pub(crate) syntax: Option<String>,
    #[prost(int32, optional, tag = "14")]
    pub(crate) edition: Option<i32>,
}

#[derive(Clone, prost::Message)]
pub(crate) struct Message {
    #[prost(string, tag = "1")]
    pub(crate) name: String,
    #[prost(message, repeated, tag = "2")]
    pub(crate) field: Vec<Field>,
    #[prost(message, repeated, tag = "3")]
    pub(crate) nested_type: Vec<Message>,
    #[prost(message, repeated, tag = "4")]
    pub(crate) enum_type: Vec<Enum>,
    #[prost(message, repeated, tag = "5")]
    pub(crate) extension_range: Vec<ExtensionRange>,
    #[prost(message, repeated, tag = "6")]
    pub(crate) extension: Vec<Field>,
    #[prost(bytes = "vec", optional, tag = "7")]
    pub(crate) options: RawOptions,
    #[prost(message, repeated, tag = "8")]
    pub(crate) oneof_decl: Vec<Oneof>,
    #[prost(message, repeated, tag = "9")]
    pub(crate) reserved_range: Vec<Range>,
    #[prost(string, repeated, tag = "10")]
    pub(crate) reserved_name: Vec<String>,
    #[prost(int32, optional, tag = "11")]
    pub(crate) visibility: Option<i32>,
}

#[derive(Clone, prost::Message)]
pub(crate) struct ExtensionRange {
    #[prost(int32, optional, tag = "1")]
    pub(crate) start: Option<i32>,
    #[prost(int32, optional, tag = "2")]
    pub(crate) end: Option<i32>,
    #[prost(bytes = "vec", optional, tag = "3")]
    pub(crate) options: RawOptions,
}

#[derive(Clone, prost::Message)]
pub(crate) struct Range {
    #[prost(int32, optional, tag = "1")]
    pub(crate) start: Option<i32>,
    #[prost(int32, optional, tag = "2")]
    pub(crate) end: Option<i32>,
}

#[derive(Clone, prost::Message)]
pub(crate) struct Field {
    #[prost(string, tag = "1")]
    pub(crate) name: String,
    #[prost(string, optional, tag = "2")]
    pub(crate) extendee: Option<String>,
    #[prost(int32, tag = "3")]
    pub(crate) number: i32,
    #[prost(enumeration = "Label", optional, tag = "4")]
    pub(crate) label: Option<i32>,
    #[prost(enumeration = "Type", optional, tag = "5")]
    pub(crate) r#type: Option<i32>,
    #[prost(string, optional, tag = "6")]
    pub(crate) type_name: Option<String>,
    #[prost(string, optional, tag = "7")]
    pub(crate) default_value: Option<String>,
    #[prost(bytes = "vec", optional, tag = "8")]
    pub(crate) options: RawOptions,
    #[prost(int32, optional, tag = "9")]
    pub(crate) oneof_index: Option<i32>,
    #[prost(string, optional, tag = "10")]
    pub(crate) json_name: Option<String>,
    #[prost(bool, optional, tag = "17")]
    pub(crate) proto3_optional: Option<bool>,
}

pub(crate) use prost_types::field_descriptor_proto::{Label, Type};

#[derive(Clone, prost::Message)]
pub(crate) struct Oneof {
    #[prost(string, tag = "1")]
    pub(crate) name: String,
    #[prost(bytes = "vec", optional, tag = "2")]
    pub(crate) options: RawOptions,
}

#[derive(Clone, prost::Message)]
pub(crate) struct Enum {
    #[prost(string, tag = "1")]
    pub(crate) name: String,
    #[prost(message, repeated, tag = "2")]
    pub(crate) value: Vec<EnumValue>,
    #[prost(bytes = "vec", optional, tag = "3")]
    pub(crate) options: RawOptions,
    #[prost(message, repeated, tag = "4")]
    pub(crate) reserved_range: Vec<Range>,
    #[prost(string, repeated, tag = "5")]
    pub(crate) reserved_name: Vec<String>,
    #[prost(int32, optional, tag = "6")]
    pub(crate) visibility: Option<i32>,
}

#[derive(Clone, prost::Message)]
pub(crate) struct EnumValue {
    #[prost(string, tag = "1")]
    pub(crate) name: String,
    #[prost(int32, optional, tag = "2")]
    pub(crate) number: Option<i32>,
    #[prost(bytes = "vec", optional, tag = "3")]
    pub(crate) options: RawOptions,
}

#[derive(Clone, prost::Message)]
pub(crate) struct Service {
    #[prost(string, tag = "1")]
    pub(crate) name: String,
    #[prost(message, repeated, tag = "2")]
    pub(crate) method: Vec<Method>,
    #[prost(bytes = "vec", optional, tag = "3")]
    pub(crate) options: RawOptions,
}

#[derive(Clone, prost::Message)]
pub(crate) struct Method {
    #[prost(string, tag = "1")]
    pub(crate) name: String,
    #[prost(string, tag = "2")]
    pub(crate) input_type: String,
    #[prost(string, tag = "3")]
    pub(crate) output_type: String,
    #[prost(bytes = "vec", optional, tag = "4")]
    pub(crate) options: RawOptions,
    #[prost(bool, optional, tag = "5")]
    pub(crate) client_streaming: Option<bool>,
    #[prost(bool, optional, tag = "6")]
    pub(crate) server_streaming: Option<bool>,
}

/// What a plugin reads from its standard input: `google.protobuf.compiler.CodeGeneratorRequest`.
#[derive(Clone, prost::Message)]
pub(crate) struct Request {
    #[prost(string, repeated, tag = "1")]
    pub(crate) file_to_generate: Vec<String>,
    #[prost(string, optional, tag = "2")]
    pub(crate) parameter: Option<String>,
    #[prost(message, repeated, tag = "15")]
    pub(crate) proto_file: Vec<File>,
}

impl File {
    /// The same file as prost-types sees it, without custom options.
    pub(crate) fn to_prost(&self) -> prost_types::FileDescriptorProto {
        prost_types::FileDescriptorProto::decode(self.encode_to_vec().as_slice())
            .expect("`check` has seen that prost-types reads this")
    }

    /// A copy without source positions and comments, which are most of a file.
    pub(crate) fn without_positions(&self) -> Self {
        Self {
            name: self.name.clone(),
            package: self.package.clone(),
            dependency: self.dependency.clone(),
            message_type: self.message_type.clone(),
            enum_type: self.enum_type.clone(),
            service: self.service.clone(),
            extension: self.extension.clone(),
            options: self.options.clone(),
            source_code_info: None,
            public_dependency: self.public_dependency.clone(),
            weak_dependency: self.weak_dependency.clone(),
            option_dependency: self.option_dependency.clone(),
            syntax: self.syntax.clone(),
            edition: self.edition,
        }
    }

    /// The names of the files that whoever imports this one sees as well.
    pub(crate) fn public_imports(&self) -> impl Iterator<Item = &String> {
        let indices = self.public_dependency.iter();
        indices.filter_map(|&index| self.dependency.get(usize::try_from(index).ok()?))
    }

    /// The full name, with its leading dot, of something this file declares at top level.
    pub(crate) fn full_name(&self, name: &str) -> String {
        if self.package.is_empty() {
            format!(".{name}")
        } else {
            format!(".{}.{name}", self.package)
        }
    }
}

impl Message {
    /// Whether this is the entry type that a `map<K, V>` field stands for.
    pub(crate) fn is_map_entry(&self) -> bool {
        wire::flag(&self.options, 7)
    }

    /// The entry type of one of the message's own fields, if that is a map: it has a key and a value.
    pub(crate) fn map_entry(&self, field: &Field) -> Option<&Message> {
        let name = field.type_name.as_deref()?.rsplit('.').next()?;
        let mut nested = self.nested_type.iter();
        let entry = nested.find(|nested| nested.name == name && nested.is_map_entry())?;
        (field.is_repeated() && entry.field.len() == 2).then_some(entry)
    }

    pub(crate) fn is_deprecated(&self) -> bool {
        wire::flag(&self.options, 3)
    }
}

impl Field {
    /// The type, if it is one of descriptor.proto's.
    pub(crate) fn known_type(&self) -> Option<Type> {
        self.r#type.and_then(|number| Type::try_from(number).ok())
    }

    /// Whether this is an extension by which options are declared.
    pub(crate) fn is_option(&self) -> bool {
        let extendee = self.extendee.as_deref().unwrap_or_default();
        extendee.starts_with(".google.protobuf.") && extendee.ends_with("Options")
    }

    pub(crate) fn is_repeated(&self) -> bool {
        self.label() == Label::Repeated
    }

    /// Whether values of its type can stand together in one record.
    pub(crate) fn is_packable(&self) -> bool {
        !matches!(
            self.known_type(),
            None | Some(Type::String | Type::Bytes | Type::Message | Type::Group)
        )
    }

    /// `packed`, if it says so.
    pub(crate) fn is_packed(&self) -> Option<bool> {
        wire::varint(&self.options, 2).map(|value| value != 0)
    }

    /// The oneof that the field is a variant of; none for the synthetic oneof of `optional`.
    pub(crate) fn real_oneof(&self) -> Option<usize> {
        match self.proto3_optional {
            Some(true) => None,
            _ => self.oneof_index.and_then(|index| index.try_into().ok()),
        }
    }

    pub(crate) fn is_deprecated(&self) -> bool {
        wire::flag(&self.options, 3)
    }
}

impl Enum {
    pub(crate) fn is_deprecated(&self) -> bool {
        wire::flag(&self.options, 3)
    }
}

impl Service {
    pub(crate) fn is_deprecated(&self) -> bool {
        wire::flag(&self.options, 33)
    }
}

impl Method {
    pub(crate) fn is_deprecated(&self) -> bool {
        wire::flag(&self.options, 33)
    }

    /// `idempotency_level`, as its number.
    pub(crate) fn idempotency_level(&self) -> u64 {
        wire::varint(&self.options, 34).unwrap_or_default()
    }
}

impl EnumValue {
    pub(crate) fn is_deprecated(&self) -> bool {
        wire::flag(&self.options, 1)
    }
}
