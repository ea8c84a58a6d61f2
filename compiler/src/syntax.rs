//! The result of parsing a text: a descriptor with names as written, and options as written.

use crate::descriptor::File;
use crate::lexer::Token;
use crate::positions::LocationId;
use crate::source::Source;

/// A parsed file.
#[derive(Debug)]
pub(crate) struct Parsed {
    /// Types have the names that are written, and options are missing.
    pub(crate) file: File,
    pub(crate) source: Source,
    /// The options of everything that has some.
    pub(crate) options: Vec<OptionSet>,
    /// Whether the file is one that we carry.
    pub(crate) is_embedded: bool,
}

/// The options of one declaration.
#[derive(Debug)]
pub(crate) struct OptionSet {
    /// The path of the declaration in the file.
    pub(crate) path: Vec<i32>,
    pub(crate) target: Target,
    pub(crate) statements: Vec<Statement>,
}

/// One `name = value`.
#[derive(Clone, Debug)]
pub(crate) struct Statement {
    pub(crate) name: Vec<NamePart>,
    pub(crate) value: Value,
    /// Where the statement begins, and where its value stands.
    pub(crate) start: u32,
    pub(crate) value_start: u32,
    pub(crate) value_end: u32,
    /// The location of the statement; none where it is copied to what nobody writes.
    pub(crate) location: Option<LocationId>,
}

/// A part of an option's name: `(a.b)` of an extension, or `c` of a field.
#[derive(Clone, Debug)]
pub(crate) struct NamePart {
    pub(crate) name: String,
    pub(crate) is_extension: bool,
    pub(crate) start: u32,
    pub(crate) end: u32,
}

impl NamePart {
    /// The name of an option as it is written.
    pub(crate) fn spelling(name: &[Self]) -> String {
        let parts = name.iter().map(|part| {
            if part.is_extension {
                format!("({})", part.name)
            } else {
                part.name.clone()
            }
        });
        parts.collect::<Vec<_>>().join(".")
    }
}

/// The value of an option, by its spelling.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Identifier(String),
    Positive(u64),
    Negative(i64),
    Double(f64),
    String(Vec<u8>),
    /// The tokens between braces, in the text format.
    Aggregate(Vec<Token>),
}

/// The kinds of declarations that have options.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names are those of the language")]
pub enum Target {
    File,
    Message,
    Field,
    Oneof,
    ExtensionRange,
    Enum,
    EnumValue,
    Service,
    Method,
}

impl Target {
    /// The number of `features` in the options.
    pub fn features(self) -> u32 {
        match self {
            Self::File | Self::ExtensionRange => 50,
            Self::Message => 12,
            Self::Field => 21,
            Self::Oneof => 1,
            Self::Enum => 7,
            Self::EnumValue => 2,
            Self::Service => 34,
            Self::Method => 35,
        }
    }

    /// The number of the options in the descriptor.
    pub fn options(self) -> i32 {
        match self {
            Self::File | Self::Field => 8,
            Self::Message => 7,
            Self::Oneof => 2,
            Self::ExtensionRange | Self::Enum | Self::EnumValue | Self::Service => 3,
            Self::Method => 4,
        }
    }

    /// The full name of the options' type.
    pub fn type_name(self) -> &'static str {
        match self {
            Self::File => ".google.protobuf.FileOptions",
            Self::Message => ".google.protobuf.MessageOptions",
            Self::Field => ".google.protobuf.FieldOptions",
            Self::Oneof => ".google.protobuf.OneofOptions",
            Self::ExtensionRange => ".google.protobuf.ExtensionRangeOptions",
            Self::Enum => ".google.protobuf.EnumOptions",
            Self::EnumValue => ".google.protobuf.EnumValueOptions",
            Self::Service => ".google.protobuf.ServiceOptions",
            Self::Method => ".google.protobuf.MethodOptions",
        }
    }

    /// The number of the value in `FieldOptions.OptionTargetType`.
    pub(crate) fn target_type(self) -> u64 {
        match self {
            Self::File => 1,
            Self::ExtensionRange => 2,
            Self::Message => 3,
            Self::Field => 4,
            Self::Oneof => 5,
            Self::Enum => 6,
            Self::EnumValue => 7,
            Self::Service => 8,
            Self::Method => 9,
        }
    }

    /// The target whose number in `FieldOptions.OptionTargetType` this is.
    pub(crate) fn from_target_type(number: u64) -> Option<Self> {
        const ALL: [Target; 9] = [
            Target::File,
            Target::ExtensionRange,
            Target::Message,
            Target::Field,
            Target::Oneof,
            Target::Enum,
            Target::EnumValue,
            Target::Service,
            Target::Method,
        ];
        ALL.into_iter()
            .find(|target| target.target_type() == number)
    }

    /// The name for diagnostics, with an article.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::File => "a file",
            Self::Message => "a message",
            Self::Field => "a field",
            Self::Oneof => "a oneof",
            Self::ExtensionRange => "an extension range",
            Self::Enum => "an enum",
            Self::EnumValue => "an enum value",
            Self::Service => "a service",
            Self::Method => "an rpc",
        }
    }
}
