//! The comments of every item, as rustdoc.

use std::collections::HashMap;

use super::docs::rustdoc;
use crate::descriptor::File;
use crate::options::Options;
use crate::pattern;

/// Finds what stands above an item in its proto file, or behind it on its line.
pub(crate) struct Comments<'a> {
    options: &'a Options,
    /// By the name of the file and the path of the item.
    texts: HashMap<(&'a str, &'a [i32]), String>,
}

impl<'a> Comments<'a> {
    pub(crate) fn new(files: &'a [File], options: &'a Options) -> Self {
        let mut texts = HashMap::new();
        for file in files {
            for location in file.source_code_info.iter().flat_map(|info| &info.location) {
                let leading = location.leading_comments.as_deref().unwrap_or_default();
                let trailing = location.trailing_comments.as_deref().unwrap_or_default();
                let text = match (leading.trim(), trailing.trim()) {
                    ("", "") => continue,
                    (_, "") => leading.to_owned(),
                    ("", _) => trailing.to_owned(),
                    _ => format!("{}\n\n{trailing}", leading.trim_end()),
                };
                texts.insert((file.name.as_str(), location.path.as_slice()), text);
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
