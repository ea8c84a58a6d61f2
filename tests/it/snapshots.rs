//! What every fixture generates, reviewed by a person once and compared ever after.
//!
//! A snapshot is short enough to be read. A longer file is stored in parts (`parts.rs`): its own snapshot is an outline,
//! and each item has one of its own, in a folder called like the file. With options a snapshot is the difference from
//! what the fixture generates without them, where that is the shorter text.
//!
//! The stored snapshots are those that are generated: one that is missing fails, and one too many.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use insta::{Settings, assert_snapshot};
use rust_svc_build::{Generated, Options};
use similar::TextDiff;

use crate::support::{fixture, fixtures, read_folder, root};
use crate::variants::VARIANTS;

mod parts;

use parts::{MOST_LINES, Part};

fn stored() -> PathBuf {
    root().join("tests/snapshots")
}

/// Compares one text with its snapshot.
fn compare(folder: &Path, name: &str, text: &str) {
    let mut settings = Settings::new();
    settings.set_snapshot_path(folder);
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| assert_snapshot!(name, text));
}

/// The files of a run, and its warnings, if there are some.
fn texts(generated: &Generated) -> Vec<(String, String)> {
    // Encoded descriptors are nothing to read; `same_bytes` and reflection try them.
    let files = generated
        .files
        .iter()
        .filter(|(path, _)| !path.ends_with("-descriptor-set.rs"));
    let mut texts: Vec<_> = files
        .map(|(path, text)| (path.to_owned(), text.to_owned()))
        .collect();
    let warnings: Vec<_> = generated
        .warnings
        .iter()
        .map(|warning| warning.to_line())
        .collect();
    if !warnings.is_empty() {
        let text = warnings
            .join("\n")
            .replace(&root().display().to_string(), "");
        texts.push(("warnings".to_owned(), text));
    }
    texts
}

/// The snapshots of a run, by name. `defaults` is what the fixture generates without options.
fn snapshots(generated: &Generated, defaults: &[(String, String)]) -> Vec<Part> {
    let texts = texts(generated).into_iter();
    let parts = texts.flat_map(|(path, text)| {
        let default = defaults.iter().find(|(name, _)| *name == path);
        let difference = default.map(|(_, default)| difference(default, &text));
        let most_lines = MOST_LINES.min(text.lines().count() / 2);
        match difference.filter(|difference| difference.lines().count() < most_lines) {
            Some(difference) => vec![Part {
                name: format!("{path}.diff"),
                text: difference,
            }],
            None => parts::split(&path, &text),
        }
    });
    parts.collect()
}

/// What options change, as `diff -u` writes it. Line numbers are left out: they change with every line above.
fn difference(default: &str, text: &str) -> String {
    let diff = TextDiff::from_lines(default, text);
    let unified = diff.unified_diff().context_radius(3).to_string();
    let lines = unified.lines().map(|line| match line.starts_with("@@") {
        true => "@@",
        false => line,
    });
    let lines: Vec<_> = lines.collect();
    match lines.is_empty() {
        true => "no difference from the fixture without options".to_owned(),
        false => lines.join("\n"),
    }
}

/// Compares all parts with the snapshots in a folder.
fn compare_all(folder: &str, parts: &[Part]) {
    for part in parts {
        let path = stored().join(folder).join(&part.name);
        let name = path
            .file_name()
            .expect("a part has a name")
            .to_string_lossy();
        compare(path.parent().expect("it is in a folder"), &name, &part.text);
    }
}

/// Fails if snapshots are stored that nothing generates. `INSTA_UPDATE=always` removes them.
fn no_others(folders: &[String], generated: &BTreeSet<String>) {
    let others: Vec<_> = folders
        .iter()
        .filter(|folder| stored().join(folder).is_dir())
        .flat_map(|folder| {
            read_folder(&stored().join(folder))
                .into_keys()
                .map(move |name| format!("{folder}/{name}"))
        })
        .filter(|path| !generated.contains(path))
        .collect();
    if std::env::var_os("INSTA_UPDATE").is_some_and(|update| update == "always") {
        others
            .iter()
            .for_each(|path| std::fs::remove_file(stored().join(path)).expect("it is there"));
        return;
    }
    assert!(
        others.is_empty(),
        "nothing generates these snapshots; INSTA_UPDATE=always removes them: {others:#?}"
    );
}

/// The folders in a folder of the stored snapshots.
fn folders_of(folder: &str) -> Vec<String> {
    let folders = crate::support::folders(&stored().join(folder)).into_iter();
    folders
        .map(|found| Path::new(folder).join(found.name).display().to_string())
        .collect()
}

#[test]
fn every_fixture_generates_what_it_did() {
    let mut generated = BTreeSet::new();
    for fixture in fixtures() {
        let parts = snapshots(&fixture.generate(&Options::default()), &[]);
        compare_all(&fixture.name, &parts);
        generated.extend(
            parts
                .iter()
                .map(|part| format!("{}/{}.snap", fixture.name, part.name)),
        );
    }
    let mut folders = folders_of("");
    folders.retain(|folder| folder != "options" && folder != "rejects");
    no_others(&folders, &generated);
}

#[test]
fn options_generate_what_they_did() {
    let mut generated = BTreeSet::new();
    for variant in VARIANTS {
        let options = Options::parse(variant.parameter)
            .unwrap_or_else(|error| panic!("{}: {error}", variant.name));
        let fixture = fixture(variant.fixture);
        let defaults = texts(&fixture.generate(&Options::default()));
        let parts = snapshots(&fixture.generate(&options), &defaults);
        let folder = format!("options/{}", variant.name);
        compare_all(&folder, &parts);
        generated.extend(
            parts
                .iter()
                .map(|part| format!("{folder}/{}.snap", part.name)),
        );
    }
    no_others(&folders_of("options"), &generated);
}

/// Snapshots that are longer than a person reads at once, each with a reason.
const LONG: [(&str, &str); 2] = [
    (
        "options/errors_catalog/docs/errors.json.snap",
        "a list, whose entries are read one by one",
    ),
    (
        "options/testing_of_clashes_and_tonic_stubs/name_clash_rpcs.v1.rs/calls_server/CallsServer/Service/call.rs.snap",
        "one function of tonic-build, with an arm for each rpc",
    ),
];

/// A person has to be able to review a snapshot.
#[test]
fn no_snapshot_is_too_long_to_be_read() {
    let long = read_folder(&stored()).into_iter();
    // The head that insta writes has three lines.
    let long = long.filter(|(_, text)| text.lines().count() > MOST_LINES + 3);
    let long: Vec<_> = long.map(|(name, _)| name).collect();
    assert_eq!(
        long,
        LONG.map(|(name, _)| name),
        "cut the fixture to one feature, or split what is generated of it in `parts.rs`"
    );
}
