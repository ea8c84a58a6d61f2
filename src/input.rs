//! The input of code generation: linked descriptors of the listed files and of everything that they import.
//!
//! It comes from three sources: [`protos`] compiles a tree on disk, [`request`] reads what protoc and buf hand to
//! a plugin, and a descriptor set is a request without a parameter. [`normalize`] then takes away
//! what differs between them for the same protos.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use rust_svc_compiler::wire::Codec as _;

use crate::descriptor::{File, FileSet};
use crate::diagnostics::{Diagnostic, Error};

mod editions;
mod embedded;
mod linked;
mod normalize;
mod protos;
mod request;
mod required;
mod tree;

pub use embedded::embedded_protos;
pub(crate) use embedded::{is_copy, is_well_known, well_known_types};
use linked::Linked;
pub(crate) use protos::Paths;

/// A proto tree, linked and normalised: what [`generate`](crate::generate) works on.
#[derive(Clone, Debug)]
pub struct Input {
    /// In an order in which every file comes after those that it imports.
    pub(crate) files: Vec<File>,
    /// The names of the files that the user named. The model adds the imports that they bring with them.
    pub(crate) listed: BTreeSet<String>,
    /// Warnings about the protos themselves.
    pub(crate) warnings: Vec<Diagnostic>,
    /// The paths on disk that this depends on.
    paths: Paths,
    /// Whether this comes from a plugin's request. protoc and buf then decide which part of the tree it holds.
    pub(crate) is_from_plugin: bool,
    /// Files as they were declared, by name, where `files` has a changed copy: a file with an edition is in proto3
    /// there, and a required field that leads back to its own message is optional.
    originals: HashMap<String, File>,
}

impl Input {
    /// Reads proto files from disk, and everything they import.
    ///
    /// A folder stands for every `.proto` file below it. A file is given by its path, or by the
    /// name that an import would use; its public imports are generated with it. `google/protobuf/*`, common `google/rpc` and `google/api`
    /// files, `grpc/health/v1/health.proto` and our own `rust_svc/v1/options.proto` are found
    /// without an include folder; a file of that name in one wins.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with the files, each with its place.
    pub fn from_protos(
        protos: &[impl AsRef<Path>],
        includes: &[impl AsRef<Path>],
    ) -> Result<Self, Error> {
        let protos: Vec<_> = protos.iter().map(AsRef::as_ref).collect();
        let includes: Vec<_> = includes.iter().map(AsRef::as_ref).collect();
        Self::read_protos(&protos, &includes).0
    }

    /// Reads an encoded `google.protobuf.FileDescriptorSet`, as `buf build` and
    /// `protoc --include_imports --include_source_info --descriptor_set_out` write it.
    ///
    /// All of its files are listed, but for those of `google/protobuf`.
    ///
    /// # Errors
    ///
    /// Bytes that are no descriptor set, and a set that lacks an import.
    pub fn from_descriptor_set(bytes: &[u8]) -> Result<Self, Error> {
        Self::new(request::read_descriptor_set(bytes)?, Paths::default())
    }

    /// Reads the encoded `google.protobuf.compiler.CodeGeneratorRequest` of a protoc plugin; the
    /// second value is its parameter.
    ///
    /// # Errors
    ///
    /// As [`from_descriptor_set`](Self::from_descriptor_set).
    pub fn from_request(bytes: &[u8]) -> Result<(Self, Option<String>), Error> {
        let (parameter, input) = Self::read_request(bytes)?;
        Ok((input?, parameter))
    }

    /// Reads a request. The outer error is about bytes that are no request, the inner one about its protos.
    pub(crate) fn read_request(
        bytes: &[u8],
    ) -> Result<(Option<String>, Result<Self, Error>), Error> {
        let (parameter, linked) = request::read(bytes)?;
        let input = linked.and_then(|linked| Self::new(linked, Paths::default()));
        let input = input.map(|input| Self {
            is_from_plugin: true,
            ..input
        });
        Ok((parameter, input))
    }

    /// Reads from disk, and says what was looked at even if it is wrong: a build script watches it all.
    pub(crate) fn read_protos(
        protos: &[&Path],
        includes: &[&Path],
    ) -> (Result<Self, Error>, Paths) {
        let (linked, paths) = protos::read(protos, includes);
        let input = linked.and_then(|linked| Self::new(linked, paths.clone()));
        (input, paths)
    }

    /// Keeps only these of the listed files, by their import names, or by folders of them.
    ///
    /// # Errors
    ///
    /// A name that is no file and no folder of the input.
    pub fn list(&mut self, names: &[impl AsRef<str>]) -> Result<(), Error> {
        let mut listed = BTreeSet::new();
        let mut problems = Vec::new();
        for name in names.iter().map(|name| name.as_ref().trim_end_matches('/')) {
            let folder = format!("{name}/");
            let found = self.files.iter().map(|file| &file.name);
            let mut found = found
                .filter(|file| *file == name || file.starts_with(&folder))
                .peekable();
            if found.peek().is_none() {
                problems.push(
                    Diagnostic::error(format!("the descriptor set has no file \"{name}\""))
                        .with_help("files in a set go by the names that imports use"),
                );
            }
            listed.extend(found.cloned());
        }
        if !problems.is_empty() {
            return Err(Error::new(problems));
        }
        self.listed = listed;
        Ok(())
    }

    /// The encoded `google.protobuf.FileDescriptorSet` of the tree, with comments and source positions: every
    /// file after those that it imports. Other generators that start from one need no protoc then either.
    ///
    /// JSON by [`pbjson-build`](https://docs.rs/pbjson-build), with both generators reading the protos once:
    ///
    /// ```ignore
    /// let input = rust_svc_build::Input::from_protos(&["proto"], &["proto"])?;
    /// pbjson_build::Builder::new()
    ///     .register_descriptors(&input.descriptor_set())?
    ///     .build(&[".shop.v1"])?;                            // $OUT_DIR/shop.v1.serde.rs
    /// rust_svc_build::configure().module_tree(false).compile_input(input)?;
    /// ```
    pub fn descriptor_set(&self) -> Vec<u8> {
        self.encode(self.files.iter(), SourceInfo::Kept)
    }

    /// Encodes files as they were declared.
    pub(crate) fn encode<'a>(
        &'a self,
        files: impl Iterator<Item = &'a File>,
        source_info: SourceInfo,
    ) -> Vec<u8> {
        let files = files.map(|file| match source_info {
            SourceInfo::Kept => self.original(file).clone(),
            SourceInfo::Dropped => self.original(file).without_positions(),
        });
        FileSet {
            file: files.collect(),
        }
        .encode_to_vec()
    }

    /// The files and folders on disk that decided what this is: what `rerun-if-changed` names.
    pub fn read_paths(&self) -> &[PathBuf] {
        &self.paths.read
    }

    /// Places on disk at which a new file would change what this is.
    pub(crate) fn absent_paths(&self) -> &[PathBuf] {
        &self.paths.absent
    }

    /// Takes linked files of any origin.
    fn new(linked: Linked, paths: Paths) -> Result<Self, Error> {
        let linked = normalize::normalize(linked)?;
        let mut input = Self {
            files: linked.files,
            listed: linked.listed,
            warnings: linked.warnings,
            paths,
            is_from_plugin: false,
            originals: HashMap::new(),
        };
        input.lower_editions();
        input.relax_required();
        Ok(input)
    }

    /// Puts files in proto3 in place of those with an edition, and keeps the originals for reflection.
    fn lower_editions(&mut self) {
        for file in &mut self.files {
            if file.edition.is_some() {
                let lowered = editions::lower(file);
                let original = std::mem::replace(file, lowered);
                self.originals.insert(file.name.clone(), original);
            }
        }
    }

    /// Makes required fields optional where they lead back to their own message.
    fn relax_required(&mut self) {
        let mut relaxed = required::relaxed(&self.files);
        for file in &mut self.files {
            if let Some(relaxed) = relaxed.remove(&file.name) {
                let original = std::mem::replace(file, relaxed);
                self.originals.entry(file.name.clone()).or_insert(original);
            }
        }
    }

    /// A file as it was declared.
    pub(crate) fn original<'a>(&'a self, file: &'a File) -> &'a File {
        self.originals.get(&file.name).unwrap_or(file)
    }
}

/// Whether descriptors have comments and positions.
#[derive(Clone, Copy, Debug)]
pub(crate) enum SourceInfo {
    Kept,
    Dropped,
}
