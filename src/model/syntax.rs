//! Files without a `syntax` line. They are in proto2, which hardly anybody means today.

use crate::descriptor::File;
use crate::diagnostics::Diagnostic;
use crate::input::Input;

/// How many files a warning names.
const SHOWN: usize = 5;

const HELP: &str =
    "begin it with `syntax = \"proto3\";`, or with `syntax = \"proto2\";` if that is meant";

/// A warning for the listed files without such a line.
pub(super) fn warning(input: &Input) -> Option<Diagnostic> {
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
    let warning = Diagnostic::warning(message).with_help(HELP);
    let shown = silent.iter().take(SHOWN).enumerate();
    Some(shown.fold(warning, |warning, (index, file)| {
        let text = if index == 0 { "" } else { "another" };
        warning.with_label(file.place(&[]), text)
    }))
}

/// Whether a file has the line or needs none, or has no positions that could tell.
fn is_said(file: &File) -> bool {
    /// `syntax` of `FileDescriptorProto`, where compilers note `edition` as well.
    const SYNTAX: [i32; 1] = [12];
    let is_proto2 = file.edition.is_none() && file.syntax.as_deref() != Some("proto3");
    let info = file.source_code_info.as_ref();
    let has_line = info.is_none_or(|info| info.is_empty() || info.find(&SYNTAX).is_some());
    !is_proto2 || has_line
}
