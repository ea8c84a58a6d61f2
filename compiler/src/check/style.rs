//! Names as the style guide wants them, which edition 2024 requires.
//!
//! <https://protobuf.dev/editions/features/#enforce_naming_style>

use super::context::Check;
use crate::descriptor::{Enum, Field, Message, RawOptions};
use crate::features::{Features, NamingStyle};
use crate::places;
use crate::target::Target;

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

/// The style for names of a kind, and what a diagnostic calls the kind.
fn style_of(target: Target) -> (Style, &'static str) {
    match target {
        Target::File => (Style::LowerSnake, "package"),
        Target::Message => (Style::Title, "message"),
        Target::Enum => (Style::Title, "enum"),
        Target::Service => (Style::Title, "service"),
        Target::Method => (Style::Title, "rpc"),
        Target::Field | Target::ExtensionRange => (Style::LowerSnake, "field"),
        Target::Oneof => (Style::LowerSnake, "oneof"),
        Target::EnumValue => (Style::UpperSnake, "value"),
    }
}

/// Whether names have to be of the style guide inside of something that says this.
fn inherit(outer: bool, options: &RawOptions, target: Target) -> bool {
    let own = Features::from_options(options.as_deref(), target);
    match own.enforce_naming_style {
        Some(_) => own.enforce_naming_style() != NamingStyle::Legacy,
        None => outer,
    }
}

impl Check<'_, '_> {
    pub(super) fn style(&mut self) {
        if !self.is_edition() {
            return;
        }
        let file = self.file;
        let features = Features::from_file(file);
        let is_on = features.enforce_naming_style() != NamingStyle::Legacy;
        let package = file.package.split('.').filter(|part| !part.is_empty());
        for part in package.filter(|part| is_on && !Style::LowerSnake.holds(part)) {
            let text = format!(
                "the package name `{part}` is not in {}",
                Style::LowerSnake.name()
            );
            self.problem(|file| places::word(file, &[2], part), text, HELP);
        }
        for (message, index) in file.message_type.iter().zip(0..) {
            self.message_style(message, is_on, &[4, index]);
        }
        for (r#enum, index) in file.enum_type.iter().zip(0..) {
            self.enum_style(r#enum, is_on, &[5, index]);
        }
        for (field, index) in file.extension.iter().zip(0..) {
            self.field_style(field, is_on, &[7, index]);
        }
        for (service, index) in file.service.iter().zip(0..) {
            let path = [6, index];
            let is_on = inherit(is_on, &service.options, Target::Service);
            self.named(is_on, &path, Target::Service, &service.name);
            for (method, index) in service.method.iter().zip(0..) {
                let path = [&path[..], &[2, index]].concat();
                let is_on = inherit(is_on, &method.options, Target::Method);
                self.named(is_on, &path, Target::Method, &method.name);
            }
        }
    }

    fn message_style(&mut self, message: &Message, outer: bool, path: &[i32]) {
        let child = |number: i32, index: i32| [path, &[number, index]].concat();
        let is_on = inherit(outer, &message.options, Target::Message);
        self.named(is_on, path, Target::Message, &message.name);
        let mut oneofs = Vec::with_capacity(message.oneof_decl.len());
        for (oneof, index) in message.oneof_decl.iter().zip(0..) {
            let is_on = inherit(is_on, &oneof.options, Target::Oneof);
            self.named(is_on, &child(8, index), Target::Oneof, &oneof.name);
            oneofs.push(is_on);
        }
        for (field, index) in message.field.iter().zip(0..) {
            // Fields of a oneof have what it says, unless they say it themselves.
            let of_oneof = field
                .real_oneof()
                .and_then(|oneof| oneofs.get(oneof).copied());
            self.field_style(field, of_oneof.unwrap_or(is_on), &child(2, index));
        }
        for (field, index) in message.extension.iter().zip(0..) {
            self.field_style(field, is_on, &child(6, index));
        }
        for (r#enum, index) in message.enum_type.iter().zip(0..) {
            self.enum_style(r#enum, is_on, &child(4, index));
        }
        let nested = message.nested_type.iter().zip(0..);
        for (nested, index) in nested.filter(|(nested, _)| !nested.is_map_entry()) {
            self.message_style(nested, is_on, &child(3, index));
        }
    }

    fn field_style(&mut self, field: &Field, outer: bool, path: &[i32]) {
        let is_on = inherit(outer, &field.options, Target::Field);
        self.named(is_on, path, Target::Field, &field.name);
    }

    fn enum_style(&mut self, r#enum: &Enum, outer: bool, path: &[i32]) {
        let is_on = inherit(outer, &r#enum.options, Target::Enum);
        self.named(is_on, path, Target::Enum, &r#enum.name);
        for (value, index) in r#enum.value.iter().zip(0..) {
            let path = [path, &[2, index]].concat();
            let is_on = inherit(is_on, &value.options, Target::EnumValue);
            self.named(is_on, &path, Target::EnumValue, &value.name);
        }
    }

    fn named(&mut self, is_on: bool, path: &[i32], target: Target, name: &str) {
        let (style, what) = style_of(target);
        if is_on && !name.is_empty() && !style.holds(name) {
            let text = format!("the {what} name `{name}` is not in {}", style.name());
            self.problem_of(path, text, HELP);
        }
    }
}

const HELP: &str =
    "rename it, or write `option features.enforce_naming_style = STYLE_LEGACY;` in the file";
