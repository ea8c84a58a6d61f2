//! What users get wrong, and what they are told.

use std::path::Path;

use insta::{Settings, assert_snapshot};
use rust_svc_build::{Input, Options};

use crate::support::{folders, root};

/// The options of a reject: each JSON file in its folder is a service config.
fn options(folder: &Path) -> Options {
    let entries = std::fs::read_dir(folder).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    let mut configs: Vec<_> = paths
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "json")
        })
        .collect();
    configs.sort();
    let mut options = Options::default();
    for config in configs {
        options
            .set("service_config", config.to_str().unwrap())
            .unwrap();
    }
    options
}

/// One snapshot for each folder of `fixtures/rejects`: all that is wrong, with places and help.
#[test]
fn every_reject_says_where_and_how_to_mend_it() {
    let mut settings = Settings::new();
    settings.set_snapshot_path(root().join("tests/snapshots/rejects"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    for reject in folders(&root().join("fixtures/rejects")) {
        let outcome = Input::from_protos(&[&reject.folder], &[&reject.folder])
            .and_then(|input| rust_svc_build::generate(&input, &options(&reject.folder)));
        let error = outcome
            .err()
            .unwrap_or_else(|| panic!("{} is accepted", reject.name));
        assert!(
            error
                .diagnostics()
                .iter()
                .all(|diagnostic| diagnostic.place().is_some()),
            "{}: an error without a place: {error}",
            reject.name
        );
        let text = error
            .to_string()
            .replace(&format!("{}/", root().display()), "");
        settings.bind(|| assert_snapshot!(reject.name.as_str(), text));
    }
}

fn error(protos: &[&str], includes: &[&str]) -> String {
    let error = Input::from_protos(protos, includes).expect_err("has to be refused");
    error.to_string()
}

#[test]
fn what_is_not_there() {
    let root = root().display().to_string();
    let fixture = format!("{root}/fixtures/four_kinds");
    for (protos, includes, expected) in [
        (vec![], vec![fixture.as_str()], "no proto files were given"),
        (
            vec!["nowhere.proto"],
            vec![&fixture],
            "there is no file `nowhere.proto`",
        ),
        (
            vec![&fixture],
            vec!["/nowhere"],
            "the include folder `/nowhere` does not exist",
        ),
        (
            vec!["src"],
            vec!["src"],
            "there is no `.proto` file below `src`",
        ),
    ] {
        let text = error(&protos, &includes);
        assert!(text.contains(expected), "{text}");
        assert!(text.contains("= help: "), "{text}");
    }
}

#[test]
fn a_file_outside_the_includes() {
    let root = root().display().to_string();
    let file = format!("{root}/fixtures/four_kinds");
    let text = error(&[&file], &[&format!("{root}/fixtures/enums")]);
    assert!(text.contains("is in none of the include folders"), "{text}");
    assert!(text.contains("the include folders are"), "{text}");
}

#[test]
fn a_file_that_is_shadowed() {
    let folder = tempfile::tempdir().unwrap();
    for include in ["first", "second"] {
        std::fs::create_dir(folder.path().join(include)).unwrap();
        let text = format!("syntax = \"proto3\"; package {include};");
        std::fs::write(folder.path().join(include).join("a.proto"), text).unwrap();
    }
    let path = |name: &str| folder.path().join(name).display().to_string();
    let text = error(
        &[&path("second/a.proto")],
        &[&path("first"), &path("second")],
    );
    assert!(text.contains("cannot be reached"), "{text}");
}

/// An include folder whose name begins the import path is no path from the current folder.
#[test]
fn an_include_folder_of_the_same_name_as_the_first_package() {
    let folder = tempfile::tempdir().unwrap();
    let inner = folder.path().join("telemetry/telemetry/v1");
    std::fs::create_dir_all(&inner).unwrap();
    std::fs::write(
        inner.join("a.proto"),
        "syntax = \"proto3\"; package telemetry.v1; message A {}",
    )
    .unwrap();
    let output = crate::support::binary()
        .current_dir(folder.path())
        .args([
            "compile",
            "-I",
            "telemetry",
            "--out",
            "out",
            "telemetry/v1/a.proto",
        ])
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        crate::support::stderr(&output)
    );
    assert!(folder.path().join("out/telemetry.v1.rs").exists());
}

#[test]
fn text_that_is_not_utf_8_and_text_with_a_byte_order_mark() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("latin.proto"),
        b"// \xe9\nsyntax = \"proto3\";",
    )
    .unwrap();
    let path = folder.path().display().to_string();
    // protoc takes any bytes in comments, and so do we.
    Input::from_protos(&[&path], &[&path]).unwrap();
    std::fs::write(
        folder.path().join("latin.proto"),
        b"syntax = \"proto3\";\nmessage \xe9 {}",
    )
    .unwrap();
    let text = error(&[&path], &[&path]);
    assert!(text.contains("latin.proto:2:9"), "{text}");
    assert!(text.contains("names are ASCII"), "{text}");
    std::fs::remove_file(folder.path().join("latin.proto")).unwrap();
    std::fs::write(
        folder.path().join("bom.proto"),
        "\u{feff}syntax = \"proto3\";\r\nmessage A {}\r\n",
    )
    .unwrap();
    Input::from_protos(&[&path], &[&path]).unwrap();
}

/// proto2 is what it is then, and that is not what its errors say.
#[test]
fn a_file_without_a_syntax_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().display().to_string();
    let write = |text: &str| std::fs::write(folder.path().join("a.proto"), text).unwrap();
    let said = "a.proto` has no `syntax` line, and is read as proto2";
    write("// Copied.\npackage a.v1;\nmessage A { string name = 1; int32 count = 2; }\n");
    let text = error(&[&path], &[&path]);
    assert_eq!(text.matches(said).count(), 1, "{text}");
    assert!(
        text.contains("begin it with `syntax = \"proto3\";`"),
        "{text}"
    );

    let warnings = || {
        let input = Input::from_protos(&[&path], &[&path]).unwrap();
        let generated = rust_svc_build::generate(&input, &Options::default()).unwrap();
        let warnings = generated.warnings.iter();
        let texts: Vec<_> = warnings
            .map(|warning| warning.message().to_owned())
            .collect();
        texts.join("\n")
    };
    write("package a.v1;\nmessage A { optional int32 count = 1; }\n");
    assert_eq!(
        warnings(),
        "`a.proto` has no `syntax` line, and is read as proto2"
    );
    write("/* A. */ syntax = 'proto2';\npackage a.v1;\nmessage A { optional int32 count = 1; }\n");
    assert_eq!(warnings(), "");
    write("syntax = 'proto2';\npackage a.v1;\nmessage A { int32 count = 1; }\n");
    assert!(!error(&[&path], &[&path]).contains("`syntax` line"));
}

/// Each of them has one, and protoc and buf tell plugins where it stands.
#[test]
fn no_fixture_is_said_to_have_no_syntax_line() {
    for fixture in crate::support::fixtures() {
        let mut warnings = fixture.generate(&Options::default()).warnings;
        for tool in ["protoc", "buf"] {
            let request = prost::Message::encode_to_vec(&fixture.request(tool));
            warnings.extend(rust_svc_build::respond(&request).unwrap().warnings);
        }
        let mut texts = warnings.iter().map(rust_svc_build::Diagnostic::to_line);
        assert!(
            texts.all(|text| !text.contains("`syntax` line")),
            "{}",
            fixture.name
        );
    }
}

#[test]
fn names_that_nothing_has() {
    let fixture = crate::support::fixture("user_service");
    let options = Options::parse("include=user.v1.UserServce,exclude=.nowhere").unwrap();
    let error = rust_svc_build::generate(&fixture.input().unwrap(), &options).unwrap_err();
    let text = error.to_string();
    assert!(
        text.contains("did you mean `user.v1.UserService`?"),
        "{text}"
    );
    assert!(text.contains("option `exclude=.nowhere`"), "{text}");
    let options = Options::parse("rename=.user.v1.Usr=X,rename=.other.v1.Thing=Y").unwrap();
    let error = rust_svc_build::generate(&fixture.input().unwrap(), &options).unwrap_err();
    let text = error.to_string();
    assert!(text.contains("did you mean `.user.v1.User`?"), "{text}");
    assert!(
        !text.contains("other"),
        "another run generates that: {text}"
    );
}
