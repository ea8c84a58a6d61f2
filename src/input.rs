//! What code is generated from: linked descriptors of the listed files and of all that they import.
//!
//! Three sources, one form: [`protox`] reads a tree on disk, [`request`] what protoc and buf hand to
//! a plugin, and a descriptor set is a request without a parameter. [`normalize`] then takes away
//! what differs between them for the same protos.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use prost::Message as _;

use crate::descriptor::{File, FileSet};
use crate::diagnostics::{Diagnostic, Error, Place};

mod canonical;
mod check;
mod editions;
mod embedded;
mod floats;
mod hidden;
mod link;
mod normalize;
mod parse;
mod protox;
mod raw_options;
mod request;
mod required;
mod rules;
mod scope;
mod suggest;
pub(crate) mod syntax;
mod tree;

pub(crate) use editions::{EnumType, Features, SUPPORTED_EDITIONS, Target, Utf8};
pub use embedded::embedded_protos;
pub(crate) use embedded::{is_copy, is_well_known, well_known_types};

/// A proto tree, linked and normalised: what [`generate`](crate::generate) works on.
#[derive(Clone, Debug)]
pub struct Input {
    /// In an order in which every file comes after those that it imports.
    pub(crate) files: Vec<File>,
    /// The names of the files that were named. What they bring with them is the model's to say.
    pub(crate) listed: BTreeSet<String>,
    /// The text of the files, where it is at hand.
    pub(crate) sources: Sources,
    /// What was read from disk.
    read: Vec<PathBuf>,
    /// Whether protoc or buf decides what this is of the whole tree.
    pub(crate) is_from_plugin: bool,
    /// Files as they were declared, by name, where those in `files` are not: with an edition, those are in proto3,
    /// and a message that requires itself is optional there.
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
        protox::read(&protos, &includes).result
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

    /// Descriptors as they were declared.
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
        &self.read
    }

    /// Links descriptors of any origin.
    fn new(
        files: Vec<File>,
        listed: BTreeSet<String>,
        sources: Sources,
        read: Vec<PathBuf>,
    ) -> Result<Self, Error> {
        let input = Self {
            files,
            listed,
            sources,
            read,
            is_from_plugin: false,
            originals: HashMap::new(),
        };
        check::check(&input)?;
        let mut input = normalize::normalize(input)?;
        input.lower_editions();
        input.relax_required();
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

    /// No message can require itself.
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

/// The texts of proto files by import name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sources {
    files: HashMap<String, Source>,
}

/// The text of one file.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    /// As the user would name the file.
    pub(crate) path: Arc<str>,
    pub(crate) text: Arc<str>,
}

impl Source {
    /// The place of some bytes of the text.
    pub(crate) fn place(&self, offset: usize, length: usize) -> Place {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let before = &self.text[..offset];
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line = self.text[start..].lines().next().unwrap_or_default();
        let column = before[start..].chars().count();
        let left = line.chars().count().saturating_sub(column);
        Place {
            file: Arc::clone(&self.path),
            position: Some((before.matches('\n').count() as u32 + 1, column as u32 + 1)),
            length: length.clamp(1, left.max(1)) as u32,
            line: Some(line.to_owned()),
        }
    }

    /// The place of a line and column as protox counts them: from 0, in bytes.
    fn place_at(&self, line: usize, column: usize, length: u32) -> Place {
        let text = self.text.lines().nth(line);
        let before = text.and_then(|text| text.get(..column));
        let column = before.map_or(column, |before| before.chars().count());
        Place {
            file: Arc::clone(&self.path),
            position: Some((line as u32 + 1, column as u32 + 1)),
            length,
            line: text.map(str::to_owned),
        }
    }
}

impl Sources {
    pub(crate) fn add(&mut self, name: &str, source: Source) {
        self.files.insert(name.to_owned(), source);
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Source> {
        self.files.get(name)
    }

    /// Where the item at a descriptor path stands, as far as is known.
    pub(crate) fn place(&self, file: &File, path: &[i32]) -> Place {
        let location = file.source_code_info.as_ref().and_then(|info| {
            // The name of an item (field 1 of all of them) is a better place than its whole body.
            let name: Vec<i32> = path.iter().copied().chain([1]).collect();
            let find = |path: &[i32]| info.location.iter().find(|location| location.path == path);
            find(&name).or_else(|| find(path))
        });
        let span = location.map(|location| location.span.as_slice());
        let (line, column, length) = match span {
            Some(&[line, start, end]) => (line, start, end.saturating_sub(start)),
            Some(&[line, start, _, _]) => (line, start, 1),
            _ => return self.file(&file.name),
        };
        let (line, column) = (line.max(0) as usize, column.max(0) as usize);
        match self.get(&file.name) {
            Some(source) => source.place_at(line, column, length.max(1) as u32),
            None => Place {
                position: Some((line as u32 + 1, column as u32 + 1)),
                ..Place::file(&file.name)
            },
        }
    }

    /// Where a text stands in the declaration at a descriptor path; its name where that cannot be told.
    pub(crate) fn place_in(&self, file: &File, path: &[i32], text: &str) -> Place {
        let found = self.find_in(file, path, text);
        found.unwrap_or_else(|| self.place(file, path))
    }

    fn find_in(&self, file: &File, path: &[i32], text: &str) -> Option<Place> {
        let source = self.get(&file.name).filter(|_| !text.is_empty())?;
        let mut locations = file.source_code_info.as_ref()?.location.iter();
        let location = locations.find(|location| location.path == path)?;
        let (first, last) = match *location.span.as_slice() {
            [line, _, _] => (line, line),
            [first, _, last, _] => (first, last),
            _ => return None,
        };
        let (first, last) = (usize::try_from(first).ok()?, usize::try_from(last).ok()?);
        let mut lines = source.text.lines().enumerate().take(last + 1).skip(first);
        lines.find_map(|(number, line)| {
            // As a word of its own, and not as a part of one.
            let is_word = |c: char| c.is_alphanumeric() || c == '_';
            let mut found = line.match_indices(text).filter(|(at, _)| {
                let before = line[..*at].chars().next_back();
                let behind = line[at + text.len()..].chars().next();
                !before.is_some_and(is_word) && !behind.is_some_and(is_word)
            });
            let (at, _) = found.next()?;
            Some(source.place_at(number, at, text.chars().count() as u32))
        })
    }

    fn file(&self, name: &str) -> Place {
        match self.get(name) {
            Some(source) => Place::file(&source.path),
            None => Place::file(name),
        }
    }
}

/// What reading gives: the input or its errors, and in both cases what was read on the way.
pub(crate) struct Reading {
    pub(crate) result: Result<Input, Error>,
    pub(crate) read: Vec<PathBuf>,
    /// Where there is no file, and one would be read instead of another.
    pub(crate) absent: Vec<PathBuf>,
}

/// Reads from disk, and keeps what was read even if it is wrong: a build script watches it all.
pub(crate) fn read_protos(protos: &[&Path], includes: &[&Path]) -> Reading {
    protox::read(protos, includes)
}

/// An error without a place, for what is not in a proto file.
fn plain(message: impl Into<String>, help: &str) -> Diagnostic {
    Diagnostic::error(message).help(help)
}
