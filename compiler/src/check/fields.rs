//! Fields: their types, labels, defaults and options.

use super::context::{self, Around, Check};
use super::messages::NOT_OURS;
use crate::descriptor::{Field, Label, Message, Type};
use crate::diagnostics::did_you_mean;
use crate::features::{EnumType, Features, Presence};
use crate::lexer::{is_identifier, string};
use crate::places::{self, part};
use crate::target::Target;
use crate::wire;

impl<'a> Check<'a, '_> {
    /// `message` is that of a field; extensions have none here.
    pub(super) fn field(
        &mut self,
        field: &'a Field,
        around: &Around<'_>,
        path: &[i32],
        message: Option<&'a Message>,
    ) {
        self.identifier(path, &field.name);
        self.options(&field.options, Target::Field, path);
        if !self.has_type(field, path) {
            return;
        }
        if let Some(name) = field
            .type_name
            .as_deref()
            .filter(|_| field.is_message() || field.known_type() == Some(Type::Enum))
        {
            self.visible(name, path, part::TYPE_NAME);
        }
        let is_of_entry = message.is_some_and(Message::is_map_entry);
        let oneof = field.real_oneof().zip(message);
        let oneof = oneof.and_then(|(index, message)| message.oneof_decl.get(index));
        let of_oneof =
            oneof.map(|oneof| Features::from_options(oneof.options.as_deref(), Target::Oneof));
        let outer = around.features.inherit(of_oneof.unwrap_or_default());
        let features = outer.for_field(field, self.is_edition());
        self.default(field, path, features);
        self.legacy_options(field, path);
        self.closed_enum(field, path);
        if self.file.is_proto3() {
            self.proto3_field(field, path);
        } else if field.proto3_optional == Some(true) {
            self.problem_of(
                path,
                "only files in proto3 have `optional` fields of proto3",
                NOT_OURS,
            );
        }
        if self.is_edition() {
            self.implicit_enum(field, features, path);
            if !is_of_entry {
                self.field_features(field, path);
            }
        }
        self.support(field, path);
        if field
            .json_name
            .as_ref()
            .is_some_and(|name| name.contains('\0'))
        {
            let text = "the name in JSON has a NUL byte";
            self.problem(|file| places::part(file, path, 10), text, "remove it");
        }
        self.map(field, path, message);
    }

    /// The type is one of descriptor.proto, and is there. What the parser could not resolve was told.
    fn has_type(&mut self, field: &Field, path: &[i32]) -> bool {
        let name = field.type_name.as_deref().unwrap_or_default();
        let has_name = match field.known_type() {
            Some(Type::Message | Type::Group) => self.message_named(name).is_some(),
            Some(Type::Enum) => {
                let id = self.pool.symbols.find(name);
                id.is_some_and(|id| self.pool.symbols.r#enum(self.pool.files, id).is_some())
            }
            Some(_) => name.is_empty(),
            None => false,
        };
        let label = field
            .label
            .is_some_and(|label| Label::try_from(label).is_ok());
        if !has_name || !label {
            // In source this follows from a mistake that was told already.
            if self.problems.errors() == 0 {
                let text = format!(
                    "the field `{}` has no type of the set, or no label",
                    field.name
                );
                self.problem_of(path, text, NOT_OURS);
            }
            return false;
        }
        true
    }

    fn default(&mut self, field: &Field, path: &[i32], features: Features) {
        let Some(default) = &field.default_value else {
            return;
        };
        let place = |file: &_| places::part(file, path, part::DEFAULT);
        if field.is_repeated() {
            let help = "remove it: a list that is not set is empty";
            return self.problem(place, "a repeated field has no default", help);
        }
        if field.is_message() {
            return self.problem(place, "messages have no default", "remove it");
        }
        if field.known_type() == Some(Type::Enum) {
            return self.enum_default(field, path, default);
        }
        if !is_default(field.r#type(), default) {
            let text = format!("`{default}` is no default for the field");
            self.problem(place, text, NOT_OURS);
        }
        let is_implicit = features.field_presence() == Presence::Implicit;
        if self.is_edition()
            && is_implicit
            && field.extendee.is_none()
            && field.oneof_index.is_none()
        {
            let text = format!(
                "the field `{}` has no presence, and so its default is 0 or empty",
                field.name
            );
            let help = "leave the default out, or write `features.field_presence = EXPLICIT`";
            self.problem(place, text, help);
        }
    }

    fn enum_default(&mut self, field: &Field, path: &[i32], default: &str) {
        let place = |file: &_| places::part(file, path, part::DEFAULT);
        let name = field.type_name.as_deref().unwrap_or_default();
        let Some(id) = self.pool.symbols.find(name) else {
            return;
        };
        if !is_identifier(default) {
            let text = format!("`{default}` is no value of an enum");
            return self.problem(place, text, "write the name of a value");
        }
        if self
            .pool
            .symbols
            .enum_value(self.pool.files, id, default)
            .is_none()
        {
            let values = self.pool.symbols.r#enum(self.pool.files, id);
            let values = values.map_or(&[][..], |r#enum| &r#enum.value);
            let names = values.iter().map(|value| value.name.as_str());
            let help = || did_you_mean(default, names, "write the name of a value");
            let text = format!(
                "`{}` has no value `{default}`",
                name.trim_start_matches('.')
            );
            self.problem_with(place, text, help);
        }
    }

    /// Options that are for some types only.
    fn legacy_options(&mut self, field: &Field, path: &[i32]) {
        if field.options.is_none() {
            return;
        }
        let options = field.options.as_deref();
        let name = &field.name;
        if let Some(is_packed) = field.is_packed() {
            if self.is_edition() {
                let help = "write `features.repeated_field_encoding = PACKED` or `EXPANDED`";
                self.problem(
                    |file| places::word(file, path, "packed"),
                    "in editions there is no option `packed`",
                    help,
                );
            } else if is_packed && (!field.is_repeated() || !field.is_packable()) {
                let text = format!("the field `{name}` cannot be packed");
                let help = "that is for repeated numbers, bools and enums";
                self.problem(|file| places::word(file, path, "packed"), text, help);
            }
        }
        for (number, option) in [(5, "lazy"), (15, "unverified_lazy")] {
            if !wire::flag(options, number) {
                continue;
            }
            let place = |file: &_| places::word(file, path, option);
            if field.known_type() != Some(Type::Message) {
                let text = format!("the field `{name}` cannot be {option}");
                self.problem(place, text, "that is for messages");
            } else if number == 15 && field.extendee.is_some() {
                let text = format!("the extension `{name}` cannot be {option}");
                self.problem(place, text, "leave it out");
            }
        }
        let is_long = matches!(
            field.known_type(),
            Some(Type::Int64 | Type::Uint64 | Type::Sint64 | Type::Fixed64 | Type::Sfixed64)
        );
        if wire::varint(options, 6).is_some_and(|value| value != 0) && !is_long {
            let text = format!("the field `{name}` has a `jstype`");
            let help = "that is for integers of 64 bits";
            self.problem(|file| places::word(file, path, "jstype"), text, help);
        }
        let is_of_2024 = self
            .file
            .edition
            .is_some_and(|edition| edition >= crate::edition::E2024);
        if is_of_2024 && wire::varint(options, 1).is_some() {
            let help = "write `features.(pb.cpp).string_type`";
            self.problem(
                |file| places::word(file, path, "ctype"),
                "the option `ctype` ends with edition 2023",
                help,
            );
        }
    }

    /// Whether an enum takes none but its values.
    pub(super) fn is_closed(&mut self, name: &str) -> bool {
        let pool = self.pool;
        context::remember(&mut self.shared.closed_enums, name, || {
            let id = pool.symbols.find(name);
            id.is_some_and(|id| pool.features(id).enum_type() == EnumType::Closed)
        })
    }

    fn closed_enum(&mut self, field: &Field, path: &[i32]) {
        let name = field.type_name.as_deref().unwrap_or_default();
        if self.file.is_proto3() && field.known_type() == Some(Type::Enum) && self.is_closed(name) {
            let text = format!(
                "the enum `{}` is closed, and fields of proto3 have open ones",
                name.trim_start_matches('.')
            );
            let help = "declare the enum in proto3, or this message in proto2 or an edition";
            self.problem(|file| places::part(file, path, part::TYPE_NAME), text, help);
        }
    }

    fn proto3_field(&mut self, field: &Field, path: &[i32]) {
        if field.label() == Label::Required {
            let help = "remove the label, or write `optional`";
            self.problem(
                |file| places::part(file, path, part::LABEL),
                "in proto3 no field is required",
                help,
            );
        }
        if field.default_value.is_some() {
            let help = "remove it: what is not set is 0 or empty";
            self.problem(
                |file| places::part(file, path, part::DEFAULT),
                "in proto3 there are no defaults",
                help,
            );
        }
        if field.known_type() == Some(Type::Group) {
            let help = "declare a message, and a field of it";
            self.problem(
                |file| places::part(file, path, part::TYPE),
                "in proto3 there are no groups",
                help,
            );
        }
    }

    /// Features that cannot be.
    fn field_features(&mut self, field: &Field, path: &[i32]) {
        let own = Features::from_options(field.options.as_deref(), Target::Field);
        self.label_of_edition(field, path);
        self.presence(field, own, path);
        let name = &field.name;
        let is_map = self.is_map(field);
        let mut problem = |feature: &str, text: String, help: &str| {
            self.problem(|file| places::word(file, path, feature), text, help);
        };
        if own.repeated_field_encoding.is_some() {
            let feature = "repeated_field_encoding";
            let is_packed =
                own.repeated_field_encoding() == crate::features::RepeatedEncoding::Packed;
            if !field.is_repeated() {
                let text =
                    format!("the field `{name}` is not repeated, and has no encoding of a list");
                problem(feature, text, "leave it out");
            } else if is_packed && !field.is_packable() {
                let text = format!("the field `{name}` cannot be packed");
                problem(
                    feature,
                    text,
                    "that is for repeated numbers, bools and enums",
                );
            }
        }
        if own.utf8_validation.is_some()
            && field.known_type() != Some(Type::String)
            && !self.is_map_of_strings(field)
        {
            let text =
                format!("the field `{name}` is not a `string`, so UTF-8 does not apply to it");
            self.problem(
                |file| places::word(file, path, "utf8_validation"),
                text,
                "leave it out",
            );
        }
        if own.message_encoding.is_some() && (!field.is_message() || is_map) {
            let text = format!("the field `{name}` is no message, and has no encoding of one");
            self.problem(
                |file| places::word(file, path, "message_encoding"),
                text,
                "leave it out",
            );
        }
    }

    /// The parser refuses these; descriptors that others made can have them.
    fn label_of_edition(&mut self, field: &Field, path: &[i32]) {
        if self.problems.errors() > 0 {
            return;
        }
        if field.label() == Label::Required || field.known_type() == Some(Type::Group) {
            let text = "in editions fields have neither the label `required` nor the type `group`";
            self.problem_of(path, text, NOT_OURS);
        }
    }

    fn presence(&mut self, field: &Field, own: Features, path: &[i32]) {
        let name = &field.name;
        if own.field_presence.is_some() {
            let presence = own.field_presence();
            let what = if field.oneof_index.is_some() {
                "is of a oneof, and always has presence"
            } else if field.is_repeated() {
                "is repeated, and has no presence"
            } else if field.extendee.is_some() {
                "is an extension, which always has presence"
            } else if field.is_message() && presence == Presence::Implicit {
                "is a message, which always has presence"
            } else {
                ""
            };
            if !what.is_empty() {
                let text = format!("the field `{name}` {what}");
                self.problem(
                    |file| places::word(file, path, "field_presence"),
                    text,
                    "leave it out",
                );
            }
        }
    }

    /// Zero stands for nothing only in an open enum.
    fn implicit_enum(&mut self, field: &Field, all: Features, path: &[i32]) {
        let name = &field.name;
        let is_implicit = all.field_presence() == Presence::Implicit
            && !field.is_repeated()
            && field.oneof_index.is_none()
            && field.extendee.is_none()
            && !field.is_message();
        let enum_name = field.type_name.as_deref().unwrap_or_default();
        if is_implicit && field.known_type() == Some(Type::Enum) && self.is_closed(enum_name) {
            let text = format!("the field `{name}` has no presence, and its enum is closed");
            let help = "open the enum, or write `features.field_presence = EXPLICIT`";
            self.problem_of(path, text, help);
        }
    }
}

/// Whether a default is spelt as descriptor.proto says, for a type.
fn is_default(kind: Type, default: &str) -> bool {
    match kind {
        Type::Double | Type::Float => default.parse::<f64>().is_ok(),
        Type::Int32 | Type::Sint32 | Type::Sfixed32 => default.parse::<i32>().is_ok(),
        Type::Int64 | Type::Sint64 | Type::Sfixed64 => default.parse::<i64>().is_ok(),
        Type::Uint32 | Type::Fixed32 => default.parse::<u32>().is_ok(),
        Type::Uint64 | Type::Fixed64 => default.parse::<u64>().is_ok(),
        Type::Bool => matches!(default, "true" | "false"),
        Type::Bytes => string::is_c_escaped(default),
        Type::String | Type::Enum | Type::Message | Type::Group => true,
    }
}
