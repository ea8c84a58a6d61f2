//! Messages and enums with everything decided: names, docs, attributes, derives, what is boxed, defaults.

mod default;
mod derives;
pub(super) mod graph;
mod making;

pub(crate) use default::FieldDefault;
pub(super) use graph::has_box;
pub(super) use making::Types;

/// Something that is generated of a file or a message.
pub(crate) enum Item {
    Message(Message),
    /// The module of a message that is not generated itself.
    Nested(Nested),
    Enum(Enum),
}

/// A message: a struct.
pub(crate) struct Message {
    pub(crate) name: String,
    /// Its name in the proto file.
    pub(crate) proto_name: String,
    /// The full name, without a leading dot.
    pub(crate) full_name: String,
    pub(crate) package: String,
    pub(crate) about: About,
    /// Traits to derive, without those that an attribute derives already.
    pub(crate) derives: Vec<&'static str>,
    pub(crate) debug: Debug,
    /// Whether `Default` is derived by an attribute.
    pub(crate) is_default_asked_for: bool,
    /// In the order of the struct: oneofs come last.
    pub(crate) fields: Vec<Field>,
    pub(crate) nested: Option<Nested>,
    /// The domain in the type URL of `prost::Name`.
    pub(crate) domain: String,
}

/// The docs and attributes above an item.
pub(crate) struct About {
    pub(crate) docs: Vec<String>,
    pub(crate) is_deprecated: bool,
    /// Attributes as Rust source.
    pub(crate) attributes: Vec<String>,
}

/// Where the `Debug` of a type comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Debug {
    /// It is derived.
    Derived,
    /// Written out: with names of enum values, where a field is an `i32`, and without what is secret.
    Own,
    /// An attribute derives it, or somebody writes it by hand.
    Absent,
}

/// The module of what is nested in a message.
pub(crate) struct Nested {
    /// The name of the message in the proto file.
    pub(crate) proto_name: String,
    pub(crate) module: String,
    pub(crate) items: Vec<Item>,
    pub(crate) oneofs: Vec<Oneof>,
}

/// A field of a struct.
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) about: About,
    /// Whether what is in it is not to be shown.
    pub(crate) is_redacted: bool,
    pub(crate) kind: FieldKind,
}

pub(crate) enum FieldKind {
    One {
        number: i32,
        cardinality: Cardinality,
        value: Value,
        default: Option<FieldDefault>,
    },
    Map {
        number: i32,
        is_sorted: bool,
        key: Value,
        value: Value,
    },
    Oneof {
        path: String,
        numbers: Vec<i32>,
    },
}

/// How often a value is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cardinality {
    /// Always there, and not written if it is the default of its type.
    Implicit,
    Optional,
    Required,
    Repeated,
    /// Repeated, in one record.
    Packed,
}

/// The type of a value.
pub(crate) enum Value {
    /// A number or a `bool`: what it is called in proto and in Rust.
    Number(&'static str, &'static str),
    String,
    Bytes {
        /// `bytes::Bytes` instead of a `Vec`.
        is_shared: bool,
    },
    Enum {
        path: String,
        /// The number of its first value, which is the default.
        first: i32,
        /// Whether other numbers than those of its values are unknown fields.
        is_closed: bool,
    },
    Message {
        path: String,
        is_boxed: bool,
        is_group: bool,
    },
}

/// A oneof: an enum with data.
pub(crate) struct Oneof {
    pub(crate) name: String,
    pub(crate) about: About,
    pub(crate) derives: Vec<&'static str>,
    pub(crate) debug: Debug,
    pub(crate) variants: Vec<Variant>,
}

/// A field of a oneof.
pub(crate) struct Variant {
    pub(crate) name: String,
    pub(crate) about: About,
    /// Whether what is in it is not to be shown.
    pub(crate) is_redacted: bool,
    pub(crate) number: i32,
    pub(crate) value: Value,
}

/// An enum.
pub(crate) struct Enum {
    pub(crate) name: String,
    pub(crate) about: About,
    pub(crate) derives: Vec<&'static str>,
    /// Values with a number of their own. Others are aliases.
    pub(crate) values: Vec<EnumValue>,
}

pub(crate) struct EnumValue {
    pub(crate) name: String,
    pub(crate) proto_name: String,
    /// Its other names in the proto file.
    pub(crate) aliases: Vec<String>,
    pub(crate) about: About,
    pub(crate) number: i32,
}

impl Message {
    /// Whether its code names something deprecated.
    pub(crate) fn has_deprecated(&self) -> bool {
        self.fields.iter().any(|field| field.about.is_deprecated)
    }
}

impl Field {
    /// Whether it is shown otherwise than by its type: as the name of an enum's value, or not at all.
    fn has_own_debug(&self) -> bool {
        self.is_redacted || self.holds_enums()
    }

    /// Whether a number in it stands for a value of an enum.
    pub(crate) fn holds_enums(&self) -> bool {
        match &self.kind {
            FieldKind::One { value, .. } | FieldKind::Map { value, .. } => value.is_enum(),
            FieldKind::Oneof { .. } => false,
        }
    }

    /// Whether what it is at first is the default of its Rust type.
    pub(crate) fn is_default_derived(&self) -> bool {
        match &self.kind {
            FieldKind::One {
                cardinality: Cardinality::Required,
                default: Some(default),
                ..
            } => default.is_zero(),
            FieldKind::One {
                cardinality: Cardinality::Implicit | Cardinality::Required,
                value: Value::Enum { first, .. },
                ..
            } => *first == 0,
            _ => true,
        }
    }
}

impl Value {
    /// Whether several can stand together in one record.
    pub(crate) fn is_packable(&self) -> bool {
        matches!(self, Self::Number(..) | Self::Enum { .. })
    }

    pub(crate) fn is_enum(&self) -> bool {
        matches!(self, Self::Enum { .. })
    }
}
