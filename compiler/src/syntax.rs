//! The result of parsing a text: a descriptor with names as written, and options as written.

use crate::descriptor::File;
use crate::lexer::Token;
use crate::positions::LocationId;
use crate::source::Source;
use crate::target::Target;

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
