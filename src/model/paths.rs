//! The Rust path of a proto type, from wherever it is written down.

use std::collections::{HashMap, HashSet};

use super::errors::ErrorEnum;
use super::ident::{camel, snake};
use super::names::Names;
use super::prost_types;
use crate::input::well_known_types;
use crate::options::Options;
use crate::symbols::Symbols;

/// Types that are not generated, since a Rust path for them exists already.
pub(crate) struct Externs {
    paths: HashMap<String, Extern>,
}

struct Extern {
    path: String,
    /// Whether all that is known of it is its path.
    is_foreign: bool,
    /// Whether the path is one for all that is nested in it too.
    has_nested: bool,
}

impl Externs {
    pub(crate) fn new(options: &Options) -> Self {
        let asked = options.extern_path.0.iter().map(|(name, path)| {
            let asked = Extern {
                path: path.clone(),
                is_foreign: true,
                has_nested: true,
            };
            (name.clone(), asked)
        });
        // The types of prost-types were generated from the same proto files.
        let is_foreign = options.prost_types_path != Options::default().prost_types_path;
        let well_known = well_known(options).into_iter();
        let well_known = well_known.map(|(name, path)| {
            let known = Extern {
                path,
                is_foreign,
                // Each type of prost-types is there by its own name.
                has_nested: false,
            };
            (name, known)
        });
        let paths = well_known.chain(asked).collect();
        Self { paths }
    }

    /// The extern that a type is, or is below of: the longest match counts. And what is left of its name.
    fn find<'a>(&self, full_name: &'a str) -> Option<(&Extern, &'a str)> {
        if let Some(path) = self.paths.get(full_name) {
            return Some((path, ""));
        }
        let mut outer = full_name.rmatch_indices('.');
        outer.find_map(|(index, _)| {
            let path = self.paths.get(&full_name[..index]);
            let path = path.filter(|path| path.has_nested)?;
            Some((path, &full_name[index + 1..]))
        })
    }

    /// The path of a type, if it or its package is given one.
    pub(crate) fn resolve(&self, full_name: &str) -> Option<String> {
        let (outer, rest) = self.find(full_name)?;
        let Some(name) = rest.rsplit('.').next().filter(|name| !name.is_empty()) else {
            return Some(outer.path.clone());
        };
        let inner = rest[..rest.len() - name.len()].split_terminator('.');
        let modules = outer.path.split("::").enumerate();
        let modules = modules.map(|(index, part)| match part {
            "crate" | "" if index == 0 => part.to_owned(),
            _ => snake(part),
        });
        let path: Vec<_> = modules
            .chain(inner.map(snake))
            .chain([camel(name)])
            .collect();
        Some(path.join("::"))
    }
}

/// The Rust paths of well-known types, by full name, where no option gives another. They are prost-build's, without
/// those types that prost-types lacks. The package is no path by itself: everybody can have one below
/// `google.protobuf`.
pub(crate) fn well_known(options: &Options) -> HashMap<String, String> {
    const PACKAGE: &str = ".google.protobuf";
    if options.compile_well_known_types {
        return HashMap::new();
    }
    let prost = &options.prost_path.0;
    let asked: HashSet<&str> = options
        .extern_path
        .0
        .iter()
        .map(|(path, _)| path.as_str())
        .collect();
    // A path for the package, or for that of the compiler, is one for all types in it; one for a type is one
    // for what is nested in it.
    let is_asked = |name: &str| {
        let mut outer = name.match_indices('.').skip(PACKAGE.matches('.').count());
        outer.any(|(end, _)| asked.contains(&name[..end]))
    };
    let of_types = well_known_types().iter();
    let of_types = of_types.filter(|name| !is_asked(name));
    let of_types = of_types.filter_map(|name| {
        let path = below_prost_types(&name[PACKAGE.len()..]);
        let is_there = prost_types::has(&path);
        is_there.then(|| {
            (
                name.clone(),
                format!("{}{path}", options.prost_types_path.0),
            )
        })
    });
    let own = |path: &str| path.to_owned();
    let wrappers = [
        ("BoolValue", own("bool")),
        ("BytesValue", format!("{prost}::alloc::vec::Vec<u8>")),
        ("DoubleValue", own("f64")),
        ("Empty", own("()")),
        ("FloatValue", own("f32")),
        ("Int32Value", own("i32")),
        ("Int64Value", own("i64")),
        ("StringValue", format!("{prost}::alloc::string::String")),
        ("UInt32Value", own("u32")),
        ("UInt64Value", own("u64")),
    ];
    let wrappers = wrappers.map(|(name, path)| (format!("{PACKAGE}.{name}"), path));
    let all = of_types.chain(wrappers);
    all.filter(|(name, _)| !asked.contains(name.as_str()))
        .collect()
}

/// `.FieldOptions.CType` as prost-build spells it.
fn below_prost_types(name: &str) -> String {
    let (outer, name) = name.rsplit_once('.').unwrap_or_default();
    let modules = outer.split_terminator('.').skip(1).map(snake);
    let path: Vec<_> = modules.chain([camel(name)]).collect();
    format!("::{}", path.join("::"))
}

/// A place in the module tree, as its modules from the outermost on.
pub(crate) struct Here(Vec<String>);

impl Here {
    /// A module in this one.
    pub(crate) fn inner(&self, module: &str) -> Self {
        let mut modules = self.0.clone();
        modules.push(module.to_owned());
        Self(modules)
    }
}

/// Writes the paths of types.
pub(crate) struct TypePaths<'a> {
    pub(crate) names: &'a Names,
    pub(crate) externs: &'a Externs,
    pub(crate) symbols: &'a Symbols<'a>,
}

impl TypePaths<'_> {
    pub(crate) fn is_extern(&self, full_name: &str) -> bool {
        self.externs.find(full_name).is_some()
    }

    /// Whether a type is somebody else's, of whom nothing is known but its path.
    pub(crate) fn is_foreign(&self, full_name: &str) -> bool {
        let found = self.externs.find(full_name);
        found.is_some_and(|(found, _)| found.is_foreign)
    }

    /// The module of a package.
    pub(crate) fn package(&self, package: &str) -> Here {
        Here(self.names.package(package))
    }

    /// A module of a service: right below that of its package, and called like no module of messages.
    pub(crate) fn service(&self, package: &str) -> Here {
        self.package(package).inner("")
    }

    /// The path of an error type. It is in the module of its package, also if its enum is nested in a message.
    pub(crate) fn error_from(&self, here: &Here, of: &ErrorEnum) -> String {
        let declared = self.symbols.get(&of.full_name);
        let package = declared.map_or("", |declared| declared.file.package.as_str());
        if let Some(path) = self.externs.resolve(&of.full_name) {
            let beside = format!(".{package}.{}", of.rust_type);
            return self.externs.resolve(&beside).unwrap_or_else(|| {
                let (modules, _) = path.rsplit_once("::").unwrap_or_default();
                format!("{modules}::{}", of.rust_type)
            });
        }
        relative(here, self.names.package(package), &of.rust_type)
    }

    /// The path of a message or an enum.
    pub(crate) fn from(&self, here: &Here, full_name: &str) -> String {
        let path = self.externs.resolve(full_name);
        path.unwrap_or_else(|| {
            let modules = self.modules(full_name);
            relative(here, modules, &self.names.r#type(full_name))
        })
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

/// The path of something in some modules, as seen from here.
fn relative(Here(here): &Here, target: Vec<String>, name: &str) -> String {
    let shared = here.iter().zip(&target).take_while(|(a, b)| a == b).count();
    let up = std::iter::repeat_n("super".to_owned(), here.len() - shared);
    let down = target.into_iter().skip(shared);
    let path: Vec<_> = up.chain(down).chain([name.to_owned()]).collect();
    path.join("::")
}
