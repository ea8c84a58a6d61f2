//! The command by hand: output, `--check`, stale files, descriptor sets, and what can go wrong.

use std::path::Path;
use std::process::Output;

use prost::Message as _;

use crate::support::{Fixture, binary, fixture, read_folder, read_generated, stderr, stdout};

fn compile(fixture: &Fixture, out: &Path, extra: &[&str]) -> Output {
    binary()
        .arg("compile")
        .arg("-I")
        .arg(&fixture.folder)
        .arg("--out")
        .arg(out)
        .args(extra)
        .arg(&fixture.folder)
        .output()
        .unwrap()
}

#[test]
fn check_lists_what_would_change_and_writes_nothing() {
    let out = tempfile::tempdir().unwrap();
    let gen_folder = out.path().join("gen");
    let fixture = fixture("several_packages");
    let output = compile(&fixture, &gen_folder, &["--check"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stdout(&output).contains("missing: a.v1.rs"),
        "{}",
        stdout(&output)
    );
    assert!(!gen_folder.exists());

    assert!(compile(&fixture, &gen_folder, &[]).status.success());
    let output = compile(&fixture, &gen_folder, &["--check"]);
    assert!(output.status.success(), "{}", stdout(&output));
    assert_eq!(stdout(&output), "");

    let header = rust_svc_build::HEADER;
    std::fs::write(gen_folder.join("mine.rs"), "// by hand\n").unwrap();
    std::fs::write(gen_folder.join("c.rs"), format!("{header}\n")).unwrap();
    let before = read_folder(&gen_folder);
    let less = ["--check", "--opt", "include=c"];
    let output = compile(&fixture, &gen_folder, &less);
    assert_eq!(output.status.code(), Some(1));
    let said = stdout(&output);
    assert!(said.starts_with("differs: c.rs\n"), "{said}");
    assert!(
        said.ends_with("stale: a.v1.b.rs\nstale: a.v1.rs\n"),
        "{said}"
    );
    assert_eq!(read_folder(&gen_folder), before);

    let output = compile(&fixture, &gen_folder, &less[1..]);
    let said = stderr(&output);
    assert!(output.status.success(), "{said}");
    assert!(
        said.contains("removed: a.v1.b.rs\nremoved: a.v1.rs\n"),
        "{said}"
    );
    let files = read_generated(&gen_folder);
    let names: Vec<_> = files.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        ["c.rs", "mine.rs", "mod-descriptor-set.rs", "mod.rs"]
    );
}

#[test]
fn check_is_happy_after_cargo_fmt() {
    let out = tempfile::tempdir().unwrap();
    let fixture = fixture("user_service");
    assert!(compile(&fixture, out.path(), &[]).status.success());
    let before = read_generated(out.path());
    for edition in ["2021", "2024"] {
        // Not the encoded descriptors: they are an expression, and neither rustfmt nor cargo fmt
        // reads what is included.
        for path in before
            .keys()
            .filter(|path| !path.ends_with("-descriptor-set.rs"))
        {
            let output = std::process::Command::new("rustfmt")
                .args(["--edition", edition])
                .arg(out.path().join(path))
                .output()
                .unwrap();
            assert!(output.status.success(), "{}", stderr(&output));
        }
        let output = compile(&fixture, out.path(), &["--check"]);
        assert!(output.status.success(), "{edition}: {}", stdout(&output));
    }
    assert_eq!(
        read_folder(out.path())["mod.rs"],
        before["mod.rs"],
        "cargo fmt has nothing to change"
    );
}

#[test]
fn a_descriptor_set_is_as_good_as_protos() {
    let fixture = fixture("custom_options");
    let request = fixture.request("protoc");
    let set: Vec<u8> = request
        .proto_file
        .iter()
        .flat_map(|file| {
            let mut record = vec![0x0a];
            prost::encoding::encode_varint(file.len() as u64, &mut record);
            record.extend_from_slice(file);
            record
        })
        .collect();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.fds");
    std::fs::write(&path, set).unwrap();
    let run = |names: &[String], out: &Path| {
        let output = binary()
            .args(["compile", "--descriptor-set"])
            .arg(&path)
            .arg("--out")
            .arg(out)
            .args(names)
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", stderr(&output));
    };
    let (all, named) = (folder.path().join("all"), folder.path().join("named"));
    run(&[], &all);
    run(&request.file_to_generate, &named);
    let expected = request.generate();
    assert_eq!(read_generated(&all), expected);
    assert_eq!(read_generated(&named), expected);
    let output = binary()
        .args(["compile", "--out", "x", "nowhere.proto", "--descriptor-set"])
        .arg(&path)
        .output()
        .unwrap();
    assert!(stderr(&output).contains("the descriptor set has no file \"nowhere.proto\""));
}

#[test]
fn a_failed_run_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let reject = Fixture {
        name: String::new(),
        folder: crate::support::root().join("fixtures/rejects/three_errors"),
    };
    let output = compile(&reject, &out, &[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stderr(&output).contains("because of these 3 errors"),
        "{}",
        stderr(&output)
    );
    assert!(!out.exists());

    // A folder where a file has to go: nothing else is written either.
    std::fs::create_dir_all(out.join("user.v1.rs/x")).unwrap();
    let output = compile(&fixture("user_service"), &out, &[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stderr(&output).starts_with("error: cannot "),
        "{}",
        stderr(&output)
    );
    let left: Vec<_> = std::fs::read_dir(&out)
        .unwrap()
        .map(|e| e.unwrap().file_name())
        .collect();
    assert_eq!(left, ["user.v1.rs"]);
}

#[test]
fn an_output_folder_that_is_a_file() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let output = compile(&fixture("user_service"), file.path(), &[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stderr(&output).starts_with("error: cannot "),
        "{}",
        stderr(&output)
    );
}

#[test]
fn quiet_is_silent_and_options_are_told_with_protos() {
    let out = tempfile::tempdir().unwrap();
    let output = compile(&fixture("trap_04_client_methods"), out.path(), &["--quiet"]);
    assert!(output.status.success());
    assert_eq!(
        (stdout(&output), stderr(&output)),
        (String::new(), String::new())
    );
    let other = compile(
        &crate::support::fixture("enums"),
        out.path(),
        &["--quiet", "--check"],
    );
    assert_eq!(other.status.code(), Some(1));
    assert_eq!(
        (stdout(&other), stderr(&other)),
        (String::new(), String::new())
    );
    let reject = Fixture {
        name: String::new(),
        folder: crate::support::root().join("fixtures/rejects/unknown_type"),
    };
    let output = compile(&reject, out.path(), &["--opt", "clinet=false"]);
    let text = stderr(&output);
    assert!(
        text.contains("did you mean `client`?") && text.contains(".proto:"),
        "{text}"
    );
}

#[test]
fn protos_are_written_for_protoc_and_buf() {
    let out = tempfile::tempdir().unwrap();
    let output = binary()
        .args(["protos", "--out"])
        .arg(out.path())
        .output()
        .unwrap();
    assert!(output.status.success());
    let files = read_folder(out.path());
    for (name, text) in rust_svc_build::embedded_protos() {
        assert_eq!(files[*name], *text);
    }
}

/// `prost_types` has no place for custom options; what it has is as good as any other way.
#[test]
fn a_descriptor_set_of_prost_types_generates() {
    let fixture = fixture("user_service");
    let request = fixture.request("protoc");
    let file = request
        .proto_file
        .iter()
        .map(|file| prost_types::FileDescriptorProto::decode(file.as_slice()).unwrap())
        .collect();
    let out = tempfile::tempdir().unwrap();
    rust_svc_build::configure()
        .emit_rerun_if_changed(false)
        .out_dir(out.path())
        .compile_fds(prost_types::FileDescriptorSet { file })
        .unwrap();
    assert_eq!(read_generated(out.path()), request.generate());
}
