//! Extensions, and the ranges of numbers for them.

use std::collections::HashSet;
use std::rc::Rc;

use super::context::{self, Around, Check};
use super::extended::{Extended, ExtendedRange, UNVERIFIED, declarations, verification};
use super::messages::{MAX_NUMBER, NOT_OURS, OWN_NUMBERS};
use crate::descriptor::{ExtensionRange, Field, Label, Message, Type};
use crate::diagnostics::Diagnostic;
use crate::places::{self, part};
use crate::target::Target;

impl<'a> Check<'a, '_> {
    /// The ranges of the message that a field extends.
    fn extended(&mut self, field: &Field, message: &Message) -> Rc<Extended> {
        let name = field.extendee.as_deref().unwrap_or_default();
        if let Some(extended) = self.shared.extended.get(name) {
            return Rc::clone(extended);
        }
        let extended = Rc::new(Extended::new(message));
        self.shared
            .extended
            .insert(name.to_owned(), Rc::clone(&extended));
        extended
    }

    pub(super) fn extension_ranges(&mut self, message: &'a Message, around: &Around<'_>) {
        let max = if message.is_message_set() {
            i32::MAX
        } else {
            MAX_NUMBER
        };
        let mut names = HashSet::new();
        for (index, range) in message.extension_range.iter().enumerate() {
            let path = around.path_of(5, index);
            self.options(&range.options, Target::ExtensionRange, &path);
            let place = |file: &_| places::at(file, &path);
            if i64::from(range.end.unwrap_or_default()) > i64::from(max) + 1 {
                let text = format!("numbers of extensions go up to {max}");
                self.problem(place, text, "write `max` for the last one");
            }
            if self.file.is_proto3() {
                let help = "use google.protobuf.Any, or proto2, or an edition";
                self.problem(place, "in proto3 messages have no extensions", help);
                return;
            }
            self.declarations(range, &path, &mut names);
        }
    }

    fn declarations(&mut self, range: &ExtensionRange, path: &[i32], names: &mut HashSet<String>) {
        let declarations = declarations(range);
        let place = |file: &_| places::word(file, path, "declaration");
        if !declarations.is_empty() && verification(range) == Some(UNVERIFIED) {
            let help = "remove `verification = UNVERIFIED`, or the declarations";
            self.problem(
                place,
                "the range has declarations, and is not verified",
                help,
            );
        }
        let (start, end) = (
            range.start.unwrap_or_default(),
            range.end.unwrap_or_default(),
        );
        let mut numbers = HashSet::new();
        for declaration in &declarations {
            let number = declaration.number;
            if number < start || number >= end {
                let text = format!("the declaration of {number} is outside of its range");
                self.problem(place, text, "declare numbers of the range");
            }
            if !numbers.insert(number) {
                let text = format!("{number} is declared twice");
                self.problem(place, text, "remove one of the two");
            }
            match (&declaration.full_name, &declaration.type_name) {
                (Some(name), Some(kind)) => {
                    if !names.insert(name.clone()) {
                        let text = format!("the extension `{name}` is declared twice");
                        self.problem(place, text, "remove one of the two");
                    }
                    for name in [name, kind] {
                        self.declared_name(name, name == kind, path);
                    }
                }
                (None, None) if declaration.is_reserved => {}
                _ => {
                    let text =
                        format!("the declaration of {number} lacks its `full_name` or its `type`");
                    self.problem(place, text, "write both, or `reserved: true`");
                }
            }
        }
    }

    /// A full name with a leading dot, or a type of the language.
    fn declared_name(&mut self, name: &str, is_type: bool, path: &[i32]) {
        let is_scalar = is_type && Type::from_keyword(name).is_some_and(|kind| kind != Type::Group);
        let is_full = name
            .strip_prefix('.')
            .is_some_and(|name| name.split('.').all(crate::lexer::is_identifier));
        if !is_scalar && !is_full {
            let text = format!("`{name}` is no full name");
            let help = "write it with its package and a leading dot: `.package.name`";
            self.problem(|file| places::word(file, path, "declaration"), text, help);
        }
    }

    pub(super) fn extension(&mut self, field: &'a Field, around: &Around<'_>, path: &[i32]) {
        let Some(extendee) = field.extendee.as_deref() else {
            return self.problem_of(path, "the extension extends nothing", NOT_OURS);
        };
        let Some(message) = self.message_named(extendee) else {
            return;
        };
        let plain = extendee.trim_start_matches('.');
        self.visible(extendee, path, part::EXTENDEE);
        self.lite_extension(extendee, path);
        let place = |number: i32| move |file: &_| places::part(file, path, number);
        if self.file.is_proto3() && !field.is_option() {
            let text = format!("in proto3 only options are extended, and `{plain}` is none");
            let help = "use google.protobuf.Any, or declare the extension in proto2 or an edition";
            self.problem_of(path, text, help);
        }
        let features = around.features.for_field(field, self.is_edition());
        if features.field_presence() == crate::features::Presence::LegacyRequired {
            let help = "write `optional`: a message does not know its extensions";
            self.problem(place(part::LABEL), "an extension is not required", help);
        }
        let default_name = crate::json_name::json_name(&field.name);
        if field
            .json_name
            .as_ref()
            .is_some_and(|name| *name != default_name)
        {
            let text = format!("the extension `{}` has a `json_name`", field.name);
            let help = "in JSON an extension has its full name in brackets: leave it out";
            self.problem(|file| places::word(file, path, "json_name"), text, help);
        }
        self.number_of_extension(field, message, plain, path);
        self.unique_extension(field, extendee, around, path);
        let is_set = || message.is_message_set();
        if context::remember(&mut self.shared.message_sets, extendee, is_set) {
            let is_optional = field.label() == Label::Optional;
            if field.known_type() != Some(Type::Message) || !is_optional {
                let text =
                    format!("`{plain}` is a message set, and its extensions are optional messages");
                self.problem_of(path, text, "put the value into a message");
            }
        }
    }

    fn number_of_extension(
        &mut self,
        field: &Field,
        message: &'a Message,
        extendee: &str,
        path: &[i32],
    ) {
        let number = field.number;
        let place = |file: &_| places::part(file, path, part::NUMBER);
        if self.facts.is_listed && OWN_NUMBERS.contains(&number) {
            let text = format!("the number {number} is protobuf's own");
            return self.problem(place, text, "19000 to 19999 are kept for implementations");
        }
        let extended = self.extended(field, message);
        let Some(range) = extended.find(number) else {
            let ranges = message.extension_range.iter().map(|range| {
                let (start, end) = (
                    range.start.unwrap_or_default(),
                    range.end.unwrap_or_default(),
                );
                format!("{start} to {}", end.saturating_sub(1))
            });
            let ranges: Vec<_> = ranges.take(5).collect();
            let help = if ranges.is_empty() {
                "it declares none: write `extensions 100 to 199;` in it".to_owned()
            } else {
                format!("those are {}", ranges.join(", "))
            };
            let text = format!("{number} is no number for extensions of `{extendee}`");
            return self.problem(place, text, help);
        };
        self.declared(field, range, path);
    }

    /// An extension is what the range declares of it, if the range declares any.
    fn declared(&mut self, field: &Field, range: &ExtendedRange, path: &[i32]) {
        let extendee = field.extendee.as_deref().unwrap_or_default();
        let id = self.pool.symbols.find(extendee);
        // protoc knows those of descriptor.proto by another list, and does not enforce them.
        if id.is_some_and(|id| self.pool.file(id).name == "google/protobuf/descriptor.proto") {
            return;
        }
        if !range.is_verified {
            return;
        }
        let number = field.number;
        let place = |file: &_| places::part(file, path, part::NUMBER);
        let Some(declaration) = range.declared.get(&number) else {
            let text = format!("the extension {number} is not declared where its range is");
            let help = "add a `declaration` to the range, or take another number";
            return self.problem(place, text, help);
        };
        if declaration.is_reserved {
            let text = format!("the extension number {number} is reserved by a declaration");
            return self.problem(place, text, "take another number");
        }
        let id = self.pool.symbols.extension_at(self.file, path);
        let full_name = id.map(|id| self.pool.symbols.full_name(id));
        if declaration.full_name.is_some()
            && full_name.is_some()
            && declaration.full_name != full_name
        {
            let expected = declaration.full_name.as_deref().unwrap_or_default();
            let text = format!("the extension {number} is declared with the name `{expected}`");
            return self.problem_of(path, text, "take that name, or another number");
        }
        let actual = match &field.type_name {
            Some(name) => name.clone(),
            None => field.r#type().keyword().to_owned(),
        };
        let expected = declaration.type_name.as_deref().unwrap_or_default();
        if !expected.is_empty()
            && expected.trim_start_matches('.') != actual.trim_start_matches('.')
        {
            let text = format!("the extension {number} is declared with the type `{expected}`");
            return self.problem(
                |file| places::part(file, path, part::TYPE_NAME),
                text,
                "take that type, or another number",
            );
        }
        if declaration.is_repeated != field.is_repeated() {
            let label = if declaration.is_repeated {
                "repeated"
            } else {
                "optional"
            };
            let text = format!("the extension {number} is declared as {label}");
            self.problem(
                |file| places::part(file, path, part::LABEL),
                text,
                "take that label, or another number",
            );
        }
    }

    /// No two extensions of a message have one number. In different files protoc only warns.
    fn unique_extension(
        &mut self,
        field: &Field,
        extendee: &str,
        around: &Around<'_>,
        path: &[i32],
    ) {
        let Some(id) = self.pool.symbols.child(around.scope, &field.name) else {
            return;
        };
        let key = (extendee.to_owned(), field.number);
        let Some(first) = self
            .shared
            .extensions
            .insert(key, id)
            .filter(|first| *first != id)
        else {
            return;
        };
        let symbols = self.pool.symbols;
        let first_file = self.pool.file(first);
        let text = format!(
            "`{}` and `{}` extend `{}` with the number {}",
            symbols.plain_name(first),
            field.name,
            extendee.trim_start_matches('.'),
            field.number
        );
        let file = self.file;
        let tell = |problem: Diagnostic| {
            problem
                .with_label(places::part(file, path, part::NUMBER), "used again here")
                .with_label(
                    places::part(first_file, &symbols.path(first), part::NUMBER),
                    "used first here",
                )
                .with_help("give one of them another number")
        };
        if std::ptr::eq(first_file, file) {
            self.problems.error(|| tell(Diagnostic::error(text)))
        } else {
            self.problems.warning(tell(Diagnostic::warning(text)))
        }
    }
}
