//! What a run may touch on disk, and what it leaves alone.

use std::path::Path;
use std::process::Output;

use rust_svc_build::{Builder, Change, Changes, Files, Folder, HEADER, Input, Options};
use tempfile::TempDir;

use crate::support::{binary, read_folder, read_generated, stderr, stdout, write};

mod build_scripts;
mod in_the_way;
mod lists;
mod protos;

/// A folder with these files.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        write(folder.path(), name, text);
    }
    folder
}

/// A folder below `protos` for each package, with one message.
fn packages(names: &[&str]) -> TempDir {
    let protos = tempfile::tempdir().unwrap();
    for name in names {
        let text = format!("syntax = \"proto3\";\npackage {name};\nmessage M {{}}\n");
        write(protos.path(), &format!("{name}/{name}.proto"), &text);
    }
    protos
}

/// What is generated of these packages.
fn generate(names: &[&str], options: &str) -> Files {
    let protos = packages(names);
    let input = Input::from_protos(&[protos.path()], &[protos.path()]).unwrap();
    let options = Options::parse(options).unwrap();
    rust_svc_build::generate(&input, &options).unwrap().files
}

fn compile(protos: &Path, out: &Path, extra: &[&str]) -> Output {
    let mut command = binary();
    command.arg("compile").arg("-I").arg(protos).arg(protos);
    command.arg("--out").arg(out).args(extra).output().unwrap()
}

fn removed(changes: &Changes) -> Vec<&str> {
    let removals = changes
        .changes
        .iter()
        .filter(|change| matches!(change, Change::Remove(_)));
    removals.map(Change::path).collect()
}

fn warnings(changes: &Changes) -> String {
    let lines: Vec<_> = changes
        .warnings
        .iter()
        .map(|warning| warning.to_line())
        .collect();
    lines.join("\n")
}

#[test]
fn a_run_leaves_what_others_wrote() {
    let w = tempfile::tempdir().unwrap();
    let (a, b) = (packages(&["a"]), packages(&["b"]));
    for out in ["b/gen", "target/debug/build/x/out"] {
        assert!(compile(b.path(), &w.path().join(out), &[]).status.success());
    }
    let by_hand = format!("{HEADER}, then edited by hand\n");
    write(w.path(), "hand.rs", &by_hand);
    write(w.path(), "a/gen/hand.rs", &by_hand);
    write(w.path(), "a/gen/other.rs", &format!("{HEADER}\n"));
    write(w.path(), "old.rs", &format!("{HEADER}\n"));
    let before = read_folder(w.path());

    let output = compile(a.path(), w.path(), &[]);
    let said = stderr(&output);
    assert!(output.status.success(), "{said}");
    assert!(!said.contains("removed"), "{said}");
    assert!(
        said.contains("old.rs` is a generated file that no list here names: it stays"),
        "what an older version left is named: {said}"
    );
    let after = read_folder(w.path());
    for (path, text) in &before {
        assert_eq!(after.get(path), Some(text), "{path}");
    }
    let output = compile(a.path(), w.path(), &["--check"]);
    assert!(output.status.success(), "{}", stdout(&output));
    assert!(stderr(&output).contains("old.rs`"), "{}", stderr(&output));
}

/// A tree in a folder finds its packages, which are in the output folder.
#[test]
fn a_tree_below_the_output_folder_includes_its_packages() {
    let files = generate(&["a"], "include_file=x/y/mod.rs");
    let tree = files.get("x/y/mod.rs").unwrap();
    assert!(tree.contains("include!(\"../../a.rs\");"), "{tree}");
    assert!(
        tree.contains("include!(\"mod-descriptor-set.rs\");"),
        "{tree}"
    );
}

/// Each run writes, removes and looks while the others do; none may take that for a mistake.
#[test]
fn runs_for_different_trees_at_once() {
    let w = tempfile::tempdir().unwrap();
    let out = w.path().join("deep/out");
    let trees: Vec<_> = (0..3)
        .flat_map(|run| {
            let (few, many) = (format!("p{run}"), format!("q{run}"));
            // Two runs for trees of their own, and one for the same tree as others.
            [format!("include_file=t{run}.rs"), String::new()].map(|options| {
                [
                    generate(&[&few], &options),
                    generate(&[&few, &many, "common"], &options),
                ]
            })
        })
        .collect();
    std::thread::scope(|scope| {
        for tree in &trees {
            scope.spawn(|| {
                for round in 0..30 {
                    let folder = Folder::new(&out);
                    folder.sync(&tree[round % 2]).unwrap();
                    folder.changes(&tree[round % 2]).unwrap();
                }
            });
        }
    });
    let left = std::fs::read_dir(&out)
        .unwrap()
        .map(|entry| entry.unwrap().file_name());
    let temporary = left.filter(|name| name.to_string_lossy().starts_with('.'));
    assert_eq!(temporary.count(), 0);
}

#[test]
fn options_stay_below_the_output_folder() {
    let w = tempfile::tempdir().unwrap();
    let protos = packages(&["a"]);
    let outside = w.path().join("outside");
    let absolute = outside.display().to_string();
    let values = [
        absolute.as_str(),
        "../x",
        "a/../../x",
        "a/..",
        r"C:\x",
        "C:x",
        r"\x",
        r"a\x",
        "//x",
    ];
    for key in ["out_dir", "include_file", "errors_catalog"] {
        for value in values {
            let option = format!("{key}={value}");
            let output = compile(protos.path(), &w.path().join("out"), &["--opt", &option]);
            let said = stderr(&output);
            assert_eq!(output.status.code(), Some(1), "{option}");
            assert!(said.contains(&format!("option `{option}`: ")), "{said}");
            // The plugin's parameter needs backslashes twice before a comma only.
            let request = crate::support::fixture("user_service").request("protoc");
            let error = request.with(&option).respond().error.expect("is refused");
            assert!(error.contains(&format!("option `{option}`: ")), "{error}");
        }
    }
    for option in [
        "out_dir=./below",
        "out_dir=below/",
        "include_file=below/x.rs",
    ] {
        let output = compile(protos.path(), &w.path().join("out"), &["--opt", option]);
        assert!(output.status.success(), "{}", stderr(&output));
    }
    let names: Vec<_> = std::fs::read_dir(w.path()).unwrap().collect();
    assert_eq!(names.len(), 1, "{names:?}");
}

/// What git checks out on Windows is what was generated.
#[test]
fn line_ends_of_a_checkout_are_no_difference() {
    let w = tempfile::tempdir().unwrap();
    let fixture = crate::support::fixture("errors");
    let args = ["--opt", "errors_catalog=errors"];
    assert!(compile(&fixture.folder, w.path(), &args).status.success());
    for (name, text) in read_folder(w.path()) {
        write(w.path(), &name, &text.replace('\n', "\r\n"));
    }
    let output = compile(&fixture.folder, w.path(), &[args[0], args[1], "--check"]);
    assert!(output.status.success(), "{}", stdout(&output));
    // Other line ends are no edit either.
    let output = compile(&fixture.folder, w.path(), &["--opt", "client=false"]);
    let said = stderr(&output);
    assert!(
        output.status.success() && !said.contains("edited"),
        "{said}"
    );
    assert!(
        said.contains("removed: errors.json\nremoved: errors.md\n"),
        "{said}"
    );
}
