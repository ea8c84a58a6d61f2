//! Rules of the language that protoc checks, and neither protox nor prost-reflect does.
//!
//! What protoc and buf hand over was checked by them; this is for files that we read ourselves.

use std::collections::{HashMap, HashSet};

use super::Sources;
use super::editions::{Edition, EnumType, Features, Target};
use crate::descriptor::{Enum, Field, File, Label, Message, Type};
use crate::diagnostics::Diagnostic;
use crate::symbols::{Symbol, Symbols};
use crate::wire;

mod features;
mod names;
mod style;

/// Looks through linked files.
pub(super) fn check(
    files: &[File],
    editions: &HashMap<String, Edition>,
    sources: &Sources,
    problems: &mut Vec<Diagnostic>,
) {
    let symbols = Symbols::new(files);
    let mut extensions = HashMap::new();
    for file in files
        .iter()
        .filter(|file| sources.get(&file.name).is_some())
    {
        let mut rules = Rules {
            file,
            sources,
            symbols: &symbols,
            editions,
            problems,
        };
        rules.file(&mut extensions);
        rules.style();
    }
}

/// Where each number of an extended message is taken: by which extension.
type Extensions<'a> = HashMap<(&'a str, i32), &'a str>;

struct Rules<'a, 'p> {
    file: &'a File,
    sources: &'a Sources,
    symbols: &'a Symbols<'a>,
    editions: &'a HashMap<String, Edition>,
    problems: &'p mut Vec<Diagnostic>,
}

impl<'a> Rules<'a, '_> {
    /// Something is wrong with what is at a path; the text is what to point at.
    fn problem(&mut self, path: &[i32], text: &str, message: impl Into<String>, help: &str) {
        let place = self.sources.place_in(self.file, path, text);
        self.problems
            .push(Diagnostic::error(message).at(place, "").help(help));
    }

    /// Whether what is at a path stands in the file, and does not only follow from what does.
    fn is_written(&self, path: &[i32]) -> bool {
        let mut locations = self
            .file
            .source_code_info
            .iter()
            .flat_map(|info| &info.location);
        locations.any(|location| location.path == path)
    }

    fn is_proto3(&self) -> bool {
        self.file.syntax.as_deref() == Some("proto3")
    }

    fn file(&mut self, extensions: &mut Extensions<'a>) {
        let file = self.file;
        let features = Features::of_file(file);
        for (message, index) in file.message_type.iter().zip(0..) {
            self.message(message, features, &[4, index], extensions);
        }
        for (r#enum, index) in file.enum_type.iter().zip(0..) {
            self.r#enum(r#enum, features, &[5, index]);
        }
        for (field, index) in file.extension.iter().zip(0..) {
            self.extension(field, features, &[7, index], extensions);
        }
        for (service, index) in file.service.iter().zip(0..) {
            for (method, position) in service.method.iter().zip(0..) {
                let path = [6, index, 2, position];
                self.visible(&path, &method.input_type);
                self.visible(&path, &method.output_type);
            }
        }
    }

    fn message(
        &mut self,
        message: &'a Message,
        outer: Features,
        path: &[i32],
        extensions: &mut Extensions<'a>,
    ) {
        let features = outer.inherit(Features::of_options(&message.options, Target::Message));
        let child = |field: i32, index: i32| [path, &[field, index]].concat();
        self.ranges(message, path);
        let names = message.field.iter().zip(0..);
        let names = names.map(|(field, index)| (field.name.as_str(), child(2, index)));
        self.reserved_names(path, &message.reserved_name, names);
        self.json_names(message, features, path);
        if message.is_map_entry() {
            let what = format!(
                "`{}` is no entry of a map, which only a map has",
                message.name
            );
            self.problem(
                path,
                "map_entry",
                what,
                "write `map<string, int32> field = 1;`",
            );
        }
        if !message.extension_range.is_empty() && self.is_proto3() {
            let what = "in proto3 messages have no extensions";
            let help = "use google.protobuf.Any, or proto2, or an edition";
            self.problem(&child(5, 0), "", what, help);
        }
        // `message_set_wire_format`.
        if wire::flag(&message.options, 1) && !message.field.is_empty() {
            let what = format!("the message set `{}` has fields", message.name);
            self.problem(&child(2, 0), "", what, "what is in it are extensions");
        }
        for (field, index) in message.field.iter().zip(0..) {
            self.field(field, features, &child(2, index));
        }
        for (field, index) in message.extension.iter().zip(0..) {
            self.extension(field, features, &child(6, index), extensions);
        }
        for (nested, index) in message.nested_type.iter().zip(0..) {
            let path = child(3, index);
            // What a map stands for is written nowhere.
            if !nested.is_map_entry() || self.is_written(&path) {
                self.message(nested, features, &path, extensions);
            }
        }
        for (r#enum, index) in message.enum_type.iter().zip(0..) {
            self.r#enum(r#enum, features, &child(4, index));
        }
    }

    /// Ranges are not empty, and no two have a number in common.
    fn ranges(&mut self, message: &Message, path: &[i32]) {
        let child = |field: i32, index: usize| [path, &[field, index as i32]].concat();
        let extensions = message.extension_range.iter().enumerate();
        let reserved = message.reserved_range.iter().enumerate();
        let ranges = extensions
            .map(|(index, range)| (child(5, index), range.start, range.end))
            .chain(reserved.map(|(index, range)| (child(9, index), range.start, range.end)));
        // The end of those of messages is behind the last number.
        let ranges = ranges.map(|(path, start, end)| {
            (path, start.unwrap_or_default(), end.unwrap_or_default() - 1)
        });
        self.no_overlap(ranges.collect());
    }

    fn no_overlap(&mut self, ranges: Vec<(Vec<i32>, i32, i32)>) {
        for (index, (path, start, end)) in ranges.iter().enumerate() {
            if end < start {
                let message = format!("the range from {start} to {end} has no numbers");
                self.problem(path, "", message, "write the smaller number first");
            }
            let mut before = ranges[..index].iter();
            if let Some((_, first, last)) =
                before.find(|(_, first, last)| start <= last && first <= end)
            {
                let message = format!("{start} to {end} and {first} to {last} overlap");
                self.problem(
                    path,
                    "",
                    message,
                    "a number is in one range of a message or enum only",
                );
            }
        }
    }

    fn field(&mut self, field: &Field, outer: Features, path: &[i32]) {
        self.field_options(field, path);
        self.field_features(field, outer, path);
        if let Some(name) = &field.type_name {
            self.visible(path, name);
        }
        let is_closed = || {
            let name = field.type_name.as_deref().unwrap_or_default();
            field.known_type() == Some(Type::Enum) && self.is_closed(name)
        };
        if self.is_proto3() && is_closed() {
            let name = field.type_name.as_deref().unwrap_or_default();
            let message = format!(
                "the enum `{}` is closed, and fields of proto3 have open ones",
                &name[1..]
            );
            let help = "declare the enum in proto3, or this message in proto2 or an edition";
            self.problem(path, "", message, help);
        }
    }

    fn field_options(&mut self, field: &Field, path: &[i32]) {
        let kind = field.known_type();
        let is_list = field.label() == Label::Repeated;
        let is_message = matches!(kind, Some(Type::Message | Type::Group));
        let option = |number: u32| wire::varint(&field.options, number);
        if option(2).is_some() {
            if self.file.edition.is_some() {
                let message = "in editions there is no option `packed`";
                let help = "write `features.repeated_field_encoding = PACKED` or `EXPANDED`";
                self.problem(path, "packed", message, help);
            } else if !is_list || !field.is_packable() {
                let message = format!("the field `{}` cannot be packed", field.name);
                self.problem(
                    path,
                    "packed",
                    message,
                    "that is for repeated numbers, bools and enums",
                );
            }
        }
        for (number, name) in [(5, "lazy"), (15, "unverified_lazy")] {
            if option(number) == Some(1) && !is_message {
                let message = format!("the field `{}` cannot be {name}", field.name);
                self.problem(path, name, message, "that is for messages");
            }
        }
        let is_long = matches!(
            kind,
            Some(Type::Int64 | Type::Uint64 | Type::Sint64 | Type::Fixed64 | Type::Sfixed64)
        );
        if option(6).is_some_and(|value| value != 0) && !is_long {
            let message = format!("the field `{}` has a `jstype`", field.name);
            self.problem(path, "jstype", message, "that is for integers of 64 bits");
        }
    }

    fn extension(
        &mut self,
        field: &'a Field,
        outer: Features,
        path: &[i32],
        extensions: &mut Extensions<'a>,
    ) {
        self.field(field, outer, path);
        let extendee = field.extendee.as_deref().unwrap_or_default();
        if self.is_proto3() && !field.is_option() {
            let message = format!(
                "in proto3 only options are extended, and `{}` is none",
                &extendee[1..]
            );
            let help = "use google.protobuf.Any, or declare the extension in proto2 or an edition";
            self.problem(path, "", message, help);
        }
        if let Some(first) = extensions.insert((extendee, field.number), &field.name) {
            let message = format!(
                "`{first}` and `{}` extend `{}` with the number {}",
                field.name,
                &extendee[1..],
                field.number
            );
            self.problem(path, "", message, "give one of them another number");
        }
        if self.is_written(&[path, &[10]].concat()) {
            let message = format!("the extension `{}` has a `json_name`", field.name);
            let help = "in JSON an extension has its full name in brackets: leave it out";
            self.problem(path, "json_name", message, help);
        }
    }

    fn r#enum(&mut self, r#enum: &Enum, outer: Features, path: &[i32]) {
        let ranges = r#enum.reserved_range.iter().enumerate();
        // The end of those of enums is the last number.
        let ranges = ranges.map(|(index, range)| {
            let path = [path, &[4, index as i32]].concat();
            (
                path,
                range.start.unwrap_or_default(),
                range.end.unwrap_or_default(),
            )
        });
        self.no_overlap(ranges.collect());
        let names = r#enum.value.iter().zip(0..);
        let names = names.map(|(value, index)| (value.name.as_str(), [path, &[2, index]].concat()));
        self.reserved_names(path, &r#enum.reserved_name, names);
        self.aliases(r#enum, path);
        self.alike(r#enum, path);
        let features = outer.inherit(Features::of_options(&r#enum.options, Target::Enum));
        let first = r#enum.value.first().and_then(|value| value.number);
        if self.file.edition.is_some() && features.enum_type() == EnumType::Open && first != Some(0)
        {
            let message = format!("the open enum `{}` does not begin with 0", r#enum.name);
            let help = "begin it with a value that is 0, for what is not set, or close it: `option features.enum_type = CLOSED;`";
            self.problem(&[path, &[2, 0]].concat(), "", message, help);
        }
    }

    fn aliases(&mut self, r#enum: &Enum, path: &[i32]) {
        // `allow_alias`.
        let Some(allowed) = wire::varint(&r#enum.options, 2) else {
            return;
        };
        let mut numbers = HashSet::new();
        let mut values = r#enum.value.iter();
        let has_some = values.any(|value| !numbers.insert(value.number));
        if allowed == 0 {
            let message = "`allow_alias = false` is what holds anyway";
            self.problem(path, "allow_alias", message, "leave it out");
        } else if !has_some {
            let message = format!("no two values of `{}` have one number", r#enum.name);
            self.problem(path, "allow_alias", message, "leave out `allow_alias`");
        }
    }

    /// Whether an enum takes none but its values.
    fn is_closed(&self, name: &str) -> bool {
        let Some(declared) = self.symbols.get(name) else {
            return false;
        };
        let Symbol::Enum(r#enum) = declared.symbol else {
            return false;
        };
        let own = Features::of_options(&r#enum.options, Target::Enum);
        let features = Features::of_file(declared.file).inherit(own);
        features.enum_type() == EnumType::Closed
    }

    /// Types of other files have to be for others.
    fn visible(&mut self, path: &[i32], name: &str) {
        let Some(declared) = self.symbols.get(name) else {
            return;
        };
        let file = declared.file;
        let edition = self
            .editions
            .get(&file.name)
            .filter(|_| file.name != self.file.name);
        let Some(edition) = edition else {
            return;
        };
        let within = name.strip_prefix(&file.full_name("")).unwrap_or(name);
        if !edition.is_exported(within) {
            let message = format!("`{}` is local to \"{}\"", &name[1..], file.name);
            let what = match declared.symbol {
                Symbol::Message(_) => "message",
                Symbol::Enum(_) => "enum",
            };
            let help = format!("declare it as `export {what}`");
            self.problem(path, "", message, &help);
        }
    }
}
