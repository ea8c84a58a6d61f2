//! Files that do not say which language they are in: they are in proto2, which hardly anybody means who writes
//! one today.

use super::parse::{Kind, tokens};
use super::{Input, Source};
use crate::descriptor::File;
use crate::diagnostics::Diagnostic;

/// How many files a warning names.
const SHOWN: usize = 5;

const HELP: &str =
    "begin it with `syntax = \"proto3\";`, or with `syntax = \"proto2\";` if that is meant";

/// Says why to the first of a file's errors: that a label is missing is no help where proto3 is meant.
pub(super) fn explain(source: &Source, errors: &mut [Diagnostic]) {
    if let Some(first) = errors.first_mut().filter(|_| !is_said_in(&source.text)) {
        first.add_help(format!(
            "`{}` has no `syntax` line, and is read as proto2: {HELP}",
            source.path
        ));
    }
}

/// Whether a text begins with `syntax` or `edition`.
fn is_said_in(text: &str) -> bool {
    let (tokens, _) = tokens(text);
    let first = tokens.iter().find(|token| token.kind != Kind::Mark(';'));
    first.is_some_and(|first| ["syntax", "edition"].contains(&&text[first.range.clone()]))
}

/// A warning for the listed files that do not say it.
pub(crate) fn warning(input: &Input) -> Option<Diagnostic> {
    let files = input.files.iter();
    let files = files.filter(|file| input.listed.contains(&file.name));
    let mut silent: Vec<_> = files
        .filter(|file| !is_said(input.original(file)))
        .collect();
    silent.sort_by_key(|file| &file.name);
    let first = silent.first()?;
    let name = &first.name;
    let message = match silent.len() - 1 {
        0 => format!("`{name}` has no `syntax` line, and is read as proto2"),
        1 => format!("`{name}` and another file have no `syntax` line, and are read as proto2"),
        others => {
            format!("`{name}` and {others} others have no `syntax` line, and are read as proto2")
        }
    };
    let warning = Diagnostic::warning(message).help(HELP);
    let shown = silent.iter().take(SHOWN).enumerate();
    Some(shown.fold(warning, |warning, (index, file)| {
        let text = if index == 0 { "" } else { "another" };
        warning.at(input.sources.place(file, &[]), text)
    }))
}

/// Whether a file says it, or has no positions that could tell.
fn is_said(file: &File) -> bool {
    /// `syntax` of `FileDescriptorProto`, where compilers note `edition` as well.
    const SYNTAX: [i32; 1] = [12];
    let info = file.source_code_info.as_ref();
    let locations = info.map_or(&[][..], |info| &info.location);
    let is_proto2 = file.edition.is_none() && file.syntax.as_deref() != Some("proto3");
    !is_proto2 || locations.is_empty() || locations.iter().any(|location| location.path == SYNTAX)
}
