//! The descriptors that prost-build gets, and what its output stands for.
//!
//! prost-build makes Rust names and rustdoc by itself, and not always such that they compile. So it
//! is given placeholders instead, wherever the model decided otherwise, and the real thing is put in
//! where they come out again:
//!
//! | in the descriptor | in its output | filled in |
//! |---|---|---|
//! | a name `RSVC_P7` | `RsvcP7` | the Rust name of a type, value or variant |
//! | | `rsvc_p7` | the Rust name of a module or field |
//! | | `RSVC_P7` | the proto name, in strings |
//! | a comment `RsvcDoc7` | `/// RsvcDoc7` | rustdoc, and `#[deprecated]` where prost-build has none |
//!
//! Only what is selected is passed on; what an `extern_path` type is made of goes along, since
//! prost-build looks into it to derive `Copy` and `Eq`, and what comes out of that is dropped.

use std::collections::{BTreeSet, HashMap};

use prost_types::FileDescriptorProto;
use prost_types::source_code_info::Location;

use super::comments::Comments;
use super::ident::{camel, is_blank, snake, variant};
use super::names::{Names, nested_names, oneof_type, real_oneofs};
use super::select::{Selection, top_level};
use crate::descriptor::{Enum, EnumValue, Field, File, Message, Type};
use crate::input::Input;
use crate::options::Options;
use crate::pattern;
use crate::symbols::Symbols;

/// What lowering reads.
pub(crate) struct Source<'a> {
    pub(crate) input: &'a Input,
    pub(crate) options: &'a Options,
    pub(crate) names: &'a Names,
    pub(crate) comments: &'a Comments<'a>,
    pub(crate) selection: &'a Selection,
    pub(crate) symbols: &'a Symbols<'a>,
}

/// Descriptors for prost-build.
#[derive(Debug, Default)]
pub(crate) struct Lowered {
    /// What is to be generated, with the modules it goes to.
    pub(crate) files: Vec<(Vec<String>, FileDescriptorProto)>,
    /// What prost-build only has to know of.
    pub(crate) known: Vec<FileDescriptorProto>,
    pub(crate) placeholders: Placeholders,
}

/// What placeholders stand for.
#[derive(Debug, Default)]
pub(crate) struct Placeholders {
    names: Vec<Name>,
    docs: Vec<Doc>,
    /// Full names of what has a placeholder, or lies below something that has, as prost-build gets
    /// them, by real ones.
    lowered: HashMap<String, String>,
}

#[derive(Debug)]
struct Name {
    proto: String,
    camel: String,
    snake: String,
}

#[derive(Debug)]
struct Doc {
    lines: Vec<String>,
    is_deprecated: bool,
}

pub(crate) fn lower(source: &Source<'_>) -> Lowered {
    let mut placeholders = Placeholders::default();
    for file in &source.input.files {
        placeholders.declare_file(file, source);
    }
    let known = known_types(source);
    let mut lowered = Lowered::default();
    // By name, so that what is in a package's file does not depend on the order of imports.
    let mut files: Vec<&File> = source.input.files.iter().collect();
    files.sort_by_key(|file| &file.name);
    for file in files {
        let mut lowering = Lowering {
            source,
            file,
            placeholders: &mut placeholders,
            locations: Vec::new(),
        };
        let generated = lowering.file(&source.selection.types);
        if !generated.message_type.is_empty() || !generated.enum_type.is_empty() {
            let modules = source.names.package(&file.package);
            lowered.files.push((modules, generated));
        }
        let known = lowering.file(&known);
        if !known.message_type.is_empty() {
            lowered.known.push(known);
        }
    }
    lowered.placeholders = placeholders;
    lowered
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
            if !source.selection.types.contains(&top) && known.insert(top.clone()) {
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

impl Placeholders {
    /// Notes every type of a file whose full name differs from what prost-build gets.
    fn declare_file(&mut self, file: &File, source: &Source<'_>) {
        let package = self.package(&file.package, source);
        let outer = match package.is_empty() {
            true => String::new(),
            false => format!(".{package}"),
        };
        for message in &file.message_type {
            self.declare_message(message, &file.full_name(&message.name), &outer, source);
        }
        for r#enum in &file.enum_type {
            self.declare_enum(r#enum, &file.full_name(&r#enum.name), &outer, source);
        }
    }

    /// A package as prost-build gets it.
    fn package(&mut self, package: &str, source: &Source<'_>) -> String {
        let modules = source.names.package(package);
        let mut full = String::new();
        let mut lowered = String::new();
        for (part, module) in package.split('.').zip(modules) {
            full = format!("{full}.{part}");
            let name = match self.lowered.get(&full) {
                Some(known) => last(known).to_owned(),
                None if module == snake(part) && !is_blank(part) => part.to_owned(),
                None => self.name(part, module.clone(), module),
            };
            lowered = format!("{lowered}.{name}");
            self.note(&full, &lowered);
        }
        lowered.trim_start_matches('.').to_owned()
    }

    fn declare_message(
        &mut self,
        message: &Message,
        full_name: &str,
        outer: &str,
        source: &Source<'_>,
    ) {
        let ident = source.names.r#type(full_name);
        let module = source.names.nested_module(full_name);
        let is_plain = ident == camel(&message.name) && module == snake(&message.name);
        let name = match is_plain && !is_blank(&message.name) {
            true => message.name.clone(),
            false => self.name(&message.name, ident, module),
        };
        let lowered = format!("{outer}.{name}");
        self.note(full_name, &lowered);
        for nested in &message.nested_type {
            self.declare_message(
                nested,
                &format!("{full_name}.{}", nested.name),
                &lowered,
                source,
            );
        }
        for r#enum in &message.enum_type {
            self.declare_enum(
                r#enum,
                &format!("{full_name}.{}", r#enum.name),
                &lowered,
                source,
            );
        }
        for field in message.field.iter().filter(|_| !message.is_map_entry()) {
            self.declare_field(
                field,
                &format!("{full_name}.{}", field.name),
                &lowered,
                source,
            );
        }
        for index in real_oneofs(message) {
            self.declare_oneof(message, index, full_name, &lowered, source);
        }
    }

    fn declare_field(&mut self, field: &Field, full_name: &str, outer: &str, source: &Source<'_>) {
        let (ident, default) = match field.real_oneof() {
            Some(_) => (source.names.oneof_variant(full_name), camel(&field.name)),
            None => (source.names.field(full_name), snake(&field.name)),
        };
        let name = match ident == default && !is_blank(&field.name) {
            true => field.name.clone(),
            false => self.name(&field.name, ident.clone(), ident),
        };
        self.note(full_name, &format!("{outer}.{name}"));
    }

    fn declare_oneof(
        &mut self,
        message: &Message,
        index: usize,
        message_name: &str,
        outer: &str,
        source: &Source<'_>,
    ) {
        let proto = &message.oneof_decl[index].name;
        let full_name = format!("{message_name}.{proto}");
        let ident = source.names.oneof(&full_name, message);
        let field = source.names.field(&full_name);
        // What prost-build would say, with the names of nested types that it gets.
        let nested: Vec<_> = nested_names(message)
            .map(|nested| last(self.resolve(&format!("{message_name}.{nested}"))).to_owned())
            .collect();
        let default = oneof_type(proto, nested.iter().map(String::as_str));
        let name = match ident == default && field == snake(proto) && !is_blank(proto) {
            true => proto.clone(),
            false => self.name(proto, ident, field),
        };
        self.note(&full_name, &format!("{outer}.{name}"));
    }

    fn declare_enum(&mut self, r#enum: &Enum, full_name: &str, outer: &str, source: &Source<'_>) {
        let ident = source.names.r#type(full_name);
        let name = match ident == camel(&r#enum.name) && !is_blank(&r#enum.name) {
            true => r#enum.name.clone(),
            false => self.name(&r#enum.name, ident.clone(), ident),
        };
        let lowered = format!("{outer}.{name}");
        self.note(full_name, &lowered);
        let strip = !source.options.retain_enum_prefix;
        for value in &r#enum.value {
            let value_name = format!("{full_name}.{}", value.name);
            let default = || variant(&r#enum.name, &value.name, strip);
            let ident = source.names.enum_value(&value_name, default);
            // Stripping goes by the enum's name as prost-build gets it.
            let is_plain = ident == variant(&name, &value.name, strip);
            let name = match is_plain && !is_blank(&value.name) {
                true => value.name.clone(),
                false => self.name(&value.name, ident.clone(), ident),
            };
            self.note(&value_name, &format!("{lowered}.{name}"));
        }
    }

    fn name(&mut self, proto: &str, camel: String, snake: String) -> String {
        self.names.push(Name {
            proto: proto.to_owned(),
            camel,
            snake,
        });
        format!("RSVC_P{}", self.names.len() - 1)
    }

    fn note(&mut self, full_name: &str, lowered: &str) {
        if full_name != lowered {
            self.lowered
                .insert(full_name.to_owned(), lowered.to_owned());
        }
    }

    fn doc(&mut self, doc: Doc) -> String {
        self.docs.push(doc);
        format!("RsvcDoc{}", self.docs.len() - 1)
    }

    /// A full name as prost-build gets it.
    pub(crate) fn resolve<'a>(&'a self, full_name: &'a str) -> &'a str {
        self.lowered
            .get(full_name)
            .map_or(full_name, String::as_str)
    }

    /// What prost-build has to be given for a pattern: itself, and all that it means of what has
    /// another name there.
    pub(crate) fn patterns(&self, pattern: &str) -> Vec<String> {
        let mut patterns = vec![pattern.to_owned()];
        // `.` and what stands above all renamed things match those as well.
        let renamed = self.lowered.iter().filter(|(full_name, lowered)| {
            pattern::matches(pattern, full_name) && !pattern::matches(pattern, lowered)
        });
        let mut renamed: Vec<_> = renamed.map(|(_, lowered)| lowered.clone()).collect();
        // The outermost is enough: it matches what is below it.
        renamed.sort();
        renamed.dedup_by(|inner, outer| pattern::is_at_or_below(inner, outer));
        patterns.extend(renamed);
        patterns
    }

    /// Puts names and rustdoc in the place of their placeholders.
    pub(crate) fn fill(&self, text: &str) -> String {
        let mut filled = String::with_capacity(text.len() * 2);
        for line in text.lines() {
            match line.trim_start().strip_prefix("/// RsvcDoc") {
                Some(number) => {
                    let indent = &line[..line.len() - line.trim_start().len()];
                    let doc = number
                        .parse()
                        .ok()
                        .and_then(|number: usize| self.docs.get(number));
                    doc.into_iter()
                        .for_each(|doc| doc.write(indent, &mut filled));
                }
                None => {
                    self.fill_names(line, &mut filled);
                    filled.push('\n');
                }
            }
        }
        filled
    }

    fn fill_names(&self, line: &str, out: &mut String) {
        type Form = (&'static str, fn(&Name) -> &str);
        const FORMS: [Form; 3] = [
            ("RsvcP", |name| &name.camel),
            ("rsvc_p", |name| &name.snake),
            ("RSVC_P", |name| &name.proto),
        ];
        let mut rest = line;
        // Most lines of most packages have none.
        while let Some((at, (prefix, form))) = FORMS
            .iter()
            .filter_map(|form| Some((rest.find(form.0)?, form)))
            .min_by_key(|(at, _)| *at)
        {
            let after = &rest[at + prefix.len()..];
            let digits = after.bytes().take_while(u8::is_ascii_digit).count();
            let name = after[..digits].parse().ok();
            let name = name.and_then(|number: usize| self.names.get(number));
            out.push_str(&rest[..at]);
            match name {
                Some(name) => out.push_str(form(name)),
                // Somebody's own `RsvcP`.
                None => out.push_str(&rest[at..at + prefix.len() + digits]),
            }
            rest = &after[digits..];
        }
        out.push_str(rest);
    }
}

impl Doc {
    fn write(&self, indent: &str, out: &mut String) {
        for line in &self.lines {
            out.extend([indent, "///", line, "\n"]);
        }
        if self.is_deprecated {
            out.extend([indent, "#[deprecated]\n"]);
        }
    }
}

/// Lowers one file.
struct Lowering<'a> {
    source: &'a Source<'a>,
    file: &'a File,
    placeholders: &'a mut Placeholders,
    locations: Vec<Location>,
}

impl Lowering<'_> {
    /// Those of the file's types that are in a set.
    fn file(&mut self, types: &BTreeSet<String>) -> FileDescriptorProto {
        let file = self.file;
        let is_wanted = |name: &str| types.contains(&file.full_name(name));
        let mut lowered = File {
            name: file.name.clone(),
            package: self.placeholders.package(&file.package, self.source),
            syntax: file.syntax.clone(),
            ..File::default()
        };
        for (index, message) in file.message_type.iter().enumerate() {
            if is_wanted(&message.name) {
                let paths = Paths::new(4, index, lowered.message_type.len());
                let message = self.message(message, &file.full_name(&message.name), &paths);
                lowered.message_type.push(message);
            }
        }
        for (index, r#enum) in file.enum_type.iter().enumerate() {
            if is_wanted(&r#enum.name) {
                let paths = Paths::new(5, index, lowered.enum_type.len());
                let r#enum = self.r#enum(r#enum, &file.full_name(&r#enum.name), &paths);
                lowered.enum_type.push(r#enum);
            }
        }
        lowered.source_code_info = Some(prost_types::SourceCodeInfo {
            location: std::mem::take(&mut self.locations),
        });
        lowered.to_prost()
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
            field.is_deprecated() && is_map(field, message),
        );
        Field {
            name: match message.is_map_entry() {
                true => field.name.clone(),
                false => self.lowered_name(&full_name),
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

fn is_map(field: &Field, message: &Message) -> bool {
    let name = last(field.type_name.as_deref().unwrap_or_default());
    let mut nested = message.nested_type.iter();
    nested.any(|nested| nested.is_map_entry() && nested.name == name)
}

fn last(full_name: &str) -> &str {
    full_name.rsplit('.').next().unwrap_or(full_name)
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
