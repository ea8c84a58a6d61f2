//! A Rust scope: which names are taken in it, and by what.

use std::collections::HashMap;

use crate::descriptor::File;

/// The names taken in one Rust scope, each with what has it.
#[derive(Default)]
pub(super) struct Scope<'a> {
    pub(super) taken: HashMap<String, Holder<'a>>,
}

/// The owner of a name.
#[derive(Clone)]
pub(super) enum Holder<'a> {
    Declared(Claim<'a>),
    /// Something that no place of a proto file declares.
    Given(String),
}

/// Something declared that wants a name.
#[derive(Clone)]
pub(super) struct Claim<'a> {
    pub(super) kind: HolderKind,
    pub(super) full_name: String,
    pub(super) file: &'a File,
    pub(super) path: Vec<i32>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum HolderKind {
    Package,
    Type,
    NestedModule,
    OneofType,
    Field,
    EnumValue,
    Service,
    Method,
    Call,
    ErrorType,
    ErrorVariant,
    RpcError,
}

impl Claim<'_> {
    /// The claim in words, as a reader of the proto file knows it.
    pub(super) fn what(&self) -> String {
        let name = &self.full_name[1..];
        match self.kind {
            HolderKind::Package => format!("package `{name}`"),
            HolderKind::Type => format!("type `{name}`"),
            HolderKind::NestedModule => format!("the module of types nested in `{name}`"),
            HolderKind::OneofType => format!("the type of oneof `{name}`"),
            HolderKind::Field => format!("field `{name}`"),
            HolderKind::EnumValue => format!("enum value `{name}`"),
            HolderKind::Service => format!("service `{name}`"),
            HolderKind::Method => format!("rpc `{name}`"),
            HolderKind::ErrorType => format!("the type of the errors of `{name}`"),
            HolderKind::ErrorVariant => format!("the variant of error `{name}`"),
            HolderKind::RpcError => format!("the type of the errors of rpc `{name}`"),
            HolderKind::Call => format!("the call of rpc `{name}` in the client trait"),
        }
    }

    /// The option that would choose another name.
    pub(super) fn option(&self) -> String {
        let key = match self.kind {
            HolderKind::NestedModule => "rename_module",
            _ => "rename",
        };
        format!("{key}={}", self.full_name)
    }
}

impl Scope<'_> {
    /// The name itself, or with as many suffixes as it takes.
    pub(super) fn free(&self, wanted: &str, suffix: &str) -> String {
        // A raw identifier with a suffix is no keyword any more.
        let mut name = wanted.to_owned();
        while self.taken.contains_key(&name) {
            name = name.trim_start_matches("r#").to_owned() + suffix;
        }
        name
    }
}
