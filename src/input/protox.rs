//! A proto tree on disk: read, parsed by protox, and linked.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};

use prost_types::FileDescriptorProto;

use super::editions::{self, Edition};
use super::tree::{Includes, Listed};
use super::{Input, Reading, Source, Sources, embedded, link, parse, rules, syntax};
use crate::diagnostics::{Diagnostic, Error};

pub(super) fn read(protos: &[&Path], includes: &[&Path]) -> Reading {
    let includes = Includes::new(includes);
    let listed = Listed::new(protos, &includes);
    let mut tree = Tree {
        includes,
        listed: listed.files.into_keys().collect(),
        files: Vec::new(),
        sources: Sources::default(),
        editions: HashMap::new(),
        read: listed.folders,
        absent: Vec::new(),
        state: HashMap::new(),
        problems: listed.problems,
    };
    for name in tree.listed.clone() {
        tree.visit(&name, &mut Vec::new());
    }
    let read = std::mem::take(&mut tree.read);
    let absent = std::mem::take(&mut tree.absent);
    Reading {
        result: tree.link(&read),
        read,
        absent,
    }
}

/// The files read so far, each after those that it imports.
struct Tree<'a> {
    includes: Includes<'a>,
    listed: BTreeSet<String>,
    files: Vec<FileDescriptorProto>,
    sources: Sources,
    /// What those with an edition said of it, by name.
    editions: HashMap<String, Edition>,
    read: Vec<PathBuf>,
    absent: Vec<PathBuf>,
    /// Whether a file that was visited, and all that it imports, can be linked.
    state: HashMap<String, Linkable>,
    problems: Vec<Diagnostic>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Linkable {
    Yes,
    No,
    /// Being visited: an import of it now closes a cycle.
    Visiting,
}

impl Tree<'_> {
    /// Reads a file that was found, and what it imports, unless that was done before.
    fn visit(&mut self, name: &str, importers: &mut Vec<String>) -> Linkable {
        if let Some(&state) = self.state.get(name) {
            return state;
        }
        self.state.insert(name.to_owned(), Linkable::Visiting);
        let state = match self.open(name) {
            Some(file) => {
                importers.push(name.to_owned());
                let state = self.visit_imports(&file, importers);
                importers.pop();
                if state == Linkable::Yes {
                    self.files.push(file);
                }
                state
            }
            None => Linkable::No,
        };
        self.state.insert(name.to_owned(), state);
        state
    }

    fn visit_imports(
        &mut self,
        file: &FileDescriptorProto,
        importers: &mut Vec<String>,
    ) -> Linkable {
        let mut state = Linkable::Yes;
        let mut seen = HashSet::new();
        for (index, import) in file.dependency.iter().enumerate() {
            let problem = if !seen.insert(import) {
                Some((
                    format!("\"{import}\" is imported twice"),
                    "remove one of the two".to_owned(),
                ))
            } else if !self.exists(import) {
                Some((
                    format!("import \"{import}\" was not found"),
                    self.missing_help(import),
                ))
            } else {
                match self.visit(import, importers) {
                    Linkable::Yes => None,
                    Linkable::No => {
                        state = Linkable::No;
                        None
                    }
                    Linkable::Visiting => Some((
                        format!("import cycle: {}", cycle(importers, import)),
                        "move what both files need to a third one".to_owned(),
                    )),
                }
            };
            if let Some((message, help)) = problem {
                state = Linkable::No;
                let place = self.import_place(file, index);
                self.problems.push(
                    Diagnostic::error(message)
                        .at(place, "imported here")
                        .help(help),
                );
            }
        }
        state
    }

    fn import_place(&self, file: &FileDescriptorProto, index: usize) -> crate::diagnostics::Place {
        let file = crate::descriptor::File {
            name: file.name().to_owned(),
            source_code_info: file.source_code_info.clone(),
            ..Default::default()
        };
        self.sources.place(&file, &[3, index as i32])
    }

    fn exists(&self, name: &str) -> bool {
        self.includes.find(name).is_some()
            || embedded::text(name).is_some()
            || embedded::is_well_known(name)
    }

    fn missing_help(&self, import: &str) -> String {
        let file = Path::new(import).file_name();
        let known = self
            .state
            .keys()
            .find(|name| Path::new(name).file_name() == file);
        match known {
            Some(known) => format!("did you mean \"{known}\"?"),
            None => "imports are looked up in the include folders: add the one that this path starts from".to_owned(),
        }
    }

    /// The parsed file; none if it has errors, which are noted.
    fn open(&mut self, name: &str) -> Option<FileDescriptorProto> {
        // Those of another language are not read, for it may take a newer `descriptor.proto` to link them.
        self.absent.extend(self.includes.before(name));
        let is_left_out = embedded::declares_features(name) && !self.listed.contains(name);
        let found = self.includes.find(name).filter(|_| !is_left_out);
        let (path, text) = match found {
            Some(path) => {
                self.read.push(path.clone());
                let text = self.read_text(&path)?;
                (path.display().to_string(), text)
            }
            None => match embedded::text(name) {
                Some(text) => (name.to_owned(), text.to_owned()),
                None => return embedded::well_known(name).map(|file| file.to_prost()),
            },
        };
        let source = Source {
            path: path.into(),
            text: text.into(),
        };
        self.sources.add(name, source.clone());
        let told = self.problems.len();
        let parsed = parse::parse(name, &source, &mut self.problems);
        syntax::explain(&source, &mut self.problems[told..]);
        let (file, edition) = parsed?;
        if let Some(edition) = edition {
            self.editions.insert(name.to_owned(), edition);
        }
        Some(file)
    }

    fn read_text(&mut self, path: &Path) -> Option<String> {
        let problem = match std::fs::read(path).map(String::from_utf8) {
            // Editors on Windows put a byte order mark first, which protoc skips as well.
            Ok(Ok(text)) => {
                return Some(
                    text.strip_prefix('\u{feff}')
                        .map(str::to_owned)
                        .unwrap_or(text),
                );
            }
            Ok(Err(_)) => Diagnostic::error(format!("`{}` is not UTF-8", path.display()))
                .help("proto files are UTF-8 by the language specification: save it as such"),
            Err(error) => Diagnostic::error(format!("cannot read `{}`: {error}", path.display())),
        };
        self.problems.push(problem);
        None
    }

    /// Links what can be linked even if something else is wrong, to have the errors of all files.
    fn link(mut self, read: &[PathBuf]) -> Result<Input, Error> {
        let mut files = link::link(self.files, &self.sources, &mut self.problems);
        editions::restore(&mut files, &self.editions);
        rules::check(&files, &self.editions, &self.sources, &mut self.problems);
        match self.problems.is_empty() {
            true => Input::new(files, self.listed, self.sources, read.to_vec()),
            false => Err(Error::new(self.problems)),
        }
    }
}

fn cycle(importers: &[String], import: &str) -> String {
    let start = importers
        .iter()
        .position(|name| name == import)
        .unwrap_or(0);
    let mut names: Vec<_> = importers[start..].iter().map(String::as_str).collect();
    names.push(import);
    names.join(" -> ")
}
