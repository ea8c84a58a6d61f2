//! Real proto trees, where `RUST_SVC_CORPORA` says that there are some: each generates, and what
//! comes out compiles with warnings denied and makes rustdoc without a warning.

use std::path::{Path, PathBuf};

use rust_svc_build::{Input, Options};

use crate::compiles::Workspace;
use crate::support::skip;

/// A tree of `corpora.toml`.
struct Tree {
    name: String,
    root: PathBuf,
    includes: Vec<PathBuf>,
}

/// Trees that are left out, and why.
const LEFT_OUT: [(&str, &str); 0] = [];

#[test]
fn real_trees_compile() {
    const NAME: &str = "real_trees_compile";
    let Some(folder) = std::env::var_os("RUST_SVC_CORPORA").map(PathBuf::from) else {
        return skip(NAME, "RUST_SVC_CORPORA names no folder of proto trees");
    };
    let workspace = Workspace::new("corpora");
    let mut modules = Vec::new();
    for tree in trees(&folder) {
        if let Some((_, why)) = LEFT_OUT.iter().find(|(name, _)| *name == tree.name) {
            skip(NAME, &format!("{}: {why}", tree.name));
            continue;
        }
        let input = Input::from_protos(&[&tree.root], &tree.includes)
            .unwrap_or_else(|error| panic!("{}: {error}", tree.name));
        let generated = rust_svc_build::generate(&input, &Options::default())
            .unwrap_or_else(|error| panic!("{}: {error}", tree.name));
        workspace
            .generated(&tree.name)
            .sync(&generated.files)
            .unwrap();
        eprintln!(
            "{}: {} files, {} warnings",
            tree.name,
            generated.files.len(),
            generated.warnings.len()
        );
        modules.push(tree.name);
    }
    workspace.check_library(&modules);
}

/// The few lines of TOML that `corpora.toml` is: `[name]`, `root = ""`, `includes = ["", …]`.
fn trees(folder: &Path) -> Vec<Tree> {
    let path = folder.join("corpora.toml");
    let text = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut trees: Vec<Tree> = Vec::new();
    for line in text.lines() {
        let strings = || {
            line.split('"')
                .skip(1)
                .step_by(2)
                .map(|path| folder.join(path))
        };
        if let Some(name) = line
            .strip_prefix('[')
            .and_then(|line| line.strip_suffix(']'))
        {
            trees.push(Tree {
                name: name.to_owned(),
                root: PathBuf::new(),
                includes: Vec::new(),
            });
        } else if let Some(tree) = trees.last_mut() {
            match line.split_whitespace().next() {
                Some("root") => tree.root = strings().next().expect("a root"),
                Some("includes") => tree.includes.extend(strings()),
                _ => {}
            }
        }
    }
    for tree in &mut trees {
        tree.includes.insert(0, tree.root.clone());
    }
    assert!(!trees.is_empty(), "{} has no trees", path.display());
    trees
}
