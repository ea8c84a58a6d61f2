//! What protos say and prost cannot express: told once for each kind of it, generated as the nearest that prost has.

use super::select::Selection;
use crate::descriptor::{Enum, Field, File, Message, Type};
use crate::diagnostics::Diagnostic;
use rust_svc_compiler::Target;
use rust_svc_compiler::features::{EnumType, Features, Utf8Validation as Utf8};

use crate::input::Input;
use crate::options::Options;
use crate::pattern;
use crate::symbols::Symbols;
use crate::wire;

/// How many places a warning shows of as many as there are: a tree in proto2 is full of them.
const SHOWN: usize = 5;

/// A warning for closed enums, and one each for strings that need not be UTF-8, extensions and message sets.
pub(super) fn warnings(
    input: &Input,
    options: &Options,
    symbols: &Symbols<'_>,
    selection: &Selection,
) -> Vec<Diagnostic> {
    let mut found = Found::default();
    for file in &input.files {
        let file = input.original(file);
        Looking {
            file,
            features: Features::of_file(file),
            symbols,
            selection,
            allowed: &options.allow_inexact.0,
            found: &mut found,
        }
        .file();
    }
    let kinds = [
        found.closed_enums.warning(
            "enum",
            ["is closed", "are closed"],
            "and prost has open ones only",
            "a value that is not known is kept in the field",
        ),
        found.unchecked_strings.warning(
            "field",
            ["can have what is no UTF-8", "can have what is no UTF-8"],
            "and a `String` in Rust cannot",
            "prost refuses such a message; `bytes` takes it, and is the same on the wire",
        ),
        found.extensions.warning(
            "extension",
            ["is not generated", "are not generated"],
            "since prost has none",
            "such a field is lost when the message that is extended is read",
        ),
        found.message_sets.warning(
            "message",
            ["is a message set", "are message sets"],
            "which prost cannot read or write",
            "in Rust it is empty, and what is in it is lost",
        ),
    ];
    kinds.into_iter().flatten().collect()
}

#[derive(Default)]
struct Found<'a> {
    closed_enums: Kind<'a>,
    unchecked_strings: Kind<'a>,
    extensions: Kind<'a>,
    message_sets: Kind<'a>,
}

/// Where one kind was found: the file, the path in it and the name.
#[derive(Default)]
struct Kind<'a>(Vec<(&'a File, Vec<i32>, String)>);

impl Kind<'_> {
    fn warning(
        mut self,
        what: &str,
        [is, are]: [&str; 2],
        but: &str,
        help: &str,
    ) -> Option<Diagnostic> {
        let others = self.0.len().checked_sub(1)?;
        // A plugin is given files in an order of its own.
        self.0.sort_by(|(a, _, _), (b, _, _)| a.name.cmp(&b.name));
        let first = &self.0[0].2;
        let message = match others {
            0 => format!("the {what} `{first}` {is}, {but}"),
            1 => format!("the {what} `{first}` and another {are}, {but}"),
            _ => format!("the {what} `{first}` and {others} others {are}, {but}"),
        };
        let mut warning = Diagnostic::warning(message).help(format!(
            "{help}; `allow_inexact=.`, or a proto path, takes it so without this warning"
        ));
        for (index, (file, path, name)) in self.0.iter().take(SHOWN).enumerate() {
            let text = match index {
                0 => String::new(),
                _ => format!("`{name}`"),
            };
            warning = warning.at(file.place(path), text);
        }
        Some(warning)
    }
}

struct Looking<'a, 'b> {
    file: &'a File,
    /// What holds in the file: messages and oneofs say nothing of enums and strings.
    features: Features,
    symbols: &'b Symbols<'b>,
    selection: &'b Selection,
    allowed: &'b [String],
    found: &'b mut Found<'a>,
}

impl<'a> Looking<'a, '_> {
    fn file(&mut self) {
        let file = self.file;
        for (message, index) in file.message_type.iter().zip(0..) {
            let full_name = file.full_name(&message.name);
            if self.selection.types.contains(&full_name) {
                self.message(message, &full_name, &[4, index]);
            }
        }
        for (r#enum, index) in file.enum_type.iter().zip(0..) {
            let full_name = file.full_name(&r#enum.name);
            if self.selection.types.contains(&full_name) {
                self.r#enum(r#enum, &full_name, &[5, index]);
            }
        }
        for (field, index) in file.extension.iter().zip(0..) {
            self.extension(field, &file.full_name(&field.name), &[7, index]);
        }
    }

    fn message(&mut self, message: &'a Message, full_name: &str, path: &[i32]) {
        /// `message_set_wire_format` of `MessageOptions`.
        const MESSAGE_SET: u32 = 1;
        let child = |field: i32, index: i32| [path, &[field, index]].concat();
        if wire::flag(message.options.as_deref(), MESSAGE_SET) && self.is_told(full_name) {
            let found = &mut self.found.message_sets.0;
            found.push((self.file, path.to_vec(), message.name.clone()));
        }
        for (field, index) in message.field.iter().zip(0..) {
            let name = format!("{full_name}.{}", field.name);
            if self.is_unchecked(message, field) && self.is_told(&name) {
                let name = format!("{}.{}", message.name, field.name);
                let found = &mut self.found.unchecked_strings.0;
                found.push((self.file, child(2, index), name));
            }
        }
        for (nested, index) in message.nested_type.iter().zip(0..) {
            // What an entry says, its map says.
            if !nested.is_map_entry() {
                let full_name = format!("{full_name}.{}", nested.name);
                self.message(nested, &full_name, &child(3, index));
            }
        }
        for (r#enum, index) in message.enum_type.iter().zip(0..) {
            let full_name = format!("{full_name}.{}", r#enum.name);
            self.r#enum(r#enum, &full_name, &child(4, index));
        }
        for (field, index) in message.extension.iter().zip(0..) {
            let full_name = format!("{full_name}.{}", field.name);
            self.extension(field, &full_name, &child(6, index));
        }
    }

    /// Of messages that are generated. Options are for generators, and features are options.
    fn extension(&mut self, field: &Field, full_name: &str, path: &[i32]) {
        let extendee = field.extendee.as_deref().unwrap_or_default();
        let is_known = field.is_option() || extendee == ".google.protobuf.FeatureSet";
        let is_lost = !is_known && self.selection.has(extendee, self.symbols);
        if is_lost && self.is_told(full_name) {
            let found = &mut self.found.extensions.0;
            found.push((self.file, path.to_vec(), field.name.clone()));
        }
    }

    fn is_told(&self, full_name: &str) -> bool {
        !pattern::any(self.allowed, full_name)
    }

    /// Whether a field is a string, or a map of strings, that nobody has to check.
    fn is_unchecked(&self, message: &Message, field: &Field) -> bool {
        let own = Features::of_options(field.options.as_deref(), Target::Field);
        if self.features.inherit(own).utf8_validation() != Utf8::None {
            return false;
        }
        let is_string = |field: &Field| field.known_type() == Some(Type::String);
        let entry = message.map_entry(field);
        is_string(field) || entry.is_some_and(|entry| entry.field.iter().any(is_string))
    }

    fn r#enum(&mut self, r#enum: &'a Enum, full_name: &str, path: &[i32]) {
        let own = Features::of_options(r#enum.options.as_deref(), Target::Enum);
        let is_closed = self.features.inherit(own).enum_type() == EnumType::Closed;
        if is_closed && self.is_told(full_name) {
            let found = &mut self.found.closed_enums.0;
            found.push((self.file, path.to_vec(), r#enum.name.clone()));
        }
    }
}
