//! The things that each kind of option is about, and how it matches its paths.

use super::items::{ItemKind, Shape};
use crate::descriptor::Type;
use crate::model::names::is_path;
use crate::options::About;
use crate::pattern;

/// How an option matches its paths.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Matching {
    /// A pattern, as prost-build matches them.
    Prost,
    /// A pattern, where `user.v1` means `.user.v1` as well.
    Names,
    /// A full name, whose leading dot may be left out.
    Full,
    /// A full name with its leading dot.
    Dotted,
}

impl Matching {
    /// Whether a path means this full name.
    pub(super) fn matches(self, path: &str, full_name: &str) -> bool {
        match self {
            Self::Prost => pattern::matches(path, full_name),
            Self::Names => pattern::names(path, full_name),
            Self::Full => is_path(path, full_name),
            Self::Dotted => path == full_name,
        }
    }

    /// Whether it is a path of this itself, and not only of something above it.
    pub(super) fn is_of(self, path: &str, full_name: &str) -> bool {
        match self {
            Self::Prost => pattern::is_of(path, full_name),
            Self::Names => pattern::is_of(path, full_name) || is_path(path, full_name),
            Self::Full | Self::Dotted => self.matches(path, full_name),
        }
    }
}

impl About {
    pub(super) fn matching(self) -> Matching {
        match self {
            Self::Included | Self::Excluded | Self::Services | Self::Packages => Matching::Names,
            Self::Names | Self::Modules => Matching::Full,
            Self::Externs => Matching::Dotted,
            _ => Matching::Prost,
        }
    }

    /// Whether the option has an effect on what is of this kind.
    pub(super) fn takes(self, kind: ItemKind) -> bool {
        use ItemKind::{
            Alias, Enum, ErrorType, Extension, Field, Message, Oneof, OneofField, Package, Rpc,
            Service, Value, Variant,
        };
        match self {
            Self::Included => matches!(kind, Package | Message { .. } | Enum { .. } | Service),
            Self::Excluded => match kind {
                Message { is_nested, .. } | Enum { is_nested, .. } => !is_nested,
                _ => matches!(kind, Package | Service),
            },
            Self::Externs => matches!(kind, Package | Message { .. } | Enum { .. } | ErrorType),
            Self::Names => !matches!(kind, Variant(_) | Alias | Extension | ErrorType),
            Self::Modules => matches!(
                kind,
                Message {
                    has_module: true,
                    ..
                }
            ),
            Self::Bytes => {
                matches!(kind, Field(holds) | OneofField(holds) if holds.r#type == Some(Type::Bytes))
            }
            Self::Maps => matches!(kind, Field(holds) if holds.shape == Shape::Map),
            Self::Boxes => match kind {
                Field(holds) | OneofField(holds) | Variant(holds) => {
                    holds.shape == Shape::One && holds.is_message()
                }
                _ => false,
            },
            Self::Types => matches!(kind, Message { .. } | Enum { .. } | Oneof),
            Self::Messages => matches!(kind, Message { .. }),
            Self::Enums => matches!(kind, Enum { .. } | Oneof),
            Self::Oneofs => matches!(kind, Oneof),
            Self::Fields => matches!(kind, Field(_) | Oneof | Variant(_) | Value),
            Self::Services => matches!(kind, Service),
            Self::Packages => matches!(kind, Package),
            Self::Comments => match kind {
                Message { .. } | Enum { .. } | Oneof | Value | Service | Rpc { .. } => true,
                _ => matches!(kind, Field(_) | OneofField(_)),
            },
            Self::Redacted => match kind {
                Message { has_fields, .. } => has_fields,
                _ => matches!(kind, Field(_) | OneofField(_)),
            },
            Self::Errors => matches!(
                kind,
                Enum { is_error: true, .. }
                    | Rpc {
                        lists_errors: true,
                        ..
                    }
            ),
            Self::Retried => matches!(
                kind,
                Rpc {
                    is_unproven: true,
                    ..
                }
            ),
            Self::Inexact => match kind {
                Message { .. } | Enum { .. } | Extension => true,
                _ => matches!(kind, Field(_) | OneofField(_)),
            },
        }
    }

    /// The things that the option is about, in the plural.
    pub(super) fn text(self) -> &'static str {
        match self {
            Self::Included => "packages, services and types",
            Self::Excluded => "packages, and services and types that are not nested",
            Self::Externs => "packages and types",
            Self::Names => "what has a name in Rust",
            Self::Modules => "messages with nested types or oneofs",
            Self::Bytes => "`bytes` fields",
            Self::Maps => "maps",
            Self::Boxes => "fields that hold one message",
            Self::Types => "messages, enums and oneofs",
            Self::Messages => "messages",
            Self::Enums => "enums and oneofs",
            Self::Oneofs => "oneofs",
            Self::Fields => "fields, variants of oneofs (`Message.oneof.field`) and enum values",
            Self::Services => "services",
            Self::Packages => "packages",
            Self::Comments => "types, their fields and values, services and rpcs",
            Self::Redacted => "fields, and messages with fields",
            Self::Inexact => "messages, enums, fields and extensions",
            Self::Errors => "error enums, and rpcs that list errors",
            Self::Retried => {
                "rpcs with a retry or hedging policy and without an `idempotency_level`"
            }
        }
    }
}
