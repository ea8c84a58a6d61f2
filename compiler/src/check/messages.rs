//! Messages and oneofs.

use std::cell::OnceCell;
use std::collections::HashMap;

use super::context::{Around, Check};
use super::ranges::{NumberRange, Ranges};
use crate::descriptor::Message;
use crate::features::Features;
use crate::names::Fast;
use crate::parser::MAX_NESTING;
use crate::places::{self, part};
use crate::target::Target;

/// The largest field number.
pub(super) const MAX_NUMBER: i32 = 0x1fff_ffff;

/// The numbers that protobuf keeps for itself.
pub(super) const OWN_NUMBERS: std::ops::RangeInclusive<i32> = 19_000..=19_999;

impl<'a> Check<'a, '_> {
    pub(super) fn message(
        &mut self,
        message: &'a Message,
        outer: &Around<'_>,
        number: i32,
        index: usize,
    ) {
        let path = outer.path_of(number, index);
        // The entry of a map that was declared as `_1` is called `1Entry`.
        if !message.is_map_entry() {
            self.identifier(&path, &message.name);
        }
        if !self.nesting(&path, "declare this one further out") {
            return;
        }
        let own = Features::from_options(message.options.as_deref(), Target::Message);
        let scope = self.pool.symbols.child(outer.scope, &message.name);
        let around = Around {
            path: &path,
            scope: scope.unwrap_or(outer.scope),
            features: outer.features.inherit(own),
        };
        self.options(&message.options, Target::Message, &path);
        self.keyword_of(message.visibility, &around, outer, message);
        let ranges = self.number_ranges(message, &path);
        self.numbers(message, &path, &ranges);
        let names = message.field.iter().map(|field| field.name.as_str());
        self.reserved_names(&path, &message.reserved_name, names.zip(0..));
        self.oneofs(message, &around);
        self.message_set(message, &path);
        self.json_names(message, &around);
        for (index, field) in message.field.iter().enumerate() {
            let path = around.path_of(2, index);
            self.field(field, &around, &path, Some(message));
        }
        self.extension_ranges(message, &around);
        self.extensions(&message.extension, &around, 6);
        self.nested_types(message, &around);
        for (index, r#enum) in message.enum_type.iter().enumerate() {
            self.r#enum(r#enum, &around, 4, index);
        }
    }

    /// Mistakes in the entry of a map are told at the field of the map.
    fn nested_types(&mut self, message: &'a Message, around: &Around<'_>) {
        let maps = message.maps();
        for (index, nested) in message.nested_type.iter().enumerate() {
            let Some(field) = maps.get(&nested.name).filter(|_| nested.is_map_entry()) else {
                self.message(nested, around, 3, index);
                continue;
            };
            let path = around.path_of(2, *field as usize);
            let help = "a map has a message of its own: declare it further out";
            self.nesting(&path, help);
            for part in &nested.field {
                self.field(part, around, &path, Some(nested));
            }
        }
    }

    /// Whether a message at a path does not nest too deeply.
    fn nesting(&mut self, path: &[i32], help: &str) -> bool {
        let is_shallow = path.len() / 2 <= MAX_NESTING;
        if !is_shallow {
            let text = format!("messages stand in each other, at most {MAX_NESTING} levels deep");
            self.problem_of(path, text, help);
        }
        is_shallow
    }

    fn number_ranges(&mut self, message: &Message, path: &[i32]) -> Ranges {
        let child = |number: i32, index: usize| [path, &[number, index as i32]].concat();
        // Both ends are behind the last number.
        let range = |path: Vec<i32>, start: Option<i32>, end: Option<i32>, is_extension: bool| {
            NumberRange {
                path,
                first: i64::from(start.unwrap_or_default()),
                last: i64::from(end.unwrap_or_default()) - 1,
                is_extension,
            }
        };
        let extensions = message.extension_range.iter().enumerate();
        let extensions =
            extensions.map(|(index, of)| range(child(5, index), of.start, of.end, true));
        let reserved = message.reserved_range.iter().enumerate();
        let reserved = reserved.map(|(index, of)| range(child(9, index), of.start, of.end, false));
        self.ranges(extensions.chain(reserved).collect(), 1)
    }

    /// Each field has a number of its own, outside of ranges.
    fn numbers(&mut self, message: &Message, path: &[i32], ranges: &Ranges) {
        let mut first: HashMap<i32, usize, Fast> =
            HashMap::with_capacity_and_hasher(message.field.len(), Fast::default());
        let child = |index: usize| [path, &[2, index as i32]].concat();
        let used: OnceCell<Vec<i64>> = OnceCell::new();
        let free = || {
            let used = used.get_or_init(|| {
                let numbers = message.field.iter().map(|field| i64::from(field.number));
                let mut used: Vec<i64> = numbers.collect();
                used.sort_unstable();
                used
            });
            format!("the next free number is {}", ranges.free(used))
        };
        for (index, field) in message.field.iter().enumerate() {
            let number = field.number;
            let place = |file: &_| places::part(file, &child(index), part::NUMBER);
            if number <= 0 && !self.is_written(&child(index), part::NUMBER) {
                // The parser told that it is missing.
                continue;
            }
            if number <= 0 || number > MAX_NUMBER {
                let text = format!("{number} is no field number");
                let help = || format!("field numbers go from 1 to {MAX_NUMBER}: {}", free());
                self.problem_with(place, text, help);
            } else if self.facts.is_listed && OWN_NUMBERS.contains(&number) {
                let text = format!("the number {number} is protobuf's own");
                let help = || format!("19000 to 19999 are kept for implementations: {}", free());
                self.problem_with(place, text, help);
            } else if let Some(range) = ranges.find(i64::from(number)) {
                let what = if range.is_extension {
                    "for extensions"
                } else {
                    "reserved"
                };
                let text = format!("the number {number} of `{}` is {what}", field.name);
                self.kept(range, place, text, free);
            }
            if let Some(other) = first.insert(number, index) {
                let text = format!(
                    "the fields `{}` and `{}` have the number {number}",
                    message.field[other].name, field.name
                );
                let file = self.file;
                self.problems.error(|| {
                    crate::diagnostics::Diagnostic::error(text)
                        .with_label(place(file), "used again here")
                        .with_label(
                            places::part(file, &child(other), part::NUMBER),
                            "used first here",
                        )
                        .with_help(free())
                });
            }
        }
    }

    /// A oneof has fields, which stand together; those of `optional` come last and have one.
    fn oneofs(&mut self, message: &'a Message, around: &Around<'_>) {
        let mut counts = vec![0_usize; message.oneof_decl.len()];
        let mut last = None;
        for (index, field) in message.field.iter().enumerate() {
            let Some(oneof) = field.oneof_index else {
                last = None;
                continue;
            };
            let path = around.path_of(2, index);
            let Some(count) = usize::try_from(oneof)
                .ok()
                .and_then(|oneof| counts.get_mut(oneof))
            else {
                self.problem_of(&path, "the field's oneof does not exist", NOT_OURS);
                continue;
            };
            *count += 1;
            let is_apart = *count > 1 && last != Some(oneof);
            if is_apart || field.label() != crate::descriptor::Label::Optional {
                self.problem_of(
                    &path,
                    "the fields of a oneof stand apart, or have a label",
                    NOT_OURS,
                );
            }
            last = Some(oneof);
        }
        let optional = message
            .field
            .iter()
            .filter(|field| field.proto3_optional == Some(true));
        let synthetic: std::collections::HashSet<i32> =
            optional.filter_map(|field| field.oneof_index).collect();
        for (index, (oneof, count)) in message.oneof_decl.iter().zip(counts).enumerate() {
            let path = around.path_of(8, index);
            self.identifier(&path, &oneof.name);
            self.options(&oneof.options, Target::Oneof, &path);
            if count == 0 {
                let text = format!("the oneof `{}` has no fields", oneof.name);
                self.problem_of(&path, text, "declare a field in it, or remove it");
            } else if synthetic.contains(&(index as i32)) && count != 1 {
                self.problem_of(
                    &path,
                    "the oneof of an `optional` field has another one",
                    NOT_OURS,
                );
            }
        }
    }

    fn message_set(&mut self, message: &Message, path: &[i32]) {
        if !message.is_message_set() {
            return;
        }
        let word = "message_set_wire_format";
        if self.file.is_proto3() {
            let text = "in proto3 there are no message sets";
            let help = "write the file in proto2 or an edition";
            self.problem(|file| places::word(file, path, word), text, help);
        }
        if !message.field.is_empty() {
            let text = format!("the message set `{}` has fields", message.name);
            let path = [path, &[2, 0]].concat();
            self.problem_of(&path, text, "what is in it are extensions");
        }
    }
}

/// The help for a mistake that only descriptors of others can have.
pub(super) const NOT_OURS: &str = "protoc and buf do not make such descriptors: what made these?";
