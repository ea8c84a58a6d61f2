//! Suggestions for a name that is not declared.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use crate::diagnostics::{did_you_mean, nearest};
use crate::parser::SCALARS;
use crate::symbols::{SymbolId, Symbols};
use crate::work;

/// Finds what is like a name.
pub(crate) struct Suggest<'a> {
    symbols: &'a Symbols,
    /// The file that declares a full name, among those that can be imported and are not there.
    declaring: &'a dyn Fn(&str) -> Option<String>,
    files: &'a [String],
    /// Imports that were not found, by the file that has them.
    missing: &'a HashMap<String, Vec<String>>,
    /// The ends of the folders of these imports.
    missing_folders: OnceLock<HashMap<&'a str, HashSet<&'a str>>>,
    by_last_name: OnceLock<HashMap<&'a str, Vec<SymbolId>>>,
}

/// No package is longer, and no folder need be.
const MAX_FOLDER: usize = 511;

/// `a/b/c` and `b/c` and `c` for `a/b/c/d.proto`.
fn ends_of_folders(imports: &[String]) -> HashSet<&str> {
    let folders = imports.iter().filter_map(|import| import.rsplit_once('/'));
    let ends = folders.flat_map(|(folder, _)| {
        work::count(folder.len());
        let starts = folder.match_indices('/').map(|(at, _)| at + 1);
        let ends = std::iter::once(0).chain(starts).map(|at| &folder[at..]);
        ends.filter(|end| !end.is_empty() && end.len() <= MAX_FOLDER)
    });
    ends.collect()
}

impl<'a> Suggest<'a> {
    pub(crate) fn new(
        symbols: &'a Symbols,
        files: &'a [String],
        missing: &'a HashMap<String, Vec<String>>,
        declaring: &'a dyn Fn(&str) -> Option<String>,
    ) -> Self {
        Self {
            symbols,
            declaring,
            files,
            missing,
            missing_folders: OnceLock::new(),
            by_last_name: OnceLock::new(),
        }
    }

    /// Whether an import that was not found explains that a name is not declared: the import's folder is
    /// the name's package.
    pub(crate) fn is_known_to_be_missing(&self, file: &str, name: &str) -> bool {
        let missing = self.missing_folders.get_or_init(|| {
            let folders = self.missing.iter();
            folders
                .map(|(file, imports)| (file.as_str(), ends_of_folders(imports)))
                .collect()
        });
        let Some(missing) = missing.get(file) else {
            return false;
        };
        let package = name
            .trim_start_matches('.')
            .rsplit_once('.')
            .map_or("", |(package, _)| package);
        missing.contains(package.replace('.', "/").as_str())
    }

    /// How to mend that the type of a field is not declared. Names of messages have capitals, and those of scalar
    /// types have none.
    pub(crate) fn help_for_type(&self, name: &str) -> String {
        let lower = name.to_ascii_lowercase();
        let is_like_a_scalar = lower == name || SCALARS.contains(&lower.as_str());
        match nearest(&lower, SCALARS).filter(|_| is_like_a_scalar) {
            Some(scalar) => format!("did you mean `{scalar}`?"),
            None => self.help(name),
        }
    }

    /// How to mend that a name is not declared.
    pub(crate) fn help(&self, name: &str) -> String {
        let name = name.trim_start_matches('.');
        let by_last_name = self.by_last_name.get_or_init(|| {
            let mut by_last_name: HashMap<&str, Vec<SymbolId>> = HashMap::new();
            for id in self.symbols.declarations() {
                by_last_name
                    .entry(self.symbols.name(id))
                    .or_default()
                    .push(id);
            }
            by_last_name
        });
        let last = name.rsplit('.').next().unwrap_or(name);
        let ends = |id: &&SymbolId| {
            work::count(1);
            let full = self.symbols.plain_name(**id);
            full == name || full.ends_with(&format!(".{name}"))
        };
        let same = by_last_name.get(last).into_iter().flatten();
        let mut types = same.filter(|id| {
            let kind = self.symbols.get(**id).kind;
            kind.is_type() || kind == crate::symbols::SymbolKind::Extension
        });
        if let Some(id) = types.find(ends) {
            let file = &self.files[self.symbols.get(*id).file as usize];
            let full = self.symbols.plain_name(*id);
            return format!("import \"{file}\", which declares `{full}`");
        }
        if let Some(file) = (self.declaring)(name) {
            return format!("import \"{file}\", which declares it");
        }
        work::count(by_last_name.len());
        let names: HashSet<&str> = by_last_name.keys().copied().collect();
        did_you_mean(last, names, "declare it, or import the file that does")
    }
}
