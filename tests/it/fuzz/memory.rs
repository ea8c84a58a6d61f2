//! How much memory a request takes: a bound that is stated, and held.

use std::process::Command;

use prost::Message as _;
use prost_types::field_descriptor_proto::{Label, Type};
use prost_types::{DescriptorProto, FieldDescriptorProto, FileDescriptorProto};

use crate::support::{Request, fixture, run_with_input, skip, stderr};

/// In bytes: what the plugin takes for a request of `bytes`, with the address space that it does not use.
fn bound(bytes: usize) -> usize {
    (48 << 20) + 150 * bytes
}

/// Runs the plugin with no more memory than the bound allows.
fn run(request: &[u8]) -> std::process::Output {
    let kilobytes = bound(request.len()) / 1024;
    let mut command = Command::new("sh");
    command
        .args(["-c", &format!("ulimit -v {kilobytes} && exec \"$0\"")])
        .arg(env!("CARGO_BIN_EXE_protoc-gen-rust-svc"));
    run_with_input(command, request)
}

/// Messages with a few fields each, which have nothing but names: the least bytes for the most code.
fn wide(messages: usize) -> Request {
    let field = |number: i32| FieldDescriptorProto {
        name: Some(format!("f{number}")),
        number: Some(number),
        label: Some(Label::Optional as i32),
        r#type: Some(Type::Int32 as i32),
        ..FieldDescriptorProto::default()
    };
    let message = |index: usize| DescriptorProto {
        name: Some(format!("M{index}")),
        field: (1..=4).map(field).collect(),
        ..DescriptorProto::default()
    };
    let file = FileDescriptorProto {
        name: Some("wide.proto".to_owned()),
        package: Some("wide".to_owned()),
        syntax: Some("proto3".to_owned()),
        message_type: (0..messages).map(message).collect(),
        ..FileDescriptorProto::default()
    };
    Request {
        file_to_generate: vec!["wide.proto".to_owned()],
        parameter: None,
        proto_file: vec![file.encode_to_vec()],
    }
}

#[test]
fn memory_is_bounded() {
    if cfg!(not(target_os = "linux")) {
        return skip("memory_is_bounded", "only Linux limits it so");
    }
    let requests = [
        fixture("user_service").request("protoc"),
        fixture("trap_17_wrappers_in_rpcs").request("buf"),
        wide(100),
        wide(5_000),
    ];
    for request in requests {
        let bytes = request.encode_to_vec();
        let output = run(&bytes);
        assert!(
            output.status.success(),
            "{} bytes: {}",
            bytes.len(),
            stderr(&output)
        );
    }
}

/// A field of a request that says to be longer than memory, and messages that are deeper than a stack.
#[test]
fn claims_are_not_believed() {
    let mut long = vec![0x7a];
    prost::encoding::encode_varint(1 << 40, &mut long);
    let deep = (0..20_000).fold(Vec::new(), |inner, _| {
        let mut outer = Vec::with_capacity(inner.len() + 6);
        // `nested_type` of a message, and at last `message_type` of a file.
        prost::encoding::encode_key(3, prost::encoding::WireType::LengthDelimited, &mut outer);
        prost::encoding::encode_varint(inner.len() as u64, &mut outer);
        outer.extend(inner);
        outer
    });
    let mut file = vec![0x0a, 1, b'a', 0x22];
    prost::encoding::encode_varint(deep.len() as u64, &mut file);
    file.extend(deep);
    let mut request = vec![0x7a];
    prost::encoding::encode_varint(file.len() as u64, &mut request);
    request.extend(file);
    for bytes in [long, request] {
        let output = run(&bytes);
        assert!(
            output.status.code().is_some(),
            "killed by a signal: {}",
            stderr(&output)
        );
        assert!(!stderr(&output).contains("panicked"), "{}", stderr(&output));
    }
}
