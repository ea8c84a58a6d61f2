//! Build scripts, which write where they want and remove nothing.

use super::*;

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
