//! The plugin's protocol.

use prost::Message as _;
use prost_types::FileDescriptorProto;
use prost_types::compiler::CodeGeneratorResponse;

use crate::support::{Request, binary, fixture, run_with_input, skip, stderr, texts, write};
use rust_svc_build::Options;

fn answer(request: &[u8]) -> CodeGeneratorResponse {
    let output = run_with_input(binary(), request);
    assert!(output.status.success(), "{}", stderr(&output));
    CodeGeneratorResponse::decode(output.stdout.as_slice()).expect("a whole response")
}

#[test]
fn announces_what_it_supports() {
    /// `CodeGeneratorResponse`, with what prost-types does not know of it.
    #[derive(prost::Message)]
    struct Response {
        #[prost(string, optional, tag = "1")]
        error: Option<String>,
        #[prost(uint64, tag = "2")]
        supported_features: u64,
        #[prost(int32, tag = "3")]
        minimum_edition: i32,
        #[prost(int32, tag = "4")]
        maximum_edition: i32,
    }
    let request = fixture("optional_fields").request("protoc").encode_to_vec();
    let response = rust_svc_build::respond(&request).unwrap();
    let response = Response::decode(response.bytes.as_slice()).unwrap();
    assert_eq!(response.error, None);
    assert_eq!(
        response.supported_features, 3,
        "FEATURE_PROTO3_OPTIONAL and FEATURE_SUPPORTS_EDITIONS"
    );
    // From proto2 to the edition 2024.
    assert_eq!(
        (response.minimum_edition, response.maximum_edition),
        (998, 1001)
    );
}

#[test]
fn mistakes_are_in_the_response() {
    let request = fixture("user_service").request("protoc");
    let response = answer(
        &request
            .clone()
            .with("clinet=false,server=no")
            .encode_to_vec(),
    );
    let error = response.error.expect("an error");
    assert_eq!(response.file, []);
    assert!(
        error.contains("unknown option `clinet` (did you mean `client`?)"),
        "{error}"
    );
    assert!(error.contains("option `server=no`"), "{error}");
    let response = answer(&request.with("exclude=.user.v1.User").encode_to_vec());
    let error = response.error.expect("an error");
    assert!(
        error.contains("user/v1/user_service.proto:"),
        "has a place: {error}"
    );
}

#[test]
fn a_broken_request_fails_on_standard_error() {
    let whole = fixture("user_service").request("protoc").encode_to_vec();
    for request in [&b"\xff\xff\xff"[..], &whole[..whole.len() / 2], b""] {
        let output = run_with_input(binary(), request);
        assert_eq!(output.status.code(), Some(1));
        assert!(output.stdout.is_empty());
        assert!(
            stderr(&output).contains("CodeGeneratorRequest"),
            "{}",
            stderr(&output)
        );
    }
}

/// Every prefix of a request, and a request with every byte changed by a bit, each a different one: told,
/// never a panic.
#[test]
fn no_request_is_a_panic() {
    let whole = fixture("proto2").request("protoc").encode_to_vec();
    for length in 0..whole.len() {
        let _ = rust_svc_build::respond(&whole[..length]);
    }
    for index in 0..whole.len() {
        let mut request = whole.clone();
        request[index] ^= 1 << (index % 8);
        let _ = rust_svc_build::respond(&request);
    }
}

#[test]
fn a_request_without_an_import_is_told() {
    let mut request = fixture("several_packages").request("protoc");
    request.proto_file.remove(0);
    let error = request.respond().error.expect("an error");
    assert!(error.contains("is not in the set"), "{error}");
}

/// Positions are optional, and so is each of them.
#[test]
fn a_request_without_positions() {
    let whole = fixture("oneofs").request("protoc");

    for keep in [0, 1, 2] {
        let mut request = whole.clone();
        for bytes in &mut request.proto_file {
            let mut file = FileDescriptorProto::decode(bytes.as_slice()).unwrap();
            let positions = file.source_code_info.as_mut().expect("protoc sends them");
            let mut index = 0;
            positions.location.retain(|_| {
                index += 1;
                keep > 0 && index % 3 != keep
            });
            *bytes = file.encode_to_vec();
        }
        let text = &request.generate()["oneofs.v1.rs"];
        assert!(text.contains("pub struct Shape"), "{keep}");
    }
}

#[test]
fn version_and_help() {
    let output = binary().arg("--version").output().unwrap();
    assert!(crate::support::stdout(&output).starts_with("protoc-gen-rust-svc "));
    let output = binary().arg("--help").output().unwrap();
    let help = crate::support::stdout(&output);
    for option in Options::TABLE {
        assert!(
            help.contains(&format!("\n  {}=", option.key)),
            "{}",
            option.key
        );
    }
}

/// With a parameter in which commas and backslashes are escaped, as the README shows it.
#[test]
fn parameters_are_those_of_the_library() {
    let parameter = r"type_attribute=.=#[derive(Eq\, Hash)],server=false";
    let fixture = fixture("user_service");
    let library = fixture.generate(&Options::parse(parameter).unwrap());
    let plugin = fixture.request("buf").with(parameter).generate();
    assert_eq!(texts(&library.files), plugin);
    let plugin: Request = fixture.request("protoc").with("out_dir=below");
    assert!(plugin.generate().contains_key("below/user.v1.rs"));
}

/// The real protoc and the real buf, by the README's words.
mod tools {
    use super::*;
    use crate::support::{read_folder, root};
    use std::path::PathBuf;
    use std::process::Command;

    fn tool(test: &str, name: &str) -> Option<PathBuf> {
        let path = root().join("target/tools/bin").join(name);
        match path.exists() {
            true => Some(path),
            false => {
                skip(
                    test,
                    &format!("{name} is not in target/tools: run scripts/install-tools.sh"),
                );
                None
            }
        }
    }

    #[test]
    fn protoc_runs_the_plugin() {
        let Some(protoc) = tool("protoc_runs_the_plugin", "protoc") else {
            return;
        };
        let fixture = fixture("user_service");
        let out = tempfile::tempdir().unwrap();
        let output = Command::new(protoc)
            .arg(format!(
                "--plugin=protoc-gen-rust-svc={}",
                env!("CARGO_BIN_EXE_protoc-gen-rust-svc")
            ))
            .arg(format!("--rust-svc_out={}", out.path().display()))
            .args([
                "--rust-svc_opt=extern_path=.google.protobuf.Timestamp=::prost_types::Timestamp",
                "--rust-svc_opt=client=false",
            ])
            .arg("-I")
            .arg(&fixture.folder)
            .arg(fixture.folder.join("user/v1/user_service.proto"))
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", stderr(&output));
        let options = Options::parse(
            "extern_path=.google.protobuf.Timestamp=::prost_types::Timestamp,client=false",
        )
        .unwrap();
        assert_eq!(
            read_folder(out.path()),
            texts(&fixture.generate(&options).files)
        );
    }

    #[test]
    fn buf_runs_the_plugin_with_both_strategies() {
        let Some(buf) = tool("buf_runs_the_plugin_with_both_strategies", "buf") else {
            return;
        };
        let fixture = fixture("several_packages");
        for (strategy, options) in [
            ("all", ""),
            ("directory", "module_tree=false,imports=false"),
        ] {
            let folder = tempfile::tempdir().unwrap();
            let opts: String = options
                .split(',')
                .filter(|o| !o.is_empty())
                .map(|o| format!("      - {o}\n"))
                .collect();
            let opts = match opts.is_empty() {
                true => String::new(),
                false => format!("    opt:\n{opts}"),
            };
            let template = format!(
                "version: v2\nplugins:\n  - local: {}\n    out: out\n    strategy: {strategy}\n{opts}",
                env!("CARGO_BIN_EXE_protoc-gen-rust-svc")
            );
            std::fs::write(folder.path().join("buf.gen.yaml"), template).unwrap();
            let output = Command::new(&buf)
                .current_dir(folder.path())
                .arg("generate")
                .arg(&fixture.folder)
                .output()
                .unwrap();
            assert!(output.status.success(), "{strategy}: {}", stderr(&output));
            let expected = texts(&fixture.generate(&Options::parse(options).unwrap()).files);
            assert_eq!(
                read_folder(&folder.path().join("out")),
                expected,
                "{strategy}"
            );
        }
    }

    /// As `protos` says: the copies are a module of their own, and only what is reached of them is generated.
    #[test]
    fn buf_finds_written_protos_and_generates_none_of_their_own() {
        const NAME: &str = "buf_finds_written_protos_and_generates_none_of_their_own";
        let Some(buf) = tool(NAME, "buf") else {
            return;
        };
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| write(folder.path(), name, text);
        write(
            "proto/user.proto",
            "syntax = \"proto3\";\npackage user;\nimport \"google/rpc/status.proto\";\nimport \"rust_svc/v1/options.proto\";\nmessage User { google.rpc.Status status = 1; }\n",
        );
        write(
            "buf.yaml",
            "version: v2\nmodules:\n  - path: proto\n  - path: third_party\n",
        );
        write(
            "buf.gen.yaml",
            &format!(
                "version: v2\ninputs:\n  - directory: proto\nplugins:\n  - local: {}\n    out: out\n    strategy: all\n",
                env!("CARGO_BIN_EXE_protoc-gen-rust-svc")
            ),
        );
        let mut protos = binary();
        protos.current_dir(folder.path());
        let output = protos
            .args(["protos", "--out", "third_party"])
            .output()
            .unwrap();
        let said = stderr(&output);
        assert!(said.contains("`- path: third_party`"), "{said}");
        assert!(said.contains("`- directory: proto`"), "{said}");
        let mut generate = Command::new(&buf);
        let output = generate
            .current_dir(folder.path())
            .arg("generate")
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", stderr(&output));
        let names: Vec<_> = read_folder(&folder.path().join("out"))
            .into_keys()
            .collect();
        assert_eq!(
            names,
            [
                "google.rpc.rs",
                "mod-descriptor-set.rs",
                "mod.rs",
                "user.rs"
            ]
        );
    }
}
