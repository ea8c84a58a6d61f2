//! What code is generated from: linked descriptors of the listed files and of all that they import.
//!
//! Three sources, one form: [`protos`] compiles a tree on disk, [`request`] reads what protoc and buf hand to
//! a plugin, and a descriptor set is a request without a parameter. [`normalize`] then takes away
//! what differs between them for the same protos.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use rust_svc_compiler::wire::Codec as _;

use crate::descriptor::{File, FileSet};
use crate::diagnostics::{Diagnostic, Error};

mod editions;
mod embedded;
mod normalize;
mod protos;
mod request;
mod tree;

pub use embedded::embedded_protos;
pub(crate) use embedded::well_known_types;

/// A proto tree, linked and normalised: what [`generate`](crate::generate) works on.
#[derive(Clone, Debug)]
pub struct Input {
    /// In an order in which every file comes after those that it imports.
    pub(crate) files: Vec<File>,
    /// The names of the files to generate code for.
    pub(crate) listed: BTreeSet<String>,
    /// What may surprise about the protos themselves.
    pub(crate) warnings: Vec<Diagnostic>,
    /// What was read from disk.
    read: Vec<PathBuf>,
    /// Files with an edition as they were, by name: those in `files` are in proto3.
    originals: HashMap<String, File>,
}

impl Input {
    /// Reads proto files from disk, and everything they import.
    ///
    /// A folder stands for every `.proto` file below it. A file is given by its path, or by the
    /// name that an import would use. `google/protobuf/*`, common `google/rpc` and `google/api`
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
        protos::read(&protos, &includes).result
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
        request::read_descriptor_set(bytes)
    }

    /// Reads the encoded `google.protobuf.compiler.CodeGeneratorRequest` of a protoc plugin; the
    /// second value is its parameter.
    ///
    /// # Errors
    ///
    /// As [`from_descriptor_set`](Self::from_descriptor_set).
    pub fn from_request(bytes: &[u8]) -> Result<(Self, Option<String>), Error> {
        let (parameter, input) = request::read(bytes)?;
        Ok((input?, parameter))
    }

    /// Tells a request that is none, the outer error, from one whose protos have mistakes.
    pub(crate) fn read_request(
        bytes: &[u8],
    ) -> Result<(Option<String>, Result<Self, Error>), Error> {
        request::read(bytes)
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
                problems.push(plain(
                    format!("the descriptor set has no file \"{name}\""),
                    "files in a set go by the names that imports use",
                ));
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
    pub fn descriptor_set(&self) -> Vec<u8> {
        let files = self.files.iter().map(|file| self.original(file).clone());
        FileSet {
            file: files.collect(),
        }
        .encode_to_vec()
    }

    /// The files and folders on disk that decided what this is: what `rerun-if-changed` names.
    pub fn read_paths(&self) -> &[PathBuf] {
        &self.read
    }

    /// Takes linked files of any origin.
    fn new(
        files: Vec<File>,
        listed: BTreeSet<String>,
        warnings: Vec<Diagnostic>,
        read: Vec<PathBuf>,
    ) -> Result<Self, Error> {
        let input = Self {
            files,
            listed,
            warnings,
            read,
            originals: HashMap::new(),
        };
        let mut input = normalize::normalize(input)?;
        input.lower_editions();
        Ok(input)
    }

    /// Code is generated from files in proto3, and reflection is told of editions.
    fn lower_editions(&mut self) {
        for file in &mut self.files {
            if file.edition.is_some() {
                let lowered = editions::lower(file);
                let original = std::mem::replace(file, lowered);
                self.originals.insert(file.name.clone(), original);
            }
        }
    }

    /// A file as it was declared.
    pub(crate) fn original<'a>(&'a self, file: &'a File) -> &'a File {
        self.originals.get(&file.name).unwrap_or(file)
    }
}

/// What reading gives: the input or its errors, and in both cases what was read on the way.
pub(crate) struct Reading {
    pub(crate) result: Result<Input, Error>,
    pub(crate) read: Vec<PathBuf>,
}

/// Reads from disk, and keeps what was read even if it is wrong: a build script watches it all.
pub(crate) fn read_protos(protos: &[&Path], includes: &[&Path]) -> Reading {
    protos::read(protos, includes)
}

/// An error without a place, for what is not in a proto file.
fn plain(message: impl Into<String>, help: &str) -> Diagnostic {
    Diagnostic::error(message).help(help)
}
