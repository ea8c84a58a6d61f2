//! What protoc rejects, we reject, and say where it is; what it accepts, we accept: the rules of the language.
//!
//! The files are in `negatives/`, by what they are about. A mistake has the heading `=== line 3: name`, and the
//! file behind it. Files that protoc accepts, and others do not, are in `accepted*.txt`, as `=== name`. What
//! they import is in `imported.txt`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use insta::{Settings, assert_snapshot};
use prost::Message as _;
use rust_svc_build::{Error, Input, Options};
use rust_svc_compiler::descriptor::FileSet;
use rust_svc_compiler::wire::Codec as _;
use rust_svc_compiler::{Folders, compile};

use crate::support::{root, skip, stderr};

fn folder() -> PathBuf {
    root().join("tests/it/negatives")
}

/// The sections of a file: the heading behind each `=== `, and the text below it.
fn sections(path: &Path) -> Vec<(String, String)> {
    let text = std::fs::read_to_string(path).unwrap();
    let sections = text.split("=== ").filter(|section| !section.is_empty());
    let sections = sections.map(|section| section.split_once('\n').expect("a heading"));
    sections
        .map(|(heading, text)| (heading.to_owned(), text.trim_end().to_owned()))
        .collect()
}

/// The sections of all files whose names are wanted.
pub(crate) fn all_sections(is_wanted: impl Fn(&str) -> bool) -> Vec<(String, String)> {
    let entries = std::fs::read_dir(folder()).unwrap();
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.ends_with(".txt") && name != "imported.txt" && is_wanted(&name)
    });
    paths.sort();
    paths.iter().flat_map(|path| sections(path)).collect()
}

/// Files on disk, each of which is compiled by itself.
pub(crate) struct Written(tempfile::TempDir);

impl Written {
    /// Writes each file as `a.proto` in a folder of its name, and beside these folders what they import.
    pub(crate) fn new(files: &[(String, String)]) -> Self {
        let all = tempfile::tempdir().unwrap();
        let (own, imported) = (all.path().join("files"), all.path().join("imported"));
        std::fs::create_dir(&own).unwrap();
        std::fs::create_dir(&imported).unwrap();
        for (name, text) in sections(&folder().join("imported.txt")) {
            std::fs::write(imported.join(name), text).unwrap();
        }
        for (name, text) in files {
            let folder = own.join(name);
            std::fs::create_dir(&folder).unwrap_or_else(|error| panic!("{name}: {error}"));
            std::fs::write(folder.join("a.proto"), text).unwrap();
        }
        Self(all)
    }

    /// The include folders of a file: its own is the first.
    fn includes(&self, name: &str) -> [PathBuf; 2] {
        let all = self.0.path();
        [all.join("files").join(name), all.join("imported")]
    }

    fn input(&self, name: &str) -> Result<Input, Error> {
        let includes = self.includes(name);
        Input::from_protos(&[includes[0].join("a.proto")], &includes)
    }

    /// The names of the files that protoc takes; `None` where there is no protoc. [`Self::difference`] needs what it writes.
    pub(crate) fn taken_by_protoc(&self, test: &str) -> Option<BTreeSet<String>> {
        let python = root().join("target/tools/python/bin/python");
        if !python.exists() {
            let why = "there is no protoc to compare with, scripts/install-tools.sh installs it";
            skip(test, why);
            return None;
        }
        let mut command = Command::new(python);
        command.arg(folder().join("protoc.py")).arg(self.0.path());
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", stderr(&output));
        let names = String::from_utf8(output.stdout).unwrap();
        Some(names.lines().map(str::to_owned).collect())
    }

    /// Whether protox takes a file. A panic is no yes.
    fn is_taken_by_protox(&self, name: &str) -> bool {
        let compile = || protox::compile(["a.proto"], self.includes(name)).is_ok();
        std::panic::catch_unwind(compile).unwrap_or_default()
    }

    /// Our descriptor set of a file alone, as protoc writes it; or what is wrong.
    fn compiled(&self, name: &str) -> Result<Vec<u8>, String> {
        let listed = BTreeSet::from(["a.proto".to_owned()]);
        let compiled = compile(&listed, &mut Folders::new(self.includes(name)), &|_| None);
        let mut files = compiled.map_err(|errors| errors[0].to_line())?.files;
        files.retain(|file| file.name == "a.proto");
        Ok(FileSet { file: files }.encode_to_vec())
    }

    /// How our verdict of a file, or our descriptor, is another than protoc's.
    pub(crate) fn difference(&self, name: &str, is_taken_by_protoc: bool) -> Option<String> {
        match (self.compiled(name), is_taken_by_protoc) {
            (Err(_), false) => None,
            (Err(error), true) => Some(format!("protoc takes it, and we do not: {error}")),
            (Ok(_), false) => Some("we take it, and protoc does not".to_owned()),
            (Ok(ours), true) => {
                let theirs = std::fs::read(self.includes(name)[0].join("a.fds")).unwrap();
                // Readers of descriptors want UTF-8: a default that is none is written otherwise by us.
                let is_text = prost_types::FileDescriptorSet::decode(theirs.as_slice()).is_ok();
                (is_text && ours != theirs).then(|| "the descriptors are not the same".to_owned())
            }
        }
    }

    /// What is wrong with how we refuse a mistake that stands in this line.
    fn wrong_of_ours(&self, name: &str, line: u32) -> Option<String> {
        let error = match self.input(name) {
            Ok(_) => return Some("accepted".to_owned()),
            Err(error) => error,
        };
        let first = error.diagnostics().first();
        let found = first.and_then(|first| Some(first.place()?.position?.0));
        (found != Some(line)).then(|| format!("at another line: {}", error.to_lines()))
    }
}

/// The mistakes, a name and a text each, and the line of each.
fn mistakes() -> (Vec<(String, String)>, Vec<u32>) {
    let sections = all_sections(|name| !name.starts_with("accepted"));
    let mistakes = sections.into_iter().map(|(heading, text)| {
        let (line, name) = heading.split_once(": ").expect("a line and a name");
        let line = line.strip_prefix("line ").expect("a line");
        ((name.to_owned(), text), line.parse::<u32>().unwrap())
    });
    mistakes.unzip()
}

fn accepted() -> Vec<(String, String)> {
    all_sections(|name| name.starts_with("accepted"))
}

#[test]
fn what_protoc_rejects_we_reject() {
    let (mistakes, lines) = mistakes();
    let written = Written::new(&mistakes);
    let taken = written.taken_by_protoc("what_protoc_rejects_we_reject");
    let mut wrong = Vec::new();
    for ((name, _), line) in mistakes.iter().zip(lines) {
        let ours = written.wrong_of_ours(name, line);
        wrong.extend(ours.map(|found| format!("{name}: {found}")));
        if taken.as_ref().is_some_and(|taken| taken.contains(name)) {
            wrong.push(format!("{name}: protoc accepts it"));
        }
    }
    eprintln!("{} mistakes", mistakes.len());
    assert!(mistakes.len() >= 800, "files are missing");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_protoc_accepts_we_accept() {
    let accepted = accepted();
    let written = Written::new(&accepted);
    let taken = written.taken_by_protoc("what_protoc_accepts_we_accept");
    let mut wrong = Vec::new();
    for (name, _) in &accepted {
        if let Some(taken) = &taken {
            let difference = written.difference(name, taken.contains(name));
            wrong.extend(difference.map(|difference| format!("{name}: {difference}")));
        }
        let input = written.input(name);
        let generated =
            input.and_then(|input| rust_svc_build::generate(&input, &Options::default()));
        let error = generated.err();
        wrong.extend(error.map(|error| format!("{name}: {}", error.to_lines())));
    }
    eprintln!("{} accepted files", accepted.len());
    assert!(accepted.len() >= 150, "files are missing");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The list is for those who come from protox: where it is of another mind than protoc and we.
#[test]
fn what_protox_takes_otherwise_is_on_a_list() {
    let names = |files: &[(String, String)], is_taken: bool| -> Vec<String> {
        let written = Written::new(files);
        let names = files.iter().map(|(name, _)| name.clone());
        names
            .filter(|name| written.is_taken_by_protox(name) == is_taken)
            .collect()
    };
    let takes = names(&mistakes().0, true);
    let refuses = names(&accepted(), false);
    let text = format!(
        "{} mistakes that protox takes:\n{}\n\n{} files that protox refuses, and protoc takes:\n{}\n",
        takes.len(),
        takes.join("\n"),
        refuses.len(),
        refuses.join("\n"),
    );
    let mut settings = Settings::new();
    settings.set_snapshot_path(root().join("tests/snapshots"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| assert_snapshot!("protox", text));
}
