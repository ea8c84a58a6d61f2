//! The Rust path of a proto type, from wherever it is written down.

use std::collections::HashMap;

use super::errors::ErrorEnum;
use super::ident::{camel, snake};
use super::names::Names;
use crate::options::Options;
use crate::symbols::Symbols;

/// Types that are not generated, since a Rust path for them exists already.
pub(crate) struct Externs {
    paths: HashMap<String, String>,
}

impl Externs {
    pub(crate) fn new(options: &Options) -> Self {
        let mut paths: HashMap<String, String> = options.extern_path.0.iter().cloned().collect();
        if !options.compile_well_known_types {
            for (name, path) in well_known(options) {
                paths
                    .entry(format!(".google.protobuf{name}"))
                    .or_insert(path);
            }
        }
        Self { paths }
    }

    /// The path of a type, if it or its package is given one: the longest match counts.
    ///
    /// prost-build resolves the fields of messages by the same rule; this is for rpcs.
    pub(crate) fn resolve(&self, full_name: &str) -> Option<String> {
        if let Some(path) = self.paths.get(full_name) {
            return Some(path.clone());
        }
        let (index, outer) = full_name
            .rmatch_indices('.')
            .find_map(|(index, _)| Some((index, self.paths.get(&full_name[..index])?)))?;
        let mut inner: Vec<_> = full_name[index + 1..].split('.').collect();
        let name = camel(inner.pop()?);
        let modules = outer
            .split("::")
            .enumerate()
            .map(|(index, part)| match part {
                "crate" | "" if index == 0 => part.to_owned(),
                _ => snake(part),
            });
        let path: Vec<_> = modules
            .chain(inner.into_iter().map(snake))
            .chain([name])
            .collect();
        Some(path.join("::"))
    }
}

/// What prost-build maps the well-known types to.
fn well_known(options: &Options) -> [(&'static str, String); 11] {
    let prost = &options.prost_path.0;
    let own = |path: &str| path.to_owned();
    [
        ("", options.prost_types_path.0.clone()),
        (".BoolValue", own("bool")),
        (".BytesValue", format!("{prost}::alloc::vec::Vec<u8>")),
        (".DoubleValue", own("f64")),
        (".Empty", own("()")),
        (".FloatValue", own("f32")),
        (".Int32Value", own("i32")),
        (".Int64Value", own("i64")),
        (".StringValue", format!("{prost}::alloc::string::String")),
        (".UInt32Value", own("u32")),
        (".UInt64Value", own("u64")),
    ]
}

/// Writes type paths as seen from inside a service's module.
pub(crate) struct TypePaths<'a> {
    pub(crate) names: &'a Names,
    pub(crate) externs: &'a Externs,
    pub(crate) symbols: &'a Symbols<'a>,
}

impl TypePaths<'_> {
    /// The path of a type from a module right below the module of `package`.
    pub(crate) fn in_service(&self, package: &str, full_name: &str) -> String {
        self.of_type(package, 1, full_name)
    }

    /// The path of a type from the module of `package` itself.
    pub(crate) fn in_package(&self, package: &str, full_name: &str) -> String {
        self.of_type(package, 0, full_name)
    }

    /// The path of an error type from a module right below the module of `package`. It is in the module of
    /// its package, also if its enum is nested in a message.
    pub(crate) fn error_in_service(&self, package: &str, of: &ErrorEnum) -> String {
        let declared = self.symbols.get(&of.full_name);
        let of_package = declared.map_or("", |declared| declared.file.package.as_str());
        if let Some(path) = self.externs.resolve(&of.full_name) {
            let beside = format!(".{of_package}.{}", of.rust_type);
            return self.externs.resolve(&beside).unwrap_or_else(|| {
                let (modules, _) = path.rsplit_once("::").unwrap_or_default();
                format!("{modules}::{}", of.rust_type)
            });
        }
        self.path(package, 1, self.names.package(of_package), &of.rust_type)
    }

    fn of_type(&self, package: &str, depth: usize, full_name: &str) -> String {
        let path = self.externs.resolve(full_name);
        path.unwrap_or_else(|| {
            let modules = self.modules(full_name);
            self.path(package, depth, modules, &self.names.r#type(full_name))
        })
    }

    /// The path of something in some modules, from so many modules below that of `package`.
    fn path(&self, package: &str, depth: usize, target: Vec<String>, name: &str) -> String {
        let here = self.names.package(package);
        let shared = here.iter().zip(&target).take_while(|(a, b)| a == b).count();
        // One `super` leaves each module of a service.
        let up = std::iter::repeat_n("super".to_owned(), depth + here.len() - shared);
        let path: Vec<_> = up
            .chain(target.into_iter().skip(shared))
            .chain([name.to_owned()])
            .collect();
        path.join("::")
    }

    /// The modules that a type lies in.
    fn modules(&self, full_name: &str) -> Vec<String> {
        let package = self
            .symbols
            .get(full_name)
            .map_or("", |declared| declared.file.package.as_str());
        let mut modules = self.names.package(package);
        let in_package = package.split('.').filter(|part| !part.is_empty()).count();
        let dots = full_name.match_indices('.').map(|(index, _)| index);
        // Every message around the type is a module; the first dot stands before the package.
        let outer = dots.skip(in_package + 1).map(|end| &full_name[..end]);
        modules.extend(outer.map(|message| self.names.nested_module(message)));
        modules
    }
}
