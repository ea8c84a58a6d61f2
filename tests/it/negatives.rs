//! What protoc rejects, we reject, and say where it is: the rules of the language, one mistake each.
//!
//! The mistakes are in `negatives/`, by what they are about: `=== line 3: name`, and the file behind it.
//! What they import is in `imported.txt`.

use std::path::Path;
use std::process::Command;

use rust_svc_build::{Input, Options};

use crate::support::{root, skip, stderr};

/// What stands behind each `=== ` of a file, and below it.
fn sections(path: &Path) -> Vec<(String, String)> {
    let text = std::fs::read_to_string(path).unwrap();
    let sections = text.split("=== ").filter(|section| !section.is_empty());
    let sections = sections.map(|section| section.split_once('\n').expect("a heading"));
    sections
        .map(|(heading, text)| (heading.to_owned(), text.trim_end().to_owned()))
        .collect()
}

/// A file with one mistake.
struct Mistake {
    line: u32,
    name: String,
    text: String,
}

fn mistakes(folder: &Path) -> Vec<Mistake> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| !path.ends_with("imported.txt") && !path.ends_with("accepted.txt"));
    paths.sort();
    let sections = paths.iter().flat_map(|path| sections(path));
    let mistake = |(heading, text): (String, String)| {
        let (line, name) = heading.split_once(": ").expect("a line and a name");
        let line = line.strip_prefix("line ").expect("a line");
        Mistake {
            line: line.parse().unwrap(),
            name: name.to_owned(),
            text,
        }
    };
    sections.map(mistake).collect()
}

/// How we take it otherwise than we should.
fn wrong_of_ours(folder: &Path, mistake: &Mistake) -> Option<String> {
    let error = match Input::from_protos(&[folder.join("a.proto")], &[folder]) {
        Ok(_) => return Some("accepted".to_owned()),
        Err(error) => error,
    };
    let place = error.diagnostics().first()?.place();
    let line = place.and_then(|place| Some(place.position?.0));
    (line != Some(mistake.line)).then(|| format!("at another line: {}", error.to_lines()))
}

/// How protoc does.
fn wrong_of_protoc(protoc: &Path, folder: &Path) -> Option<String> {
    let mut command = Command::new(protoc);
    command
        .arg("-I")
        .arg(folder)
        .args(["-o", "/dev/null", "a.proto"]);
    let output = command.output().unwrap();
    let is_accepted = output.status.success();
    is_accepted.then(|| format!("protoc accepts it: {}", stderr(&output)))
}

#[test]
fn what_protoc_rejects_we_reject() {
    let protoc = root().join("target/tools/bin/protoc");
    let protoc = protoc.exists().then_some(protoc);
    if protoc.is_none() {
        let why = "there is no protoc to compare with";
        skip("what_protoc_rejects_we_reject", why);
    }
    let folder = root().join("tests/it/negatives");
    let (mistakes, imported) = (mistakes(&folder), sections(&folder.join("imported.txt")));
    let mut wrong = Vec::new();
    for mistake in &mistakes {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        for (file, text) in &imported {
            std::fs::write(folder.join(file), text).unwrap();
        }
        std::fs::write(folder.join("a.proto"), &mistake.text).unwrap();
        let ours = wrong_of_ours(folder, mistake);
        let theirs = protoc
            .as_ref()
            .and_then(|protoc| wrong_of_protoc(protoc, folder));
        let found = ours.into_iter().chain(theirs);
        wrong.extend(found.map(|found| format!("{}: {found}", mistake.name)));
    }
    eprintln!("{} mistakes", mistakes.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Files on which others are stricter than protoc, and we were: `=== name`, and the file behind it.
#[test]
fn what_protoc_accepts_we_accept() {
    let protoc = root().join("target/tools/bin/protoc");
    let files = sections(&root().join("tests/it/negatives/accepted.txt"));
    let mut wrong = Vec::new();
    for (name, text) in files {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.proto");
        std::fs::write(&path, text).unwrap();
        if protoc.exists() && wrong_of_protoc(&protoc, folder.path()).is_none() {
            wrong.push(format!("{name}: protoc refuses it"));
        }
        let input = Input::from_protos(&[&path], &[folder.path()]);
        let generated =
            input.and_then(|input| rust_svc_build::generate(&input, &Options::default()));
        wrong.extend(
            generated
                .err()
                .map(|error| format!("{name}: {}", error.to_lines())),
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
