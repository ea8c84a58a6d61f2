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
use rust_svc_build::{Input, Options};
use rust_svc_compiler::descriptor::FileSet;
use rust_svc_compiler::wire::Codec as _;
use rust_svc_compiler::{Folders, compile};

use crate::support::{root, skip, stderr};

fn folder() -> PathBuf {
    root().join("tests/it/negatives")
}

/// What stands behind each `=== ` of a file, and below it.
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

/// Each file as `a.proto` in a folder of its name, with what it imports.
pub(crate) fn write_out(files: &[(String, String)]) -> tempfile::TempDir {
    let imported = sections(&folder().join("imported.txt"));
    let all = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let folder = all.path().join(name);
        for (file, text) in &imported {
            let path = folder.join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        std::fs::write(folder.join("a.proto"), text).unwrap();
    }
    all
}

/// The names of the files that protoc takes; `None` where there is no protoc.
pub(crate) fn taken_by_protoc(test: &str, files: &Path) -> Option<BTreeSet<String>> {
    let python = root().join("target/tools/python/bin/python");
    if !python.exists() {
        let why = "there is no protoc to compare with, scripts/install-tools.sh installs it";
        skip(test, why);
        return None;
    }
    let mut command = Command::new(python);
    command.arg(folder().join("protoc.py")).arg(files);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    let names = String::from_utf8(output.stdout).unwrap();
    Some(names.lines().map(str::to_owned).collect())
}

/// Our descriptor set of `a.proto` alone, as protoc writes it; or what is wrong.
fn compiled(folder: &Path) -> Result<Vec<u8>, String> {
    let listed = BTreeSet::from(["a.proto".to_owned()]);
    let compiled = compile(&listed, &mut Folders::new([folder]), &|_| None);
    let mut files = compiled.map_err(|errors| errors[0].to_line())?.files;
    files.retain(|file| file.name == "a.proto");
    Ok(FileSet { file: files }.encode_to_vec())
}

/// How our verdict of a folder's file is another than protoc's, or our descriptor.
pub(crate) fn difference(folder: &Path, is_taken_by_protoc: bool) -> Option<String> {
    match (compiled(folder), is_taken_by_protoc) {
        (Err(_), false) => None,
        (Err(error), true) => Some(format!("protoc takes it, and we do not: {error}")),
        (Ok(_), false) => Some("we take it, and protoc does not".to_owned()),
        (Ok(ours), true) => {
            let theirs = std::fs::read(folder.join("a.fds")).unwrap();
            // A default that is no UTF-8 is one of ours, which readers of descriptors want.
            let is_text = prost_types::FileDescriptorSet::decode(theirs.as_slice()).is_ok();
            (is_text && ours != theirs).then(|| "the descriptors are not the same".to_owned())
        }
    }
}

/// How we take a mistake otherwise than we should.
fn wrong_of_ours(folder: &Path, line: u32) -> Option<String> {
    let error = match Input::from_protos(&[folder.join("a.proto")], &[folder]) {
        Ok(_) => return Some("accepted".to_owned()),
        Err(error) => error,
    };
    let place = error.diagnostics().first()?.place();
    let found = place.and_then(|place| Some(place.position?.0));
    (found != Some(line)).then(|| format!("at another line: {}", error.to_lines()))
}

#[test]
fn what_protoc_rejects_we_reject() {
    let mistakes = all_sections(|name| !name.starts_with("accepted"));
    let mistakes: Vec<(u32, String, String)> = mistakes
        .into_iter()
        .map(|(heading, text)| {
            let (line, name) = heading.split_once(": ").expect("a line and a name");
            let line = line.strip_prefix("line ").expect("a line");
            (line.parse().unwrap(), name.to_owned(), text)
        })
        .collect();
    let named = mistakes.iter();
    let named: Vec<_> = named
        .map(|(_, name, text)| (name.clone(), text.clone()))
        .collect();
    let files = write_out(&named);
    let taken = taken_by_protoc("what_protoc_rejects_we_reject", files.path());
    let mut wrong = Vec::new();
    for (line, name, _) in &mistakes {
        let ours = wrong_of_ours(&files.path().join(name), *line);
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
    let accepted = all_sections(|name| name.starts_with("accepted"));
    let files = write_out(&accepted);
    let taken = taken_by_protoc("what_protoc_accepts_we_accept", files.path());
    let mut wrong = Vec::new();
    for (name, _) in &accepted {
        let folder = files.path().join(name);
        if let Some(taken) = &taken {
            let difference = difference(&folder, taken.contains(name));
            wrong.extend(difference.map(|difference| format!("{name}: {difference}")));
        }
        let input = Input::from_protos(&[folder.join("a.proto")], &[&folder]);
        let generated =
            input.and_then(|input| rust_svc_build::generate(&input, &Options::default()));
        let error = generated.err();
        wrong.extend(error.map(|error| format!("{name}: {}", error.to_lines())));
    }
    eprintln!("{} accepted files", accepted.len());
    assert!(accepted.len() >= 150, "files are missing");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Where protox is of another mind than protoc and we. The list is for those who come from there.
#[test]
fn what_protox_takes_otherwise_is_on_a_list() {
    let mistakes = all_sections(|name| !name.starts_with("accepted"));
    let mistakes = mistakes.into_iter().map(|(heading, text)| {
        let (_, name) = heading.split_once(": ").expect("a line and a name");
        (name.to_owned(), text)
    });
    let taken = |files: &[(String, String)], is_wanted: bool| -> Vec<String> {
        let folders = write_out(files);
        let names = files.iter().map(|(name, _)| name.clone());
        names
            .filter(|name| takes_by_protox(&folders.path().join(name)) == is_wanted)
            .collect()
    };
    let takes = taken(&mistakes.collect::<Vec<_>>(), true);
    let refuses = taken(&all_sections(|name| name.starts_with("accepted")), false);
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

/// A panic is no yes.
fn takes_by_protox(folder: &Path) -> bool {
    std::panic::catch_unwind(|| protox::compile(["a.proto"], [folder]).is_ok()).unwrap_or_default()
}
