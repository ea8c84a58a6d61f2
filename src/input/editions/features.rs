//! Features: how they are declared, and what they come to.
//!
//! <https://protobuf.dev/editions/features>

use prost::Message as _;

use crate::descriptor::File;
use crate::wire;

/// `google.protobuf.FeatureSet`, without what other languages add to it.
#[derive(Clone, Copy, PartialEq, Eq, prost::Message)]
pub(crate) struct Features {
    #[prost(enumeration = "Presence", optional, tag = "1")]
    pub(crate) field_presence: Option<i32>,
    #[prost(enumeration = "EnumType", optional, tag = "2")]
    pub(crate) enum_type: Option<i32>,
    #[prost(enumeration = "Repeated", optional, tag = "3")]
    pub(crate) repeated_field_encoding: Option<i32>,
    #[prost(enumeration = "Utf8", optional, tag = "4")]
    pub(crate) utf8_validation: Option<i32>,
    #[prost(enumeration = "Encoding", optional, tag = "5")]
    pub(crate) message_encoding: Option<i32>,
    #[prost(int32, optional, tag = "6")]
    pub(crate) json_format: Option<i32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, prost::Enumeration)]
#[repr(i32)]
pub(crate) enum Presence {
    Unknown = 0,
    Explicit = 1,
    Implicit = 2,
    LegacyRequired = 3,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, prost::Enumeration)]
#[repr(i32)]
pub(crate) enum EnumType {
    Unknown = 0,
    Open = 1,
    Closed = 2,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, prost::Enumeration)]
#[repr(i32)]
pub(crate) enum Repeated {
    Unknown = 0,
    Packed = 1,
    Expanded = 2,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, prost::Enumeration)]
#[repr(i32)]
pub(crate) enum Utf8 {
    Unknown = 0,
    Verify = 2,
    None = 3,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, prost::Enumeration)]
#[repr(i32)]
pub(crate) enum Encoding {
    Unknown = 0,
    LengthPrefixed = 1,
    Delimited = 2,
}

/// What can have features. They are inherited from the outside in, oneofs included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
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
    pub(crate) fn number(self) -> u32 {
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
    pub(crate) fn options(self) -> i32 {
        match self {
            Self::File | Self::Field => 8,
            Self::Message => 7,
            Self::Oneof => 2,
            Self::ExtensionRange | Self::Enum | Self::EnumValue | Self::Service => 3,
            Self::Method => 4,
        }
    }

    fn name(self) -> &'static str {
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

/// A feature as it is written: its values from 0 on, and where it may stand.
struct Known {
    name: &'static str,
    values: &'static [(&'static str, i32)],
    targets: &'static [Target],
    /// None for what only says how a file is written.
    set: Option<fn(&mut Features, i32)>,
}

/// In the order of their numbers in `FeatureSet`, from 1 on.
const KNOWN: [Known; 8] = [
    Known {
        name: "field_presence",
        values: &[("EXPLICIT", 1), ("IMPLICIT", 2), ("LEGACY_REQUIRED", 3)],
        targets: &[Target::Field, Target::File],
        set: Some(|features, value| features.field_presence = Some(value)),
    },
    Known {
        name: "enum_type",
        values: &[("OPEN", 1), ("CLOSED", 2)],
        targets: &[Target::Enum, Target::File],
        set: Some(|features, value| features.enum_type = Some(value)),
    },
    Known {
        name: "repeated_field_encoding",
        values: &[("PACKED", 1), ("EXPANDED", 2)],
        targets: &[Target::Field, Target::File],
        set: Some(|features, value| features.repeated_field_encoding = Some(value)),
    },
    Known {
        name: "utf8_validation",
        values: &[("VERIFY", 2), ("NONE", 3)],
        targets: &[Target::Field, Target::File],
        set: Some(|features, value| features.utf8_validation = Some(value)),
    },
    Known {
        name: "message_encoding",
        values: &[("LENGTH_PREFIXED", 1), ("DELIMITED", 2)],
        targets: &[Target::Field, Target::File],
        set: Some(|features, value| features.message_encoding = Some(value)),
    },
    Known {
        name: "json_format",
        values: &[("ALLOW", 1), ("LEGACY_BEST_EFFORT", 2)],
        targets: &[Target::Message, Target::Enum, Target::File],
        set: Some(|features, value| features.json_format = Some(value)),
    },
    Known {
        name: "enforce_naming_style",
        values: &[("STYLE2024", 1), ("STYLE_LEGACY", 2), ("STYLE2026", 3)],
        targets: &[
            Target::File,
            Target::ExtensionRange,
            Target::Message,
            Target::Field,
            Target::Oneof,
            Target::Enum,
            Target::EnumValue,
            Target::Service,
            Target::Method,
        ],
        set: None,
    },
    Known {
        name: "default_symbol_visibility",
        values: &[
            ("EXPORT_ALL", 1),
            ("EXPORT_TOP_LEVEL", 2),
            ("LOCAL_ALL", 3),
            ("STRICT", 4),
        ],
        targets: &[Target::File],
        set: None,
    },
];

/// The number of a feature in `FeatureSet`; none if it is of another language.
pub(super) fn number(name: &str) -> Option<i32> {
    let index = KNOWN.iter().position(|known| known.name == name)?;
    i32::try_from(index + 1).ok()
}

impl Features {
    /// `json_format = LEGACY_BEST_EFFORT`.
    pub(crate) const LEGACY_JSON: i32 = 2;

    /// What holds where nothing is said: <https://protobuf.dev/editions/features/#edition-defaults>.
    /// Editions 2023 and 2024 have the same.
    const EDITIONS: Self = Self {
        field_presence: Some(Presence::Explicit as i32),
        enum_type: Some(EnumType::Open as i32),
        repeated_field_encoding: Some(Repeated::Packed as i32),
        utf8_validation: Some(Utf8::Verify as i32),
        message_encoding: Some(Encoding::LengthPrefixed as i32),
        json_format: Some(1),
    };

    const PROTO3: Self = Self {
        field_presence: Some(Presence::Implicit as i32),
        ..Self::EDITIONS
    };

    const PROTO2: Self = Self {
        enum_type: Some(EnumType::Closed as i32),
        repeated_field_encoding: Some(Repeated::Expanded as i32),
        utf8_validation: Some(Utf8::None as i32),
        json_format: Some(Self::LEGACY_JSON),
        ..Self::EDITIONS
    };

    /// What holds in a file, by its edition or syntax and by what it says itself.
    pub(crate) fn of_file(file: &File) -> Self {
        let default = match (file.edition, file.syntax.as_deref()) {
            (Some(_), _) => Self::EDITIONS,
            (None, Some("proto3")) => Self::PROTO3,
            (None, _) => Self::PROTO2,
        };
        default.inherit(Self::of_options(&file.options, Target::File))
    }

    /// The features in the bytes of options.
    pub(crate) fn of_options(options: &Option<Vec<u8>>, target: Target) -> Self {
        let number = target.number();
        let records = options
            .as_deref()
            .and_then(wire::records)
            .unwrap_or_default();
        let records = records.into_iter();
        let records = records
            .filter(|record| record.number == number && record.kind == wire::Kind::Delimited);
        // Several records of one message are its parts.
        let bytes: Vec<u8> = records.flat_map(|record| record.value).copied().collect();
        Self::decode(bytes.as_slice()).unwrap_or_default()
    }

    /// The bytes of options with these features and no others.
    pub(crate) fn put(&self, options: &mut Option<Vec<u8>>, target: Target) {
        let number = target.number();
        let mut bytes = Vec::new();
        let records = options
            .as_deref()
            .and_then(wire::records)
            .unwrap_or_default();
        let (before, behind): (Vec<_>, Vec<_>) = records
            .into_iter()
            .filter(|record| record.number != number)
            .partition(|record| record.number < number);
        bytes.extend(before.iter().flat_map(|record| record.raw));
        if *self != Self::default() {
            wire::put_delimited(number, &self.encode_to_vec(), &mut bytes);
        }
        bytes.extend(behind.iter().flat_map(|record| record.raw));
        *options = (!bytes.is_empty()).then_some(bytes);
    }

    /// What holds inside of something that says this.
    pub(crate) fn inherit(self, own: Self) -> Self {
        Self {
            field_presence: own.field_presence.or(self.field_presence),
            enum_type: own.enum_type.or(self.enum_type),
            repeated_field_encoding: own.repeated_field_encoding.or(self.repeated_field_encoding),
            utf8_validation: own.utf8_validation.or(self.utf8_validation),
            message_encoding: own.message_encoding.or(self.message_encoding),
            json_format: own.json_format.or(self.json_format),
        }
    }

    /// Sets a feature by name, or says what is wrong and how to mend it.
    pub(crate) fn set(
        &mut self,
        name: &str,
        value: &str,
        target: Target,
    ) -> Result<(), (String, String)> {
        let Some(known) = KNOWN.iter().find(|known| known.name == name) else {
            let names = KNOWN.iter().map(|known| known.name);
            let near = crate::diagnostics::nearest(name, names);
            let help = near.map_or_else(
                || "features are listed at https://protobuf.dev/editions/features".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            return Err((format!("there is no feature `{name}`"), help));
        };
        let found = known.values.iter().find(|(known, _)| *known == value);
        let Some(&(_, number)) = found else {
            let values: Vec<_> = known.values.iter().map(|(name, _)| *name).collect();
            let message = format!("the feature `{name}` is never `{value}`");
            return Err((message, format!("it is one of {}", values.join(", "))));
        };
        if !known.targets.contains(&target) {
            let targets: Vec<_> = known.targets.iter().map(|target| target.name()).collect();
            let message = format!("the feature `{name}` says nothing of {}", target.name());
            return Err((
                message,
                format!("it can be set on {}", targets.join(" or ")),
            ));
        }
        if let Some(set) = known.set {
            set(self, number);
        }
        Ok(())
    }
}
