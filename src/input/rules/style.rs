//! Names as the style guide wants them, which edition 2024 requires.
//!
//! <https://protobuf.dev/editions/features/#enforce_naming_style>

use super::Rules;
use crate::descriptor::{Enum, Field, Message};
use crate::input::editions::Edition;

/// How names of a kind are written.
#[derive(Clone, Copy)]
enum Style {
    Title,
    LowerSnake,
    UpperSnake,
}

impl Style {
    fn holds(self, name: &str) -> bool {
        let is_case: fn(char) -> bool = match self {
            Self::LowerSnake => |c| c.is_ascii_lowercase(),
            Self::Title | Self::UpperSnake => |c| c.is_ascii_uppercase(),
        };
        // An underscore is followed by a letter, so that no other name is the same without underscores.
        let is_word = |word: &str| {
            word.starts_with(is_case) && word.chars().all(|c| is_case(c) || c.is_ascii_digit())
        };
        match self {
            Self::Title => {
                name.starts_with(is_case) && name.chars().all(|c| c.is_ascii_alphanumeric())
            }
            Self::LowerSnake | Self::UpperSnake => name.split('_').all(is_word),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Title => "TitleCase",
            Self::LowerSnake => "lower_snake_case",
            Self::UpperSnake => "UPPER_SNAKE_CASE",
        }
    }
}

impl<'a> Rules<'a, '_> {
    pub(super) fn style(&mut self) {
        let file = self.file;
        let Some(edition) = self.editions.get(&file.name) else {
            return;
        };
        let package = file.package.split('.').filter(|part| !part.is_empty());
        for part in package.filter(|_| edition.has_style(&[])) {
            self.named(&[2], "package", part, Style::LowerSnake);
        }
        for (message, index) in file.message_type.iter().zip(0..) {
            self.message_style(edition, message, &[4, index]);
        }
        for (r#enum, index) in file.enum_type.iter().zip(0..) {
            self.enum_style(edition, r#enum, &[5, index]);
        }
        for (field, index) in file.extension.iter().zip(0..) {
            self.field_style(edition, field, &[7, index]);
        }
        for (service, index) in file.service.iter().zip(0..) {
            let path = [6, index];
            self.item(edition, &path, "service", &service.name, Style::Title);
            for (method, index) in service.method.iter().zip(0..) {
                let path = [&path[..], &[2, index]].concat();
                self.item(edition, &path, "rpc", &method.name, Style::Title);
            }
        }
    }

    fn message_style(&mut self, edition: &'a Edition, message: &Message, path: &[i32]) {
        let child = |field: i32, index: i32| [path, &[field, index]].concat();
        self.item(edition, path, "message", &message.name, Style::Title);
        for (oneof, index) in message.oneof_decl.iter().zip(0..) {
            let path = child(8, index);
            self.item(edition, &path, "oneof", &oneof.name, Style::LowerSnake);
        }
        for (field, index) in message.field.iter().zip(0..) {
            // Fields of a oneof have what it says, unless they say it themselves.
            let path = child(2, index);
            let oneof = field.real_oneof().map(|oneof| child(8, oneof as i32));
            let says = [Some(&path), oneof.as_ref()];
            let mut says = says.into_iter().flatten();
            let said = says.find_map(|path| edition.says_style(path));
            if said.unwrap_or(edition.has_style(&path)) {
                self.named(&path, "field", &field.name, Style::LowerSnake);
            }
        }
        for (field, index) in message.extension.iter().zip(0..) {
            self.field_style(edition, field, &child(6, index));
        }
        for (r#enum, index) in message.enum_type.iter().zip(0..) {
            self.enum_style(edition, r#enum, &child(4, index));
        }
        let nested = message.nested_type.iter().zip(0..);
        for (nested, index) in nested.filter(|(nested, _)| !nested.is_map_entry()) {
            self.message_style(edition, nested, &child(3, index));
        }
    }

    fn field_style(&mut self, edition: &Edition, field: &Field, path: &[i32]) {
        self.item(edition, path, "field", &field.name, Style::LowerSnake);
    }

    fn enum_style(&mut self, edition: &Edition, r#enum: &Enum, path: &[i32]) {
        self.item(edition, path, "enum", &r#enum.name, Style::Title);
        for (value, index) in r#enum.value.iter().zip(0..) {
            let path = [path, &[2, index]].concat();
            self.item(edition, &path, "value", &value.name, Style::UpperSnake);
        }
    }

    fn item(&mut self, edition: &Edition, path: &[i32], what: &str, name: &str, style: Style) {
        if edition.has_style(path) {
            self.named(path, what, name, style);
        }
    }

    fn named(&mut self, path: &[i32], what: &str, name: &str, style: Style) {
        if style.holds(name) {
            return;
        }
        let message = format!("the {what} `{name}` is not called in {}", style.name());
        let help = "editions from 2024 on require names of the style guide, where an underscore is followed by a letter: rename it, or set `features.enforce_naming_style = STYLE_LEGACY`";
        self.problem(path, name, message, help);
    }
}
