//! Messages that are deeper in each other than rustc looks.
//!
//! Whether a message can be sent to another thread follows from what it is made of, and rustc follows 128 types
//! in each other, unless the crate says `#![recursion_limit = "256"]`: which is not for us to write.

use std::collections::HashMap;

use super::select::Selection;
use super::types::has_box;
use crate::components::components;
use crate::descriptor::{Field, File, Message, Type};
use crate::diagnostics::{Diagnostic, Place};
use crate::options::Options;
use crate::symbols::Symbols;

/// The depth that rustc follows by default, less the types around a message where it is used.
const LIMIT: usize = 128 - 8;

/// A warning for the message that goes deepest, if that is too deep.
pub(super) fn warning(
    options: &Options,
    symbols: &Symbols<'_>,
    selection: &Selection,
) -> Option<Diagnostic> {
    let messages = symbols.messages();
    let messages: Vec<_> = messages
        .filter(|(name, _)| selection.has(name, symbols))
        .collect();
    let levels = levels(&messages, options, symbols);
    let deepest = messages.iter().zip(levels);
    // Names decide between messages of one depth.
    let (&(name, _), levels) =
        deepest.max_by(|((a, _), left), ((b, _), right)| left.cmp(right).then(b.cmp(a)))?;
    let file = symbols.get(name)?.file;
    let name = name.trim_start_matches('.');
    let limit = levels.next_power_of_two().max(256);
    let warning = Diagnostic::warning(format!(
        "`{name}` is made of messages in each other that are some {levels} types deep, and rustc looks at 128"
    ));
    let help = format!(
        "write `#![recursion_limit = \"{limit}\"]` at the top of each crate that uses the message"
    );
    let place = place(file, name);
    (levels > LIMIT).then(|| warning.with_label(place, "").with_help(help))
}

/// How many types each message is deep, with what is around messages in fields. Messages that lead back to
/// themselves end there: rustc has seen them.
fn levels(messages: &[(&str, &Message)], options: &Options, symbols: &Symbols<'_>) -> Vec<usize> {
    let nodes: HashMap<&str, usize> = messages.iter().map(|(name, _)| *name).zip(0..).collect();
    let node = |field: &Field| nodes.get(field.type_name.as_deref()?).copied();
    let edges = messages.iter().map(|(_, message)| {
        let entries = message.field.iter().map(|field| entry(field, symbols));
        let held = entries.filter_map(|(field, _)| node(field));
        held.collect()
    });
    let edges: Vec<Vec<usize>> = edges.collect();
    let components = components(&edges);
    let mut order: Vec<usize> = (0..messages.len()).collect();
    order.sort_by_key(|&node| components[node]);
    let mut levels = vec![1; messages.len()];
    for at in order {
        let (name, message) = messages[at];
        for field in &message.field {
            let (held, is_map) = entry(field, symbols);
            let Some(held) = node(held).filter(|&held| components[held] != components[at]) else {
                continue;
            };
            let is_boxed = has_box(&options.boxed.0, name, message, field);
            let around = match field {
                // `HashMap`, what it is made of, and a pair.
                _ if is_map => 4,
                // `Vec`, and what it is made of.
                _ if field.is_repeated() => 3,
                // `Option`, and the enum.
                _ if field.real_oneof().is_some() => 2 + 2 * usize::from(is_boxed),
                _ => 1 + 2 * usize::from(is_boxed),
            };
            levels[at] = levels[at].max(1 + around + levels[held]);
        }
    }
    levels
}

/// The field that holds a message, which for a map is the one of its values; and whether it is a map.
fn entry<'a>(field: &'a Field, symbols: &Symbols<'a>) -> (&'a Field, bool) {
    let name = field.type_name.as_deref().unwrap_or_default();
    let entry = symbols
        .message(name)
        .filter(|entry| field.r#type() == Type::Message && entry.is_map_entry());
    match entry.and_then(|entry| entry.field.get(1)) {
        Some(value) => (value, true),
        None => (field, false),
    }
}

/// The place where a message is declared.
fn place(file: &File, name: &str) -> Place {
    let mut path = Vec::new();
    let rest = name.strip_prefix(&file.package).unwrap_or(name);
    let mut messages = &file.message_type;
    for name in rest.trim_start_matches('.').split('.') {
        let Some(index) = messages.iter().position(|message| message.name == name) else {
            break;
        };
        path.extend([if path.is_empty() { 4 } else { 3 }, index as i32]);
        messages = &messages[index].nested_type;
    }
    file.place(&path)
}
