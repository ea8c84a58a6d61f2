//! Arbitrary trees that protoc takes, with names that generators stumble over: they generate, the same bytes
//! whatever the order of files, what comes out is Rust, and a sample of it compiles with warnings denied.
//!
//! They are made as text, so that our front end and protoc can be asked the same.

use std::path::Path;
use std::process::Command;

use rust_svc_build::{Generated, Input, Options};

use super::Tries;
use super::random::Random;
use crate::compiles::Workspace;
use crate::support::{root, scratch, stderr, texts};

mod grammar;

use grammar::Tree;

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
        write(&tree, &folder);
        if protoc.exists() && random.once_in(4) {
            is_accepted(&protoc, &tree, &folder, seed);
        }
        let generated = generate(&tree, &folder, seed);
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

fn write(tree: &Tree, folder: &Path) {
    let _ = std::fs::remove_dir_all(folder);
    for (name, text) in &tree.files {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
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
