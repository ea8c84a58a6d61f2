//! Imports that nothing needs.

use std::collections::BTreeSet;

use crate::descriptor::File;
use crate::diagnostics::Diagnostic;
use crate::places;
use crate::problems::Problems;
use crate::visible::{FileIndex, Visible};

/// Warns of imports of listed files that no name needs, as protoc does: public imports are for others, and
/// a file that imports others publicly may be imported for these.
pub(crate) fn unused(
    files: &[File],
    index: &FileIndex,
    visible: &[Visible],
    listed: &BTreeSet<String>,
    problems: &mut Problems,
) {
    for (file, visible) in files.iter().zip(visible) {
        if !listed.contains(&file.name) {
            continue;
        }
        let plain = file
            .dependency
            .iter()
            .zip(0..)
            .map(|(name, at)| (name, [3, at]));
        let plain = plain.filter(|(_, path)| !file.public_dependency.contains(&path[1]));
        let options = file
            .option_dependency
            .iter()
            .zip(0..)
            .map(|(name, at)| (name, [15, at]));
        for (name, path) in plain.chain(options) {
            let Some(import) = index.get(name) else {
                continue;
            };
            let is_needed =
                visible.is_used(import) || !files[import as usize].public_dependency.is_empty();
            if !is_needed {
                let text = format!("the import \"{name}\" is not used");
                let warning = Diagnostic::warning(text).at(places::at(file, &path), "");
                problems.warning(warning.help("remove it"));
            }
        }
    }
}
