//! Links parsed files: names become full names, custom options become bytes, the language's rules
//! are checked. The work is prost-reflect's; what is ours is that one run reports every file.

use miette::Diagnostic as Report;
use prost::Message as _;
use prost_reflect::DescriptorPool;
use prost_types::FileDescriptorProto;

use super::hidden::Hidden;
use super::suggest::Suggestions;
use super::{Source, Sources, floats, scope};
use crate::descriptor::{File, FileSet};
use crate::diagnostics::Diagnostic;

/// The linked files; what is wrong is added to `problems`.
///
/// `files` are in an order in which every file comes after its imports.
pub(super) fn link(
    mut files: Vec<FileDescriptorProto>,
    sources: &Sources,
    problems: &mut Vec<Diagnostic>,
) -> Vec<File> {
    floats::spell_out(&mut files, sources);
    let suggestions = Suggestions::new(&files);
    scope::qualify(&mut files);
    let hidden = Hidden::hide(&mut files);
    let mut pool = DescriptorPool::new();
    // All at once is the fast way. It tells of errors in one file only, so if there are any, one
    // file after the other is the thorough way.
    if pool
        .add_file_descriptor_protos(files.iter().cloned())
        .is_err()
    {
        pool = DescriptorPool::new();
        link_each(files, sources, &suggestions, &mut pool, problems);
    }
    let mut files = FileSet::decode(pool.encode_to_vec().as_slice())
        .expect("a pool encodes a FileDescriptorSet")
        .file;
    hidden.restore(&mut files);
    files
}

fn link_each(
    files: Vec<FileDescriptorProto>,
    sources: &Sources,
    suggest: &Suggestions,
    pool: &mut DescriptorPool,
    problems: &mut Vec<Diagnostic>,
) {
    let mut linked = Vec::new();
    for file in files {
        let name = file.name().to_owned();
        let linkable = |import: &String| pool.get_file_by_name(import).is_some();
        // An error in an import was told where it is; what follows from it would be noise.
        if !file.dependency.iter().all(linkable) {
            continue;
        }
        let Err(error) = pool.add_file_descriptor_proto(file.clone()) else {
            linked.push(file);
            continue;
        };
        // A pool is not what it was after a file that it did not take: it can have some of its extensions.
        *pool = DescriptorPool::new();
        pool.add_file_descriptor_protos(linked.iter().cloned())
            .expect("these were linked before");
        match sources.get(&name) {
            Some(source) => {
                let error = error.with_source_code(&source.text);
                report(&error, source, suggest, problems);
            }
            None => problems.push(Diagnostic::error(error.to_string())),
        }
    }
}

/// Takes over a diagnostic of protox or prost-reflect, and those that it carries along.
pub(super) fn report(
    error: &dyn Report,
    source: &Source,
    suggest: &Suggestions,
    problems: &mut Vec<Diagnostic>,
) {
    // What is wrong inside of `{…}` says more than that something is.
    let inside = error.diagnostic_source();
    let message = inside.map_or_else(|| error.to_string(), ToString::to_string);
    let mut labels: Vec<_> = error.labels().into_iter().flatten().collect();
    // What was declared first is told first, and the mistake is what comes after it.
    if labels
        .iter()
        .all(|label| label.label() != Some("found here"))
    {
        labels.reverse();
    }
    let mut diagnostic = Diagnostic::error(&message);
    for label in labels {
        let found = inside.and_then(|inside| find_inside(inside, source, label.offset()));
        let (offset, length) = found.unwrap_or((label.offset(), label.len()));
        let place = source.place(offset, length);
        diagnostic = diagnostic.at(place, label.label().unwrap_or_default());
    }
    if diagnostic.place().is_none() {
        // What lacks its end is told where the file has its own.
        let at = match message.ends_with("reached end of file") {
            true => source.text.trim_end().len(),
            false => 0,
        };
        diagnostic = diagnostic.at(source.place(at, 1), "");
    }
    let help = error.help().map(|help| help.to_string());
    if let Some(help) = help.or_else(|| suggest.help(&message)) {
        diagnostic = diagnostic.help(help);
    }
    problems.push(diagnostic);
    for related in error.related().into_iter().flatten() {
        report(related, source, suggest, problems);
    }
}

/// Where in a file the mistake inside of `{…}` stands, in an option that begins at an offset: its own
/// offset is in a copy that the parser made. The word itself is the same.
fn find_inside(inside: &dyn Report, source: &Source, start: usize) -> Option<(usize, usize)> {
    let label = inside.labels()?.next()?;
    let copy = inside.source_code()?.read_span(label.inner(), 0, 0).ok()?;
    let word = std::str::from_utf8(copy.data()).ok()?.trim();
    let (found, _) = source.text.get(start..)?.match_indices(word).next()?;
    (!word.is_empty()).then_some((start + found, word.len()))
}
