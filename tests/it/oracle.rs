//! protoc is the oracle: what it makes of a tree, and what we make of it, come to the same code.
//!
//! The code holds the descriptors of all files (`FILE_DESCRIPTOR_SET`) and their comments, so that what is
//! compared is what our front end reads, after [normalisation](../../src/input/normalize.rs). Beside it all
//! source positions are compared, with all comments ([`positions`]).

use std::path::Path;
use std::process::Command;

use prost::Message as _;
use prost_types::{DescriptorProto, FileDescriptorProto};
use rust_svc_build::{Generated, Input, Options};

use crate::corpora::{Tree, trees};
use crate::support::{root, scratch, skip, stderr};

mod positions;

/// What differs, and why: tree, file and reason.
const KNOWN: [(&str, &str, &str); 1] = [(
    "protobuf",
    "mod-descriptor-set.rs",
    "in options that are a message set, prost-reflect writes extensions as plain fields",
)];

#[test]
fn protoc_and_we_agree_on_real_trees() {
    const NAME: &str = "protoc_and_we_agree_on_real_trees";
    let Some(folder) = std::env::var_os("RUST_SVC_CORPORA") else {
        return skip(NAME, "RUST_SVC_CORPORA names no folder of proto trees");
    };
    let protoc = root().join("target/tools/bin/protoc");
    if !protoc.exists() {
        return skip(
            NAME,
            "there is no protoc, scripts/install-tools.sh installs it",
        );
    }
    let mut differing = Vec::new();
    eprintln!(
        "| tree | files | messages | enums | services | rpcs | positions |\n|---|--:|--:|--:|--:|--:|--:|"
    );
    for tree in trees(Path::new(&folder)) {
        let read = Input::from_protos(&[&tree.root], &tree.includes).unwrap();
        let request = of_protoc(&protoc, &tree);
        let (input, _) = Input::from_request(&request.encode_to_vec()).unwrap();
        differing.extend(differences(&tree.name, &generate(&read), &generate(&input)));
        let (count, different) = positions::compare(&tree, &read, &input);
        differing.extend(different);
        eprintln!("| {} | {} | {count} |", tree.name, counts(&request));
    }
    assert!(differing.is_empty(), "{}", differing.join("\n"));
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
        match KNOWN
            .iter()
            .find(|known| (known.0, known.1) == (tree, path))
        {
            Some((.., why)) => eprintln!("{tree}, {path}: differs as is known: {why}"),
            None => differing.push(format!("{tree}, {path}:\n ours: {our}\n theirs: {their}")),
        }
    }
    differing
}
