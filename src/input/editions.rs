//! Editions: files that say by features what proto2 and proto3 say by their name.
//!
//! protox reads proto2 and proto3, and prost knows no other. So a text with an edition is read as one in
//! proto2 ([`grammar`]) and gets its edition back when it is linked ([`restore`]). What code is generated
//! from is a file in proto3 that comes to the same ([`lower()`]); reflection is told the truth.

use std::collections::HashMap;

use ::protox::file::File as ParsedFile;
use prost::Message as _;
use prost_types::{FileDescriptorProto, UninterpretedOption};

use super::{Source, Sources, link, suggest::Suggestions};
use crate::descriptor::{File, Message, RawOptions};
use crate::diagnostics::{Diagnostic, Place};
use crate::wire;

mod features;
mod grammar;
mod lower;
mod rewrite;
mod tokens;

pub(super) use lower::{lower, message_sets};

pub(super) use features::{EnumType, Features, Presence, Repeated, Target};
use tokens::{Kind, tokens};

/// The editions that are understood, by their numbers and as files spell them.
const KNOWN: [(i32, &str); 2] = [(1000, "2023"), (1001, "2024")];

/// The lowest and the highest number of an edition that a plugin may be given: proto2, and the last of
/// those.
pub(crate) const SUPPORTED_EDITIONS: (i32, i32) = (998, KNOWN[1].0);

/// The number of `uninterpreted_option` in every message of options.
pub(super) const UNINTERPRETED: u32 = 999;

/// What is said about editions that are not understood.
pub(super) fn unknown(edition: &str) -> Diagnostic {
    let known: Vec<_> = KNOWN
        .iter()
        .map(|(_, name)| format!("\"{name}\""))
        .collect();
    Diagnostic::error(format!("the edition \"{edition}\" is not supported"))
        .help(format!("those are {}", known.join(" and ")))
}

pub(super) fn is_known(edition: i32) -> bool {
    KNOWN.iter().any(|(number, _)| *number == edition)
}

/// What a file says that a descriptor in proto2 cannot.
pub(super) struct Edition {
    number: i32,
    declared: grammar::Declared,
    /// Features by the path of what has them.
    features: HashMap<Vec<i32>, Features>,
    /// `default_symbol_visibility`, which nobody behind the reader is told.
    visibility: Option<String>,
}

impl Edition {
    /// Whether other files can use a type, by its name in the file: what it says itself, or else what the
    /// edition does or the file says of all.
    pub(super) fn is_exported(&self, name: &str) -> bool {
        let mut declared = self.declared.visibility.iter();
        if let Some((_, is_exported)) = declared.find(|(declared, _)| declared == name) {
            return *is_exported;
        }
        let default = match self.number {
            1000 => "EXPORT_ALL",
            _ => "EXPORT_TOP_LEVEL",
        };
        match self.visibility.as_deref().unwrap_or(default) {
            "EXPORT_ALL" => true,
            "EXPORT_TOP_LEVEL" => !name.contains('.'),
            _ => false,
        }
    }
}

/// A file as protox gives it, with its edition if it has one; none if it has errors, which are noted.
pub(super) fn parse(
    name: &str,
    source: &Source,
    problems: &mut Vec<Diagnostic>,
) -> Option<(FileDescriptorProto, Option<Edition>)> {
    let Some(lowered) = grammar::lower(&source.text) else {
        let file = parse_text(name, source, &source.text, problems)?;
        return has_no_features(file, source, problems).map(|file| (file, None));
    };
    let told = problems.len();
    let mut found = Vec::new();
    let parsed = parse_text(name, source, &lowered.rewritten.text, &mut found);
    for problem in &mut found {
        problem.move_places(|place| {
            let offset = source_offset(&lowered.rewritten.text, place)?;
            let original = lowered.rewritten.original(offset);
            Some(source.place(original, place.length as usize))
        });
    }
    problems.extend(found);
    for problem in &lowered.problems {
        let place = source.place(problem.range.start, problem.range.len());
        let help = problem.help.as_str();
        problems.push(Diagnostic::error(&problem.message).at(place, "").help(help));
    }
    let is_edition = lowered.declared.edition.is_some();
    let mut file = to_file(&parsed?);
    map_positions(&mut file, &lowered.rewritten, is_edition);
    let Some(edition) = &lowered.declared.edition else {
        return has_no_features(file.to_prost(), source, problems).map(|file| (file, None));
    };
    let known = KNOWN.iter().find(|(_, name)| name == edition);
    let number = known.map(|(number, _)| *number);
    if number.is_none() {
        let at = source.text.find(edition.as_str()).unwrap_or_default();
        problems.push(unknown(edition).at(source.place(at, edition.len()), ""));
    }
    let (features, visibility) = take_features(&mut file, source, problems);
    if problems.len() > told {
        return None;
    }
    let edition = Edition {
        number: number?,
        declared: lowered.declared,
        features,
        visibility,
    };
    Some((file.to_prost(), Some(edition)))
}

fn parse_text(
    name: &str,
    source: &Source,
    text: &str,
    problems: &mut Vec<Diagnostic>,
) -> Option<FileDescriptorProto> {
    match ParsedFile::from_source(name, text) {
        Ok(file) => Some(file.into()),
        Err(error) => {
            let source = Source {
                path: source.path.clone(),
                text: text.into(),
            };
            link::report(&error, &source, &Suggestions::default(), problems);
            None
        }
    }
}

/// Where in a text a place of it is.
fn source_offset(text: &str, place: &Place) -> Option<usize> {
    let (line, column) = place.position?;
    let mut starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1));
    let start = starts.nth(line as usize - 1)?;
    let mut chars = text[start..].char_indices();
    let (behind, _) = chars
        .nth(column as usize - 1)
        .unwrap_or((text.len() - start, ' '));
    Some(start + behind)
}

/// Features are of editions, and `uninterpreted_option` is of parsers: protoc refuses them elsewhere.
fn has_no_features(
    parsed: FileDescriptorProto,
    source: &Source,
    problems: &mut Vec<Diagnostic>,
) -> Option<FileDescriptorProto> {
    const REFUSED: [(&str, &str, &str); 2] = [
        (
            "features",
            "features are for files with an edition",
            "begin the file with `edition = \"2023\";`, or leave them out",
        ),
        (
            "uninterpreted_option",
            "`uninterpreted_option` is no option to set",
            "it is what parsers use for options that they do not know yet",
        ),
    ];
    let told = problems.len();
    for (name, message, help) in REFUSED {
        if !source.text.contains(name) {
            continue;
        }
        let mut file = to_file(&parsed);
        let mut paths = Vec::new();
        each_options(&mut file, &mut |_, path, options| {
            if take_options(options, name).is_some_and(|taken| !taken.is_empty()) {
                paths.push(path.to_vec());
            }
        });
        for path in &paths {
            let place = place(&file, source, path, name);
            problems.push(Diagnostic::error(message).at(place, "").help(help));
        }
    }
    (problems.len() == told).then_some(parsed)
}

fn to_file(parsed: &FileDescriptorProto) -> File {
    File::decode(parsed.encode_to_vec().as_slice()).expect("both are descriptor.proto's")
}

fn place(file: &File, source: &Source, path: &[i32], text: &str) -> Place {
    let mut sources = Sources::default();
    sources.add(&file.name, source.clone());
    sources.place_in(file, path, text)
}

/// Positions as they are in the user's file. Labels that are not there have none.
fn map_positions(file: &mut File, rewritten: &rewrite::Rewritten, is_edition: bool) {
    let Some(info) = &mut file.source_code_info else {
        return;
    };
    for location in &mut info.location {
        rewritten.original_span(&mut location.span);
        // `syntax` is an `edition`.
        if is_edition && location.path == [12] {
            location.path = vec![14];
        }
    }
    info.location.retain(|location| {
        let is_empty = matches!(location.span.as_slice(), [_, start, end] if start == end);
        location.path.last() != Some(&4) || location.path.len() % 2 == 0 || !is_empty
    });
}

/// Takes `features` out of all options, so that the linker has nothing to say about them: it knows those
/// of an older edition only, and none of other languages.
fn take_features(
    file: &mut File,
    source: &Source,
    problems: &mut Vec<Diagnostic>,
) -> (HashMap<Vec<i32>, Features>, Option<String>) {
    let mut visibility = None;
    let mut features: HashMap<Vec<i32>, Features> = HashMap::new();
    let mut wrong = Vec::new();
    each_options(file, &mut |target, path, options| {
        for option in take_options(options, "features").unwrap_or_default() {
            let known = features.entry(path.to_vec()).or_default();
            for (name, value) in settings(&option) {
                if name == "default_symbol_visibility" {
                    visibility = Some(value.clone());
                }
                if let Err((message, help)) = known.set(&name, &value, target) {
                    wrong.push((path.to_vec(), name, message, help));
                }
            }
        }
    });
    for (path, name, message, help) in wrong {
        let place = place(file, source, &path, &name);
        problems.push(Diagnostic::error(message).at(place, "").help(help));
    }
    (features, visibility)
}

/// The options that begin with a name, among those that are not interpreted yet; the others stay.
fn take_options(options: &mut RawOptions, name: &str) -> Option<Vec<UninterpretedOption>> {
    let bytes = options.as_deref()?;
    let mut taken = Vec::new();
    let mut kept = Vec::with_capacity(bytes.len());
    for record in wire::records(bytes)? {
        let option = (record.number == UNINTERPRETED)
            .then(|| UninterpretedOption::decode(record.value).ok())
            .flatten();
        let is_meant = |option: &UninterpretedOption| {
            let first = option.name.first();
            first.is_some_and(|part| part.name_part == name && !part.is_extension)
        };
        match option.filter(is_meant) {
            Some(option) => taken.push(option),
            None => kept.extend_from_slice(record.raw),
        }
    }
    *options = (!kept.is_empty()).then_some(kept);
    Some(taken)
}

/// The names and values of features in an option; those of other languages are left out.
fn settings(option: &UninterpretedOption) -> Vec<(String, String)> {
    match option.name.as_slice() {
        [_, name] if !name.is_extension => {
            let value = option.identifier_value.clone().unwrap_or_default();
            vec![(name.name_part.clone(), value)]
        }
        [_] => pairs(option.aggregate_value.as_deref().unwrap_or_default()),
        _ => Vec::new(),
    }
}

/// `name: VALUE` at the outermost level of a text format.
fn pairs(text: &str) -> Vec<(String, String)> {
    let tokens = tokens(text);
    let mut depth = 0;
    let mut pairs = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        match token.kind {
            Kind::Mark('{' | '[' | '<') => depth += 1,
            Kind::Mark('}' | ']' | '>') => depth -= 1,
            Kind::Mark(':') if depth == 0 => {
                let word = |index: Option<usize>| {
                    let token = index.and_then(|index| tokens.get(index));
                    let token = token.filter(|token| token.kind == Kind::Word);
                    token.map(|token| text[token.range.clone()].to_owned())
                };
                pairs.extend(word(index.checked_sub(1)).zip(word(Some(index + 1))));
            }
            _ => {}
        }
    }
    pairs
}

/// Takes away features that are not of the language itself.
pub(super) fn keep_known_features(file: &mut File) {
    each_options(file, &mut |target, _, options| {
        let features = Features::of_options(options, target);
        features.put(options, target);
    });
}

/// Gives linked files back what they said.
pub(super) fn restore(files: &mut [File], editions: &HashMap<String, Edition>) {
    for file in files {
        let Some(edition) = editions.get(&file.name) else {
            continue;
        };
        file.syntax = Some("editions".to_owned());
        file.edition = Some(edition.number);
        each_options(file, &mut |target, path, options| {
            if let Some(features) = edition.features.get(path) {
                features.put(options, target);
            }
        });
        restore_imports(file, &edition.declared.option_imports);
        restore_visibility(file, &edition.declared.visibility);
    }
}

/// Imports for options stand in a list of their own, so that others move up.
fn restore_imports(file: &mut File, option_imports: &[usize]) {
    let is_option = |index: usize| option_imports.contains(&index);
    for index in file
        .public_dependency
        .iter_mut()
        .chain(&mut file.weak_dependency)
    {
        let before = option_imports
            .iter()
            .filter(|&&import| (import as i32) < *index);
        *index -= before.count() as i32;
    }
    let imports = std::mem::take(&mut file.dependency).into_iter().enumerate();
    for (index, import) in imports {
        match is_option(index) {
            true => file.option_dependency.push(import),
            false => file.dependency.push(import),
        }
    }
}

fn restore_visibility(file: &mut File, declared: &[(String, bool)]) {
    /// `SymbolVisibility` of descriptor.proto.
    const LOCAL: i32 = 1;
    const EXPORT: i32 = 2;
    let visibility = |name: &str| {
        let mut declared = declared.iter();
        let found = declared.find(|(declared, _)| declared == name);
        found.map(|(_, is_exported)| if *is_exported { EXPORT } else { LOCAL })
    };
    fn nested(message: &mut Message, name: &str, visibility: &dyn Fn(&str) -> Option<i32>) {
        message.visibility = visibility(name);
        for r#enum in &mut message.enum_type {
            r#enum.visibility = visibility(&format!("{name}.{}", r#enum.name));
        }
        for inner in &mut message.nested_type {
            let name = format!("{name}.{}", inner.name);
            nested(inner, &name, visibility);
        }
    }
    for r#enum in &mut file.enum_type {
        r#enum.visibility = visibility(&r#enum.name);
    }
    for message in &mut file.message_type {
        let name = message.name.clone();
        nested(message, &name, &visibility);
    }
}

/// Visits the options of everything in a file, with the path of what has them.
pub(super) fn each_options(
    file: &mut File,
    visit: &mut dyn FnMut(Target, &[i32], &mut RawOptions),
) {
    visit(Target::File, &[], &mut file.options);
    for (message, index) in file.message_type.iter_mut().zip(0..) {
        each_in_message(message, &[4, index], visit);
    }
    for (r#enum, index) in file.enum_type.iter_mut().zip(0..) {
        each_in_enum(r#enum, &[5, index], visit);
    }
    for (service, index) in file.service.iter_mut().zip(0..) {
        visit(Target::Service, &[6, index], &mut service.options);
        for (method, position) in service.method.iter_mut().zip(0..) {
            visit(
                Target::Method,
                &[6, index, 2, position],
                &mut method.options,
            );
        }
    }
    for (field, index) in file.extension.iter_mut().zip(0..) {
        visit(Target::Field, &[7, index], &mut field.options);
    }
}

fn each_in_message(
    message: &mut Message,
    path: &[i32],
    visit: &mut dyn FnMut(Target, &[i32], &mut RawOptions),
) {
    let child = |field: i32, index: i32| [path, &[field, index]].concat();
    visit(Target::Message, path, &mut message.options);
    for (field, index) in message.field.iter_mut().zip(0..) {
        visit(Target::Field, &child(2, index), &mut field.options);
    }
    for (field, index) in message.extension.iter_mut().zip(0..) {
        visit(Target::Field, &child(6, index), &mut field.options);
    }
    for (oneof, index) in message.oneof_decl.iter_mut().zip(0..) {
        visit(Target::Oneof, &child(8, index), &mut oneof.options);
    }
    for (range, index) in message.extension_range.iter_mut().zip(0..) {
        visit(Target::ExtensionRange, &child(5, index), &mut range.options);
    }
    for (r#enum, index) in message.enum_type.iter_mut().zip(0..) {
        each_in_enum(r#enum, &child(4, index), visit);
    }
    for (nested, index) in message.nested_type.iter_mut().zip(0..) {
        each_in_message(nested, &child(3, index), visit);
    }
}

fn each_in_enum(
    r#enum: &mut crate::descriptor::Enum,
    path: &[i32],
    visit: &mut dyn FnMut(Target, &[i32], &mut RawOptions),
) {
    visit(Target::Enum, path, &mut r#enum.options);
    for (value, index) in r#enum.value.iter_mut().zip(0..) {
        let path = [path, &[2, index]].concat();
        visit(Target::EnumValue, &path, &mut value.options);
    }
}
