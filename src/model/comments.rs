//! The comments of every item, as rustdoc.

use std::collections::HashMap;

use super::docs::rustdoc;
use crate::descriptor::File;
use crate::options::Options;
use crate::pattern;

/// Finds what stands above an item in its proto file, or behind it on its line.
pub(crate) struct Comments<'a> {
    options: &'a Options,
    /// Comments by the name of the file and the path of the item.
    texts: HashMap<(&'a str, &'a [i32]), String>,
}

impl<'a> Comments<'a> {
    pub(crate) fn new(files: &'a [File], options: &'a Options) -> Self {
        let mut texts = HashMap::new();
        for file in files {
            let locations = file.source_code_info.iter();
            let locations = locations.flat_map(|info| info.locations());
            for location in locations.filter(|location| location.has_comments()) {
                let leading = location.leading_comments().unwrap_or_default();
                let trailing = location.trailing_comments().unwrap_or_default();
                let text = match (leading.trim(), trailing.trim()) {
                    ("", "") => continue,
                    (_, "") => leading,
                    ("", _) => trailing,
                    _ => format!("{}\n\n{trailing}", leading.trim_end()),
                };
                texts.insert((file.name.as_str(), location.path()), text);
            }
        }
        Self { options, texts }
    }

    /// The rustdoc lines of an item, each to be put behind `///`.
    pub(crate) fn docs(&self, file: &str, path: &[i32], full_name: &str) -> Vec<String> {
        match self.texts.get(&(file, path)) {
            Some(text) if !pattern::any(&self.options.disable_comments.0, full_name) => {
                rustdoc(text)
            }
            _ => Vec::new(),
        }
    }
}
