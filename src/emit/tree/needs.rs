//! Crates and features that generated code needs in the Cargo.toml of its crate.
//!
//! rustc reports a missing one once for each path into it. So the tree names each crate first, with the line for
//! Cargo.toml beside it, and modules go through a macro of `rust-svc`, which knows its own features.

use crate::model::Package;
use crate::options::Options;
use crate::output::Files;

/// The needs of the code of some packages.
pub(super) struct Needs<'a> {
    /// Imports, and lines for Cargo.toml.
    crates: Vec<(&'static str, String)>,
    /// The path of the runtime, and features of it.
    runtime: Option<(&'a str, Vec<&'static str>)>,
}

/// The version of `prost`, `tonic` and what belongs to them.
const PEERS: &str = "0.14";

impl<'a> Needs<'a> {
    pub(super) fn new(packages: &[&Package], options: &'a Options, files: &Files) -> Self {
        let texts = packages
            .iter()
            .filter_map(|package| files.get(&package.file_name));
        let uses = |path: &str| {
            let mut lines = texts.clone().flat_map(str::lines);
            lines.any(|line| line.contains(path) && !line.trim_start().starts_with("//"))
        };
        let plain = |name: &str| format!("{name} = \"{PEERS}\"");
        let mut crates = Vec::new();
        if uses("::prost::") {
            crates.push(("::prost", plain("prost")));
        }
        if uses("::prost_types::") {
            crates.push(("::prost_types", plain("prost-types")));
        }
        let has_services = packages.iter().any(|package| !package.services.is_empty());
        let has_errors = packages.iter().any(|package| package.has_errors());
        if has_services || has_errors {
            crates.push(("::tonic", plain("tonic")));
        }
        if has_services && options.client && options.transport {
            let line = format!("tonic = {{ version = \"{PEERS}\", features = [\"channel\"] }}");
            crates.push(("::tonic::transport::Channel", line));
        }
        if uses("::tonic_prost::") {
            crates.push(("::tonic_prost", plain("tonic-prost")));
        }
        let features = [
            ("errors", has_errors),
            ("testing", has_services && options.has_testing()),
        ];
        let features = features.into_iter().filter(|(_, is_needed)| *is_needed);
        let features = features.map(|(feature, _)| feature).collect();
        let is_runtime_used = options.runtime && (has_services || has_errors);
        Self {
            crates,
            runtime: is_runtime_used.then_some((options.runtime_path.0.as_str(), features)),
        }
    }

    /// Imports of what has to be there.
    pub(super) fn crates(&self) -> String {
        let lines = self.crates.iter().map(|(path, line)| {
            // rustc takes an import of a crate for a use of it, and no other.
            let allow = match path.matches("::").count() {
                1 => "",
                _ => "#[allow(unused_imports)]\n",
            };
            format!("{allow}use {path} as _; // {line}\n")
        });
        let lines: String = lines.collect();
        if lines.is_empty() {
            lines
        } else {
            format!("// Lines for Cargo.toml, if one of these is not found.\n{lines}\n")
        }
    }

    /// The modules, behind what asks the runtime for its features.
    pub(super) fn around<'n>(&self, modules: &str, names: impl Iterator<Item = &'n str>) -> String {
        let Some((path, features)) = &self.runtime else {
            return modules.to_owned();
        };
        let version = concat!(
            env!("CARGO_PKG_VERSION_MAJOR"),
            ".",
            env!("CARGO_PKG_VERSION_MINOR")
        );
        let line = match features.as_slice() {
            [] => format!("rust-svc = \"{version}\""),
            _ => format!(
                "rust-svc = {{ version = \"{version}\", features = [\"{}\"] }}",
                features.join("\", \"")
            ),
        };
        let features = features.join(" ");
        let names: Vec<_> = names.collect();
        let names = names.join(" ");
        format!(
            "// The features of `rust-svc` that the modules need, and the names of the modules: a missing feature is an error here.\n{path}::__private::v1::needs! {{ // {line}\n[{features}] [{names}]\n\n{modules}}}\n"
        )
    }
}
