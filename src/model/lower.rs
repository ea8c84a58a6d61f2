//! The descriptors that prost-build gets, and what its output stands for.
//!
//! prost-build makes Rust names and rustdoc by itself, and not always such that they compile. So it
//! is given [`Placeholders`] instead, wherever the model decided otherwise, and the real thing is put
//! in where they come out again.
//!
//! Only what is selected is passed on; what an `extern_path` type is made of goes along, since
//! prost-build looks into it to derive `Copy` and `Eq`, and what comes out of that is dropped.

use std::collections::{BTreeSet, HashMap, HashSet};

use prost::Message as _;
use prost_types::FileDescriptorProto;
use prost_types::source_code_info::Location;
use rust_svc_compiler::wire::Codec as _;

use super::comments::Comments;
use super::names::{Names, last};
use super::paths::{TypePaths, well_known};
use super::select::{Selection, top_level};
use super::types::graph::Graph;
use crate::descriptor::{Enum, EnumValue, Field, File, Message, Type};
use crate::input::Input;
use crate::options::Options;
use crate::pattern;
use crate::symbols::Symbols;

mod declare;
mod hoist;
mod placeholders;

use placeholders::Doc;
pub(crate) use placeholders::Placeholders;

/// The input of lowering.
pub(crate) struct Source<'a> {
    pub(crate) input: &'a Input,
    pub(crate) options: &'a Options,
    pub(crate) names: &'a Names,
    pub(crate) comments: &'a Comments<'a>,
    pub(crate) selection: &'a Selection,
    pub(crate) symbols: &'a Symbols<'a>,
    pub(crate) paths: &'a TypePaths<'a>,
    /// Full names that options mean alone, by a `$` at the end.
    pub(crate) alone: HashSet<&'a str>,
}

/// Full names of what options mean alone, and of what that is in: a variant goes by its oneof.
pub(crate) fn alone(options: &Options) -> HashSet<&str> {
    let paths = options.paths().into_iter();
    let exact = paths.filter_map(|(_, _, path)| pattern::exact(path));
    let outer = |path: &'_ str| path.rfind('.').unwrap_or_default();
    exact
        .flat_map(|path| [path, &path[..outer(path)]])
        .collect()
}

impl Source<'_> {
    /// Whether prost-build finds something by its own name, and it alone where that is asked for.
    fn is_found(&self, name: &str, full_name: &str) -> bool {
        !is_blank(name) && !self.alone.contains(full_name)
    }

    /// Whether prost-build finds a oneof by its own name. It has no attributes for oneofs alone, so one with such an
    /// attribute gets a placeholder.
    fn is_oneof_found(&self, name: &str, full_name: &str) -> bool {
        let mut asked = self.options.oneof_attribute.0.iter();
        let is_asked = asked.any(|(pattern, _)| pattern::matches(pattern, full_name));
        !is_asked && self.is_found(name, full_name)
    }
}

/// Descriptors for prost-build.
#[derive(Default)]
pub(crate) struct Lowered {
    /// Files to generate, with the modules that they go to.
    pub(crate) files: Vec<(Vec<String>, FileDescriptorProto)>,
    /// Modules of files that are in the package of the module around them.
    pub(crate) hoisted: BTreeSet<Vec<String>>,
    /// The Rust paths of well-known types, by full name.
    pub(crate) well_known: HashMap<String, String>,
    /// The fields to be boxed.
    pub(crate) boxed: Vec<String>,
    /// Files that prost-build only has to know of.
    pub(crate) known: Vec<FileDescriptorProto>,
    pub(crate) placeholders: Placeholders,
}

pub(crate) fn lower(source: &Source<'_>) -> Lowered {
    let mut placeholders = Placeholders::default();
    for file in &source.input.files {
        placeholders.declare_file(file, source);
    }
    let known = known_types(source);
    let mut lowered = Lowered::default();
    // The order is that of names, so that a package's file does not depend on the order of imports.
    let mut files: Vec<&File> = source.input.files.iter().collect();
    files.sort_by_key(|file| &file.name);
    for file in files {
        let mut lowering = Lowering {
            source,
            file,
            placeholders: &mut placeholders,
            locations: Vec::new(),
            hoisted: Vec::new(),
        };
        let generated = lowering.file(&source.selection.types, Purpose::Generate);
        for (modules, hoisted) in std::mem::take(&mut lowering.hoisted) {
            // The modules around it may have nothing of their own.
            let package = source.names.package(&file.package).len();
            let around = (package + 1..=modules.len()).map(|len| modules[..len].to_vec());
            lowered.hoisted.extend(around);
            lowered.files.push((modules, hoisted));
        }
        if !generated.message_type.is_empty() || !generated.enum_type.is_empty() {
            let modules = source.names.package(&file.package);
            lowered.files.push((modules, generated));
        }
        let known = lowering.file(&known, Purpose::Know);
        if !known.message_type.is_empty() {
            lowered.known.push(known);
        }
    }
    lowered.well_known = well_known(source.options);
    lowered.boxed = boxed(source, &placeholders);
    lowered.placeholders = placeholders;
    lowered
}

/// Whether prost-build is to generate a file, or only to know of it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Purpose {
    Generate,
    Know,
}

/// The fields that are boxed, as prost-build has their paths: those that it boxes itself are among them.
fn boxed(source: &Source<'_>, placeholders: &Placeholders) -> Vec<String> {
    let graph = Graph::new(source.options, source.paths);
    let mut boxed = Vec::new();
    let messages = source.symbols.messages();
    for (name, message) in messages.filter(|(name, _)| source.selection.has(name, source.symbols)) {
        let resolved = |inner: &str| {
            let full_name = format!("{name}.{inner}");
            last(placeholders.resolve(&full_name)).to_owned()
        };
        let outer = placeholders.resolve(name);
        let fields = message.field.iter().enumerate();
        for (_, field) in fields.filter(|(index, _)| graph.is_boxed(name, *index)) {
            let field_name = resolved(&field.name);
            boxed.push(match field.real_oneof() {
                Some(index) => {
                    let oneof = resolved(&message.oneof_decl[index].name);
                    format!("{outer}.{oneof}.{field_name}")
                }
                None => format!("{outer}.{field_name}"),
            });
        }
    }
    boxed.sort();
    boxed
}

/// The types that selected ones reach and that are not selected themselves.
fn known_types(source: &Source<'_>) -> BTreeSet<String> {
    let symbols = source.symbols;
    let mut known = BTreeSet::new();
    let mut queue: Vec<String> = source.selection.types.iter().cloned().collect();
    while let Some(name) = queue.pop() {
        let Some(message) = symbols.message(&name) else {
            continue;
        };
        for reached in field_types(message) {
            let Some(declared) = symbols.get(reached) else {
                continue;
            };
            let top = top_level(reached, declared.file);
            let is_known = !source.selection.types.contains(&top) || source.paths.is_extern(&top);
            if is_known && known.insert(top.clone()) {
                queue.push(top);
            }
        }
    }
    known
}

fn field_types(message: &Message) -> Vec<&str> {
    let own = message
        .field
        .iter()
        .filter_map(|field| field.type_name.as_deref());
    own.chain(message.nested_type.iter().flat_map(field_types))
        .collect()
}

/// Lowers one file.
struct Lowering<'a> {
    source: &'a Source<'a>,
    file: &'a File,
    placeholders: &'a mut Placeholders,
    locations: Vec<Location>,
    /// Files of types that are nested in a message and generated without it, by their modules.
    hoisted: Vec<(Vec<String>, FileDescriptorProto)>,
}

impl Lowering<'_> {
    /// The file with only those of its types that are in a set.
    fn file(&mut self, types: &BTreeSet<String>, purpose: Purpose) -> FileDescriptorProto {
        let file = self.file;
        let is_wanted = |name: &str| types.contains(&file.full_name(name));
        let mut lowered = File {
            name: file.name.clone(),
            package: self.placeholders.package(&file.package, self.source),
            syntax: file.syntax.clone(),
            ..File::default()
        };
        for (index, message) in file.message_type.iter().enumerate() {
            let full_name = file.full_name(&message.name);
            if !is_wanted(&message.name) {
                continue;
            }
            if purpose == Purpose::Generate && self.source.paths.is_extern(&full_name) {
                let modules = self.source.names.package(&file.package);
                self.hoist(message, &full_name, &[4, index as i32], modules);
                continue;
            }
            let paths = Paths::new(4, index, lowered.message_type.len());
            let message = self.message(message, &full_name, &paths);
            lowered.message_type.push(message);
        }
        for (index, r#enum) in file.enum_type.iter().enumerate() {
            if is_wanted(&r#enum.name) {
                let paths = Paths::new(5, index, lowered.enum_type.len());
                let r#enum = self.r#enum(r#enum, &file.full_name(&r#enum.name), &paths);
                lowered.enum_type.push(r#enum);
            }
        }
        let mut prost = to_prost(&lowered).unwrap_or_default();
        prost.source_code_info = Some(prost_types::SourceCodeInfo {
            location: std::mem::take(&mut self.locations),
        });
        prost
    }

    fn message(&mut self, message: &Message, full_name: &str, paths: &Paths) -> Message {
        self.document(paths, full_name, message.is_deprecated());
        let mut lowered = Message {
            name: self.lowered_name(full_name),
            options: message.options.clone(),
            ..Message::default()
        };
        for (index, field) in message.field.iter().enumerate() {
            let paths = paths.child(2, index);
            lowered
                .field
                .push(self.field(field, full_name, message, &paths));
        }
        for (index, nested) in message.nested_type.iter().enumerate() {
            let nested_name = format!("{full_name}.{}", nested.name);
            let nested = self.message(nested, &nested_name, &paths.child(3, index));
            lowered.nested_type.push(nested);
        }
        for (index, r#enum) in message.enum_type.iter().enumerate() {
            let enum_name = format!("{full_name}.{}", r#enum.name);
            let r#enum = self.r#enum(r#enum, &enum_name, &paths.child(4, index));
            lowered.enum_type.push(r#enum);
        }
        for (index, oneof) in message.oneof_decl.iter().enumerate() {
            let oneof_name = format!("{full_name}.{}", oneof.name);
            self.document(&paths.child(8, index), &oneof_name, false);
            lowered.oneof_decl.push(crate::descriptor::Oneof {
                name: self.lowered_name(&oneof_name),
                options: None,
            });
        }
        lowered
    }

    fn field(&mut self, field: &Field, outer: &str, message: &Message, paths: &Paths) -> Field {
        let full_name = format!("{outer}.{}", field.name);
        // prost-build marks all fields but maps.
        self.document(
            paths,
            &full_name,
            field.is_deprecated() && message.map_entry(field).is_some(),
        );
        Field {
            name: if message.is_map_entry() {
                field.name.clone()
            } else {
                self.lowered_name(&full_name)
            },
            type_name: field
                .type_name
                .as_deref()
                .map(|name| self.placeholders.resolve(name).to_owned()),
            default_value: self.default_value(field),
            extendee: None,
            ..field.clone()
        }
    }

    /// The default of an enum field is the name of a value.
    fn default_value(&self, field: &Field) -> Option<String> {
        let default = field.default_value.clone()?;
        match (field.r#type(), field.type_name.as_deref()) {
            (Type::Enum, Some(r#enum)) => Some(self.lowered_name(&format!("{}.{default}", r#enum))),
            _ => Some(default),
        }
    }

    fn r#enum(&mut self, r#enum: &Enum, full_name: &str, paths: &Paths) -> Enum {
        self.document(paths, full_name, r#enum.is_deprecated());
        let mut lowered = Enum {
            name: self.lowered_name(full_name),
            options: r#enum.options.clone(),
            ..Enum::default()
        };
        for (index, value) in r#enum.value.iter().enumerate() {
            let value_name = format!("{full_name}.{}", value.name);
            self.document(&paths.child(2, index), &value_name, false);
            lowered.value.push(EnumValue {
                name: self.lowered_name(&value_name),
                ..value.clone()
            });
        }
        lowered
    }

    fn lowered_name(&self, full_name: &str) -> String {
        last(self.placeholders.resolve(full_name)).to_owned()
    }

    /// prost-build wants a location for everything.
    fn document(&mut self, paths: &Paths, full_name: &str, is_deprecated: bool) {
        let lines = self
            .source
            .comments
            .docs(&self.file.name, &paths.source, full_name);
        let is_needed = is_deprecated || !lines.is_empty();
        let comment = is_needed.then(|| {
            self.placeholders.doc(Doc {
                lines,
                is_deprecated,
            })
        });
        self.locations.push(Location {
            path: paths.lowered.clone(),
            span: vec![0, 0, 0],
            leading_comments: comment,
            ..Location::default()
        });
    }
}

/// The descriptor path of an item in its file, and in what is left of that file.
struct Paths {
    source: Vec<i32>,
    lowered: Vec<i32>,
}

impl Paths {
    fn new(field: i32, source: usize, lowered: usize) -> Self {
        Self {
            source: vec![field, source as i32],
            lowered: vec![field, lowered as i32],
        }
    }

    fn child(&self, field: i32, index: usize) -> Self {
        let child = [field, index as i32];
        Self {
            source: [self.source.as_slice(), &child].concat(),
            lowered: [self.lowered.as_slice(), &child].concat(),
        }
    }
}

/// A file as prost-types sees it, without custom options; `None` where its options are not what
/// descriptor.proto says.
fn to_prost(file: &File) -> Option<FileDescriptorProto> {
    FileDescriptorProto::decode(file.encode_to_vec().as_slice()).ok()
}

/// Whether nothing of a name is left in Rust's spelling, as of `__`.
fn is_blank(name: &str) -> bool {
    name.bytes().all(|byte| byte == b'_')
}
