//! Arbitrary trees that protoc takes, with names that generators stumble over: they generate, the same bytes
//! whatever the order of files, what comes out is Rust, and a sample of it compiles with warnings denied.
//!
//! They are made as text, so that our front end and protoc can be asked the same.

use std::path::Path;
use std::process::Command;

use rust_svc_build::{Generated, Input, Options};

use super::Tries;
use super::random::Random;
use crate::by_prost::items;
use crate::compiles::Workspace;
use crate::support::{root, scratch, stderr, texts, write};

mod grammar;

use grammar::Tree;

/// What makes no item of others another one: a message behind those of a file, whose names in it are taken
/// elsewhere, and a package of its own with the like.
const MORE: &str = "message ZqNine {\n  message Foo { enum Self { zq_zero = 0; } }\n  message i32 {}\n  repeated Foo type = 1;\n}\n";
const APART: &str = "syntax = \"proto3\";\npackage zqten.type;\n\nmessage Foo { message Vec {} Vec self = 1; }\nservice Body { rpc New(Foo) returns (Foo); }\n";

/// How many of them compile together.
const SAMPLE: usize = 24;

#[test]
fn arbitrary_trees_generate() {
    let protoc = root().join("target/tools/bin/protoc");
    let workspace = Workspace::new("fuzz");
    let folder = scratch("fuzz").join("protos");
    let mut sample = Vec::new();
    let mut done = 0;
    for seed in Tries::new(60) {
        done += 1;
        let mut random = Random::new(seed);
        let tree = Tree::random(&mut random);
        // The last ones stay: what they are is there to be read.
        let name = format!("tree_{}", done % SAMPLE);
        let folder = folder.join(&name);
        write_tree(&tree, &folder);
        if protoc.exists() && random.once_in(4) {
            is_accepted(&protoc, &tree, &folder, seed);
        }
        let generated = generate(&tree, &folder, seed);
        if random.once_in(4) {
            is_stable(&tree, &folder, &generated, seed);
        }
        workspace.generated(&name).sync(&generated.files).unwrap();
        if !sample.contains(&name) {
            sample.push(name);
        }
    }
    eprintln!(
        "{done} trees, of which {} compile in {}",
        sample.len(),
        folder.display()
    );
    workspace.check_library(&sample);
}

fn write_tree(tree: &Tree, folder: &Path) {
    let _ = std::fs::remove_dir_all(folder);
    for (name, text) in &tree.files {
        write(folder, name, text);
    }
}

fn is_accepted(protoc: &Path, tree: &Tree, folder: &Path, seed: u64) {
    let mut command = Command::new(protoc);
    command
        .arg("-I")
        .arg(folder)
        .arg("--descriptor_set_out=/dev/null");
    command.args(tree.files.iter().map(|(name, _)| name));
    let output = command.output().unwrap();
    assert!(
        output.status.success(),
        "seed {seed}: protoc refuses it: {}\n{tree}",
        stderr(&output)
    );
}

/// What was there is called as it was, when there is more.
fn is_stable(tree: &Tree, folder: &Path, before: &Generated, seed: u64) {
    let mut more = Tree {
        files: tree.files.clone(),
    };
    let apart = ("zqten/type/apart.proto".to_owned(), APART.to_owned());
    for (index, (_, text)) in more.files.iter_mut().enumerate() {
        text.push_str(&MORE.replace("ZqNine", &format!("ZqNine{index}")));
    }
    more.files.push(apart);
    let folder = folder.with_extension("more");
    write_tree(&more, &folder);
    let now = items(&generate(&more, &folder, seed));
    for (path, item) in items(before) {
        assert_eq!(now.get(&path), Some(&item), "seed {seed}, {path}\n{tree}");
    }
}

fn generate(tree: &Tree, folder: &Path, seed: u64) -> Generated {
    let with = |paths: &[&Path]| {
        let input = Input::from_protos(paths, &[folder]);
        let input = input.unwrap_or_else(|error| panic!("seed {seed}: {error}\n{tree}"));
        let options = Options::parse("testing,enable_type_names").unwrap();
        rust_svc_build::generate(&input, &options)
            .unwrap_or_else(|error| panic!("seed {seed}: {error}\n{tree}"))
    };
    let mut paths: Vec<_> = tree
        .files
        .iter()
        .map(|(name, _)| folder.join(name))
        .collect();
    paths.reverse();
    let paths: Vec<&Path> = paths.iter().map(AsRef::as_ref).collect();
    let (generated, again) = (with(&[folder]), with(&paths));
    assert_eq!(
        texts(&generated.files),
        texts(&again.files),
        "seed {seed}\n{tree}"
    );
    for (path, text) in generated.files.iter() {
        if path.ends_with(".rs") && !path.ends_with("-descriptor-set.rs") {
            syn::parse_file(text)
                .unwrap_or_else(|error| panic!("seed {seed}, {path}: {error}\n{tree}"));
        }
    }
    generated
}
