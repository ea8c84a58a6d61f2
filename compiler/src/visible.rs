//! The files whose symbols a file can name: itself, its imports, and the public imports of those.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

use crate::descriptor::File;
use crate::names::Fast;
use crate::symbols::{SymbolId, SymbolKind, Symbols};
use crate::work;

/// The symbols that a file can name.
pub(crate) struct Visible {
    files: HashSet<u32, Fast>,
    /// Files that are imported for options only: their extensions can be meant.
    option_files: HashSet<u32, Fast>,
    packages: HashSet<SymbolId, Fast>,
    /// The files that names did mean.
    used: RefCell<HashSet<u32, Fast>>,
}

/// The files of a run by name.
#[derive(Clone, Debug, Default)]
pub(crate) struct FileIndex {
    by_name: HashMap<String, u32, Fast>,
}

impl FileIndex {
    pub(crate) fn new(files: &[File]) -> Self {
        let names = files.iter().zip(0..);
        let by_name = names
            .map(|(file, index)| (file.name.clone(), index))
            .collect();
        Self { by_name }
    }

    pub(crate) fn get(&self, name: &str) -> Option<u32> {
        self.by_name.get(name).copied()
    }

    /// Adds a file and all that it imports publicly, by way of others as well.
    fn add_public(&self, files: &[File], file: u32, found: &mut HashSet<u32, Fast>) {
        let mut stack = vec![file];
        while let Some(file) = stack.pop() {
            work::count(1);
            if !found.insert(file) {
                continue;
            }
            let file = &files[file as usize];
            let public = file.public_dependency.iter();
            let public =
                public.filter_map(|index| file.dependency.get(usize::try_from(*index).ok()?));
            stack.extend(public.filter_map(|name| self.get(name)));
        }
    }
}

impl Visible {
    pub(crate) fn new(files: &[File], index: &FileIndex, symbols: &Symbols, file: u32) -> Self {
        let mut visible = Self {
            files: HashSet::from_iter([file]),
            option_files: HashSet::default(),
            packages: HashSet::default(),
            used: RefCell::default(),
        };
        let declared = &files[file as usize];
        for import in declared
            .dependency
            .iter()
            .filter_map(|name| index.get(name))
        {
            index.add_public(files, import, &mut visible.files);
        }
        for import in declared
            .option_dependency
            .iter()
            .filter_map(|name| index.get(name))
        {
            index.add_public(files, import, &mut visible.option_files);
        }
        for file in visible.files.iter().chain(&visible.option_files) {
            let mut scope = SymbolId::ROOT;
            for part in files[*file as usize].package.split('.') {
                let Some(package) = symbols.child(scope, part) else {
                    break;
                };
                visible.packages.insert(package);
                scope = package;
            }
        }
        visible
    }

    /// Notes that a name means something of a file.
    pub(crate) fn mark(&self, file: u32) {
        self.used.borrow_mut().insert(file);
    }

    /// Whether any name of the file meant something of another one.
    pub(crate) fn is_used(&self, file: u32) -> bool {
        self.used.borrow().contains(&file)
    }

    /// Whether a name can mean this symbol.
    pub(crate) fn has(&self, symbols: &Symbols, id: SymbolId) -> bool {
        let symbol = symbols.get(id);
        let is_field = matches!(symbol.kind, SymbolKind::Field | SymbolKind::Extension);
        match symbol.kind {
            SymbolKind::Package => self.packages.contains(&id),
            _ => {
                let is_visible = self.files.contains(&symbol.file)
                    || is_field && self.option_files.contains(&symbol.file);
                if is_visible {
                    self.mark(symbol.file);
                }
                is_visible
            }
        }
    }
}
