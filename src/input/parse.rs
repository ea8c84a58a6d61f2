//! The text of a file, made a descriptor by protox.

use ::protox::file::File as ParsedFile;
use prost::Message as _;
use prost_types::FileDescriptorProto;

use super::editions::Edition;
use super::raw_options::{each_options, is_named, take_options};
use super::{Source, Sources, link, suggest::Suggestions};
use crate::descriptor::File;
use crate::diagnostics::{Diagnostic, Place};

mod grammar;
mod rewrite;
mod tokens;

pub(super) use grammar::Declared;
use rewrite::Rewritten;
pub(super) use tokens::{Kind, tokens};

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
    let mut file = to_file(&parsed?);
    map_positions(&mut file, &lowered.rewritten);
    if lowered.declared.edition.is_none() {
        return has_no_features(file.to_prost(), source, problems).map(|file| (file, None));
    }
    let edition = Edition::take(lowered.declared, &mut file, source, problems);
    (problems.len() == told).then(|| (file.to_prost(), edition))
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
            take_options(options, |option| {
                let is_meant = is_named(option, name);
                paths.extend(is_meant.then(|| path.to_vec()));
                is_meant
            });
        });
        paths.dedup();
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

/// Where a text stands in what is at a path of a file that is not linked yet.
pub(super) fn place(file: &File, source: &Source, path: &[i32], text: &str) -> Place {
    let mut sources = Sources::default();
    sources.add(&file.name, source.clone());
    sources.place_in(file, path, text)
}

/// Positions as they are in the user's file. What was added for the parser's sake has none: a label; or that
/// of what it repeats: the end of a range, which stands behind its start.
fn map_positions(file: &mut File, rewritten: &Rewritten) {
    let Some(info) = &mut file.source_code_info else {
        return;
    };
    let mut before = Vec::new();
    info.location.retain_mut(|location| {
        rewritten.original_span(&mut location.span);
        let is_added = matches!(location.span.as_slice(), [_, start, end] if start == end);
        let number = location
            .path
            .last()
            .filter(|_| location.path.len() % 2 == 1);
        match (is_added, number) {
            (true, Some(4)) => return false,
            (true, Some(2)) => location.span.clone_from(&before),
            _ => before.clone_from(&location.span),
        }
        true
    });
}
