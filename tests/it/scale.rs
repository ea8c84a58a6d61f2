//! Trees of unusual size and shape: right, or told; and in time.

use std::fmt::Write as _;
#[cfg(unix)]
use std::path::PathBuf;
use std::time::{Duration, Instant};

#[cfg(unix)]
use prost::Message as _;
use rust_svc_build::{Generated, Input, Options};

use crate::support::write;

/// For what takes a second or two without optimisation, on a machine that has other things to do.
const PATIENCE: Duration = Duration::from_secs(30);

/// Generates from files in a folder, and sees that it is in time.
#[track_caller]
fn generate(files: &[(&str, &str)]) -> Generated {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        write(folder.path(), name, text);
    }
    let start = Instant::now();
    let input = Input::from_protos(&[folder.path()], &[folder.path()]).unwrap();
    let generated = rust_svc_build::generate(&input, &Options::default()).unwrap();
    let took = start.elapsed();
    assert!(took < PATIENCE, "{took:?}");
    generated
}

/// The text of a file, which has to be Rust.
#[track_caller]
fn rust(generated: &Generated, path: &str) -> String {
    let text = generated
        .files
        .get(path)
        .unwrap_or_else(|| panic!("no {path}"));
    syn::parse_file(text).unwrap_or_else(|error| panic!("{path}: {error}"));
    text.to_owned()
}

#[test]
fn five_thousand_fields() {
    let mut text = "syntax = \"proto3\";\npackage wide;\nmessage Wide {\n".to_owned();
    for number in 1..=5000 {
        let _ = writeln!(
            text,
            "  string field_{number} = {};",
            number + if number < 19000 { 0 } else { 1000 }
        );
    }
    text += "}\n";
    let text = rust(&generate(&[("a.proto", &text)]), "wide.rs");
    assert_eq!(text.matches("pub field_").count(), 5000);
}

#[test]
fn twenty_thousand_values() {
    let mut text = "syntax = \"proto3\";\npackage wide;\nenum Wide {\n".to_owned();
    for number in 0..20_000 {
        let _ = writeln!(text, "  WIDE_VALUE_{number} = {number};");
    }
    text += "}\n";
    let text = rust(&generate(&[("a.proto", &text)]), "wide.rs");
    assert_eq!(text.matches("=> \"WIDE_VALUE_").count(), 20_000);
}

/// Each has two fields of the next one, so that there are 2²⁰⁰ ways through a chain.
#[test]
fn fifty_chains_of_two_hundred_messages() {
    let mut text = "syntax = \"proto3\";\npackage chains;\n".to_owned();
    for (chain, link) in (0..50).flat_map(|chain| (0..200).map(move |link| (chain, link))) {
        let fields = match link {
            199 => "int32 a = 1;".to_owned(),
            _ => {
                let next = format!("M{chain}x{}", link + 1);
                format!("{next} a = 1; {next} b = 2;")
            }
        };
        let _ = writeln!(text, "message M{chain}x{link} {{ {fields} }}");
    }
    let text = rust(&generate(&[("a.proto", &text)]), "chains.rs");
    assert_eq!(
        text.matches("::core::cmp::Eq, ::core::hash::Hash)]\npub struct")
            .count(),
        10_000
    );
    // What is in a chain doubles with each link, until it is boxed.
    assert!(text.contains("\n    pub a: ::core::option::Option<M7x199>,"));
    assert!(text.contains("\n    pub b: ::core::option::Option<::prost::alloc::boxed::Box<"));
}

/// What rustc would say of it is an error in code that nobody wrote.
#[test]
fn chains_too_deep_for_rustc() {
    let warnings = |levels: usize| {
        let mut text = "syntax = \"proto3\";\npackage deep;\n".to_owned();
        for level in 0..levels {
            let _ = writeln!(
                text,
                "message M{level} {{\n  repeated M{} list = 1;\n}}",
                level + 1
            );
        }
        let _ = writeln!(text, "message M{levels} {{}}");
        generate(&[("a.proto", &text)]).warnings
    };
    assert!(warnings(20).is_empty());
    let warning = warnings(40).pop().unwrap().to_string();
    assert!(warning.contains("a.proto:3:9\n"), "{warning}");
    assert!(warning.contains("recursion_limit = \"256\""), "{warning}");

    // Nested in one message, the depth counts as well.
    let mut text = "syntax = \"proto3\";\nmessage Outer {\n".to_owned();
    for level in 0..40 {
        let _ = writeln!(
            text,
            "message M{level} {{ repeated M{} list = 1; }}",
            level + 1
        );
    }
    text += "message M40 {}\n}\n";
    let warning = generate(&[("a.proto", &text)]).warnings.pop();
    let warning = warning.unwrap().to_string();
    assert!(warning.contains("a.proto:3:9\n"), "{warning}");
}

/// protoc takes 31 levels, and so do we.
#[test]
fn messages_in_each_other() {
    let nested = |levels: usize| {
        let mut text = "syntax = \"proto3\";\npackage deep;\n".to_owned();
        for depth in 0..levels {
            let _ = writeln!(text, "message M{depth} {{ int32 a = 1;");
        }
        text + &"}".repeat(levels)
    };
    let text = rust(&generate(&[("a.proto", &nested(31))]), "deep.rs");
    assert!(text.contains("pub struct M30"));

    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.proto"), nested(100)).unwrap();
    let error = Input::from_protos(&[folder.path()], &[folder.path()]).unwrap_err();
    let lines = error.to_lines();
    assert!(
        lines.contains("a.proto:34:1: ") && lines.contains("at most 31 levels"),
        "{lines}"
    );
}

/// Its file has a name that every file system takes.
#[test]
fn a_package_of_a_hundred_parts() {
    let parts: Vec<String> = (0..100).map(|part| format!("p{part}")).collect();
    let package = parts.join(".");
    let text = format!(
        "syntax = \"proto3\";\npackage {package};\nmessage M {{ M m = 1; }}\nservice S {{ rpc R(M) returns (M); }}\n"
    );
    let generated = generate(&[("a.proto", &text)]);
    let mut names = generated.files.iter().map(|(path, _)| path);
    let name = names.find(|path| path.starts_with("p0.p1.")).unwrap();
    assert!(name.len() < 255, "{name}");
    assert!(rust(&generated, name).contains("pub struct M"));
    let tree = generated.files.get("mod.rs").unwrap();
    assert!(
        tree.contains(&format!("::core::include!(\"{name}\");")) && tree.contains("pub mod p99")
    );
}

/// Each line of a long one, and whatever else people write.
#[test]
fn comments_of_all_kinds() {
    let long = "word ".repeat(20_000);
    let text = format!(
        "\u{feff}syntax = \"proto3\";\r\npackage c;\r\n// {long}\r\n// Zeile zwei: äöü 漢字 🦀\r\nmessage M {{\r\n  /* a\r\n   * b */\r\n  int32 a = 1; // behind\r\n}}\r\n"
    );
    let text = rust(&generate(&[("a.proto", &text)]), "c.rs");
    assert!(text.contains("/// Zeile zwei: äöü 漢字 🦀\n"));
    assert!(!text.contains('\r'));
}

#[test]
fn a_thousand_files_in_a_chain() {
    let files: Vec<(String, String)> = (0..1000)
        .map(|number| {
            let import = match number {
                0 => String::new(),
                _ => format!("import \"f{}.proto\";\n", number - 1),
            };
            let text = format!(
                "syntax = \"proto3\";\npackage chain;\n{import}message M{number} {{ int32 a = 1; }}\n"
            );
            (format!("f{number}.proto"), text)
        })
        .collect();
    let files: Vec<_> = files
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    let text = rust(&generate(&files), "chain.rs");
    assert_eq!(text.matches("pub struct M").count(), 1000);
}

/// One folder in another, and a link to it.
#[cfg(unix)]
struct Overlap {
    folder: tempfile::TempDir,
}

#[cfg(unix)]
impl Overlap {
    fn new() -> Self {
        let overlap = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        overlap.write("inner/a.proto", "package a; message A {}");
        std::os::unix::fs::symlink(overlap.outer(), overlap.link()).unwrap();
        overlap
    }

    fn outer(&self) -> PathBuf {
        self.folder.path().join("protos")
    }

    fn inner(&self) -> PathBuf {
        self.outer().join("inner")
    }

    fn link(&self) -> PathBuf {
        self.folder.path().join("link")
    }

    fn write(&self, name: &str, text: &str) {
        let text = format!("syntax = \"proto3\";\n{text}\n");
        write(&self.outer(), name, &text);
    }

    /// The names of the generated files, or what is wrong.
    fn generate(protos: &[PathBuf], includes: &[PathBuf]) -> Result<Vec<String>, String> {
        let input = Input::from_protos(protos, includes).map_err(|error| error.to_lines())?;
        let generated = rust_svc_build::generate(&input, &Options::default()).unwrap();
        rust(&generated, "a.rs");
        let set = prost_types::FileDescriptorSet::decode(input.descriptor_set().as_slice());
        let files = set.unwrap().file.into_iter();
        Ok(files.map(|file| file.name().to_owned()).collect())
    }
}

/// A file has one name, whichever way it is found: that by the first include folder that it lies in.
#[cfg(unix)]
#[test]
fn folders_that_overlap() {
    let overlap = Overlap::new();
    let (outer, inner, link) = (overlap.outer(), overlap.inner(), overlap.link());
    for (protos, includes, name) in [
        (
            vec![link.clone(), outer.clone()],
            vec![outer.clone()],
            "inner/a.proto",
        ),
        (vec![outer.clone()], vec![link.clone()], "inner/a.proto"),
        (
            vec![outer.clone(), inner.clone()],
            vec![outer.clone(), inner.clone()],
            "inner/a.proto",
        ),
        (
            vec![outer.clone(), inner.clone()],
            vec![inner.clone(), outer.clone()],
            "a.proto",
        ),
        (
            vec![inner.join("a.proto"), link.join("inner/a.proto")],
            vec![link, outer],
            "inner/a.proto",
        ),
    ] {
        let names = Overlap::generate(&protos, &includes);
        assert_eq!(names, Ok(vec![name.to_owned()]), "{protos:?} {includes:?}");
    }
}

/// By two names a file is two files that declare one thing, as it is to protoc.
#[cfg(unix)]
#[test]
fn one_file_by_two_names() {
    let overlap = Overlap::new();
    let (outer, inner) = (overlap.outer(), overlap.inner());
    overlap.write("b.proto", "import \"a.proto\";\nimport \"inner/a.proto\";");
    let told = Overlap::generate(&[outer.join("b.proto")], &[outer.clone(), inner.clone()]);
    assert!(told.is_err_and(|told| told.contains("inner/a.proto:2:20: ")
        && told.contains("`a.A` is declared twice, in `a.proto` and in `inner/a.proto`")
        && told.contains("name it in one way")));
    std::fs::remove_file(outer.join("b.proto")).unwrap();
    std::os::unix::fs::symlink(inner.join("a.proto"), inner.join("c.proto")).unwrap();
    let protos = [outer];
    let told = Overlap::generate(&protos, &protos);
    assert!(told.is_err_and(|told| told.contains("inner/c.proto:2:20: ")));
}
