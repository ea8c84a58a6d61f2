//! Suggestions for a name that is not declared.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use crate::descriptor::SCALARS;
use crate::diagnostics::did_you_mean;
use crate::symbols::{SymbolId, SymbolKind, Symbols, Wanted};
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

    /// How to mend that a name is not declared.
    pub(crate) fn help(&self, name: &str, wanted: Wanted) -> String {
        let name = name.trim_start_matches('.');
        let last = name.rsplit('.').next().unwrap_or(name);
        if let Some(id) = self.declared_elsewhere(name, last) {
            let file = &self.files[self.symbols.get(id).file as usize];
            let full = self.symbols.plain_name(id);
            return format!("import \"{file}\", which declares `{full}`");
        }
        if let Some(file) = (self.declaring)(name) {
            return format!("import \"{file}\", which declares it");
        }
        let by_last_name = self.by_last_name();
        work::count(by_last_name.len());
        let is_wanted = |id: &SymbolId| match wanted {
            Wanted::Type => self.symbols.get(*id).kind.is_type(),
            Wanted::Any => true,
        };
        let names = by_last_name
            .iter()
            .filter(|(_, ids)| ids.iter().any(is_wanted));
        let names = names
            .map(|(name, _)| *name)
            .chain(scalars_like(last, wanted).iter().copied());
        did_you_mean(last, names, "declare it, or import the file that does")
    }

    /// The type or extension of this name, or of a name that ends with it.
    fn declared_elsewhere(&self, name: &str, last: &str) -> Option<SymbolId> {
        let same = self.by_last_name().get(last)?;
        let end = format!(".{name}");
        same.iter().copied().find(|&id| {
            work::count(1);
            let kind = self.symbols.get(id).kind;
            let full = self.symbols.plain_name(id);
            (kind.is_type() || kind == SymbolKind::Extension)
                && (full == name || full.ends_with(&end))
        })
    }

    fn by_last_name(&self) -> &HashMap<&'a str, Vec<SymbolId>> {
        self.by_last_name.get_or_init(|| {
            let mut by_last_name: HashMap<&str, Vec<SymbolId>> = HashMap::new();
            for id in self.symbols.declarations() {
                let name = self.symbols.name(id);
                by_last_name.entry(name).or_default().push(id);
            }
            by_last_name
        })
    }
}

/// The scalar types that a name may be meant to be: none for a name with capitals, unless they are all that is wrong.
fn scalars_like(name: &str, wanted: Wanted) -> &'static [&'static str] {
    let lower = name.to_ascii_lowercase();
    let is_like_one = lower == name || SCALARS.contains(&lower.as_str());
    if wanted == Wanted::Type && is_like_one {
        &SCALARS
    } else {
        &[]
    }
}
