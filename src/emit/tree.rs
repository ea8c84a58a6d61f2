//! The file that joins the packages to one module tree.
//!
//! It can be included, from `$OUT_DIR`, as well as be a `#[path]` module of a checked-in folder: so
//! it has no inner attributes, and `include!`s its neighbours by their names alone.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::bytes;
use crate::diagnostics::Error;
use crate::model::Package;
use crate::options::{Options, Stubs};
use crate::output::Files;
use needs::Needs;

mod needs;

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
            "{docs}#[allow(dead_code, unreachable_pub)]\n{constant}::core::include!(\"{base}\");\n\n"
        )
        .expect(WRITES);
        files.add(&name, &format!("{}\n", bytes::literal(set)))?;
    }
    let needs = Needs::new(packages, options, files);
    text += &needs.crates();
    let mut root = Module::default();
    // Packages are in the output folder, wherever below it their tree is.
    let up = "../".repeat(include_file.matches('/').count());
    for package in packages {
        root.insert(&package.modules, package).file = format!("{up}{}", package.file_name);
    }
    let is_of_tonic = options.effective_stubs() == Stubs::Tonic;
    let mut modules = String::new();
    if !packages.is_empty() {
        modules += WHY;
        modules += if is_of_tonic { WHY_OF_TONIC } else { "" };
    }
    root.write_root(is_of_tonic, &mut modules);
    text += &needs.around(&modules, root.modules.keys().copied());
    files.set_tree(include_file);
    files.add(include_file, &text)
}

const WRITES: &str = "a String takes everything";

/// Stands once above the modules, for all of their `allow`s.
const WHY: &str = "\
// dead_code, unnameable_types, unreachable_pub: the tree may be private, and a binary need not use every type.
// deprecated: generated code uses what the proto files declare as deprecated.
// missing_*: proto files and options decide what has comments, and what is `Copy` or `Debug`.
// impl_trait_redundant_captures: edition 2021 needs captures to be written out.
// unused_qualifications: paths are written in full, since proto files may have a type of any name.
// clippy: proto files decide on names, defaults and the sizes of oneofs; pedantic and nursery, which are off
// unless a crate turns them on, are about code that people write.
";

/// Stands below `WHY` for `allow`s that only tonic-build's code needs.
const WHY_OF_TONIC: &str = "\
// closure_returning_async_block, unused_results: tonic's stubs are written so, and the code that calls them.
";

/// A module of the tree.
#[derive(Default)]
struct Module<'a> {
    package: Option<&'a Package>,
    /// The file of the package, from that of the tree.
    file: String,
    modules: BTreeMap<&'a str, Module<'a>>,
}

impl<'a> Module<'a> {
    fn insert(&mut self, modules: &'a [String], package: &'a Package) -> &mut Self {
        match modules.split_first() {
            Some((first, rest)) => self.modules.entry(first).or_default().insert(rest, package),
            None => {
                self.package = Some(package);
                self
            }
        }
    }

    fn has_deprecated(&self) -> bool {
        self.package.is_some_and(|package| package.has_deprecated)
            || self.modules.values().any(Self::has_deprecated)
    }

    fn write_root(&self, is_of_tonic: bool, text: &mut String) {
        if let Some(package) = self.package {
            // Attributes need a module to stand on; the globs make it as if there were none.
            let allow = allow(&lints(package.has_deprecated, is_of_tonic, true));
            let file = &self.file;
            write!(
                text,
                "{allow}\nmod no_package_ {{\n    use super::*;\n    ::core::include!(\"{file}\");\n}}\n#[allow(unreachable_pub, unused_imports)]\npub use no_package_::*;\n"
            )
            .expect(WRITES);
        }
        for (name, module) in &self.modules {
            let allow = allow(&lints(module.has_deprecated(), is_of_tonic, false));
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
        if self.package.is_some() {
            writeln!(text, "{indent}    ::core::include!(\"{}\");", self.file).expect(WRITES);
        }
        for (name, module) in &self.modules {
            module.write(name, &format!("{path}::{name}"), &[], text);
        }
        writeln!(text, "{indent}}}").expect(WRITES);
    }
}

/// The lints that are allowed in a module at the top. Each was needed by a tree that people use, in a crate that is
/// strict with itself. There is no group that is on by default, and none that could be forbidden with a reason.
fn lints(has_deprecated: bool, is_of_tonic: bool, has_glob: bool) -> Vec<&'static str> {
    let lints = [
        ("closure_returning_async_block", is_of_tonic),
        ("dead_code", true),
        ("deprecated", has_deprecated),
        ("impl_trait_redundant_captures", true),
        ("missing_copy_implementations", true),
        ("missing_debug_implementations", true),
        ("missing_docs", true),
        ("unit_bindings", true),
        ("unnameable_types", true),
        ("unreachable_pub", true),
        ("unused_imports", has_glob),
        ("unused_qualifications", true),
        ("unused_results", is_of_tonic),
        ("variant_size_differences", true),
        ("clippy::approx_constant", true),
        ("clippy::enum_variant_names", true),
        ("clippy::large_enum_variant", true),
        ("clippy::len_without_is_empty", true),
        ("clippy::let_unit_value", true),
        ("clippy::module_inception", true),
        ("clippy::nursery", true),
        ("clippy::pedantic", true),
        ("clippy::should_implement_trait", true),
        ("clippy::wrong_self_convention", true),
    ];
    let needed = lints.into_iter().filter(|(_, is_needed)| *is_needed);
    needed.map(|(lint, _)| lint).collect()
}

/// The attribute, as rustfmt would break it into lines.
fn allow(lints: &[&str]) -> String {
    let lines = lints.iter().map(|lint| format!("    {lint}"));
    let lines: Vec<_> = lines.collect();
    format!("#[allow(\n{}\n)]", lines.join(",\n"))
}
