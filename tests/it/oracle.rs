//! protoc is the oracle: what it makes of a tree, we make of it.
//!
//! Our descriptors are protoc's bytes: options, features, positions and comments included. And the code that is
//! generated of both is one, after [normalisation](../../src/input/normalize.rs).

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use prost::Message as _;
use prost_types::{DescriptorProto, FileDescriptorProto};
use rust_svc_build::{Generated, Input, Options};
use rust_svc_compiler::wire::Codec as _;
use rust_svc_compiler::{Folders, compile};

use crate::corpora::{Tree, trees};
use crate::support::{fixtures, root, scratch, skip, stderr};

#[test]
fn protoc_and_we_agree_on_real_trees() {
    const NAME: &str = "protoc_and_we_agree_on_real_trees";
    let Some(folder) = std::env::var_os("RUST_SVC_CORPORA") else {
        return skip(NAME, "RUST_SVC_CORPORA names no folder of proto trees");
    };
    let Some(protoc) = protoc(NAME) else {
        return;
    };
    let mut differing = Vec::new();
    eprintln!(
        "| tree | files | messages | enums | services | rpcs | positions |\n|---|--:|--:|--:|--:|--:|--:|"
    );
    for tree in trees(Path::new(&folder)) {
        let request = of_protoc(&protoc, &tree);
        let (positions, different) = descriptors(&tree, &request);
        differing.extend(different);
        let read = Input::from_protos(&[&tree.root], &tree.includes).unwrap();
        let (input, _) = Input::from_request(&request.encode_to_vec()).unwrap();
        differing.extend(differences(&tree.name, &generate(&read), &generate(&input)));
        eprintln!("| {} | {} | {positions} |", tree.name, counts(&request));
    }
    assert!(differing.is_empty(), "{}", differing.join("\n"));
}

#[test]
fn protoc_and_we_agree_on_fixtures() {
    let Some(protoc) = protoc("protoc_and_we_agree_on_fixtures") else {
        return;
    };
    let mut differing = Vec::new();
    for fixture in fixtures() {
        let tree = Tree {
            name: fixture.name,
            includes: vec![fixture.folder.clone(), root().join("proto")],
            root: fixture.folder,
        };
        differing.extend(descriptors(&tree, &of_protoc(&protoc, &tree)).1);
    }
    assert!(differing.is_empty(), "{}", differing.join("\n"));
}

fn protoc(test: &str) -> Option<PathBuf> {
    let protoc = root().join("target/tools/bin/protoc");
    if !protoc.exists() {
        let why = "there is no protoc, scripts/install-tools.sh installs it";
        skip(test, why);
        return None;
    }
    Some(protoc)
}

/// How many positions there are, and which files are not protoc's bytes.
fn descriptors(tree: &Tree, theirs: &Request) -> (usize, Vec<String>) {
    let listed: BTreeSet<String> = theirs.file_to_generate.iter().cloned().collect();
    let mut folders = Folders::new(&tree.includes);
    let compiled = compile(&listed, &mut folders, &|_| None)
        .unwrap_or_else(|errors| panic!("{}: {}", tree.name, errors[0].to_line()));
    let ours = compiled.files.iter();
    let ours: BTreeMap<&str, Vec<u8>> = ours
        .map(|file| (file.name.as_str(), file.encode_to_vec()))
        .collect();
    assert_eq!(ours.len(), theirs.proto_file.len(), "{}", tree.name);
    let (mut positions, mut differing) = (0, Vec::new());
    for bytes in &theirs.proto_file {
        let theirs = FileDescriptorProto::decode(bytes.as_slice()).unwrap();
        let our = &ours[theirs.name()];
        if folders.find(theirs.name()).is_none() {
            // It comes with protoc, and with us in our own words: without comments, and so without positions.
            differing.extend(same_but_for_positions(&tree.name, our, bytes));
            continue;
        }
        let info = theirs.source_code_info.iter();
        positions += info.map(|info| info.location.len()).sum::<usize>();
        if our != bytes {
            differing.push(first_difference(&tree.name, our, &theirs));
        }
    }
    (positions, differing)
}

fn same_but_for_positions(tree: &str, ours: &[u8], theirs: &[u8]) -> Option<String> {
    let plain = |bytes: &[u8]| {
        let mut file = rust_svc_compiler::descriptor::File::decode(bytes).unwrap();
        file.source_code_info = None;
        file.encode_to_vec()
    };
    let name = FileDescriptorProto::decode(theirs).unwrap();
    (plain(ours) != plain(theirs)).then(|| format!("{tree}, {}: differs", name.name()))
}

/// The first position that differs, or that the rest does.
fn first_difference(tree: &str, ours: &[u8], theirs: &FileDescriptorProto) -> String {
    let ours = FileDescriptorProto::decode(ours).unwrap();
    let locations = |file: &FileDescriptorProto| {
        let info = file.source_code_info.clone();
        info.map(|info| info.location).unwrap_or_default()
    };
    let (our, their) = (locations(&ours), locations(theirs));
    let mut pairs = our.iter().zip(&their);
    let what = match pairs.find(|(our, their)| our != their) {
        Some((our, their)) => format!("a position:\n ours: {our:?}\n theirs: {their:?}"),
        None if our.len() != their.len() => "one has more positions".to_owned(),
        None => "the descriptor".to_owned(),
    };
    format!("{tree}, {}: {what}", theirs.name())
}

fn generate(input: &Input) -> Generated {
    rust_svc_build::generate(input, &Options::default()).unwrap()
}

/// What protoc reads, all files of the tree at once.
fn of_protoc(protoc: &Path, tree: &Tree) -> Request {
    let set = scratch("oracle").join(format!("{}.fds", tree.name));
    std::fs::create_dir_all(set.parent().unwrap()).unwrap();
    let mut command = Command::new(protoc);
    for include in &tree.includes {
        command.arg("-I").arg(include);
    }
    let names = tree.names();
    command
        // Options that are only for readers of the source are kept from plugins, and we keep them.
        .args([
            "--include_imports",
            "--include_source_info",
            "--retain_options",
        ])
        .arg(format!("--descriptor_set_out={}", set.display()))
        .args(&names);
    let output = command.output().unwrap();
    assert!(
        output.status.success(),
        "{}: {}",
        tree.name,
        stderr(&output)
    );
    let set = Set::decode(std::fs::read(set).unwrap().as_slice()).unwrap();
    Request {
        file_to_generate: names,
        proto_file: set.file,
    }
}

/// How many files, messages, enums, services and rpcs are listed.
fn counts(request: &Request) -> String {
    fn visit(message: &DescriptorProto, messages: &mut usize, enums: &mut usize) {
        let is_entry = message
            .options
            .as_ref()
            .is_some_and(|options| options.map_entry());
        *messages += usize::from(!is_entry);
        *enums += message.enum_type.len();
        for nested in &message.nested_type {
            visit(nested, messages, enums);
        }
    }
    let [mut files, mut messages, mut enums, mut services, mut rpcs] = [0; 5];
    for file in &request.proto_file {
        let file = FileDescriptorProto::decode(file.as_slice()).unwrap();
        if !request
            .file_to_generate
            .iter()
            .any(|name| name == file.name())
        {
            continue;
        }
        files += 1;
        enums += file.enum_type.len();
        services += file.service.len();
        rpcs += file
            .service
            .iter()
            .map(|service| service.method.len())
            .sum::<usize>();
        for message in &file.message_type {
            visit(message, &mut messages, &mut enums);
        }
    }
    [files, messages, enums, services, rpcs]
        .map(|count| count.to_string())
        .join(" | ")
}

/// A `FileDescriptorSet` whose files are bytes, for nothing of them is to be lost.
#[derive(prost::Message)]
struct Set {
    #[prost(bytes = "vec", repeated, tag = "1")]
    file: Vec<Vec<u8>>,
}

/// A `CodeGeneratorRequest` of the same kind.
#[derive(prost::Message)]
struct Request {
    #[prost(string, repeated, tag = "1")]
    file_to_generate: Vec<String>,
    #[prost(bytes = "vec", repeated, tag = "15")]
    proto_file: Vec<Vec<u8>>,
}

/// Each file that differs, with the first line that does.
fn differences(tree: &str, ours: &Generated, theirs: &Generated) -> Vec<String> {
    let names = |generated: &Generated| -> Vec<String> {
        let files = generated.files.iter();
        files.map(|(path, _)| path.to_owned()).collect()
    };
    assert_eq!(names(ours), names(theirs), "{tree}");
    let mut differing = Vec::new();
    for (path, text) in ours.files.iter() {
        let other = theirs.files.get(path).unwrap_or_default();
        let mut lines = text.lines().zip(other.lines());
        let Some((our, their)) = lines.find(|(our, their)| our != their) else {
            assert_eq!(text.len(), other.len(), "{tree}, {path}: one is longer");
            continue;
        };
        differing.push(format!("{tree}, {path}:\n ours: {our}\n theirs: {their}"));
    }
    differing
}
