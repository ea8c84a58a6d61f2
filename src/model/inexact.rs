//! Things that protos say and prost cannot express. Each kind has one warning, and is generated as the nearest that
//! prost has.

use super::closed::ClosedEnums;
use super::redacted::Redaction;
use super::select::Selection;
use crate::descriptor::{Enum, Field, File, Label, Message, Type};
use crate::diagnostics::Diagnostic;
use rust_svc_compiler::Target;
use rust_svc_compiler::features::{Features, Utf8Validation as Utf8};

use crate::input::Input;
use crate::options::{Messages, Options};
use crate::pattern;
use crate::symbols::Symbols;
use crate::wire;

/// The most places that a warning shows: a tree in proto2 is full of them.
const SHOWN: usize = 5;

/// The input of this pass.
pub(super) struct LookedAt<'a> {
    pub(super) input: &'a Input,
    pub(super) options: &'a Options,
    pub(super) symbols: &'a Symbols<'a>,
    pub(super) selection: &'a Selection,
    pub(super) closed: &'a ClosedEnums,
}

/// A warning for each kind that is there.
pub(super) fn warnings(at: &LookedAt<'_>) -> Vec<Diagnostic> {
    let mut found = Found::default();
    // Nobody can mend what comes with protoc.
    let is_own = |file: &&File| {
        !file.name.starts_with("google/protobuf/") || at.input.listed.contains(&file.name)
    };
    for lowered in at.input.files.iter().filter(is_own) {
        let file = at.input.original(lowered);
        Looking {
            at,
            file,
            features: Features::from_file(file),
            found: &mut found,
        }
        .file(lowered);
    }
    found.warnings()
}

#[derive(Default)]
struct Found<'a> {
    closed_enums: Places<'a>,
    secrets: Places<'a>,
    required: Places<'a>,
    unchecked_strings: Places<'a>,
    extensions: Places<'a>,
    message_sets: Places<'a>,
}

impl Found<'_> {
    fn warnings(self) -> Vec<Diagnostic> {
        let kinds = [
            self.closed_enums.warning("enum",
                ["is closed", "are closed"],
                "and prost has open ones only",
                "a value that is not known is kept in the field, and with `messages=svc` it is not",
            ),
            self.secrets.warning("field",
                ["is secret", "are secret"],
                "and the `Debug` that prost derives shows all",
                "generate with `messages=svc`, or write `Debug` by hand and name the message in `skip_debug`",
            ),
            self.required.warning("field",
                ["requires its own message", "require their own messages"],
                "of which there is no value then",
                "in Rust it is an `Option`",
            ),
            self.unchecked_strings.warning("field",
                ["can have what is no UTF-8", "can have what is no UTF-8"],
                "and a `String` in Rust cannot",
                "prost refuses such a message; `bytes` takes it, and is the same on the wire",
            ),
            self.extensions.warning("extension",
                ["is not generated", "are not generated"],
                "since prost has none",
                "such a field is lost when the message that is extended is read",
            ),
            self.message_sets.warning("message",
                ["is a message set", "are message sets"],
                "which prost cannot read or write",
                "in Rust it is empty, and what is in it is lost",
            ),
        ];
        kinds.into_iter().flatten().collect()
    }
}

/// The places where one kind was found: the file, the path in it and the name.
#[derive(Default)]
struct Places<'a>(Vec<(&'a File, Vec<i32>, String)>);

impl Places<'_> {
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
        let mut warning = Diagnostic::warning(message).with_help(format!(
            "{help}; `allow_inexact=.`, or a proto path, takes it so without this warning"
        ));
        for (index, (file, path, name)) in self.0.iter().take(SHOWN).enumerate() {
            let text = match index {
                0 => String::new(),
                _ => format!("`{name}`"),
            };
            warning = warning.with_label(file.place(path), text);
        }
        Some(warning)
    }
}

struct Looking<'a, 'b> {
    at: &'b LookedAt<'a>,
    /// The file as it was declared.
    file: &'a File,
    /// The features of the file. Messages and oneofs set none for enums and strings.
    features: Features,
    found: &'b mut Found<'a>,
}

impl<'a> Looking<'a, '_> {
    /// Looks at a file, of which code is generated as it is lowered.
    fn file(&mut self, lowered: &File) {
        let file = self.file;
        let messages = file.message_type.iter().zip(&lowered.message_type);
        for ((message, lowered), index) in messages.zip(0..) {
            let full_name = file.full_name(&message.name);
            if self.at.selection.types.contains(&full_name) {
                self.message(message, lowered, &full_name, &[4, index]);
            }
        }
        for (r#enum, index) in file.enum_type.iter().zip(0..) {
            let full_name = file.full_name(&r#enum.name);
            if self.at.selection.types.contains(&full_name) {
                self.r#enum(r#enum, &full_name, &[5, index]);
            }
        }
        for (field, index) in file.extension.iter().zip(0..) {
            self.extension(field, &file.full_name(&field.name), &[7, index]);
        }
    }

    fn message(&mut self, message: &'a Message, lowered: &Message, full_name: &str, path: &[i32]) {
        /// `message_set_wire_format` of `MessageOptions`.
        const MESSAGE_SET: u32 = 1;
        let child = |field: i32, index: i32| [path, &[field, index]].concat();
        if wire::flag(message.options.as_deref(), MESSAGE_SET) && self.is_told(full_name) {
            let found = &mut self.found.message_sets.0;
            found.push((self.file, path.to_vec(), message.name.clone()));
        }
        for ((field, lowered), index) in message.field.iter().zip(&lowered.field).zip(0..) {
            let name = format!("{full_name}.{}", field.name);
            if self.is_told(&name) {
                let place = (self.file, child(2, index));
                self.field((message, field), &name, lowered, place);
            }
        }
        let nested = message.nested_type.iter().zip(&lowered.nested_type);
        for ((nested, lowered), index) in nested.zip(0..) {
            // The field of the map is told, and not its entry.
            if !nested.is_map_entry() {
                let full_name = format!("{full_name}.{}", nested.name);
                self.message(nested, lowered, &full_name, &child(3, index));
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

    fn field(
        &mut self,
        (message, field): (&'a Message, &'a Field),
        full_name: &str,
        lowered: &Field,
        (file, path): (&'a File, Vec<i32>),
    ) {
        let redaction = Redaction {
            options: self.at.options,
            symbols: self.at.symbols,
        };
        let is_secret = self.is_by_prost() && redaction.hides(field, full_name);
        let is_relaxed = field.label() == Label::Required && lowered.label() != Label::Required;
        let is_unchecked = self.is_unchecked(message, field);
        let kinds = [
            (is_unchecked, &mut self.found.unchecked_strings),
            (is_secret, &mut self.found.secrets),
            (is_relaxed, &mut self.found.required),
        ];
        for (_, kind) in kinds.into_iter().filter(|(is_found, _)| *is_found) {
            let name = format!("{}.{}", message.name, field.name);
            kind.0.push((file, path.clone(), name));
        }
    }

    fn is_by_prost(&self) -> bool {
        self.at.options.messages == Messages::Prost
    }

    /// Notes an extension of a generated message. Options and features are left out: they are for generators.
    fn extension(&mut self, field: &Field, full_name: &str, path: &[i32]) {
        let extendee = field.extendee.as_deref().unwrap_or_default();
        let is_known = field.is_option() || extendee == ".google.protobuf.FeatureSet";
        let is_lost = !is_known && self.at.selection.has(extendee, self.at.symbols);
        if is_lost && self.is_told(full_name) {
            let found = &mut self.found.extensions.0;
            found.push((self.file, path.to_vec(), field.name.clone()));
        }
    }

    fn is_told(&self, full_name: &str) -> bool {
        !pattern::any(&self.at.options.allow_inexact.0, full_name)
    }

    /// Whether a field is a string, or a map of strings, that nobody has to check.
    fn is_unchecked(&self, message: &Message, field: &Field) -> bool {
        let own = Features::from_options(field.options.as_deref(), Target::Field);
        if self.features.inherit(own).utf8_validation() != Utf8::None {
            return false;
        }
        let is_string = |field: &Field| field.known_type() == Some(Type::String);
        let entry = message.map_entry(field);
        is_string(field) || entry.is_some_and(|entry| entry.field.iter().any(is_string))
    }

    fn r#enum(&mut self, r#enum: &'a Enum, full_name: &str, path: &[i32]) {
        let is_lost = self.is_by_prost() && self.at.closed.has(full_name);
        if is_lost && self.is_told(full_name) {
            let found = &mut self.found.closed_enums.0;
            found.push((self.file, path.to_vec(), r#enum.name.clone()));
        }
    }
}
