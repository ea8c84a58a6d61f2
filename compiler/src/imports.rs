//! Imports that nothing needs.

use std::collections::{BTreeSet, HashSet};

use crate::descriptor::File;
use crate::diagnostics::Diagnostic;
use crate::places;
use crate::visible::{FileIndex, Visible};
use crate::work;

/// Warnings for imports of listed files that no name needs, as protoc does: public imports are for others, and
/// a file that imports others publicly may be imported for these.
pub(crate) fn unused(
    files: &[File],
    index: &FileIndex,
    visible: &[Visible],
    listed: &BTreeSet<String>,
) -> Vec<Diagnostic> {
    let mut warnings = Vec::new();
    for (file, visible) in files.iter().zip(visible) {
        if !listed.contains(&file.name) {
            continue;
        }
        let plain = file
            .dependency
            .iter()
            .zip(0..)
            .map(|(name, at)| (name, [3, at]));
        let public: HashSet<i32> = file.public_dependency.iter().copied().collect();
        work::count(file.dependency.len() + file.public_dependency.len());
        let plain = plain.filter(|(_, path)| !public.contains(&path[1]));
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
                let warning = Diagnostic::warning(text).with_label(places::at(file, &path), "");
                warnings.push(warning.with_help("remove it"));
            }
        }
    }
    warnings
}
