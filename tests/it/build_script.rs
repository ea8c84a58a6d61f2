//! A build script that people trust: it runs again when one of its protos changes, imported ones
//! too, and at no other time. And it says what is wrong with them.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::support::{root, scratch, stderr, write};

/// A crate of a user.
struct User {
    folder: tempfile::TempDir,
}

impl User {
    fn new(compile: &str) -> Self {
        let user = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        user.write(
            "Cargo.toml",
            &format!(
                "[package]\nname = \"user-of-build-scripts\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[build-dependencies]\nrust-svc-build = {{ path = {:?} }}\n\n[workspace]\n",
                root()
            ),
        );
        std::fs::copy(root().join("Cargo.lock"), user.path("Cargo.lock")).unwrap();
        user.write(
            "build.rs",
            &format!("fn main() -> Result<(), rust_svc_build::Error> {{\n    {compile}\n}}\n"),
        );
        user.write("src/main.rs", "fn main() {}\n");
        user.write("README.md", "# A crate\n");
        user.write("proto/notes.txt", "beside the protos\n");
        user.write(
            "proto/a/a.proto",
            "syntax = \"proto3\";\npackage a;\nimport \"b/b.proto\";\nmessage A { b.B b = 1; }\n",
        );
        user.write(
            "proto/b/b.proto",
            "syntax = \"proto3\";\npackage b;\nmessage B {}\n",
        );
        user.write(
            "proto/b/unused.proto",
            "syntax = \"proto3\";\npackage b;\nmessage Unused {}\n",
        );
        user
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        write(self.folder.path(), name, text);
    }

    /// Makes a file newer, which is what cargo looks at.
    fn touch(&self, name: &str) {
        let file = std::fs::File::options()
            .append(true)
            .open(self.path(name))
            .unwrap();
        file.set_modified(std::time::SystemTime::now()).unwrap();
    }

    fn check(&self) -> Output {
        Command::new(env!("CARGO"))
            .current_dir(self.folder.path())
            .env("CARGO_TARGET_DIR", scratch("target"))
            .env_remove("RUSTFLAGS")
            .args(["check", "-vv"])
            .output()
            .unwrap()
    }

    fn is_fresh(&self) -> bool {
        let output = self.check();
        let said = stderr(&output);
        assert!(output.status.success(), "{said}");
        said.contains("Fresh user-of-build-scripts")
    }

    /// Where the build script wrote to, by what cargo says of it.
    fn out_dir(&self) -> PathBuf {
        let targets = scratch("target").join("debug/build");
        let is_ours = |path: &Path| path.to_string_lossy().contains("user-of-build-scripts-");
        let folders = std::fs::read_dir(targets)
            .unwrap()
            .map(|entry| entry.unwrap().path());
        let out = folders
            .filter(|path| is_ours(path))
            .map(|path| path.join("out"));
        let newest = out.filter(|path| path.join("mod.rs").exists());
        newest
            .max_by_key(|path| path.join("mod.rs").metadata().unwrap().modified().unwrap())
            .expect("the build script wrote its files")
    }
}

/// One test for all that needs the library compiled for a user's crate, one after the other: they
/// share a target folder.
#[test]
fn cargo_runs_it_when_a_proto_changes_and_at_no_other_time() {
    let user =
        User::new("rust_svc_build::configure().compile(&[\"proto/a/a.proto\"], &[\"proto\"])");
    assert!(!user.is_fresh(), "the first time");
    assert!(user.is_fresh(), "nothing touched");
    for name in ["README.md", "proto/notes.txt", "proto/b/unused.proto"] {
        user.touch(name);
        assert!(user.is_fresh(), "{name} touched");
    }
    let before = crate::support::read_folder(&user.out_dir());
    assert!(before.contains_key("a.rs") && before.contains_key("b.rs"));
    user.touch("proto/b/b.proto");
    assert!(!user.is_fresh(), "an import touched");
    assert_eq!(crate::support::read_folder(&user.out_dir()), before);
    assert!(user.is_fresh(), "nothing touched since");

    user.write(
        "proto/a/a.proto",
        "syntax = \"proto3\";\npackage a;\nimport \"b/b.proto\";\nmessage A { b.C b = 1; }\n",
    );
    user.write(
        "proto/b/b.proto",
        "syntax = \"proto3\";\npackage b;\nmessage B { Nowhere b = 1; }\n",
    );
    let output = user.check();
    assert!(!output.status.success());
    let said = stderr(&output);
    assert!(said.contains("proto/b/b.proto:3:"), "{said}");
    assert!(
        said.contains("message B { Nowhere b = 1; }"),
        "the source line: {said}"
    );

    two_compiles_in_one_script();
    a_service_config_is_watched();
    a_folder_is_watched_as_one();
    if cfg!(unix) {
        a_shadow_is_seen();
    }
    a_path_without_an_effect_is_a_warning();
    what_is_not_compiled_in_is_an_error();
}

/// A user's crate compiles neither prost-build nor tonic-build unless it says so.
fn what_is_not_compiled_in_is_an_error() {
    for (setter, protos, feature) in [
        (
            ".messages(rust_svc_build::Messages::Prost)",
            "proto",
            "prost-build",
        ),
        (
            ".stubs(rust_svc_build::Stubs::Tonic)",
            "services",
            "tonic-build",
        ),
        (".runtime(false)", "services", "tonic-build"),
    ] {
        let user = User::new(&format!(
            "rust_svc_build::configure(){setter}.compile(&[{protos:?}], &[{protos:?}])"
        ));
        user.write(
            "services/s.proto",
            "syntax = \"proto3\";\npackage s;\nmessage M {}\nservice S { rpc Get(M) returns (M); }\n",
        );
        let output = user.check();
        assert!(!output.status.success(), "{setter}");
        let said = stderr(&output);
        let error = format!("the feature `{feature}` of `rust-svc-build` is off");
        assert!(said.contains(&error), "{said}");
        let line = format!("rust-svc-build = {{ version = \"0.1\", features = [\"{feature}\"] }}");
        assert!(said.contains(&line), "{said}");
    }
}

fn a_path_without_an_effect_is_a_warning() {
    let user = User::new(
        "rust_svc_build::configure().bytes(\".a.A.bb\").compile(&[\"proto\"], &[\"proto\"])",
    );
    let said = stderr(&user.check());
    let warning = "warning: user-of-build-scripts@0.0.0: option `bytes=.a.A.bb` has no effect";
    assert!(said.contains(warning), "{said}");
    assert!(said.contains("did you mean `.a.A"), "{said}");
}

fn two_compiles_in_one_script() {
    let script = |second: &str| {
        format!(
            "rust_svc_build::configure().compile(&[\"proto/a/a.proto\"], &[\"proto\"])?;\n    rust_svc_build::configure(){second}.compile(&[\"proto/b/unused.proto\"], &[\"proto\"])"
        )
    };
    let user = User::new(&script(""));
    let said = stderr(&user.check());
    assert!(
        said.contains("an earlier `compile` of this build script wrote"),
        "{said}"
    );
    assert!(
        said.contains("compile the protos of both at once"),
        "{said}"
    );
    let user = User::new(&script(
        ".include_file(\"more.rs\").out_dir(std::path::Path::new(&std::env::var(\"OUT_DIR\").unwrap()).join(\"more\"))",
    ));
    assert!(!user.is_fresh());
    assert!(user.out_dir().join("more/more.rs").exists());
    let script = "for name in [\"proto/b/b.proto\", \"proto/c.proto\"] {\n        rust_svc_build::configure().module_tree(false).compile(&[name], &[\"proto\"])?;\n    }\n    Ok(())";
    let user = User::new(script);
    user.write(
        "proto/c.proto",
        "syntax = \"proto3\";\npackage c;\nmessage C {}\n",
    );
    user.write(
        "src/main.rs",
        "const _: [&str; 2] = [\n    include_str!(concat!(env!(\"OUT_DIR\"), \"/b.rs\")),\n    include_str!(concat!(env!(\"OUT_DIR\"), \"/c.rs\")),\n];\nfn main() {}\n",
    );
    assert!(!user.is_fresh());
}

/// A file that is new in an include folder, and found before the one that was: whatever the folder has
/// besides is not watched, and what does not exist makes no build dirty.
fn a_shadow_is_seen() {
    let user = User::new(
        "rust_svc_build::configure().compile(&[\"proto/a/a.proto\"], &[\"first\", \"second\", \"proto\"])",
    );
    let a = |import: &str| {
        format!(
            "syntax = \"proto3\";\npackage a;\nimport \"b/b.proto\";\nimport \"google/rpc/status.proto\";\nmessage A {{ b.{import} b = 1; google.rpc.Status s = 2; }}\n"
        )
    };
    user.write("proto/a/a.proto", &a("B"));
    user.write("first/notes.txt", "no proto\n");
    user.write("second/b/other.proto", "syntax = \"proto3\";\n");
    assert!(!user.is_fresh());
    assert!(user.is_fresh(), "nothing touched");
    user.touch("first/notes.txt");
    user.touch("second/b/other.proto");
    user.write("second/c/c.proto", "syntax = \"proto3\";\n");
    assert!(user.is_fresh(), "nothing that is imported");

    let b = |message: &str| {
        format!("syntax = \"proto3\";\npackage b;\nmessage B {{}}\nmessage {message} {{}}\n")
    };
    user.write("second/b/b.proto", &b("Second"));
    assert!(!user.is_fresh(), "a file that wins");
    let text = |user: &User| std::fs::read_to_string(user.out_dir().join("a.rs")).unwrap();
    assert!(user.is_fresh());
    // A file that is moved keeps its time.
    user.write("moved.proto", &b("First"));
    let old = std::fs::File::options()
        .append(true)
        .open(user.path("moved.proto"));
    old.unwrap()
        .set_modified(std::time::SystemTime::UNIX_EPOCH)
        .unwrap();
    std::fs::create_dir(user.path("first/b")).unwrap();
    std::fs::rename(user.path("moved.proto"), user.path("first/b/b.proto")).unwrap();
    assert!(!user.is_fresh(), "one that was moved there");
    user.write("proto/a/a.proto", &a("First"));
    assert!(!user.is_fresh());
    assert!(text(&user).contains("super::b::First"), "{}", text(&user));
    std::fs::remove_file(user.path("first/b/b.proto")).unwrap();
    user.write("proto/a/a.proto", &a("Second"));
    assert!(!user.is_fresh(), "the winner is gone");
    assert!(user.is_fresh());

    let status = "syntax = \"proto3\";\npackage google.rpc;\nmessage Status { string mine = 1; }\n";
    user.write("second/google/rpc/status.proto", status);
    assert!(!user.is_fresh(), "one that we carry");
    assert!(user.is_fresh());
}

fn a_service_config_is_watched() {
    let user = User::new(
        "rust_svc_build::configure().service_config(\"config/a.json\").compile(&[\"proto\"], &[\"proto\"])",
    );
    user.write("config/a.json", "{\"methodConfig\": []}");
    assert!(!user.is_fresh(), "the first time");
    assert!(user.is_fresh(), "nothing touched");
    user.touch("config/a.json");
    assert!(!user.is_fresh(), "the service config touched");
    user.write("config/a.json", "{\"methodConfig\": 5}");
    let said = stderr(&user.check());
    assert!(said.contains("config/a.json:1:18"), "{said}");
}

fn a_folder_is_watched_as_one() {
    let user = User::new("rust_svc_build::configure().compile(&[\"proto\"], &[\"proto\"])");
    assert!(!user.is_fresh());
    assert!(user.is_fresh());
    user.write(
        "proto/b/new.proto",
        "syntax = \"proto3\";\npackage n;\nmessage N {}\n",
    );
    assert!(!user.is_fresh(), "a file is new in the folder");
    assert!(user.out_dir().join("n.rs").exists());
}
