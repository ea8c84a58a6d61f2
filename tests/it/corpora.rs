//! Real proto trees, where `RUST_SVC_CORPORA` says that there are some: each generates, and what
//! comes out compiles with warnings denied and makes rustdoc without a warning.

use std::path::{Path, PathBuf};

use rust_svc_build::{Input, Options};

use crate::compiles::Workspace;
use crate::support::skip;

/// A tree of `corpora.toml`.
pub(crate) struct Tree {
    pub(crate) name: String,
    pub(crate) root: PathBuf,
    pub(crate) includes: Vec<PathBuf>,
}

impl Tree {
    /// The files of the tree, as imports name them.
    pub(crate) fn names(&self) -> Vec<String> {
        fn visit(folder: &Path, root: &Path, names: &mut Vec<String>) {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    visit(&path, root, names);
                } else if path
                    .extension()
                    .is_some_and(|extension| extension == "proto")
                {
                    let name = path.strip_prefix(root).unwrap();
                    names.push(name.to_str().unwrap().to_owned());
                }
            }
        }
        let mut names = Vec::new();
        visit(&self.root, &self.root, &mut names);
        names.sort();
        names
    }
}

#[test]
fn real_trees_compile() {
    const NAME: &str = "real_trees_compile";
    let Some(folder) = std::env::var_os("RUST_SVC_CORPORA").map(PathBuf::from) else {
        return skip(NAME, "RUST_SVC_CORPORA names no folder of proto trees");
    };
    let workspace = Workspace::new("corpora");
    let mut modules = Vec::new();
    for tree in trees(&folder) {
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
pub(crate) fn trees(folder: &Path) -> Vec<Tree> {
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
