//! `option (x) = inf;` and `= nan;`, which prost-reflect takes for names of enum values.

use std::collections::HashSet;

use prost::Message as _;
use prost_types::{FileDescriptorProto, UninterpretedOption};

use super::Sources;
use super::raw_options::{UNINTERPRETED, each_options};
use crate::descriptor::{Field, File, Message, Type};
use crate::wire;

/// Makes numbers of them where the option has the name of one that is a number.
pub(super) fn spell_out(files: &mut [FileDescriptorProto], sources: &Sources) {
    let has_some = |file: &FileDescriptorProto| {
        let source = sources.get(file.name());
        source.is_some_and(|source| are_in(&source.text))
    };
    if !files.iter().any(has_some) {
        return;
    }
    let decode = |file: &FileDescriptorProto| {
        File::decode(file.encode_to_vec().as_slice()).expect("both are descriptor.proto's")
    };
    let mut names = HashSet::new();
    for file in files.iter() {
        numbers(&decode(file), &mut names);
    }
    for file in files.iter_mut().filter(|file| has_some(file)) {
        let mut spelt = decode(file);
        each_options(&mut spelt, &mut |_, _, options| {
            if let Some(bytes) = options {
                *bytes = spell(bytes, &names);
            }
        });
        *file = spelt.to_prost();
    }
}

/// Whether a text has one of the words, so that there is something to do.
pub(super) fn are_in(text: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    ["inf", "nan"].iter().any(|word| {
        text.match_indices(word).any(|(at, _)| {
            let (before, behind) = (&text[..at], &text[at + word.len()..]);
            !before.ends_with(is_word) && !behind.starts_with(is_word)
        })
    })
}

fn spell(options: &[u8], names: &HashSet<String>) -> Vec<u8> {
    let Some(records) = wire::records(options) else {
        return options.to_vec();
    };
    let mut spelt = Vec::with_capacity(options.len());
    for record in records {
        let option = (record.number == UNINTERPRETED)
            .then(|| UninterpretedOption::decode(record.value).ok())
            .flatten();
        match option.and_then(|option| as_number(option, names)) {
            Some(option) => wire::put_delimited(record.number, &option.encode_to_vec(), &mut spelt),
            None => spelt.extend_from_slice(record.raw),
        }
    }
    spelt
}

fn as_number(
    mut option: UninterpretedOption,
    names: &HashSet<String>,
) -> Option<UninterpretedOption> {
    let value = match option.identifier_value.as_deref()? {
        "inf" => f64::INFINITY,
        "nan" => f64::NAN,
        _ => return None,
    };
    let name = option.name.last()?.name_part.rsplit('.').next()?;
    if !names.contains(name) {
        return None;
    }
    option.identifier_value = None;
    option.double_value = Some(value);
    Some(option)
}

/// The names of all fields and extensions that are floating point numbers.
fn numbers(file: &File, names: &mut HashSet<String>) {
    fn of_fields<'a>(fields: impl IntoIterator<Item = &'a Field>, names: &mut HashSet<String>) {
        let is_number =
            |field: &&Field| matches!(field.known_type(), Some(Type::Float | Type::Double));
        let fields = fields.into_iter().filter(is_number);
        names.extend(fields.map(|field| field.name.clone()));
    }
    fn of_message(message: &Message, names: &mut HashSet<String>) {
        of_fields(message.field.iter().chain(&message.extension), names);
        for nested in &message.nested_type {
            of_message(nested, names);
        }
    }
    of_fields(&file.extension, names);
    for message in &file.message_type {
        of_message(message, names);
    }
}
