//! The helper for `build.rs`: reads and writes, and tells cargo what to watch.

use std::path::{Path, PathBuf};

use crate::diagnostics::{Diagnostic, Error};
use crate::folder::Folder;
use crate::generate::generate;
use crate::input::{Input, SourceInfo};
use crate::options::{self, Options};
use crate::watch::{self, tell_cargo};

mod setters;

/// Starts a configuration with the options' defaults.
///
/// Setters are called as in tonic-prost-build where that has the option.
pub fn configure() -> Builder {
    Builder {
        options: Options::default(),
        problems: Vec::new(),
        file_descriptor_set_path: None,
        source_info: SourceInfo::Kept,
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

/// Generates code from linked descriptors with the defaults. Needs the feature `prost-types`.
///
/// # Errors
///
/// As [`Builder::compile_fds`].
#[cfg(feature = "prost-types")]
pub fn compile_fds(fds: prost_types::FileDescriptorSet) -> Result<(), Error> {
    configure().compile_fds(fds)
}

/// The configuration of a build script, made by [`configure`].
#[derive(Clone, Debug)]
#[must_use = "nothing is generated before `compile`"]
pub struct Builder {
    options: Options,
    /// Values that could not be taken, told with everything else that is wrong.
    problems: Vec<Diagnostic>,
    file_descriptor_set_path: Option<PathBuf>,
    source_info: SourceInfo,
    emit_rerun_if_changed: bool,
}

impl Builder {
    fn option(mut self, key: &str, value: &str) -> Self {
        if let Err(error) = self.options.set(key, value) {
            self.problems.extend_from_slice(error.diagnostics());
        }
        self
    }

    /// Sets a folder to any path: a build script decides itself where it writes.
    fn folder(mut self, path: &Path, option: fn(&mut Options) -> &mut options::Folder) -> Self {
        match path.to_str() {
            Some("") => self.problems.push(Diagnostic::error("`out_dir` is empty")),
            Some(path) => option(&mut self.options).0 = path.to_owned(),
            None => self.problems.push(not_utf8("out_dir", path)),
        }
        self
    }

    /// Sets a path: of a file below the output folder, or of one that is read.
    fn path(mut self, key: &str, path: &Path) -> Self {
        match path.to_str() {
            Some(path) => self.option(key, path),
            None => {
                self.problems.push(not_utf8(key, path));
                self
            }
        }
    }

    /// Whether to tell cargo which files to watch. By default wherever cargo runs this.
    pub fn emit_rerun_if_changed(mut self, enable: bool) -> Self {
        self.emit_rerun_if_changed = enable;
        self
    }

    /// Also writes the encoded `google.protobuf.FileDescriptorSet` to this file: all files with their imports,
    /// comments and positions.
    ///
    /// Reflection needs no such file: `FILE_DESCRIPTOR_SET` is generated beside the module tree. This is for
    /// `tonic::include_file_descriptor_set!`, and for other generators.
    pub fn file_descriptor_set_path(mut self, path: impl Into<PathBuf>) -> Self {
        self.file_descriptor_set_path = Some(path.into());
        self
    }

    /// Leaves comments out of what is generated, and comments and positions out of the file of
    /// [`file_descriptor_set_path`](Self::file_descriptor_set_path).
    pub fn skip_source_info(mut self) -> Self {
        self.source_info = SourceInfo::Dropped;
        self.disable_comments(["."])
    }

    /// Reads proto files and writes Rust to `$OUT_DIR`, or to `out_dir` if that is set.
    ///
    /// A folder stands for every `.proto` below it, a file for itself and its public imports. Cargo is told
    /// to run the build script again when one of the files changes, or one that they import, or when a new
    /// file would be found instead of one of them; and only then.
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
        let (input, paths) = Input::read_protos(&protos, &includes);
        self.watch(&paths.read, &paths.absent);
        self.generate(input)
    }

    /// Generates code from an [`Input`]: for build scripts that look at the descriptors first, or hand them to
    /// another generator.
    ///
    /// ```no_run
    /// fn main() -> Result<(), Box<dyn std::error::Error>> {
    ///     let input = rust_svc_build::Input::from_protos(&["proto"], &["proto"])?;
    ///     let _descriptors = input.descriptor_set();
    ///     rust_svc_build::configure().compile_input(input)?;
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`compile`](Self::compile).
    pub fn compile_input(self, input: Input) -> Result<(), Error> {
        self.watch(input.read_paths(), input.absent_paths());
        self.generate(Ok(input))
    }

    fn watch(&self, read: &[PathBuf], absent: &[PathBuf]) {
        if self.emit_rerun_if_changed {
            watch::files(read);
            watch::absent(absent);
            // Without protos on disk cargo watches the whole crate, which a path would end.
            if !read.is_empty() {
                watch::files(&self.options.read_paths());
            }
        }
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

    /// Generates code from linked descriptors, imports included. Needs the feature `prost-types`.
    ///
    /// `prost_types` cannot hold custom options: [`compile_descriptor_set`](Self::compile_descriptor_set)
    /// keeps them.
    ///
    /// # Errors
    ///
    /// As [`compile`](Self::compile).
    #[cfg(feature = "prost-types")]
    pub fn compile_fds(self, fds: prost_types::FileDescriptorSet) -> Result<(), Error> {
        self.compile_descriptor_set(&prost::Message::encode_to_vec(&fds))
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
            tell_cargo("warning", &warning.to_line());
        }
        let changes = match self.options.out_dir() {
            Some(folder) if !is_in_out_dir(folder) => Folder::new(folder).add(&generated.files)?,
            Some(folder) => Folder::new(folder).write(&generated.files)?,
            None => Folder::new(out_dir()?).write(&generated.files)?,
        };
        for warning in &changes.warnings {
            tell_cargo("warning", &warning.to_line());
        }
        match &self.file_descriptor_set_path {
            Some(path) => {
                let set = input.encode(input.files.iter(), self.source_info);
                write_descriptor_set(path, &set)
            }
            None => Ok(()),
        }
    }
}

fn not_utf8(key: &str, path: &Path) -> Diagnostic {
    Diagnostic::error(format!("`{key}`: `{}` is not UTF-8", path.display()))
}

/// Writes a descriptor set. A file that has these bytes already keeps its time.
fn write_descriptor_set(path: &Path, set: &[u8]) -> Result<(), Error> {
    let write = || {
        if std::fs::read(path).is_ok_and(|old| old == set) {
            return Ok(());
        }
        std::fs::create_dir_all(path.parent().unwrap_or(Path::new("")))?;
        std::fs::write(path, set)
    };
    write().map_err(|error| {
        let path = path.display();
        Diagnostic::error(format!(
            "cannot write the descriptor set to `{path}`: {error}"
        ))
        .with_help("choose another file with `file_descriptor_set_path`")
        .into()
    })
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
                .with_help("cargo sets it for build scripts; elsewhere call `out_dir`")
                .into()
        })
}
