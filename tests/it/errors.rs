//! Error enums, as far as fixtures do not show them.

use std::path::Path;

use rust_svc_build::{Diagnostic, Folder, Generated, Input, Options};

use crate::support::root;

/// What a proto file and a parameter generate.
fn generate(proto: &str, parameter: &str) -> Result<Generated, rust_svc_build::Error> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("errors")).unwrap();
    let kratos = root().join("fixtures/errors_of_kratos/errors/errors.proto");
    std::fs::copy(kratos, folder.path().join("errors/errors.proto")).unwrap();
    std::fs::write(folder.path().join("a.proto"), proto).unwrap();
    let input = Input::from_protos(&[folder.path().join("a.proto")], &[folder.path()])?;
    rust_svc_build::generate(&input, &Options::parse(parameter).unwrap())
}

/// Messages and help of the errors, without places.
fn problems(proto: &str) -> Vec<String> {
    let error = generate(proto, "").expect_err("has to be refused");
    let lines = error.diagnostics().iter().map(Diagnostic::to_line);
    let without_folder = |line: String| match line.split_once("a.proto:") {
        Some((_, rest)) => rest.to_owned(),
        None => line,
    };
    lines.map(without_folder).collect()
}

fn fixture(name: &str, parameter: &str) -> Generated {
    let folder = root().join("fixtures").join(name);
    let input = Input::from_protos(&[&folder], &[&folder]).unwrap();
    rust_svc_build::generate(&input, &Options::parse(parameter).unwrap()).unwrap()
}

#[test]
fn a_detail_without_debug_is_told() {
    let generated = fixture("errors", "skip_debug=other.v1.Quota,stubs=tonic");
    let warnings: Vec<_> = generated.warnings.iter().map(Diagnostic::message).collect();
    let expected = "`other.v1.Quota` has no `Debug`, which every error in Rust has";
    let told = warnings.iter().filter(|warning| **warning == expected);
    assert_eq!(told.count(), 1, "{warnings:?}");
}

/// A new error in a proto breaks no `match` of another crate, unless that is asked for.
#[test]
fn error_types_are_exhaustive_where_an_option_says_so() {
    let closed = |parameter: &str| {
        let generated = fixture("errors", parameter);
        let text = generated.files.get("errors.v1.rs").unwrap();
        let mut names = Vec::new();
        let mut before = "";
        for line in text.lines() {
            let name = line.trim().strip_prefix("pub enum ");
            let is_error = name.is_some_and(|name| name.ends_with("Error {"));
            if is_error && before.trim() != "#[non_exhaustive]" {
                names.extend(name.map(|name| name.trim_end_matches(" {").to_owned()));
            }
            before = line;
        }
        (names, generated.warnings.len())
    };
    let (open, warnings) = closed("");
    assert_eq!(open, [""; 0]);
    let one = closed("exhaustive_errors=.errors.v1.OrderErrorReason");
    assert_eq!(one, (vec!["OrderError".to_owned()], warnings));
    let service = closed("exhaustive_errors=.errors.v1.Orders");
    let types = ["PlaceError", "CancelError", "ListError"].map(str::to_owned);
    assert_eq!(service, (types.to_vec(), warnings));
    assert_eq!(closed("exhaustive_errors=.other.v1.Quota").1, warnings + 1);
}

#[test]
fn codes_of_kratos() {
    let problems = problems(
        r#"
        syntax = "proto3";
        package a.v1;
        import "errors/errors.proto";
        enum FirstReason {
          FIRST_UNSPECIFIED = 0;
          TEAPOT = 1 [(errors.code) = 418];
          FINE = 2 [(errors.code) = 200];
          FAR = 3 [(errors.code) = 601];
          NONE = 4;
        }"#,
    );
    assert_eq!(
        problems,
        [
            "8:37: the HTTP code 200 of `FINE` is not an error code (codes of errors are from 300 to 600, such as 404)",
            "9:36: the HTTP code 601 of `FAR` is not an error code (codes of errors are from 300 to 600, such as 404)",
            "10:11: the error `NONE` has no code (give it one by `[(errors.code) = 404]`, or the enum one by `option (errors.default_code) = 500;`)",
        ]
    );
}

/// Numbers alone are anybody's: an extension of another name is not read.
#[test]
fn options_of_others_with_our_numbers() {
    let generated = generate(
        r#"
        syntax = "proto3";
        package a.v1;
        import "google/protobuf/descriptor.proto";
        message Theirs { string errors = 1; }
        extend google.protobuf.EnumOptions {
          Theirs theirs = 46817;
          int32 level = 1108;
        }
        enum E {
          option (theirs).errors = "x";
          option (level) = 500;
          A = 0;
          B = 1;
        }"#,
        "",
    );
    let files = generated.unwrap().files;
    assert!(!files.get("a.v1.rs").unwrap().contains("ErrorKind"));
}

#[test]
fn a_file_without_a_package_names_a_domain() {
    let problems = problems(
        r#"
        syntax = "proto3";
        import "rust_svc/v1/options.proto";
        enum UserReason {
          option (rust_svc.v1.enum).errors = {default_code: ABORTED};
          USER_UNSPECIFIED = 0;
          USER_GONE = 1 [(rust_svc.v1.value).error = {message: "gone"}];
        }"#,
    );
    assert_eq!(
        problems,
        [
            "4:14: the errors have no domain (a file without a package has none: add `domain: \"users.example.com\"`)"
        ]
    );
}

/// An enum that is somewhere else: so is its type of errors.
#[test]
fn errors_of_an_extern_path() {
    for parameter in [
        "extern_path=.other.v1=::elsewhere::other::v1",
        "extern_path=.other.v1.CommonError=::elsewhere::other::v1::CommonError,extern_path=.other.v1.Quota=::elsewhere::Quota",
    ] {
        let generated = fixture("errors", parameter);
        assert!(generated.files.get("other.v1.rs").is_none(), "{parameter}");
        let text = generated.files.get("errors.v1.rs").unwrap();
        let expected = "match <::elsewhere::other::v1::Common as ";
        assert!(text.contains(expected), "{parameter}: {text}");
    }
}

/// What an rpc lists, and what an error has as a detail, is generated with it.
#[test]
fn what_is_listed_is_reached() {
    let generated = fixture("errors", "include=errors.v1.Orders");
    let other = generated.files.get("other.v1.rs").unwrap();
    assert!(other.contains("pub enum Common ") && other.contains("pub struct Quota "));
    let errors = generated.files.get("errors.v1.rs").unwrap();
    assert!(errors.contains("pub enum OrderError ") && errors.contains("pub enum BoxError "));
    assert!(!errors.contains("NothingYet"));
}

/// A catalogue that is not wanted any more goes, and nobody else's file does.
#[test]
fn a_stale_catalogue_is_removed() {
    let out = tempfile::tempdir().unwrap();
    let folder = Folder::new(out.path());
    let is_there = |name: &str| Path::new(&out.path().join(name)).exists();
    let with = fixture("errors", "errors_catalog=docs/errors");
    folder.sync(&with.files).unwrap();
    std::fs::write(out.path().join("docs/mine.json"), "{}").unwrap();
    std::fs::write(out.path().join("docs/mine.md"), "# Mine").unwrap();
    assert!(is_there("docs/errors.json") && is_there("docs/errors.md"));

    folder.sync(&fixture("errors", "").files).unwrap();
    assert!(!is_there("docs/errors.json") && !is_there("docs/errors.md"));
    assert!(is_there("docs/mine.json") && is_there("docs/mine.md"));
}

/// The type of an rpc's errors is called after the rpc, so that one option renames both.
#[test]
fn a_renamed_rpc_renames_its_errors() {
    let proto = r#"
        syntax = "proto3";
        package a.v1;
        import "rust_svc/v1/options.proto";
        message M {}
        enum GoneReason {
          option (rust_svc.v1.enum).errors = {domain: "a"};
          GONE_UNSPECIFIED = 0;
          GONE_NOW = 1 [(rust_svc.v1.value).error = {code: ABORTED message: "gone"}];
        }
        service S {
          option (rust_svc.v1.service).errors = "GONE_NOW";
          rpc GetFoo(M) returns (M);
          rpc getFoo(M) returns (M);
        }"#;
    for (parameter, name, warnings) in [
        ("client_trait=false", "GetFooError_", 2),
        (
            "client_trait=false,rename=.a.v1.S.getFoo=other",
            "OtherError",
            0,
        ),
    ] {
        let generated = generate(proto, parameter).unwrap();
        let text = generated.files.get("a.v1.rs").unwrap();
        assert!(text.contains("pub enum GetFooError {"), "{parameter}");
        assert!(text.contains(&format!("pub enum {name} {{")), "{parameter}");
        assert_eq!(generated.warnings.len(), warnings, "{parameter}");
    }
}
