//! The messages of descriptor.proto, with every `options` message kept as its bytes.
//!
//! Options are bytes, since extensions of them are known to some readers only: a reader that decodes
//! options into a struct drops what it does not know. The names of fields are those of
//! [descriptor.proto](https://github.com/protocolbuffers/protobuf/blob/main/src/google/protobuf/descriptor.proto).

use crate::diagnostics::Place;
use crate::places;
use crate::positions::SourceInfo;
use crate::wire::{self, Codec, Malformed, Records, Value};

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
        /// For extensions, the extended message.
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
        /// What the user passes to the plugin.
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

impl Type {
    /// The keyword of the language; `message`, `group` and `enum` for what has names of its own.
    pub fn keyword(self) -> &'static str {
        crate::parser::keyword(self)
    }
}

/// Values of `google.protobuf.SymbolVisibility`.
pub mod visibility {
    /// Other files cannot use the type.
    pub const LOCAL: i32 = 1;
    /// Other files can use the type.
    pub const EXPORT: i32 = 2;
}

impl File {
    /// Where the declaration at a path stands: its name, or else the whole of it, or the file.
    pub fn place(&self, path: &[i32]) -> Place {
        places::name(self, path)
    }

    /// Where a text stands in the declaration at a path; its name where that cannot be told.
    pub fn place_of_word(&self, path: &[i32], word: &str) -> Place {
        match word.is_empty() {
            true => self.place(path),
            false => places::word(self, path, word),
        }
    }

    /// A copy without source positions and comments, which are most of a file.
    #[must_use]
    pub fn without_positions(&self) -> Self {
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
            syntax: self.syntax.clone(),
            edition: self.edition,
            option_dependency: self.option_dependency.clone(),
        }
    }

    /// The full name, with its leading dot, of something that this file declares at top level.
    pub fn full_name(&self, name: &str) -> String {
        if self.package.is_empty() {
            format!(".{name}")
        } else {
            format!(".{}.{name}", self.package)
        }
    }

    /// All imports: plain ones, and those for options only.
    pub fn imports(&self) -> impl Iterator<Item = &str> {
        let all = self.dependency.iter().chain(&self.option_dependency);
        all.map(String::as_str)
    }

    /// The names of the files that whoever imports this one sees as well.
    pub fn public_imports(&self) -> impl Iterator<Item = &String> {
        let indices = self.public_dependency.iter();
        indices.filter_map(|&index| self.dependency.get(usize::try_from(index).ok()?))
    }

    /// Whether the file is in proto3.
    pub fn is_proto3(&self) -> bool {
        self.syntax.as_deref() == Some("proto3")
    }
}

impl Message {
    /// Whether this is the entry type that a `map<K, V>` field stands for.
    pub fn is_map_entry(&self) -> bool {
        wire::flag(self.options.as_deref(), 7)
    }

    /// Whether the message is a message set, which has extensions only.
    pub fn is_message_set(&self) -> bool {
        wire::flag(self.options.as_deref(), 1)
    }

    /// The entry type of one of the message's own fields, if that is a map: it has a key and a value.
    pub fn map_entry(&self, field: &Field) -> Option<&Message> {
        let name = field.type_name.as_deref()?.rsplit('.').next()?;
        let mut nested = self.nested_type.iter();
        let entry = nested.find(|nested| nested.name == name && nested.is_map_entry())?;
        (field.is_repeated() && entry.field.len() == 2).then_some(entry)
    }

    /// The option `deprecated`.
    pub fn is_deprecated(&self) -> bool {
        wire::flag(self.options.as_deref(), 3)
    }
}

impl Field {
    /// The type, if it is one of descriptor.proto's.
    pub fn known_type(&self) -> Option<Type> {
        self.r#type.and_then(|number| Type::try_from(number).ok())
    }

    /// The type; a double where there is none, which is the first value of the enum.
    pub fn r#type(&self) -> Type {
        self.known_type().unwrap_or(Type::Double)
    }

    /// The label; optional where there is none, which is the first value of the enum.
    pub fn label(&self) -> Label {
        let label = self.label.and_then(|number| Label::try_from(number).ok());
        label.unwrap_or(Label::Optional)
    }

    /// Whether this is an extension by which options are declared.
    pub fn is_option(&self) -> bool {
        let extendee = self.extendee.as_deref().unwrap_or_default();
        extendee.starts_with(".google.protobuf.") && extendee.ends_with("Options")
    }

    /// Whether the field has any number of values.
    pub fn is_repeated(&self) -> bool {
        self.label() == Label::Repeated
    }

    /// Whether the values are messages.
    pub fn is_message(&self) -> bool {
        matches!(self.known_type(), Some(Type::Message | Type::Group))
    }

    /// Whether values of its type can stand together in one record.
    pub fn is_packable(&self) -> bool {
        !matches!(
            self.known_type(),
            None | Some(Type::String | Type::Bytes | Type::Message | Type::Group)
        )
    }

    /// The option `packed`, if it is set.
    pub fn is_packed(&self) -> Option<bool> {
        wire::varint(self.options.as_deref(), 2).map(|value| value != 0)
    }

    /// The oneof that the field is a variant of; none for the synthetic oneof of `optional`.
    pub fn real_oneof(&self) -> Option<usize> {
        match self.proto3_optional {
            Some(true) => None,
            _ => self.oneof_index.and_then(|index| index.try_into().ok()),
        }
    }

    /// The option `deprecated`.
    pub fn is_deprecated(&self) -> bool {
        wire::flag(self.options.as_deref(), 3)
    }
}

impl Enum {
    /// The option `deprecated`.
    pub fn is_deprecated(&self) -> bool {
        wire::flag(self.options.as_deref(), 3)
    }
}

impl EnumValue {
    /// The number; 0 where there is none.
    pub fn number(&self) -> i32 {
        self.number.unwrap_or_default()
    }

    /// The option `deprecated`.
    pub fn is_deprecated(&self) -> bool {
        wire::flag(self.options.as_deref(), 1)
    }
}

impl Service {
    /// The option `deprecated`.
    pub fn is_deprecated(&self) -> bool {
        wire::flag(self.options.as_deref(), 33)
    }
}

impl Method {
    /// The option `deprecated`.
    pub fn is_deprecated(&self) -> bool {
        wire::flag(self.options.as_deref(), 33)
    }

    /// The option `idempotency_level`, as its number.
    pub fn idempotency_level(&self) -> u64 {
        wire::varint(self.options.as_deref(), 34).unwrap_or_default()
    }
}

/// The options of the declaration at a path.
pub fn options_mut<'a>(file: &'a mut File, path: &[i32]) -> Option<&'a mut RawOptions> {
    let [number, index, rest @ ..] = path else {
        return Some(&mut file.options);
    };
    let index = *index as usize;
    match number {
        4 => of_message(file.message_type.get_mut(index)?, rest),
        5 => of_enum(file.enum_type.get_mut(index)?, rest),
        6 => {
            let service = file.service.get_mut(index)?;
            match rest {
                [] => Some(&mut service.options),
                [_, index, ..] => Some(&mut service.method.get_mut(*index as usize)?.options),
                _ => None,
            }
        }
        7 => Some(&mut file.extension.get_mut(index)?.options),
        _ => None,
    }
}

fn of_message<'a>(message: &'a mut Message, path: &[i32]) -> Option<&'a mut RawOptions> {
    let [number, index, rest @ ..] = path else {
        return Some(&mut message.options);
    };
    let index = *index as usize;
    match number {
        2 => Some(&mut message.field.get_mut(index)?.options),
        3 => of_message(message.nested_type.get_mut(index)?, rest),
        4 => of_enum(message.enum_type.get_mut(index)?, rest),
        5 => Some(&mut message.extension_range.get_mut(index)?.options),
        6 => Some(&mut message.extension.get_mut(index)?.options),
        8 => Some(&mut message.oneof_decl.get_mut(index)?.options),
        _ => None,
    }
}

fn of_enum<'a>(r#enum: &'a mut Enum, path: &[i32]) -> Option<&'a mut RawOptions> {
    match path {
        [] => Some(&mut r#enum.options),
        [_, index, ..] => Some(&mut r#enum.value.get_mut(*index as usize)?.options),
        _ => None,
    }
}
