//! The file that joins the packages to one module tree.
//!
//! It can be included, from `$OUT_DIR`, as well as be a `#[path]` module of a checked-in folder: so
//! it has no inner attributes, and `include!`s its neighbours by their names alone.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::bytes;
use crate::diagnostics::Error;
use crate::model::Package;
use crate::options::Options;
use crate::output::Files;

pub(super) fn tree(
    packages: &[&Package],
    descriptor_set: Option<&[u8]>,
    options: &Options,
    files: &mut Files,
) -> Result<(), Error> {
    let include_file = &options.include_file.0;
    let mut text = String::new();
    if let Some(set) = descriptor_set {
        // A file of its own, so that nobody has to scroll past it. No package has a `-` in its name.
        let stem = include_file.strip_suffix(".rs").unwrap_or(include_file);
        let name = format!("{stem}-descriptor-set.rs");
        let base = name.rsplit('/').next().unwrap_or(&name);
        let (docs, constant) = bytes::DECLARATION;
        write!(
            text,
            "{docs}#[allow(dead_code)]\n{constant}include!(\"{base}\");\n\n"
        )
        .expect(WRITES);
        files.add(&name, &format!("{}\n", bytes::literal(set)))?;
    }
    let mut root = Module::default();
    for package in packages {
        root.insert(&package.modules, package);
    }
    if !packages.is_empty() {
        text += WHY;
    }
    root.write_root(&mut text);
    files.add(include_file, &text)
}

const WRITES: &str = "a String takes everything";

/// Stands once above the modules, for all of their `allow`s.
const WHY: &str = "\
// dead_code: a binary need not use every type.
// deprecated: what is deprecated in the proto files is used by the code that belongs to it.
// clippy: names, defaults, and what goes into a oneof are said in the proto files as well.
";

/// A module of the tree.
#[derive(Default)]
struct Module<'a> {
    package: Option<&'a Package>,
    modules: BTreeMap<&'a str, Module<'a>>,
}

impl<'a> Module<'a> {
    fn insert(&mut self, modules: &'a [String], package: &'a Package) {
        match modules.split_first() {
            Some((first, rest)) => self.modules.entry(first).or_default().insert(rest, package),
            None => self.package = Some(package),
        }
    }

    fn has_deprecated(&self) -> bool {
        self.package.is_some_and(|package| package.has_deprecated)
            || self.modules.values().any(Self::has_deprecated)
    }

    fn write_root(&self, text: &mut String) {
        if let Some(package) = self.package {
            // Attributes need a module to stand on; the globs make it as if there were none.
            let allow = allow(package.has_deprecated, "    unused_imports,\n");
            let file = &package.file_name;
            write!(
                text,
                "{allow}\nmod no_package_ {{\n    use super::*;\n    include!(\"{file}\");\n}}\n#[allow(unused_imports)]\npub use no_package_::*;\n"
            )
            .expect(WRITES);
        }
        for (name, module) in &self.modules {
            let allow = allow(module.has_deprecated(), "");
            module.write(name, name, &[allow], text);
        }
    }

    /// Writes the module with this name, whose full path is `path`.
    fn write(&self, name: &str, path: &str, attributes: &[String], text: &mut String) {
        let indent = "    ".repeat(path.matches("::").count());
        let doc = match self.package {
            Some(package) => format!("Package `{}`.", package.name),
            None => format!(
                "Packages below `{}`.",
                path.replace("::", ".").replace("r#", "")
            ),
        };
        writeln!(text, "{indent}/// {doc}").expect(WRITES);
        let own = self.package.map_or(&[][..], |package| &package.attributes);
        for attribute in attributes.iter().chain(own) {
            writeln!(text, "{indent}{attribute}").expect(WRITES);
        }
        writeln!(text, "{indent}pub mod {name} {{").expect(WRITES);
        if let Some(package) = self.package {
            writeln!(text, "{indent}    include!(\"{}\");", package.file_name).expect(WRITES);
        }
        for (name, module) in &self.modules {
            module.write(name, &format!("{path}::{name}"), &[], text);
        }
        writeln!(text, "{indent}}}").expect(WRITES);
    }
}

/// Each of these was needed by a tree that people use.
const LINTS: &str = "    clippy::approx_constant,
    clippy::enum_variant_names,
    clippy::large_enum_variant,
    clippy::len_without_is_empty,
    clippy::module_inception,
    clippy::should_implement_trait,
    clippy::wrong_self_convention
";

/// The attribute for a module at the top, as rustfmt would break it into lines.
fn allow(has_deprecated: bool, more: &str) -> String {
    let deprecated = if has_deprecated {
        "    deprecated,\n"
    } else {
        ""
    };
    format!("#[allow(\n    dead_code,\n{deprecated}{more}{LINTS})]")
}
