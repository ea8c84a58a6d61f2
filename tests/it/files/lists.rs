//! What a run removes and names, by the list that earlier runs left.

use super::*;

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
    // The list names a file that was not generated, with the number of a text that was.
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
