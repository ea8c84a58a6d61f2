//! Whether what is generated compiles: every fixture, and fixtures with options, in editions 2021 and 2024, as a public module
//! of a library and as a private module of a binary that uses nothing of it, with warnings denied, more of them
//! than are on by default, and no `allow` at the crate's root; clippy's and rustdoc's too, and no doctest.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use rust_svc_build::{Folder, Options};

use crate::support::{fixture, fixtures, root, scratch, stderr, stdout};
use crate::variants::VARIANTS;

/// The crates are strict with themselves: every lint of rustc that is off by default and looks at code, the groups of
/// clippy that people turn on, and of `clippy::restriction` what would panic or print.
const STRICT: &str = "
#![warn(future_incompatible, let_underscore, nonstandard_style, refining_impl_trait)]
#![warn(rust_2018_idioms, rust_2021_compatibility, rust_2024_compatibility)]
#![warn(ambiguous_negative_literals, closure_returning_async_block, deprecated_in_future)]
#![warn(explicit_outlives_requirements, ffi_unwind_calls, impl_trait_redundant_captures)]
#![warn(let_underscore_drop, macro_use_extern_crate, meta_variable_misuse, missing_copy_implementations)]
#![warn(missing_debug_implementations, missing_docs, non_ascii_idents, redundant_imports)]
#![warn(redundant_lifetimes, single_use_lifetimes, trivial_casts, trivial_numeric_casts, unit_bindings)]
#![warn(unnameable_types, unreachable_pub, unsafe_code, unused_extern_crates, unused_import_braces)]
#![warn(unused_lifetimes, unused_macro_rules, unused_qualifications, unused_results)]
#![warn(variant_size_differences)]
#![warn(clippy::nursery, clippy::pedantic)]
#![warn(clippy::dbg_macro, clippy::exit, clippy::expect_used, clippy::get_unwrap, clippy::indexing_slicing)]
#![warn(clippy::mem_forget, clippy::panic, clippy::print_stderr, clippy::print_stdout)]
#![warn(clippy::string_slice, clippy::todo, clippy::unimplemented, clippy::unreachable, clippy::unwrap_used)]
";

/// A workspace of crates that hold generated code and nothing else.
pub(crate) struct Workspace {
    folder: PathBuf,
}

/// One crate in it.
struct Crate {
    name: &'static str,
    edition: &'static str,
    /// What a module is declared as.
    module: &'static str,
    root: &'static str,
}

const CRATES: [Crate; 4] = [
    Crate {
        name: "lib2021",
        edition: "2021",
        module: "pub mod",
        root: "lib.rs",
    },
    Crate {
        name: "lib2024",
        edition: "2024",
        module: "pub mod",
        root: "lib.rs",
    },
    Crate {
        name: "bin2021",
        edition: "2021",
        module: "mod",
        root: "main.rs",
    },
    Crate {
        name: "bin2024",
        edition: "2024",
        module: "mod",
        root: "main.rs",
    },
];

impl Workspace {
    pub(crate) fn new(name: &str) -> Self {
        let folder = scratch(name);
        let _ = std::fs::remove_dir_all(folder.join("generated"));
        std::fs::create_dir_all(&folder).unwrap();
        Self { folder }
    }

    pub(crate) fn generated(&self, module: &str) -> Folder {
        Folder::new(self.folder.join("generated").join(module))
    }

    /// Writes crates that have these modules, in which each name is a folder of generated files.
    fn write(&self, crates: &[Crate], modules: &[String]) {
        let names: Vec<_> = crates
            .iter()
            .map(|package| format!("{:?}", package.name))
            .collect();
        let manifest = format!(
            "[workspace]\nresolver = \"2\"\nmembers = [{}]\n",
            names.join(", ")
        );
        write(&self.folder.join("Cargo.toml"), &manifest);
        // The versions that everything else here is tested with.
        std::fs::copy(root().join("Cargo.lock"), self.folder.join("Cargo.lock")).unwrap();
        for package in crates {
            let folder = self.folder.join(package.name);
            write(&folder.join("Cargo.toml"), &manifest_of(package));
            let mut text = format!("//! Generated code and nothing else.\n{STRICT}\n");
            for module in modules {
                let path = format!("../../generated/{module}/mod.rs");
                writeln!(
                    text,
                    "/// A tree.\n#[path = {path:?}]\n{} r#{module};",
                    package.module
                )
                .unwrap();
            }
            if package.root == "main.rs" {
                text += "fn main() {}\n";
            }
            write(&folder.join("src").join(package.root), &text);
        }
    }

    /// Runs cargo; panics with what it says if that fails.
    pub(crate) fn cargo(&self, args: &[&str]) -> Output {
        let output = Command::new(env!("CARGO"))
            .current_dir(&self.folder)
            .env("CARGO_TARGET_DIR", scratch("target"))
            .env("RUSTDOCFLAGS", "-D warnings")
            .env_remove("RUSTFLAGS")
            .args(args)
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "cargo {args:?}:\n{}{}",
            stdout(&output),
            stderr(&output)
        );
        output
    }

    /// One library of these modules: what is too large to be compiled four times.
    pub(crate) fn check_library(&self, modules: &[String]) {
        self.write(&CRATES[1..2], modules);
        self.cargo(&[
            "rustc",
            "--package",
            "lib2024",
            "--profile",
            "check",
            "--",
            "-D",
            "warnings",
        ]);
        self.cargo(&["doc", "--no-deps"]);
    }
}

fn manifest_of(package: &Crate) -> String {
    let runtime = root().join("rust-svc");
    format!(
        r#"[package]
name = "{}"
version = "0.0.0"
edition = "{}"

[dependencies]
prost = "0.14"
prost-types = "0.14"
rust-svc = {{ path = {runtime:?}, features = ["errors", "testing"] }}
tonic = {{ version = "0.14", default-features = false, features = ["codegen", "channel"] }}
tonic-prost = "0.14"
"#,
        package.name, package.edition
    )
}

/// Leaves alone what is the same, so that cargo does not compile it again.
fn write(path: &Path, text: &str) {
    if std::fs::read_to_string(path).is_ok_and(|old| old == text) {
        return;
    }
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

#[test]
fn fixtures_without_a_warning() {
    let workspace = Workspace::new("compile");
    let mut modules = Vec::new();
    for fixture in fixtures() {
        let generated = fixture.generate(&Options::default());
        workspace
            .generated(&fixture.name)
            .sync(&generated.files)
            .unwrap();
        modules.push(fixture.name);
    }
    for variant in &VARIANTS {
        let options = Options::parse(variant.parameter).unwrap();
        let generated = fixture(variant.fixture).generate(&options);
        // The crates here begin with `mod.rs`.
        if generated.files.get("mod.rs").is_some() {
            let module = format!("with_{}", variant.name);
            workspace.generated(&module).sync(&generated.files).unwrap();
            modules.push(module);
        }
    }
    workspace.write(&CRATES, &modules);
    workspace.cargo(&["clippy", "--workspace", "--", "-D", "warnings"]);
    workspace.cargo(&["doc", "--package", "lib2024", "--no-deps"]);
    let doctests = workspace.cargo(&["test", "--doc", "--package", "lib2024"]);
    let said = stdout(&doctests);
    assert!(
        said.contains("running 0 tests"),
        "comments became tests:\n{said}"
    );
}

/// What a crate may have that generated code must not take for its own: macros that are in scope by text, and
/// whatever the module around brings into that of protos without a package.
const HOSTILE: &str = r#"//! Generated code among names of the prelude.
#![allow(dead_code, non_snake_case, unused_macros, reason = "most of the names are not used")]
"#;

/// The macros of std that a crate can have its own of.
const MACROS: [&str; 10] = [
    "assert",
    "format",
    "format_args",
    "include",
    "matches",
    "panic",
    "todo",
    "unreachable",
    "vec",
    "write",
];

/// A module with types, values and derives of the prelude's names around a tree.
const SHADOWS: &str = "
    pub use std::fmt::Debug as Clone;
    pub use std::fmt::Debug as PartialEq;
    pub use std::fmt::Debug as Eq;
    pub use std::fmt::Debug as Hash;
    pub use std::fmt::Debug as Copy;
    pub use std::clone::Clone as Default;
    pub struct Box;
    pub struct Option;
    pub struct Result;
    pub struct String;
    pub struct Vec;
    pub trait From {}
    pub trait Into {}
    pub trait Iterator {}
    pub trait TryFrom {}
    pub fn Some() {}
    pub fn None() {}
    pub fn Ok() {}
    pub fn Err() {}
";

#[test]
fn names_of_the_crate_around_and_edition_2018() {
    let workspace = Workspace::new("hostile");
    let package = Crate {
        name: "lib2018",
        edition: "2018",
        module: "pub mod",
        root: "lib.rs",
    };
    let fixtures = [
        ("every_kind", ""),
        ("no_package", "testing"),
        ("errors", "testing"),
        ("four_kinds", "testing"),
        ("hostile_text", "testing"),
        ("debug_redact", ""),
        ("nested_messages", "enable_type_names"),
    ];
    let mut text = HOSTILE.to_owned();
    for name in MACROS {
        writeln!(text, "macro_rules! {name} {{ ($($any:tt)*) => {{ compile_error!(\"a macro of the crate\") }}; }}").unwrap();
    }
    for (name, parameter) in fixtures {
        let generated = fixture(name).generate(&Options::parse(parameter).unwrap());
        workspace.generated(name).sync(&generated.files).unwrap();
        let path = workspace.folder.join("generated").join(name).join("mod.rs");
        writeln!(
            text,
            "/// A tree.\npub mod {name} {{{SHADOWS}::core::include!({path:?});\n}}"
        )
        .unwrap();
    }
    workspace.write(std::slice::from_ref(&package), &[]);
    write(&workspace.folder.join("lib2018/src/lib.rs"), &text);
    workspace.cargo(&["check"]);
}
