//! Features that say what cannot be.

use super::Rules;
use crate::descriptor::{Field, Label, Type};
use crate::input::editions::{Features, Presence, Repeated, Target};

impl Rules<'_, '_> {
    pub(super) fn field_features(&mut self, field: &Field, outer: Features, path: &[i32]) {
        if self.file.edition.is_none() {
            return;
        }
        let own = Features::of_options(&field.options, Target::Field);
        let all = outer.inherit(own);
        self.presence(field, own, all, path);
        let kind = field.known_type();
        let is_list = field.label() == Label::Repeated;
        let is_map = self.is_map(field);
        let is_message = matches!(kind, Some(Type::Message | Type::Group));
        let name = &field.name;
        let mut problem = |feature: &str, message: String, help: &str| {
            self.problem(path, feature, message, help);
        };
        if own.repeated_field_encoding.is_some() {
            let feature = "repeated_field_encoding";
            if !is_list || is_map {
                let message =
                    format!("the field `{name}` is not repeated, and has no encoding of a list");
                problem(feature, message, "leave it out");
            } else if own.repeated_field_encoding() == Repeated::Packed && !field.is_packable() {
                let message = format!("the field `{name}` cannot be packed");
                problem(
                    feature,
                    message,
                    "that is for repeated numbers, bools and enums",
                );
            }
        }
        if own.utf8_validation.is_some() && kind != Some(Type::String) && !is_map {
            let message = format!("the field `{name}` is no `string`, and has nothing in UTF-8");
            problem("utf8_validation", message, "leave it out");
        }
        if own.message_encoding.is_some() && (!is_message || is_map) {
            let message = format!("the field `{name}` is no message, and has no encoding of one");
            problem("message_encoding", message, "leave it out");
        }
    }

    fn presence(&mut self, field: &Field, own: Features, all: Features, path: &[i32]) {
        const FEATURE: &str = "field_presence";
        let name = &field.name;
        let is_message = matches!(field.known_type(), Some(Type::Message | Type::Group));
        if own.field_presence.is_some() {
            let what = match field {
                _ if field.label() == Label::Repeated => "is repeated, and has no presence",
                _ if field.extendee.is_some() => "is an extension, which always has presence",
                _ if field.oneof_index.is_some() => "is of a oneof, and always has presence",
                _ if is_message && own.field_presence() == Presence::Implicit => {
                    "is a message, which always has presence"
                }
                _ => "",
            };
            if !what.is_empty() {
                let message = format!("the field `{name}` {what}");
                return self.problem(path, FEATURE, message, "leave it out");
            }
        }
        let is_implicit = all.field_presence() == Presence::Implicit
            && field.label() != Label::Repeated
            && field.oneof_index.is_none()
            && field.extendee.is_none()
            && !is_message;
        if is_implicit && field.default_value.is_some() {
            let message =
                format!("the field `{name}` has no presence, and so its default is 0 or empty");
            let help = "leave the default out, or write `features.field_presence = EXPLICIT`";
            self.problem(path, "default", message, help);
        }
        let enum_name = field.type_name.as_deref().unwrap_or_default();
        if is_implicit && field.known_type() == Some(Type::Enum) && self.is_closed(enum_name) {
            let message = format!("the field `{name}` has no presence, and its enum is closed");
            let help = "open the enum, or write `features.field_presence = EXPLICIT`";
            self.problem(path, FEATURE, message, help);
        }
    }

    fn is_map(&self, field: &Field) -> bool {
        let name = field.type_name.as_deref().unwrap_or_default();
        let message = self.symbols.message(name);
        message.is_some_and(|message| message.is_map_entry())
    }
}
