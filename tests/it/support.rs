//! What the tests share: the fixtures, the three ways to generate, and requests.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use prost::Message as _;
use prost_types::compiler::CodeGeneratorResponse;
use rust_svc_build::{Error, Files, Generated, Input, Options};

/// The folder of the workspace.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the binary's crate lies in the workspace")
        .to_owned()
}

/// A folder below the target folder that outlives the run, for what is dear to compile.
pub(crate) fn scratch(name: &str) -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or(root().join("target"), PathBuf::from);
    target.join("it").join(name)
}

/// A folder of `fixtures/` and the proto tree in it.
pub(crate) struct Fixture {
    pub(crate) name: String,
    pub(crate) folder: PathBuf,
}

impl Fixture {
    pub(crate) fn input(&self) -> Result<Input, Error> {
        Input::from_protos(&[&self.folder], &[&self.folder])
    }

    pub(crate) fn generate(&self, options: &Options) -> Generated {
        let input = self
            .input()
            .unwrap_or_else(|error| panic!("{}: {error}", self.name));
        rust_svc_build::generate(&input, options)
            .unwrap_or_else(|error| panic!("{}: {error}", self.name))
    }

    /// The request that a real protoc or buf made of this fixture.
    pub(crate) fn request(&self, tool: &str) -> Request {
        let path = root().join(format!("fixtures/requests/{tool}/{}.bin", self.name));
        let bytes = std::fs::read(&path).unwrap_or_else(|error| {
            panic!(
                "{}: {error}; scripts/capture-requests.sh makes it",
                path.display()
            )
        });
        Request::decode(bytes.as_slice()).expect("a captured request is whole")
    }
}

/// Every fixture that has to generate.
pub(crate) fn fixtures() -> Vec<Fixture> {
    let not_trees = ["rejects", "requests"];
    folders(&root().join("fixtures"))
        .into_iter()
        .filter(|fixture| !not_trees.contains(&fixture.name.as_str()))
        .collect()
}

pub(crate) fn fixture(name: &str) -> Fixture {
    let folder = root().join("fixtures").join(name);
    Fixture {
        name: name.to_owned(),
        folder,
    }
}

/// The folders in a folder, by name.
pub(crate) fn folders(folder: &Path) -> Vec<Fixture> {
    let entries = std::fs::read_dir(folder).expect("the folder is checked in");
    let mut folders: Vec<_> = entries
        .map(|entry| entry.expect("a readable folder").path())
        .filter(|path| path.is_dir())
        .map(|folder| Fixture {
            name: folder
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned(),
            folder,
        })
        .collect();
    folders.sort_by(|a, b| a.name.cmp(&b.name));
    assert!(!folders.is_empty(), "{} has no folders", folder.display());
    folders
}

/// Generated files by path.
pub(crate) type Texts = BTreeMap<String, String>;

pub(crate) fn texts(files: &Files) -> Texts {
    let own = |(path, content): (&str, &str)| (path.to_owned(), content.to_owned());
    files.iter().map(own).collect()
}

/// A `CodeGeneratorRequest` whose files are left as the bytes that they are.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct Request {
    #[prost(string, repeated, tag = "1")]
    pub(crate) file_to_generate: Vec<String>,
    #[prost(string, optional, tag = "2")]
    pub(crate) parameter: Option<String>,
    #[prost(bytes = "vec", repeated, tag = "15")]
    pub(crate) proto_file: Vec<Vec<u8>>,
}

impl Request {
    pub(crate) fn with(mut self, parameter: &str) -> Self {
        self.parameter = Some(parameter.to_owned());
        self
    }

    /// The plugin's answer in this process.
    pub(crate) fn respond(&self) -> CodeGeneratorResponse {
        let response = rust_svc_build::respond(&self.encode_to_vec()).expect("a whole request");
        CodeGeneratorResponse::decode(response.bytes.as_slice()).expect("a whole response")
    }

    /// The files of an answer without error.
    pub(crate) fn generate(&self) -> Texts {
        response_texts(self.respond())
    }
}

pub(crate) fn response_texts(response: CodeGeneratorResponse) -> Texts {
    assert_eq!(response.error, None);
    let own = |file: prost_types::compiler::code_generator_response::File| {
        (
            file.name.unwrap_or_default(),
            file.content.unwrap_or_default(),
        )
    };
    response.file.into_iter().map(own).collect()
}

/// The built binary.
pub(crate) fn binary() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_protoc-gen-rust-svc"));
    command.stdin(Stdio::null());
    command
}

/// Runs the binary with bytes on its standard input.
pub(crate) fn run_with_input(mut command: Command, input: &[u8]) -> Output {
    use std::io::Write as _;
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    let mut stdin = child.stdin.take().expect("is piped");
    let input = input.to_vec();
    // In a thread of its own: the plugin may answer before it has read everything.
    let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let output = child.wait_with_output().expect("the binary ends");
    writer.join().expect("writing does not panic");
    output
}

/// Writes a file below a folder, and the folders in which it is.
pub(crate) fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().expect("it is below a folder")).expect("a folder");
    std::fs::write(path, text).expect("a writable file");
}

/// Every file below a folder, by path relative to it.
pub(crate) fn read_folder(folder: &Path) -> Texts {
    fn visit(folder: &Path, prefix: &str, texts: &mut Texts) {
        for entry in std::fs::read_dir(folder).expect("a readable folder") {
            let path = entry.expect("a readable entry").path();
            let name = format!(
                "{prefix}{}",
                path.file_name().unwrap_or_default().to_string_lossy()
            );
            match path.is_dir() {
                true => visit(&path, &format!("{name}/"), texts),
                false => {
                    texts.insert(name, std::fs::read_to_string(&path).expect("a text"));
                }
            }
        }
    }
    let mut texts = Texts::new();
    visit(folder, "", &mut texts);
    texts
}

/// [`read_folder`] without the list that a run leaves of its files.
pub(crate) fn read_generated(folder: &Path) -> Texts {
    let mut texts = read_folder(folder);
    texts.retain(|path, _| !path.ends_with("-files.txt"));
    texts
}

pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Says loudly that a test did not run.
pub(crate) fn skip(test: &str, why: &str) {
    eprintln!("SKIPPED {test}: {why}");
}
