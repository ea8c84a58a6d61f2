//! Selection of what is generated: the listed files, limited by `include` and `exclude`, and the types that they use.
//!
//! One import of `google/api/annotations.proto` reaches no type, and costs nothing. The unit is a
//! type at top level with all that is nested in it.

use std::collections::BTreeSet;

use super::errors::Catalog;
use super::listed::Listed;
use super::paths::Externs;
use crate::descriptor::{File, Message};
use crate::diagnostics::{Diagnostic, Error};
use crate::options::{Imports, Options};
use crate::pattern;
use crate::symbols::{Symbol, Symbols};

mod warnings;

/// Full names, with a leading dot, of what is generated.
#[derive(Default)]
pub(crate) struct Selection {
    pub(crate) types: BTreeSet<String>,
    pub(crate) services: BTreeSet<String>,
}

impl Selection {
    /// Whether a type or a service at top level is generated.
    pub(super) fn has_declared(&self, full_name: &str) -> bool {
        self.types.contains(full_name) || self.services.contains(full_name)
    }

    /// Whether a type is generated, by itself or in another.
    pub(super) fn has(&self, full_name: &str, symbols: &Symbols<'_>) -> bool {
        let declared = symbols.get(full_name);
        let top = declared.map(|declared| top_level(full_name, declared.file));
        top.is_some_and(|top| self.types.contains(&top))
    }
}

pub(super) fn select(
    listed: &Listed<'_>,
    symbols: &Symbols<'_>,
    externs: &Externs,
    catalog: &Catalog,
) -> Result<Selection, Error> {
    let input = listed.input;
    let mut selecting = Selecting {
        options: listed.options,
        listed,
        symbols,
        externs,
        catalog,
        selection: Selection::default(),
        queue: Vec::new(),
        problems: Vec::new(),
    };
    for file in &input.files {
        selecting.roots(file);
    }
    selecting.reach();
    if selecting.problems.is_empty() {
        Ok(selecting.selection)
    } else {
        Err(Error::new(selecting.problems))
    }
}

struct Selecting<'a> {
    options: &'a Options,
    listed: &'a Listed<'a>,
    symbols: &'a Symbols<'a>,
    externs: &'a Externs,
    catalog: &'a Catalog,
    selection: Selection,
    /// Selected types whose fields were not looked at yet.
    queue: Vec<String>,
    problems: Vec<Diagnostic>,
}

/// Whether patterns of `include` or `exclude` name something.
pub(super) fn is_named(patterns: &[String], full_name: &str) -> bool {
    let mut patterns = patterns.iter();
    patterns.any(|pattern| pattern::names(pattern, full_name))
}

impl Selecting<'_> {
    fn is_root(&self, file: &File, full_name: &str) -> bool {
        let include = &self.options.include.0;
        let is_included = if include.is_empty() {
            self.listed.has(&file.name)
        } else {
            // A nested type brings the one that it is nested in.
            let inner = format!("{}.", &full_name[1..]);
            let is_inner = |pattern: &String| pattern.trim_start_matches('.').starts_with(&inner);
            is_named(include, full_name) || include.iter().any(is_inner)
        };
        is_included && !is_named(&self.options.exclude.0, full_name)
    }

    fn roots(&mut self, file: &File) {
        let messages = file.message_type.iter().map(|message| &message.name);
        let enums = file.enum_type.iter().map(|r#enum| &r#enum.name);
        for name in messages.chain(enums) {
            let full_name = file.full_name(name);
            if self.is_root(file, &full_name) && self.externs.resolve(&full_name).is_none() {
                self.add_type(full_name);
            }
        }
        for (index, service) in file.service.iter().enumerate() {
            let full_name = file.full_name(&service.name);
            if !self.is_root(file, &full_name) {
                continue;
            }
            for (method_index, method) in service.method.iter().enumerate() {
                let path = [6, index as i32, 2, method_index as i32];
                for name in [&method.input_type, &method.output_type] {
                    self.reach_type(name, file, &path);
                }
                let listed = self
                    .catalog
                    .listed
                    .get(&format!("{full_name}.{}", method.name));
                for (name, _) in listed.into_iter().flatten() {
                    self.reach_type(name, file, &path);
                }
            }
            self.selection.services.insert(full_name);
        }
    }

    fn add_type(&mut self, full_name: String) {
        if self.selection.types.insert(full_name.clone()) {
            self.queue.push(full_name);
        }
    }

    fn reach(&mut self) {
        while let Some(full_name) = self.queue.pop() {
            let Some(declared) = self.symbols.get(&full_name) else {
                continue;
            };
            for (name, of) in self.catalog.within(&full_name) {
                for detail in self.catalog.details_of(name) {
                    self.reach_type(detail, declared.file, &of.path);
                }
            }
            let mut messages = declared.file.message_type.iter();
            if let Symbol::Message(message) = declared.symbol
                && let Some(index) = messages.position(|other| std::ptr::eq(other, message))
            {
                let mut path = vec![4, index as i32];
                self.reach_from(message, &full_name, declared.file, &mut path);
            }
        }
    }

    fn reach_from(&mut self, message: &Message, full_name: &str, file: &File, path: &mut Vec<i32>) {
        // prost-types has the message: only nested types that prost-types lacks are generated.
        let is_extern = self.externs.resolve(full_name).is_some();
        let fields = message.field.iter().enumerate();
        for (index, field) in fields.filter(|_| !is_extern) {
            if let Some(name) = &field.type_name {
                path.extend([2, index as i32]);
                self.reach_type(name, file, path);
                path.truncate(path.len() - 2);
            }
        }
        for (index, nested) in message.nested_type.iter().enumerate() {
            path.extend([3, index as i32]);
            let full_name = format!("{full_name}.{}", nested.name);
            self.reach_from(nested, &full_name, file, path);
            path.truncate(path.len() - 2);
        }
    }

    fn reach_type(&mut self, name: &str, file: &File, path: &[i32]) {
        let Some(declared) = self.symbols.get(name) else {
            return;
        };
        if self.externs.resolve(name).is_some() {
            return;
        }
        let top = top_level(name, declared.file);
        if is_named(&self.options.exclude.0, &top) {
            let message = format!("`{}` is excluded, and used here", &top[1..]);
            self.problems.push(
                Diagnostic::error(message)
                    .with_label(file.place(path), "")
                    .with_help(format!("exclude this as well, or say where the type is: `extern_path={top}=::some::Path`")),
            );
        } else if self.options.imports != Imports::None || self.listed.has(&declared.file.name) {
            self.add_type(top);
        }
    }
}

/// The type at top level that a type is, or is nested in.
pub(crate) fn top_level(full_name: &str, file: &File) -> String {
    let package = file.full_name("").len();
    let end = full_name[package..]
        .find('.')
        .map_or(full_name.len(), |dot| package + dot);
    full_name[..end].to_owned()
}

/// The full names of what a file declares at top level: types and services.
pub(super) fn declared_names(file: &File) -> Vec<String> {
    let messages = file.message_type.iter().map(|message| &message.name);
    let enums = file.enum_type.iter().map(|r#enum| &r#enum.name);
    let services = file.service.iter().map(|service| &service.name);
    messages
        .chain(enums)
        .chain(services)
        .map(|name| file.full_name(name))
        .collect()
}
