//! The option `boxed` where it asks for what is never boxed.

use super::select::Selection;
use super::types::has_box;
use crate::descriptor::{Field, File, Message, Type};
use crate::diagnostics::Diagnostic;
use crate::input::Input;
use crate::options::Options;

/// A field that is not boxed though a pattern matches it, and where it is.
struct Unboxed<'a> {
    file: &'a File,
    path: Vec<i32>,
    name: String,
}

/// A warning for each pattern that matches fields, and none that holds one message.
pub(super) fn warnings(input: &Input, options: &Options, selection: &Selection) -> Vec<Diagnostic> {
    let patterns = options.boxed.0.iter();
    let found = patterns.filter_map(|pattern| {
        let unboxed = only_unboxed(input, std::slice::from_ref(pattern), selection)?;
        let message = format!(
            "option `boxed={pattern}`: the field `{}` holds no message, and is not boxed",
            unboxed.name
        );
        let place = input.sources.place(unboxed.file, &unboxed.path);
        let help = "fields of one message can be boxed; scalars, lists and maps never are";
        Some(Diagnostic::warning(message).at(place, "").help(help))
    });
    found.collect()
}

/// The first field that a pattern matches, if none of those that it matches can be boxed.
fn only_unboxed<'a>(
    input: &'a Input,
    pattern: &[String],
    selection: &Selection,
) -> Option<Unboxed<'a>> {
    let mut looking = Looking {
        pattern,
        first: None,
        has_boxed: false,
    };
    for file in &input.files {
        for (message, index) in file.message_type.iter().zip(0..) {
            let full_name = file.full_name(&message.name);
            if selection.types.contains(&full_name) {
                looking.message(file, message, &full_name, &[4, index]);
            }
        }
    }
    looking.first.filter(|_| !looking.has_boxed)
}

struct Looking<'a, 'b> {
    pattern: &'b [String],
    first: Option<Unboxed<'a>>,
    has_boxed: bool,
}

impl<'a> Looking<'a, '_> {
    fn message(&mut self, file: &'a File, message: &Message, full_name: &str, path: &[i32]) {
        for (field, index) in message.field.iter().zip(0..) {
            if !has_box(self.pattern, full_name, message, field) {
                continue;
            }
            self.has_boxed |= can_be_boxed(field);
            self.first.get_or_insert_with(|| Unboxed {
                file,
                path: [path, &[2, index]].concat(),
                name: format!("{}.{}", message.name, field.name),
            });
        }
        for (nested, index) in message.nested_type.iter().zip(0..) {
            let full_name = format!("{full_name}.{}", nested.name);
            let path = [path, &[3, index]].concat();
            if !nested.is_map_entry() {
                self.message(file, nested, &full_name, &path);
            }
        }
    }
}

fn can_be_boxed(field: &Field) -> bool {
    let is_message = matches!(field.known_type(), Some(Type::Message | Type::Group));
    is_message && !field.is_repeated()
}
