//! What build scripts of prost-build and tonic-prost-build call, and what they return.

use prost::Message as _;
use prost_types::FileDescriptorSet;
use rust_svc_build::{Builder, Input};

use crate::support::{fixture, read_folder, read_generated, texts};

fn builder() -> Builder {
    rust_svc_build::configure().emit_rerun_if_changed(false)
}

#[test]
fn a_file_has_the_descriptor_set() {
    let fixture = fixture("trap_27_comments");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("below/set.bin");
    let read = || std::fs::read(&path).unwrap();
    let run = |builder: Builder| {
        builder
            .out_dir(folder.path().join("out"))
            .file_descriptor_set_path(&path)
            .compile_protos(&[&fixture.folder], &[&fixture.folder])
    };
    run(builder()).unwrap();
    assert_eq!(read(), fixture.input().unwrap().descriptor_set());

    let modified = || path.metadata().unwrap().modified().unwrap();
    let long_ago = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1);
    let file = std::fs::File::options().append(true).open(&path).unwrap();
    file.set_modified(long_ago).unwrap();
    run(builder()).unwrap();
    assert_eq!(modified(), long_ago, "what is the same is not written");
}

#[test]
fn without_source_info_there_are_no_comments_and_no_positions() {
    let fixture = fixture("trap_27_comments");
    let folder = tempfile::tempdir().unwrap();
    let (path, out) = (folder.path().join("set.bin"), folder.path().join("out"));
    builder()
        .skip_source_info()
        .file_descriptor_set_path(&path)
        .out_dir(&out)
        .compile(&[&fixture.folder], &[&fixture.folder])
        .unwrap();
    let set = FileDescriptorSet::decode(std::fs::read(&path).unwrap().as_slice()).unwrap();
    assert!(!set.file.is_empty());
    assert!(set.file.iter().all(|file| file.source_code_info.is_none()));
    let with = fixture.generate(&rust_svc_build::Options::default());
    let (with, without) = (texts(&with.files), read_folder(&out));
    let docs = |text: &String| text.matches("///").count();
    for (path, text) in with.iter().filter(|(path, _)| !path.starts_with("mod")) {
        assert!(docs(&without[path]) < docs(text), "{path}");
    }
}

#[test]
fn a_descriptor_set_that_cannot_be_written_is_told() {
    let fixture = fixture("enums");
    let folder = tempfile::tempdir().unwrap();
    let error = builder()
        .file_descriptor_set_path(folder.path())
        .out_dir(folder.path().join("out"))
        .compile(&[&fixture.folder], &[&fixture.folder])
        .unwrap_err();
    let text = error.to_string();
    assert!(
        text.contains("cannot write the descriptor set to `"),
        "{text}"
    );
    assert!(text.contains("`file_descriptor_set_path`"), "{text}");
}

#[test]
fn an_input_is_compiled_after_others_have_seen_it() {
    let fixture = fixture("several_packages");
    let input = Input::from_protos(&[&fixture.folder], &[&fixture.folder]).unwrap();
    let set = FileDescriptorSet::decode(input.descriptor_set().as_slice()).unwrap();
    assert!(!set.file.is_empty());
    let out = tempfile::tempdir().unwrap();
    builder().out_dir(out.path()).compile_input(input).unwrap();
    let expected = fixture.generate(&rust_svc_build::Options::default());
    assert_eq!(read_generated(out.path()), texts(&expected.files));
}

/// `main` of such build scripts returns `std::io::Result<()>`, and what cargo shows of an error is its `Debug`.
#[test]
fn an_error_is_one_of_io() {
    fn main() -> std::io::Result<()> {
        let folder = crate::support::root().join("fixtures/rejects/unknown_type");
        builder().compile_protos(&[&folder], &[&folder])?;
        Ok(())
    }
    let error = main().unwrap_err();
    assert!(error.to_string().starts_with("error: "), "{error}");
    let shown = format!("{error:?}");
    assert!(shown.contains(".proto:"), "{shown}");
    assert!(shown.contains("\n --> "), "lines are lines: {shown}");
}

/// Each setter of tonic-prost-build and of prost-build's `Config`, called as there, or told in docs/migrating.md.
#[test]
fn every_name_is_there_or_on_the_page() {
    const ANY: &str = "#[allow(dead_code)]";
    let fixture = fixture("four_kinds");
    let out = tempfile::tempdir().unwrap();
    builder()
        .build_client(true)
        .build_server(true)
        .build_transport(true)
        .out_dir(out.path())
        .extern_path(".nowhere.v1", "::nowhere::v1")
        .field_attribute(".", ANY)
        .message_attribute(".", ANY)
        .enum_attribute(".", ANY)
        .type_attribute(".", ANY)
        .bytes(".")
        .btree_map(".")
        .server_mod_attribute(".", ANY)
        .server_attribute(".", ANY)
        .trait_attribute(".", ANY)
        .client_mod_attribute(".", ANY)
        .client_attribute(".", ANY)
        .emit_package(true)
        .include_file("all.rs")
        .disable_comments(["."])
        .use_arc_self(true)
        .generate_default_stubs(true)
        .codec_path("::tonic_prost::ProstCodec")
        .skip_debug(["."])
        .skip_source_info()
        .file_descriptor_set_path(out.path().join("set.bin"))
        .compile_well_known_types(true)
        .retain_enum_prefix(true)
        .enable_type_names(true)
        .type_name_domain(".", "type.example.com")
        .prost_path("::prost")
        .prost_types_path("::prost_types")
        .compile_protos(&[&fixture.folder], &[&fixture.folder])
        .unwrap();

    let page = crate::support::root().join("docs/migrating.md");
    let page = std::fs::read_to_string(page).unwrap();
    for absent in [
        "compile_with_config",
        "compile_fds_with_config",
        "load_fds",
        "default_package_filename",
        "protoc_arg",
        "protoc_executable",
        "skip_protoc_run",
        "proto_path",
        "with_extended_rust_types",
        "service_generator",
        "format",
    ] {
        assert!(page.contains(&format!("`{absent}")), "{absent}");
    }
}
