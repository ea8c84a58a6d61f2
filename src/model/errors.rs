//! Error enums: what their options say, looked through for everything that could be wrong.
//!
//! [`Catalog::read`] is the first pass: selection and names depend on it. The types that are generated of the enums are
//! in `error_types`, with their Rust names.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::status_code::StatusCode;

mod check;
mod kratos;
mod listed;
mod read;
mod reading;
mod template;
mod trailers;

pub(crate) use template::Piece;

/// All error enums of an input, and the errors that its rpcs list.
#[derive(Default)]
pub(crate) struct Catalog {
    /// Error enums by full name.
    pub(crate) enums: BTreeMap<String, ErrorEnum>,
    /// The errors that each rpc lists, by the full name of the rpc: an enum, and a position among its errors.
    pub(crate) listed: HashMap<String, BTreeSet<(String, usize)>>,
}

/// An error enum.
#[derive(Clone)]
pub(crate) struct ErrorEnum {
    /// The full name, with a leading dot.
    pub(crate) full_name: String,
    /// The name of its type in Rust.
    pub(crate) rust_type: String,
    pub(crate) domain: String,
    pub(crate) dialect: Dialect,
    pub(crate) errors: Vec<ErrorValue>,
    /// The file that declares it. `path` is its place there.
    pub(crate) file: String,
    pub(crate) path: Vec<i32>,
}

/// The options that an error enum is declared by.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    Ours,
    /// Messages and metadata are given when an error happens.
    Kratos,
}

/// An error: one value of an enum.
#[derive(Clone)]
pub(crate) struct ErrorValue {
    /// The name of the value.
    pub(crate) name: String,
    /// Its position in the enum.
    pub(crate) index: usize,
    pub(crate) is_deprecated: bool,
    pub(crate) reason: String,
    pub(crate) code: StatusCode,
    pub(crate) message: Vec<Piece>,
    /// In the order of the message, and then of their declarations.
    pub(crate) placeholders: Vec<Placeholder>,
    /// Full names of messages, with a leading dot.
    pub(crate) details: Vec<String>,
    pub(crate) retry: Option<Retry>,
    pub(crate) help: Option<Help>,
    pub(crate) trailers: Vec<Trailer>,
}

/// Something in an error that is known when it happens.
#[derive(Clone)]
pub(crate) struct Placeholder {
    pub(crate) name: String,
    pub(crate) r#type: PlaceholderType,
    pub(crate) repeated: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PlaceholderType {
    String,
    Bool,
    Int32,
    Int64,
    Uint32,
    Uint64,
    Timestamp,
    Duration,
}

/// The advice to send a call again.
#[derive(Clone, Copy)]
pub(crate) struct Retry {
    /// The time to wait before that, in seconds and nanoseconds.
    pub(crate) delay: Option<(u64, u32)>,
}

#[derive(Clone)]
pub(crate) struct Help {
    pub(crate) description: String,
    pub(crate) url: String,
}

#[derive(Clone)]
pub(crate) struct Trailer {
    pub(crate) key: String,
    pub(crate) value: TrailerValue,
}

#[derive(Clone)]
pub(crate) enum TrailerValue {
    /// The name of a placeholder.
    Placeholder(String),
    /// The full name of a detail, with a leading dot.
    Json(String),
    Text(String),
}

/// The messages of `google.rpc` that can be details; `rust-svc` has them all.
const GOOGLE_RPC: [&str; 10] = [
    "BadRequest",
    "DebugInfo",
    "ErrorInfo",
    "Help",
    "LocalizedMessage",
    "PreconditionFailure",
    "QuotaFailure",
    "RequestInfo",
    "ResourceInfo",
    "RetryInfo",
];

/// The name of a message among those, of its full name.
pub(crate) fn google_rpc(full_name: &str) -> Option<&str> {
    let name = full_name.strip_prefix(".google.rpc.")?;
    GOOGLE_RPC.contains(&name).then_some(name)
}

impl Catalog {
    /// An error by the enum and the position that an rpc lists.
    pub(crate) fn error(&self, listed: &(String, usize)) -> (&ErrorEnum, &ErrorValue) {
        let of = &self.enums[&listed.0];
        (of, &of.errors[listed.1])
    }

    /// The error enums that a type at top level is, or that are nested in it.
    pub(crate) fn within(&self, full_name: &str) -> impl Iterator<Item = (&str, &ErrorEnum)> {
        let nested = format!("{full_name}.");
        let enums = self.enums.iter().map(|(name, of)| (name.as_str(), of));
        enums.filter(move |(name, _)| {
            name.starts_with(&nested) || nested[..nested.len() - 1] == **name
        })
    }

    /// The details of a type's errors that are generated or have a Rust path: not those of `google.rpc`.
    pub(crate) fn details_of(&self, full_name: &str) -> impl Iterator<Item = &str> {
        let errors = self.enums.get(full_name).into_iter();
        let details = errors
            .flat_map(|of| &of.errors)
            .flat_map(|error| &error.details);
        details
            .map(String::as_str)
            .filter(|name| google_rpc(name).is_none())
    }
}
