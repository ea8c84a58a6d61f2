//! The messages of descriptor.proto, with every `options` message kept as its bytes.
//!
//! Options are bytes, since extensions of them are known to some readers only: a reader that decodes
//! options into a struct drops what it does not know. The names of fields are those of
//! [descriptor.proto](https://github.com/protocolbuffers/protobuf/blob/main/src/google/protobuf/descriptor.proto).

use crate::positions::SourceInfo;
use crate::wire::{Codec, Malformed, Records, Value};

mod options;
mod questions;

pub use options::{VisitOptions, each_options, options_mut};

/// The bytes of one `google.protobuf.*Options` message.
pub type RawOptions = Option<Vec<u8>>;

/// Declares a message with its codec. Fields stand in the order of their numbers, in which they are written.
macro_rules! message {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $number:literal $field:ident: $type:ty,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default)]
        pub struct $name {
            $($(#[$field_doc])* pub $field: $type,)*
        }

        impl Codec for $name {
            fn merge_records(&mut self, records: Records<'_>) -> Result<(), Malformed> {
                for record in records {
                    let record = record?;
                    match record.number {
                        $($number => self.$field.merge_record(&record)?,)*
                        _ => {}
                    }
                }
                Ok(())
            }

            fn encode(&self, out: &mut Vec<u8>) {
                $(self.$field.put($number, out);)*
            }
        }
    };
}

message! {
    /// `google.protobuf.FileDescriptorSet`.
    FileSet {
        /// The files.
        1 file: Vec<File>,
    }
}

message! {
    /// `google.protobuf.FileDescriptorProto`.
    File {
        /// The name that imports use.
        1 name: String,
        /// The package, without a leading dot. Empty for none.
        2 package: String,
        /// The names of imported files.
        3 dependency: Vec<String>,
        /// Messages at top level.
        4 message_type: Vec<Message>,
        /// Enums at top level.
        5 enum_type: Vec<Enum>,
        /// Services.
        6 service: Vec<Service>,
        /// Extensions at top level.
        7 extension: Vec<Field>,
        /// `FileOptions`.
        8 options: RawOptions,
        /// Positions and comments.
        9 source_code_info: Option<SourceInfo>,
        /// Indices in `dependency` of public imports.
        10 public_dependency: Vec<i32>,
        /// Indices in `dependency` of weak imports.
        11 weak_dependency: Vec<i32>,
        /// `proto3`, `editions`, or none for proto2.
        12 syntax: Option<String>,
        /// The number of the edition.
        14 edition: Option<i32>,
        /// The names of files that are imported for options only.
        15 option_dependency: Vec<String>,
    }
}

message! {
    /// `google.protobuf.DescriptorProto`.
    Message {
        /// The name without its scope.
        1 name: String,
        /// Fields, those of oneofs included.
        2 field: Vec<Field>,
        /// Nested messages, entries of maps included.
        3 nested_type: Vec<Message>,
        /// Nested enums.
        4 enum_type: Vec<Enum>,
        /// Numbers for extensions.
        5 extension_range: Vec<ExtensionRange>,
        /// Extensions that are declared in the scope of this message.
        6 extension: Vec<Field>,
        /// `MessageOptions`.
        7 options: RawOptions,
        /// Oneofs, those of proto3's `optional` last.
        8 oneof_decl: Vec<Oneof>,
        /// Reserved numbers.
        9 reserved_range: Vec<Range>,
        /// Reserved names.
        10 reserved_name: Vec<String>,
        /// `SymbolVisibility`, where a keyword says it.
        11 visibility: Option<i32>,
    }
}

message! {
    /// `google.protobuf.DescriptorProto.ExtensionRange`.
    ExtensionRange {
        /// The first number.
        1 start: Option<i32>,
        /// The number after the last one.
        2 end: Option<i32>,
        /// `ExtensionRangeOptions`.
        3 options: RawOptions,
    }
}

message! {
    /// A reserved range of a message, whose end is excluded, or of an enum, whose end is included.
    Range {
        /// The first number.
        1 start: Option<i32>,
        /// The end.
        2 end: Option<i32>,
    }
}

message! {
    /// `google.protobuf.FieldDescriptorProto`.
    Field {
        /// The name without its scope.
        1 name: String,
        /// The extended message, if this is an extension.
        2 extendee: Option<String>,
        /// The number.
        3 number: i32,
        /// The [`Label`].
        4 label: Option<i32>,
        /// The [`Type`].
        5 r#type: Option<i32>,
        /// The full name of a message or an enum, with a leading dot.
        6 type_name: Option<String>,
        /// The default, spelt as descriptor.proto says.
        7 default_value: Option<String>,
        /// `FieldOptions`.
        8 options: RawOptions,
        /// The index of the oneof.
        9 oneof_index: Option<i32>,
        /// The name in JSON.
        10 json_name: Option<String>,
        /// Whether this is an `optional` field of proto3.
        17 proto3_optional: Option<bool>,
    }
}

message! {
    /// `google.protobuf.OneofDescriptorProto`.
    Oneof {
        /// The name.
        1 name: String,
        /// `OneofOptions`.
        2 options: RawOptions,
    }
}

message! {
    /// `google.protobuf.EnumDescriptorProto`.
    Enum {
        /// The name without its scope.
        1 name: String,
        /// The values.
        2 value: Vec<EnumValue>,
        /// `EnumOptions`.
        3 options: RawOptions,
        /// Reserved numbers.
        4 reserved_range: Vec<Range>,
        /// Reserved names.
        5 reserved_name: Vec<String>,
        /// `SymbolVisibility`, where a keyword says it.
        6 visibility: Option<i32>,
    }
}

message! {
    /// `google.protobuf.EnumValueDescriptorProto`.
    EnumValue {
        /// The name.
        1 name: String,
        /// The number.
        2 number: Option<i32>,
        /// `EnumValueOptions`.
        3 options: RawOptions,
    }
}

message! {
    /// `google.protobuf.ServiceDescriptorProto`.
    Service {
        /// The name without its scope.
        1 name: String,
        /// The rpcs.
        2 method: Vec<Method>,
        /// `ServiceOptions`.
        3 options: RawOptions,
    }
}

message! {
    /// `google.protobuf.MethodDescriptorProto`.
    Method {
        /// The name.
        1 name: String,
        /// The full name of the request message, with a leading dot.
        2 input_type: String,
        /// The full name of the response message, with a leading dot.
        3 output_type: String,
        /// `MethodOptions`.
        4 options: RawOptions,
        /// Whether the client streams.
        5 client_streaming: Option<bool>,
        /// Whether the server streams.
        6 server_streaming: Option<bool>,
    }
}

message! {
    /// `google.protobuf.compiler.CodeGeneratorRequest`, which a plugin reads from its standard input.
    Request {
        /// The names of the files to generate code for.
        1 file_to_generate: Vec<String>,
        /// The parameter that the user passes to the plugin.
        2 parameter: Option<String>,
        /// These files and all that they import.
        15 proto_file: Vec<File>,
    }
}

/// Declares an enum with its numbers.
macro_rules! numbered {
    ($(#[$doc:meta])* $name:ident { $($(#[$value_doc:meta])* $value:ident = $number:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name {
            $($(#[$value_doc])* $value = $number,)*
        }

        impl TryFrom<i32> for $name {
            type Error = i32;

            /// The value of this number, or the number itself where there is none.
            fn try_from(number: i32) -> Result<Self, i32> {
                match number {
                    $($number => Ok(Self::$value),)*
                    other => Err(other),
                }
            }
        }
    };
}

numbered! {
    /// `google.protobuf.FieldDescriptorProto.Label`.
    Label {
        /// At most one value.
        Optional = 1,
        /// Exactly one value.
        Required = 2,
        /// Any number of values.
        Repeated = 3,
    }
}

numbered! {
    /// `google.protobuf.FieldDescriptorProto.Type`.
    #[allow(missing_docs, reason = "these are the types of the language, under their own names")]
    Type {
        Double = 1,
        Float = 2,
        Int64 = 3,
        Uint64 = 4,
        Int32 = 5,
        Fixed64 = 6,
        Fixed32 = 7,
        Bool = 8,
        String = 9,
        Group = 10,
        Message = 11,
        Bytes = 12,
        Uint32 = 13,
        Enum = 14,
        Sfixed32 = 15,
        Sfixed64 = 16,
        Sint32 = 17,
        Sint64 = 18,
    }
}

/// The keywords of scalar types.
pub(crate) const SCALARS: [&str; 15] = [
    "double", "float", "int64", "uint64", "int32", "fixed64", "fixed32", "bool", "string", "bytes",
    "uint32", "sfixed32", "sfixed64", "sint32", "sint64",
];

impl Type {
    /// The keyword of the language; `message`, `group` and `enum` for what has names of its own.
    pub fn keyword(self) -> &'static str {
        match self {
            Self::Double => "double",
            Self::Float => "float",
            Self::Int64 => "int64",
            Self::Uint64 => "uint64",
            Self::Int32 => "int32",
            Self::Fixed64 => "fixed64",
            Self::Fixed32 => "fixed32",
            Self::Bool => "bool",
            Self::String => "string",
            Self::Group => "group",
            Self::Message => "message",
            Self::Bytes => "bytes",
            Self::Uint32 => "uint32",
            Self::Enum => "enum",
            Self::Sfixed32 => "sfixed32",
            Self::Sfixed64 => "sfixed64",
            Self::Sint32 => "sint32",
            Self::Sint64 => "sint64",
        }
    }

    /// The type of a scalar's keyword, or of `group`.
    pub(crate) fn from_keyword(keyword: &str) -> Option<Self> {
        Some(match keyword {
            "double" => Self::Double,
            "float" => Self::Float,
            "int64" => Self::Int64,
            "uint64" => Self::Uint64,
            "int32" => Self::Int32,
            "fixed64" => Self::Fixed64,
            "fixed32" => Self::Fixed32,
            "bool" => Self::Bool,
            "string" => Self::String,
            "group" => Self::Group,
            "bytes" => Self::Bytes,
            "uint32" => Self::Uint32,
            "sfixed32" => Self::Sfixed32,
            "sfixed64" => Self::Sfixed64,
            "sint32" => Self::Sint32,
            "sint64" => Self::Sint64,
            _ => return None,
        })
    }
}

/// Values of `google.protobuf.SymbolVisibility`.
pub mod visibility {
    /// Other files cannot use the type.
    pub const LOCAL: i32 = 1;
    /// Other files can use the type.
    pub const EXPORT: i32 = 2;
}
