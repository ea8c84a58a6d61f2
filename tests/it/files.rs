//! What a run may touch on disk, and what it leaves alone.

use std::path::Path;
use std::process::Output;

use rust_svc_build::{Builder, Change, Changes, Files, Folder, HEADER, Input, Options};
use tempfile::TempDir;

use crate::support::{binary, read_folder, read_generated, stderr, stdout};

mod protos;

/// A folder with these files.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        write(folder.path(), name, text);
    }
    folder
}

fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
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

#[test]
fn an_edit_is_named_where_it_is_replaced_and_kept_where_a_file_is_stale() {
    let w = tempfile::tempdir().unwrap();
    let gen_folder = Folder::new(w.path());
    gen_folder.sync(&generate(&["a", "b"], "")).unwrap();
    let edit = |name: &str| {
        let text = std::fs::read_to_string(w.path().join(name)).unwrap();
        write(w.path(), name, &format!("{text}pub struct Mine;\n"));
    };
    edit("a.rs");
    edit("b.rs");
    // A licence above a file is an edit as well, and the file is ours all the same.
    let text = std::fs::read_to_string(w.path().join("mod.rs")).unwrap();
    write(
        w.path(),
        "mod.rs",
        &format!("// SPDX-License-Identifier: MIT\n{text}"),
    );

    let changes = gen_folder.sync(&generate(&["a"], "")).unwrap();
    assert_eq!(removed(&changes), Vec::<&str>::new());
    let said = warnings(&changes);
    for name in ["a.rs", "mod.rs"] {
        let expected = format!("{name}` was edited since it was generated: generating replaces");
        assert!(said.contains(&expected), "{said}");
    }
    assert!(
        said.contains("b.rs` is not generated any more, and stays: it was edited"),
        "{said}"
    );
    let files = read_folder(w.path());
    assert!(!files["a.rs"].contains("Mine") && files["b.rs"].contains("Mine"));
    assert!(!files["mod.rs"].contains("SPDX"));
}

/// Formatting is no edit: what was formatted is removed and replaced without a word.
#[test]
fn a_formatted_file_is_as_it_was_written() {
    let w = tempfile::tempdir().unwrap();
    let gen_folder = Folder::new(w.path());
    gen_folder.sync(&generate(&["a", "b"], "")).unwrap();
    for name in ["a.rs", "b.rs"] {
        let path = w.path().join(name);
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, text.replace("\n    ", "\r\n\t")).unwrap();
    }
    let changes = gen_folder.sync(&generate(&["a"], "arc_self=true")).unwrap();
    assert_eq!(
        (removed(&changes), warnings(&changes)),
        (vec!["b.rs"], String::new())
    );
}

#[test]
fn without_a_module_tree_runs_share_a_folder() {
    let w = tempfile::tempdir().unwrap();
    let gen_folder = Folder::new(w.path());
    for _ in 0..2 {
        for name in ["a", "b"] {
            let changes = gen_folder
                .sync(&generate(&[name], "module_tree=false"))
                .unwrap();
            assert_eq!(
                (removed(&changes), warnings(&changes)),
                (vec![], String::new())
            );
        }
    }
    let names: Vec<_> = read_folder(w.path()).into_keys().collect();
    assert_eq!(names, ["a.rs", "b.rs"]);
}

#[test]
fn trees_share_a_folder_and_each_has_its_list() {
    let w = tempfile::tempdir().unwrap();
    let gen_folder = Folder::new(w.path());
    let sync = |packages: &[&str], tree: &str| {
        gen_folder
            .sync(&generate(packages, &format!("include_file={tree}")))
            .unwrap()
    };
    for _ in 0..2 {
        for (packages, tree) in [(["a", "c"], "one.rs"), (["b", "c"], "below/two.rs")] {
            let changes = sync(&packages, tree);
            assert_eq!(
                (removed(&changes), warnings(&changes)),
                (vec![], String::new())
            );
        }
    }
    let lists = ["below.two-files.txt", "one-files.txt"];
    assert!(lists.iter().all(|list| w.path().join(list).exists()));
    // The other tree still has `c`.
    assert_eq!(removed(&sync(&["b"], "below/two.rs")), Vec::<&str>::new());
    assert_eq!(removed(&sync(&["b"], "one.rs")), ["a.rs", "c.rs"]);
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

#[test]
fn a_list_moves_with_its_folder() {
    let w = tempfile::tempdir().unwrap();
    let (old, new) = (w.path().join("old"), w.path().join("new"));
    Folder::new(&old).sync(&generate(&["a", "b"], "")).unwrap();
    std::fs::rename(&old, &new).unwrap();
    let changes = Folder::new(&new).sync(&generate(&["a"], "")).unwrap();
    assert_eq!(
        (removed(&changes), warnings(&changes)),
        (vec!["b.rs"], String::new())
    );
}

/// Anybody can write a list: what it may cost is a generated file in its own folder.
#[test]
fn a_list_reaches_no_file_of_others() {
    let outside = folder(&[("a.rs", "pub struct Mine;\n")]);
    let w = outside.path().join("w");
    let gen_folder = Folder::new(&w);
    let files = generate(&["a"], "");
    gen_folder.sync(&files).unwrap();
    let list = w.join("mod-files.txt");
    let good = std::fs::read_to_string(&list).unwrap();
    for path in ["../a.rs", "b/../../a.rs", "/etc/passwd"] {
        std::fs::write(&list, format!("{good}0000000000000000 {path}\n")).unwrap();
        let error = gen_folder.sync(&files).unwrap_err().to_string();
        assert!(
            error.contains("mod-files.txt` was tampered with"),
            "{error}"
        );
        assert!(error.contains(path), "{error}");
    }
    // With the number of a text that is there, but was not generated.
    write(&w, "mine.rs", "pub struct Mine;\n");
    let number = good.lines().find(|line| line.ends_with(" a.rs")).unwrap();
    let number = number.split_once(' ').unwrap().0;
    std::fs::write(&list, format!("{good}{number} mine.rs\n")).unwrap();
    let changes = gen_folder.sync(&files).unwrap();
    assert_eq!(removed(&changes), Vec::<&str>::new());
    assert!(
        warnings(&changes).contains("mine.rs`"),
        "{}",
        warnings(&changes)
    );
    assert!(w.join("mine.rs").exists());
    assert!(gen_folder.sync(&generate(&["a", "b"], "")).is_ok());
}

/// What was generated below a folder stays if the folder is another project's by now.
#[test]
fn folders_with_an_owner_keep_their_files() {
    let input = crate::support::fixture("errors").input().unwrap();
    let generate = |options: &str| {
        let options = Options::parse(options).unwrap();
        rust_svc_build::generate(&input, &options).unwrap().files
    };
    for mark in ["Cargo.toml", ".git", "buf.yaml", "mod-files.txt"] {
        let w = tempfile::tempdir().unwrap();
        let gen_folder = Folder::new(w.path());
        gen_folder
            .sync(&generate("errors_catalog=docs/x/errors"))
            .unwrap();
        match mark {
            "mod-files.txt" => {
                std::fs::copy(w.path().join(mark), w.path().join("docs").join(mark)).map(drop)
            }
            _ => std::fs::write(w.path().join("docs").join(mark), ""),
        }
        .unwrap();
        let changes = gen_folder.sync(&generate("")).unwrap();
        assert_eq!(removed(&changes), Vec::<&str>::new(), "{mark}");
        assert!(warnings(&changes).contains("another project's"), "{mark}");
        assert!(w.path().join("docs/x/errors.json").exists());
    }
    #[cfg(unix)]
    {
        let w = tempfile::tempdir().unwrap();
        let gen_folder = Folder::new(w.path().join("w"));
        let with = generate("errors_catalog=docs/errors");
        gen_folder.sync(&with).unwrap();
        let elsewhere = w.path().join("elsewhere");
        std::fs::rename(w.path().join("w/docs"), &elsewhere).unwrap();
        std::os::unix::fs::symlink(&elsewhere, w.path().join("w/docs")).unwrap();
        let error = gen_folder.sync(&with).unwrap_err().to_string();
        assert!(
            error.contains("w/docs`: a symbolic link is where"),
            "{error}"
        );
        let changes = gen_folder.sync(&generate("")).unwrap();
        assert!(warnings(&changes).contains("a symbolic link leads to it"));
        assert!(elsewhere.join("errors.json").exists());
    }
}

#[test]
fn a_file_that_is_not_generated_is_in_the_way() {
    let w = folder(&[
        ("a.rs", "pub mod mine;\n"),
        ("b.rs", "// By hand.\n"),
        ("mod.rs", "\n"),
    ]);
    let before = read_folder(w.path());
    let gen_folder = Folder::new(w.path());
    let files = generate(&["a", "b", "c"], "");
    let error = gen_folder.sync(&files).unwrap_err().to_string();
    for name in ["a.rs", "b.rs"] {
        assert!(error.contains(&format!("{name}` is in the way")), "{error}");
    }
    assert_eq!(read_folder(w.path()), before);
    assert!(gen_folder.changes(&files).is_err());
    // Who comes from prost-build has its files there.
    for name in ["a.rs", "b.rs"] {
        write(
            w.path(),
            name,
            "// This file is @generated by prost-build.\n",
        );
    }
    gen_folder.sync(&files).unwrap();
    // Without that line it is somebody's own, whatever the list says.
    write(w.path(), "a.rs", "pub mod mine;\n");
    let error = gen_folder.sync(&files).unwrap_err().to_string();
    assert!(error.contains("a.rs` is in the way"), "{error}");
}

/// Whatever is where a file has to be: said at once with its path, all of them, and nothing is written.
#[cfg(unix)]
#[test]
fn what_is_no_file_is_refused_with_its_path() {
    let w = tempfile::tempdir().unwrap();
    let at = |name: &str| w.path().join(name);
    std::fs::create_dir(at("a.rs")).unwrap();
    let made = std::process::Command::new("mkfifo")
        .arg(at("b.rs"))
        .status();
    assert!(made.unwrap().success());
    std::os::unix::fs::symlink("/dev/zero", at("c.rs")).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(at("d.rs")).unwrap();
    let before: Vec<_> = std::fs::read_dir(w.path()).unwrap().collect();
    let protos = packages(&["a", "b", "c", "d", "e"]);
    for extra in [&["--check"][..], &[]] {
        let output = compile(protos.path(), w.path(), extra);
        assert_eq!(output.status.code(), Some(1));
        let said = stderr(&output);
        for (name, kind) in [
            ("a", "folder"),
            ("b", "pipe"),
            ("c", "device"),
            ("d", "socket"),
        ] {
            let expected = format!("{name}.rs`: a {kind} is where a file has to be");
            assert!(said.contains(&expected), "{said}");
        }
    }
    assert_eq!(std::fs::read_dir(w.path()).unwrap().count(), before.len());

    // The list, and the folder itself.
    let w = tempfile::tempdir().unwrap();
    std::fs::create_dir(w.path().join("mod-files.txt")).unwrap();
    write(w.path(), "file", "");
    for (out, path) in [
        (w.path().to_owned(), "mod-files.txt`"),
        (w.path().join("file"), "file`"),
    ] {
        let said = stderr(&compile(protos.path(), &out, &[]));
        assert!(said.contains(path), "{said}");
    }
}

/// A link is replaced, and what it leads to is not.
#[cfg(unix)]
#[test]
fn a_link_in_place_of_a_file_is_replaced() {
    let outside = folder(&[("shared.rs", &format!("{HEADER}\n"))]);
    let w = outside.path().join("w");
    std::fs::create_dir(&w).unwrap();
    std::os::unix::fs::symlink("../shared.rs", w.join("a.rs")).unwrap();
    std::os::unix::fs::symlink("nowhere", w.join("b.rs")).unwrap();
    let files = generate(&["a", "b"], "");
    Folder::new(&w).sync(&files).unwrap();
    assert_eq!(read_generated(&w), crate::support::texts(&files));
    let shared = std::fs::read_to_string(outside.path().join("shared.rs")).unwrap();
    assert_eq!(shared, format!("{HEADER}\n"));
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

fn builder(out: &Path) -> Builder {
    rust_svc_build::configure()
        .emit_rerun_if_changed(false)
        .out_dir(out)
}

/// A build script writes where it wants, and everything of it goes there.
#[test]
fn a_build_script_may_choose_any_folder() {
    let w = folder(&[("old.rs", "pub struct Mine;\n")]);
    let protos = packages(&["a", "b"]);
    let compile = |builder: Builder, names: &[&str]| {
        let names: Vec<_> = names.iter().map(|name| protos.path().join(name)).collect();
        builder.compile(&names, &[protos.path()])
    };
    compile(builder(w.path()), &["a", "b"]).unwrap();
    let error = compile(builder(w.path()).include_file("/x.rs"), &["a"]).unwrap_err();
    assert!(error.to_string().contains("`/x.rs` is absolute"), "{error}");
    let error = compile(builder(w.path()).errors_catalog("../x"), &["a"]).unwrap_err();
    assert!(error.to_string().contains("`../x` has a `..`"), "{error}");

    // It removes nothing, not even what it wrote: what is stale is named, each time.
    for _ in 0..2 {
        let changes = Folder::new(w.path()).add(&generate(&["b"], "include_file=x.rs"));
        assert_eq!(warnings(&changes.unwrap()), "");
    }
    Folder::new(w.path())
        .sync(&generate(&["c", "d"], "include_file=y.rs"))
        .unwrap();
    let gen_folder = Folder::new(w.path());
    for _ in 0..2 {
        let changes = gen_folder
            .add(&generate(&["c"], "include_file=y.rs"))
            .unwrap();
        let said = warnings(&changes);
        assert!(
            said.contains("d.rs` is not generated any more, and stays"),
            "{said}"
        );
    }
    let names = ["a.rs", "b.rs", "c.rs", "d.rs", "old.rs"];
    assert!(names.iter().all(|name| w.path().join(name).exists()));
}

#[test]
fn two_compiles_of_one_build_script() {
    let protos = packages(&["a", "b"]);
    let compile = |builder: Builder, name: &str| {
        builder.compile(&[protos.path().join(name)], &[protos.path()])
    };
    // They share a folder where they write different files,
    let w = tempfile::tempdir().unwrap();
    for name in ["a", "b"] {
        compile(builder(w.path()).module_tree(false), name).unwrap();
    }
    assert_eq!(read_folder(w.path()).len(), 2);
    // and where they do not, the help says what is easy first.
    let w = tempfile::tempdir().unwrap();
    compile(builder(w.path()), "a").unwrap();
    let error = compile(builder(w.path()), "b").unwrap_err().to_string();
    assert!(
        error.contains("wrote `mod-descriptor-set.rs`, `mod.rs` in `"),
        "{error}"
    );
    assert!(
        error.contains("help: give one of the two another `include_file`"),
        "{error}"
    );
    let error = compile(builder(w.path()).module_tree(false), "a");
    assert!(error.is_ok(), "the same content is no clash");
    let other = builder(w.path())
        .module_tree(false)
        .type_attribute(".", "#[derive(Hash)]");
    let error = compile(other, "a").unwrap_err().to_string();
    assert!(error.contains("wrote `a.rs` in `"), "{error}");
    assert!(
        error.contains("help: compile the protos of both at once"),
        "{error}"
    );
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
    // Nor is it an edit.
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
