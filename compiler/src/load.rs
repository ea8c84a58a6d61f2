//! Files and all that they import: read, parsed, and each behind its imports.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap, HashSet};

use crate::diagnostics::Diagnostic;
use crate::embedded_texts::parsed;
use crate::parser::parse;
use crate::places;
use crate::problems::Problems;
use crate::source::Source;
use crate::syntax::Parsed;
use crate::work;

/// Where files come from.
pub trait Resolver {
    /// The text of the file that an import names; `Ok(None)` where there is no such file.
    ///
    /// # Errors
    ///
    /// A file that is there and cannot be read.
    fn open(&mut self, name: &str) -> Result<Option<Source>, Diagnostic>;
}

/// The files of a run.
pub(crate) struct Loaded {
    /// Each file stands behind those that it imports.
    pub(crate) files: Vec<Parsed>,
    /// Imports that were not found or could not be parsed, by the file that has them.
    pub(crate) missing: HashMap<String, Vec<String>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Its imports are being loaded: an import of it closes a cycle.
    Open,
    Done,
    Missing,
}

struct Loader<'a> {
    resolver: &'a mut dyn Resolver,
    state: HashMap<String, State>,
    loaded: Loaded,
    problems: &'a mut Problems,
}

/// A file whose imports are loaded one by one.
struct Frame {
    parsed: Parsed,
    imports: Vec<String>,
    next: usize,
    seen: HashSet<String>,
}

/// Loads the listed files, and what they import.
pub(crate) fn load(
    listed: &BTreeSet<String>,
    resolver: &mut dyn Resolver,
    problems: &mut Problems,
) -> Loaded {
    let mut loader = Loader {
        resolver,
        state: HashMap::new(),
        loaded: Loaded {
            files: Vec::new(),
            missing: HashMap::new(),
        },
        problems,
    };
    for name in listed {
        loader.load(name);
        if loader.state.get(name) == Some(&State::Missing) {
            loader.not_found(name, |text, help| Diagnostic::error(text).with_help(help));
        }
    }
    loader.loaded
}

impl Loader<'_> {
    /// Depth first without recursion: a chain of imports can be any length.
    fn load(&mut self, name: &str) {
        let mut stack: Vec<Frame> = Vec::new();
        stack.extend(self.begin(name));
        while let Some(frame) = stack.last_mut() {
            let Some(import) = frame.imports.get(frame.next).cloned() else {
                if let Some(frame) = stack.pop() {
                    let name = frame.parsed.file.name.clone();
                    self.state.insert(name, State::Done);
                    self.loaded.files.push(frame.parsed);
                }
                continue;
            };
            let index = frame.next;
            frame.next += 1;
            if let Some(help) = mistake_of_name(&import) {
                let text = format!("\"{import}\" is no name of a file");
                let parsed = &frame.parsed;
                self.problems
                    .error(|| problem_of(parsed, index, text, help));
                continue;
            }
            if !frame.seen.insert(import.clone()) {
                let text = format!("\"{import}\" is imported twice");
                let parsed = &frame.parsed;
                self.problems
                    .error(|| problem_of(parsed, index, text, "remove one of the two"));
                continue;
            }
            match self.state.get(&import).copied() {
                Some(State::Done) => {}
                Some(State::Missing) => self.missing(&stack, index, &import),
                Some(State::Open) => self.cycle(&stack, index, &import),
                None => match self.begin(&import) {
                    Some(frame) => stack.push(frame),
                    None => self.missing(&stack, index, &import),
                },
            }
        }
    }

    /// Reads and parses a file. `None` where there is no such file.
    fn begin(&mut self, name: &str) -> Option<Frame> {
        if self.state.contains_key(name) {
            return None;
        }
        let parsed = match self.resolver.open(name) {
            Ok(Some(source)) => Some(parse(name, &source, self.problems)),
            Ok(None) => parsed(name),
            Err(problem) => {
                self.problems.error(|| problem);
                // The error is told once, and not again for each importer.
                self.state.insert(name.to_owned(), State::Done);
                return None;
            }
        };
        let state = if parsed.is_some() {
            State::Open
        } else {
            State::Missing
        };
        self.state.insert(name.to_owned(), state);
        let parsed = parsed?;
        let imports = parsed.file.imports().map(str::to_owned).collect();
        Some(Frame {
            parsed,
            imports,
            next: 0,
            seen: HashSet::new(),
        })
    }

    fn missing(&mut self, stack: &[Frame], index: usize, import: &str) {
        let Some(frame) = stack.last() else {
            return;
        };
        let missing = self.loaded.missing.entry(frame.parsed.file.name.clone());
        missing.or_default().push(import.to_owned());
        if self.state.get(import) != Some(&State::Missing) {
            return;
        }
        self.not_found(import, |text, help| {
            problem_of(&frame.parsed, index, format!("import {text}"), help)
        });
    }

    /// There is no file of a name. Another one whose path ends alike may have been meant.
    fn not_found(&mut self, name: &str, problem: impl FnOnce(String, &str) -> Diagnostic) {
        let state = &self.state;
        self.problems.error(|| {
            work::count(state.len());
            let known = state.iter().filter(|(_, state)| **state != State::Missing);
            let known = known.map(|(known, _)| (common_parts(known, name), Reverse(known)));
            let help = match known.max().filter(|(parts, _)| *parts > 0) {
                Some((_, Reverse(near))) => format!("did you mean \"{near}\"?"),
                None => "imports are looked up in the include folders: add the one that this path starts from".to_owned(),
            };
            problem(format!("\"{name}\" was not found"), &help)
        });
    }

    fn cycle(&mut self, stack: &[Frame], index: usize, import: &str) {
        let Some(frame) = stack.last() else {
            return;
        };
        self.problems.error(|| {
            work::count(stack.len());
            let names = stack.iter().map(|frame| frame.parsed.file.name.as_str());
            let mut names: Vec<_> = names.skip_while(|name| *name != import).collect();
            names.push(import);
            let text = if names.len() > 20 {
                format!(
                    "\"{import}\" imports itself by way of {} files",
                    names.len() - 2
                )
            } else {
                format!("import cycle: {}", names.join(" -> "))
            };
            let help = "move what both files need to a third one";
            problem_of(&frame.parsed, index, text, help)
        });
    }
}

/// How many parts at the end of two paths are the same.
fn common_parts(one: &str, other: &str) -> usize {
    let parts = one.rsplit('/').zip(other.rsplit('/'));
    parts.take_while(|(one, other)| one == other).count()
}

/// How to mend the name of an import.
fn mistake_of_name(name: &str) -> Option<&'static str> {
    let is_odd = |part: &str| matches!(part, "" | "." | "..");
    if name.contains('\\') {
        return Some("write forward slashes");
    }
    name.split('/')
        .any(is_odd)
        .then_some("write the path from an include folder, without `.`, `..` and empty parts")
}

/// An error at an import.
fn problem_of(parsed: &Parsed, index: usize, text: String, help: &str) -> Diagnostic {
    let plain = parsed.file.dependency.len();
    let path = if index < plain {
        [3, index as i32]
    } else {
        [15, (index - plain) as i32]
    };
    Diagnostic::error(text)
        .with_label(places::at(&parsed.file, &path), "imported here")
        .with_help(help)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Texts(&'static [(&'static str, &'static str)]);

    impl Resolver for Texts {
        fn open(&mut self, name: &str) -> Result<Option<Source>, Diagnostic> {
            let found = self.0.iter().find(|(known, _)| *known == name);
            Ok(found.map(|(_, text)| Source::new(name, *text)))
        }
    }

    fn errors(listed: &[&str], texts: &'static [(&'static str, &'static str)]) -> Vec<String> {
        let listed = listed.iter().map(|name| (*name).to_owned()).collect();
        let mut problems = Problems::default();
        load(&listed, &mut Texts(texts), &mut problems);
        let (errors, _) = problems.finish();
        errors.iter().map(Diagnostic::to_line).collect()
    }

    #[test]
    fn tells_of_listed_files_that_are_missing() {
        let errors = errors(&["b/a.proto"], &[]);
        assert_eq!(errors.len(), 1);
        assert!(errors[0].starts_with("\"b/a.proto\" was not found"));
    }

    #[test]
    fn suggests_the_file_whose_path_ends_most_alike() {
        const TEXT: &str = "syntax = \"proto3\";";
        let texts = &[
            ("a/v1/x.proto", TEXT),
            ("b/v1/x.proto", TEXT),
            ("b/v2/x.proto", TEXT),
            ("y.proto", "syntax = \"proto3\"; import \"c/v1/x.proto\";"),
        ];
        let listed = ["a/v1/x.proto", "b/v1/x.proto", "b/v2/x.proto", "y.proto"];
        let errors = errors(&listed, texts);
        assert_eq!(errors.len(), 1);
        assert!(
            errors[0].contains("did you mean \"a/v1/x.proto\"?"),
            "{errors:?}"
        );
    }
}
