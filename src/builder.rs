//! The helper for `build.rs`: reads and writes, and tells cargo what to watch.

use std::path::{Path, PathBuf};

use prost::Message as _;

use crate::diagnostics::{Diagnostic, Error};
use crate::folder::Folder;
use crate::generate;
use crate::input::{self, Input};
use crate::options::{self, Options};
use crate::watch;

/// Starts a configuration with the options' defaults.
///
/// Setters are called as in tonic-prost-build where that has the option.
pub fn configure() -> Builder {
    Builder {
        options: Options::default(),
        problems: Vec::new(),
        emit_rerun_if_changed: std::env::var_os("CARGO").is_some(),
    }
}

/// Compiles one proto file with the defaults; what it imports is looked up in its folder.
///
/// # Errors
///
/// As [`Builder::compile`].
pub fn compile_protos(proto: impl AsRef<Path>) -> Result<(), Error> {
    let proto = proto.as_ref();
    let folder = proto.parent().filter(|folder| *folder != Path::new(""));
    configure().compile(&[proto], &[folder.unwrap_or(Path::new("."))])
}

/// Generates code from linked descriptors with the defaults.
///
/// # Errors
///
/// As [`Builder::compile_fds`].
pub fn compile_fds(fds: prost_types::FileDescriptorSet) -> Result<(), Error> {
    configure().compile_fds(fds)
}

/// What to generate and how, for a build script. Made by [`configure`].
#[derive(Clone, Debug)]
#[must_use = "nothing is generated before `compile`"]
pub struct Builder {
    options: Options,
    /// Values that could not be taken, told with everything else that is wrong.
    problems: Vec<Diagnostic>,
    emit_rerun_if_changed: bool,
}

impl Builder {
    pub(crate) fn option(mut self, key: &str, value: &str) -> Self {
        if let Err(error) = self.options.set(key, value) {
            self.problems.extend_from_slice(error.diagnostics());
        }
        self
    }

    /// Sets a folder to any path: a build script decides itself where it writes.
    pub(crate) fn folder(
        mut self,
        path: &Path,
        option: fn(&mut Options) -> &mut options::Folder,
    ) -> Self {
        match path.to_str() {
            Some("") => self.problems.push(Diagnostic::error("`out_dir` is empty")),
            Some(path) => option(&mut self.options).0 = path.to_owned(),
            None => self.problems.push(Diagnostic::error(format!(
                "`out_dir`: `{}` is not UTF-8",
                path.display()
            ))),
        }
        self
    }

    /// Whether to tell cargo which files to watch. By default wherever cargo runs this.
    pub fn emit_rerun_if_changed(mut self, enable: bool) -> Self {
        self.emit_rerun_if_changed = enable;
        self
    }

    /// Reads proto files and writes Rust to `$OUT_DIR`, or to `out_dir` if that is set.
    ///
    /// A folder stands for every `.proto` below it. Cargo is told to run the build script again
    /// when one of the files changes, or one that they import, or when a new file would be found instead
    /// of one of them; and only then.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with the protos and the options, each with its place in the proto
    /// file, and a folder that cannot be written to. Nothing is written then.
    pub fn compile(
        self,
        protos: &[impl AsRef<Path>],
        includes: &[impl AsRef<Path>],
    ) -> Result<(), Error> {
        let protos: Vec<_> = protos.iter().map(AsRef::as_ref).collect();
        let includes: Vec<_> = includes.iter().map(AsRef::as_ref).collect();
        let reading = input::read_protos(&protos, &includes);
        if self.emit_rerun_if_changed {
            watch::files(&reading.read);
            watch::absent(&reading.absent);
        }
        self.generate(reading.result)
    }

    /// [`compile`](Self::compile) by the name that tonic-prost-build has for it.
    ///
    /// # Errors
    ///
    /// As [`compile`](Self::compile).
    pub fn compile_protos(
        self,
        protos: &[impl AsRef<Path>],
        includes: &[impl AsRef<Path>],
    ) -> Result<(), Error> {
        self.compile(protos, includes)
    }

    /// Generates code from linked descriptors, imports included.
    ///
    /// `prost_types` cannot hold custom options: [`compile_descriptor_set`](Self::compile_descriptor_set)
    /// keeps them.
    ///
    /// # Errors
    ///
    /// As [`compile`](Self::compile).
    pub fn compile_fds(self, fds: prost_types::FileDescriptorSet) -> Result<(), Error> {
        self.compile_descriptor_set(&fds.encode_to_vec())
    }

    /// Generates code from an encoded `FileDescriptorSet`, imports included, as `buf build` and
    /// `protoc --include_imports --include_source_info --descriptor_set_out` write it.
    ///
    /// # Errors
    ///
    /// As [`compile`](Self::compile).
    pub fn compile_descriptor_set(self, bytes: &[u8]) -> Result<(), Error> {
        self.generate(Input::from_descriptor_set(bytes))
    }

    fn generate(self, input: Result<Input, Error>) -> Result<(), Error> {
        let input = match (self.problems.is_empty(), input) {
            (true, input) => input?,
            (false, input) => {
                let mut error = Error::new(self.problems);
                input.err().into_iter().for_each(|more| error.append(more));
                return Err(error);
            }
        };
        let generated = generate(&input, &self.options)?;
        for warning in &generated.warnings {
            println!("cargo::warning={}", warning.to_line());
        }
        let changes = match self.options.out_dir() {
            Some(folder) if !is_in_out_dir(folder) => Folder::new(folder).add(&generated.files)?,
            Some(folder) => Folder::new(folder).write(&generated.files)?,
            None => Folder::new(out_dir()?).write(&generated.files)?,
        };
        for warning in &changes.warnings {
            println!("cargo::warning={}", warning.to_line());
        }
        Ok(())
    }
}

/// Whether cargo made the folder for this build script alone.
fn is_in_out_dir(folder: &str) -> bool {
    std::env::var_os("OUT_DIR").is_some_and(|out| Path::new(folder).starts_with(out))
}

fn out_dir() -> Result<PathBuf, Error> {
    std::env::var_os("OUT_DIR")
        .map(PathBuf::from)
        .ok_or_else(|| {
            Diagnostic::error("there is no folder to write to: `OUT_DIR` is not set")
                .help("cargo sets it for build scripts; elsewhere call `out_dir`")
                .into()
        })
}
