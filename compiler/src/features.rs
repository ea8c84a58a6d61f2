//! Features of editions: what is set, what holds by default, and what is inherited.
//!
//! <https://protobuf.dev/editions/features>. Files in proto2 and proto3 have the features that come to
//! their rules, so that everything behind this asks for features alone.

use crate::descriptor::{Field, File, Label, Type};
use crate::edition;
use crate::target::Target;
use crate::wire::{self, Codec, Malformed, Records, Value};

/// `google.protobuf.FeatureSet`, without what other languages add to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Features {
    /// A [`Presence`].
    pub field_presence: Option<i32>,
    /// An [`EnumType`].
    pub enum_type: Option<i32>,
    /// A [`RepeatedEncoding`].
    pub repeated_field_encoding: Option<i32>,
    /// An [`Utf8Validation`].
    pub utf8_validation: Option<i32>,
    /// A [`MessageEncoding`].
    pub message_encoding: Option<i32>,
    /// A [`JsonFormat`].
    pub json_format: Option<i32>,
    /// A [`NamingStyle`].
    pub enforce_naming_style: Option<i32>,
    /// A [`DefaultVisibility`].
    pub default_symbol_visibility: Option<i32>,
}

/// Declares the values of a feature. A number that is none of them is taken for the default of editions.
macro_rules! feature {
    ($(#[$doc:meta])* $name:ident, $field:ident, $default:ident { $($(#[$value_doc:meta])* $value:ident = $number:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name {
            $($(#[$value_doc])* $value = $number,)*
        }

        impl Features {
            $(#[$doc])*
            pub fn $field(&self) -> $name {
                match self.$field {
                    $(Some($number) => $name::$value,)*
                    _ => $name::$default,
                }
            }
        }
    };
}

feature! {
    /// Whether a field that is not set differs from one that is zero or empty.
    Presence, field_presence, Explicit {
        /// It differs.
        Explicit = 1,
        /// It does not.
        Implicit = 2,
        /// It is always set.
        LegacyRequired = 3,
    }
}

feature! {
    /// Whether an enum takes numbers that it does not name.
    EnumType, enum_type, Open {
        /// It takes any number.
        Open = 1,
        /// It takes its values only.
        Closed = 2,
    }
}

feature! {
    /// How repeated numbers are written.
    RepeatedEncoding, repeated_field_encoding, Packed {
        /// All in one record.
        Packed = 1,
        /// Each in a record of its own.
        Expanded = 2,
    }
}

feature! {
    /// Whether a string has to be UTF-8.
    Utf8Validation, utf8_validation, Verify {
        /// It has to be.
        Verify = 2,
        /// It may be any bytes.
        None = 3,
    }
}

feature! {
    /// How a message is written in another one.
    MessageEncoding, message_encoding, LengthPrefixed {
        /// Behind its length.
        LengthPrefixed = 1,
        /// As a group.
        Delimited = 2,
    }
}

feature! {
    /// Whether JSON is a part of the contract.
    JsonFormat, json_format, Allow {
        /// It is, and names in JSON are unique.
        Allow = 1,
        /// It is not.
        LegacyBestEffort = 2,
    }
}

feature! {
    /// Whether names have to be those of the style guide.
    NamingStyle, enforce_naming_style, Style2024 {
        /// They have to be.
        Style2024 = 1,
        /// They may be any.
        Legacy = 2,
        /// They have to be, by the guide of 2026.
        Style2026 = 3,
    }
}

feature! {
    /// The types that other files can use, where no keyword decides.
    DefaultVisibility, default_symbol_visibility, ExportTopLevel {
        /// All types.
        ExportAll = 1,
        /// Types at top level.
        ExportTopLevel = 2,
        /// No types.
        LocalAll = 3,
        /// No types. A keyword exports types at top level, and nested ones never.
        Strict = 4,
    }
}

impl Codec for Features {
    fn merge_records(&mut self, records: Records<'_>) -> Result<(), Malformed> {
        for record in records {
            let record = record?;
            if let Some(field) = self.fields_mut().get_mut(record.number as usize - 1) {
                field.merge_record(&record)?;
            }
        }
        Ok(())
    }

    fn encode(&self, out: &mut Vec<u8>) {
        for (value, number) in self.fields().iter().zip(1..) {
            value.put(number, out);
        }
    }
}

impl Features {
    /// The defaults of edition 2024. Other languages differ from it.
    const EDITIONS: Self = Self {
        field_presence: Some(Presence::Explicit as i32),
        enum_type: Some(EnumType::Open as i32),
        repeated_field_encoding: Some(RepeatedEncoding::Packed as i32),
        utf8_validation: Some(Utf8Validation::Verify as i32),
        message_encoding: Some(MessageEncoding::LengthPrefixed as i32),
        json_format: Some(JsonFormat::Allow as i32),
        enforce_naming_style: Some(NamingStyle::Style2024 as i32),
        default_symbol_visibility: Some(DefaultVisibility::ExportTopLevel as i32),
    };

    const UNSTABLE: Self = Self {
        enforce_naming_style: Some(NamingStyle::Style2026 as i32),
        ..Self::EDITIONS
    };

    const EDITION_2023: Self = Self {
        enforce_naming_style: Some(NamingStyle::Legacy as i32),
        default_symbol_visibility: Some(DefaultVisibility::ExportAll as i32),
        ..Self::EDITIONS
    };

    const PROTO3: Self = Self {
        field_presence: Some(Presence::Implicit as i32),
        ..Self::EDITION_2023
    };

    const PROTO2: Self = Self {
        enum_type: Some(EnumType::Closed as i32),
        repeated_field_encoding: Some(RepeatedEncoding::Expanded as i32),
        utf8_validation: Some(Utf8Validation::None as i32),
        json_format: Some(JsonFormat::LegacyBestEffort as i32),
        ..Self::EDITION_2023
    };

    fn fields(&self) -> [Option<i32>; 8] {
        [
            self.field_presence,
            self.enum_type,
            self.repeated_field_encoding,
            self.utf8_validation,
            self.message_encoding,
            self.json_format,
            self.enforce_naming_style,
            self.default_symbol_visibility,
        ]
    }

    fn fields_mut(&mut self) -> [&mut Option<i32>; 8] {
        [
            &mut self.field_presence,
            &mut self.enum_type,
            &mut self.repeated_field_encoding,
            &mut self.utf8_validation,
            &mut self.message_encoding,
            &mut self.json_format,
            &mut self.enforce_naming_style,
            &mut self.default_symbol_visibility,
        ]
    }

    /// The features of a file: the defaults of its edition or syntax, and its own options.
    pub fn from_file(file: &File) -> Self {
        let default = match (file.edition, file.syntax.as_deref()) {
            (Some(edition::E2023), _) => Self::EDITION_2023,
            (Some(edition::UNSTABLE), _) => Self::UNSTABLE,
            (Some(_), _) => Self::EDITIONS,
            (None, Some("proto3")) => Self::PROTO3,
            (None, _) => Self::PROTO2,
        };
        default.inherit(Self::from_options(file.options.as_deref(), Target::File))
    }

    /// The features in the bytes of options.
    pub fn from_options(options: Option<&[u8]>, target: Target) -> Self {
        let Some(bytes) =
            options.and_then(|options| wire::message(Some(options), target.features()))
        else {
            return Self::default();
        };
        Self::decode(&bytes).unwrap_or_default()
    }

    /// The bytes of options with these features and no others.
    pub fn put(&self, options: &mut Option<Vec<u8>>, target: Target) {
        let number = target.features();
        let bytes = options.take().unwrap_or_default();
        let records = wire::records(&bytes).unwrap_or_default();
        let mut kept = Vec::with_capacity(bytes.len());
        let own = (*self != Self::default()).then(|| self.encode_to_vec());
        let others = records.iter().filter(|record| record.number != number);
        let (before, behind): (Vec<&wire::Record<'_>>, Vec<&wire::Record<'_>>) =
            others.partition(|record| record.number < number);
        kept.extend(before.iter().flat_map(|record| record.raw));
        if let Some(own) = own {
            wire::put_delimited(number, &own, &mut kept);
        }
        kept.extend(behind.iter().flat_map(|record| record.raw));
        *options = (!kept.is_empty()).then_some(kept);
    }

    /// The features without those of the source alone, which protoc keeps from plugins: naming style and visibility.
    #[must_use]
    pub fn without_source_features(self) -> Self {
        Self {
            enforce_naming_style: None,
            default_symbol_visibility: None,
            ..self
        }
    }

    /// These features of an outer declaration, with those that an inner one sets itself.
    #[must_use]
    pub fn inherit(self, own: Self) -> Self {
        let mut all = self;
        for (field, own) in all.fields_mut().into_iter().zip(own.fields()) {
            *field = own.or(*field);
        }
        all
    }

    /// The features of a field. `self` are those of its oneof or message. Labels, groups and the option `packed` of
    /// proto2 and proto3 count as features.
    #[must_use]
    pub fn for_field(self, field: &Field, is_edition: bool) -> Self {
        let options = field.options.as_deref();
        let mut all = self.inherit(Self::from_options(options, Target::Field));
        if is_edition {
            return all;
        }
        if field.label() == Label::Required {
            all.field_presence = Some(Presence::LegacyRequired as i32);
        }
        if field.known_type() == Some(Type::Group) {
            all.message_encoding = Some(MessageEncoding::Delimited as i32);
        }
        if let Some(is_packed) = field.is_packed() {
            let encoding = if is_packed {
                RepeatedEncoding::Packed
            } else {
                RepeatedEncoding::Expanded
            };
            all.repeated_field_encoding = Some(encoding as i32);
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn puts_features_in_their_place() {
        let mut options = Some(vec![0x08, 1, 0xb8, 0x01, 1]);
        let features = Features {
            enum_type: Some(2),
            ..Features::default()
        };
        features.put(&mut options, Target::Field);
        assert_eq!(
            Features::from_options(options.as_deref(), Target::Field),
            features
        );
        Features::default().put(&mut options, Target::Field);
        assert_eq!(options, Some(vec![0x08, 1, 0xb8, 0x01, 1]));
    }
}
