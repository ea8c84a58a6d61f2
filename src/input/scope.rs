//! Makes partly qualified names full names, by the rules of protoc.
//!
//! prost-reflect 0.16 takes the first part of `config.core.v3.Address` for any package of that name,
//! also one that the file does not import, and then does not find the rest in it. In a tree such as
//! Envoy's that breaks one file in four, depending on what else is compiled. A name looks only into
//! the file itself, its imports, and what those import publicly:
//! <https://protobuf.dev/programming-guides/proto3/#name-resolution>.
//!
//! A name that is not found stays as it is: the linker says why.

use std::collections::{HashMap, HashSet};

use super::parse::{Kind, tokens};

use prost_types::{
    DescriptorProto, EnumDescriptorProto, FieldDescriptorProto, FileDescriptorProto,
    UninterpretedOption,
};

/// Replaces every reference by its full name with a leading dot.
///
/// `files` are in an order in which every file comes after its imports.
pub(super) fn qualify(files: &mut [FileDescriptorProto]) {
    let mut symbols = HashMap::new();
    for (index, file) in files.iter().enumerate() {
        declare(file, index, &mut symbols);
    }
    let mut public: HashMap<String, HashSet<usize>> = HashMap::new();
    for index in 0..files.len() {
        let visible = visible_files(&files[index], index, &mut public);
        let packages = visible
            .iter()
            .flat_map(|&file| prefixes(files[file].package()).map(str::to_owned))
            .collect();
        let scope = Visible {
            symbols: &symbols,
            files: visible,
            packages,
        };
        qualify_file(&mut files[index], &scope);
    }
}

/// The file, its imports and their public imports; notes the file's own public imports.
pub(super) fn visible_files(
    file: &FileDescriptorProto,
    index: usize,
    public: &mut HashMap<String, HashSet<usize>>,
) -> HashSet<usize> {
    let mut visible = HashSet::from([index]);
    let mut own = HashSet::from([index]);
    for (position, import) in file.dependency.iter().enumerate() {
        let Some(files) = public.get(import) else {
            continue;
        };
        visible.extend(files);
        if file.public_dependency.contains(&(position as i32)) {
            own.extend(files);
        }
    }
    public.insert(file.name().to_owned(), own);
    visible
}

/// `a.b.c`, `a.b`, `a`.
fn prefixes(name: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(name), |name| {
        name.rsplit_once('.').map(|(outer, _)| outer)
    })
    .filter(|name| !name.is_empty())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Symbol {
    /// A message or an enum: a name can go on into it, and it is a type.
    Type,
    Service,
    Other,
}

type Symbols = HashMap<String, (usize, Symbol)>;

fn declare(file: &FileDescriptorProto, index: usize, symbols: &mut Symbols) {
    let package = file.package();
    for message in &file.message_type {
        declare_message(message, package, index, symbols);
    }
    for r#enum in &file.enum_type {
        declare_enum(r#enum, package, index, symbols);
    }
    for service in &file.service {
        let name = join(package, service.name());
        for method in &service.method {
            symbols.insert(join(&name, method.name()), (index, Symbol::Other));
        }
        symbols.insert(name, (index, Symbol::Service));
    }
    for extension in &file.extension {
        symbols.insert(join(package, extension.name()), (index, Symbol::Other));
    }
}

fn declare_message(message: &DescriptorProto, scope: &str, index: usize, symbols: &mut Symbols) {
    let name = join(scope, message.name());
    for nested in &message.nested_type {
        declare_message(nested, &name, index, symbols);
    }
    for r#enum in &message.enum_type {
        declare_enum(r#enum, &name, index, symbols);
    }
    for field in message.field.iter().chain(&message.extension) {
        symbols.insert(join(&name, field.name()), (index, Symbol::Other));
    }
    symbols.insert(name, (index, Symbol::Type));
}

fn declare_enum(r#enum: &EnumDescriptorProto, scope: &str, index: usize, symbols: &mut Symbols) {
    for value in &r#enum.value {
        // Enum values are siblings of their enum, as in C++.
        symbols.insert(join(scope, value.name()), (index, Symbol::Other));
    }
    symbols.insert(join(scope, r#enum.name()), (index, Symbol::Type));
}

fn join(scope: &str, name: &str) -> String {
    match scope.is_empty() {
        true => name.to_owned(),
        false => format!("{scope}.{name}"),
    }
}

/// What one file sees.
struct Visible<'a> {
    symbols: &'a Symbols,
    files: HashSet<usize>,
    packages: HashSet<String>,
}

impl Visible<'_> {
    fn symbol(&self, name: &str) -> Option<Symbol> {
        let &(file, symbol) = self.symbols.get(name)?;
        self.files.contains(&file).then_some(symbol)
    }

    /// Whether a name can go on after this one.
    fn is_scope(&self, name: &str) -> bool {
        self.packages.contains(name)
            || matches!(self.symbol(name), Some(Symbol::Type | Symbol::Service))
    }

    /// Innermost scope first. The scope that has the first part of the name decides; a plain name
    /// goes on outward past what is not of the kind that is looked for.
    fn find(&self, name: &str, scope: &str, wanted: fn(Symbol) -> bool) -> Option<String> {
        let first = name.split('.').next().unwrap_or(name);
        for outer in prefixes(scope).chain([""]) {
            let full = join(outer, name);
            let found = self.symbol(&full).is_some_and(wanted);
            if first.len() == name.len() {
                if found {
                    return Some(full);
                }
            } else if self.is_scope(&join(outer, first)) {
                return found.then_some(full);
            }
        }
        None
    }

    fn qualify(&self, name: &mut String, scope: &str, wanted: fn(Symbol) -> bool) {
        if name.starts_with('.') {
            return;
        }
        if let Some(full) = self.find(name, scope, wanted) {
            *name = format!(".{full}");
        }
    }

    fn qualify_type(&self, name: &mut Option<String>, scope: &str) {
        if let Some(name) = name {
            self.qualify(name, scope, |symbol| symbol == Symbol::Type);
        }
    }

    fn qualify_options<'o>(
        &self,
        options: impl IntoIterator<Item = &'o mut Vec<UninterpretedOption>>,
        scope: &str,
    ) {
        for option in options.into_iter().flatten() {
            for part in option.name.iter_mut().filter(|part| part.is_extension) {
                self.qualify(&mut part.name_part, scope, |symbol| symbol == Symbol::Other);
            }
            if let Some(text) = &mut option.aggregate_value {
                self.qualify_text(text, scope);
            }
        }
    }

    /// Extensions in the text of a message: `{ [name]: value }`.
    fn qualify_text(&self, text: &mut String, scope: &str) {
        if !text.contains('[') {
            return;
        }
        let (tokens, _) = tokens(text);
        let mut edits = Vec::new();
        for (at, token) in tokens.iter().enumerate() {
            // A list comes behind a colon.
            let is_value = at > 0 && tokens[at - 1].kind == Kind::Mark(':');
            if token.kind != Kind::Mark('[') || is_value {
                continue;
            }
            let words = tokens[at + 1..].iter();
            let words =
                words.take_while(|token| matches!(token.kind, Kind::Word | Kind::Mark('.')));
            let words: Vec<_> = words.map(|token| token.range.clone()).collect();
            let Some(last) = words.last() else {
                continue;
            };
            let range = token.range.end..last.end;
            let mut name: String = words.into_iter().map(|word| &text[word]).collect();
            self.qualify(&mut name, scope, |symbol| symbol == Symbol::Other);
            edits.push((range, name.trim_start_matches('.').to_owned()));
        }
        for (range, name) in edits.into_iter().rev() {
            text.replace_range(range, &name);
        }
    }
}

/// The uninterpreted options of anything that has options.
macro_rules! options {
    ($item:expr) => {
        $item
            .options
            .as_mut()
            .map(|options| &mut options.uninterpreted_option)
    };
}

fn qualify_file(file: &mut FileDescriptorProto, visible: &Visible<'_>) {
    let package = file.package().to_owned();
    visible.qualify_options(options!(file), &package);
    for message in &mut file.message_type {
        qualify_message(message, &package, visible);
    }
    for r#enum in &mut file.enum_type {
        qualify_enum(r#enum, &package, visible);
    }
    for extension in &mut file.extension {
        qualify_field(extension, &package, visible);
    }
    for service in &mut file.service {
        let scope = join(&package, service.name());
        visible.qualify_options(options!(service), &scope);
        for method in &mut service.method {
            let types = [&mut method.input_type, &mut method.output_type];
            for name in types.into_iter().flatten() {
                // protoc goes past nothing here: an rpc hides a message of its name.
                visible.qualify(name, &scope, |_| true);
            }
            visible.qualify_options(options!(method), &scope);
        }
    }
}

fn qualify_message(message: &mut DescriptorProto, outer: &str, visible: &Visible<'_>) {
    let scope = join(outer, message.name());
    visible.qualify_options(options!(message), &scope);
    for nested in &mut message.nested_type {
        qualify_message(nested, &scope, visible);
    }
    for r#enum in &mut message.enum_type {
        qualify_enum(r#enum, &scope, visible);
    }
    for field in message.field.iter_mut().chain(&mut message.extension) {
        qualify_field(field, &scope, visible);
    }
    for oneof in &mut message.oneof_decl {
        visible.qualify_options(options!(oneof), &scope);
    }
    for range in &mut message.extension_range {
        visible.qualify_options(options!(range), &scope);
    }
}

fn qualify_enum(r#enum: &mut EnumDescriptorProto, outer: &str, visible: &Visible<'_>) {
    let scope = join(outer, r#enum.name());
    visible.qualify_options(options!(r#enum), &scope);
    for value in &mut r#enum.value {
        visible.qualify_options(options!(value), &scope);
    }
}

fn qualify_field(field: &mut FieldDescriptorProto, scope: &str, visible: &Visible<'_>) {
    visible.qualify_type(&mut field.type_name, scope);
    visible.qualify_type(&mut field.extendee, scope);
    visible.qualify_options(options!(field), scope);
}
