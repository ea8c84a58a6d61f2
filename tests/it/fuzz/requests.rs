//! Requests that nobody sends: bytes that are changed, and descriptors that no parser makes. The plugin answers,
//! with code or with what is wrong; never a panic.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use prost::Message as _;
use prost_types::compiler::code_generator_response::File;
use prost_types::{
    DescriptorProto, EnumDescriptorProto, FieldDescriptorProto, FileDescriptorProto,
};

use super::Tries;
use super::random::Random;
use crate::support::{Request, fixtures};

const NAMES: [&str; 14] = [
    "", ".", "a", "A", "self", "Self", "a.b", ".a", "1", "ü", "a b", "r#type", "_", "..a..b",
];

#[test]
fn no_request_is_a_panic() {
    let requests: Vec<Request> = fixtures()
        .iter()
        .flat_map(|fixture| ["protoc", "buf"].map(|who| fixture.request(who)))
        .collect();
    let mut done = 0;
    for seed in Tries::new(300) {
        done += 1;
        let mut random = Random::new(seed);
        let mut request = random.one(&requests).clone();
        let bytes = match random.once_in(2) {
            true => change_bytes(request.encode_to_vec(), &mut random),
            false => {
                for _ in 0..=random.below(3) {
                    let file = random.below(request.proto_file.len());
                    change_file(&mut request.proto_file[file], &mut random);
                }
                request.encode_to_vec()
            }
        };
        let before = Instant::now();
        let answer = catch_unwind(AssertUnwindSafe(|| rust_svc_build::respond(&bytes)));
        let answer = answer.unwrap_or_else(|_| panic!("seed {seed}: a panic"));
        assert!(before.elapsed() < Duration::from_secs(20), "seed {seed}");
        let Ok(answer) = answer else { continue };
        let answer = prost_types::compiler::CodeGeneratorResponse::decode(answer.bytes.as_slice());
        for file in answer.unwrap().file {
            is_rust(&file, seed);
        }
    }
    eprintln!("{done} requests");
}

fn is_rust(file: &File, seed: u64) {
    let is_code = !file.name().ends_with("-descriptor-set.rs");
    if let Err(error) = syn::parse_file(file.content()).map_err(|error| error.to_string())
        && is_code
    {
        panic!("seed {seed}, {}: {error}", file.name());
    }
}

fn change_bytes(mut bytes: Vec<u8>, random: &mut Random) -> Vec<u8> {
    for _ in 0..=random.below(6) {
        let at = random.below(bytes.len());
        let end = (at + random.below(16)).min(bytes.len());
        match random.below(4) {
            0 => bytes[at] = random.next() as u8,
            1 => bytes[at] ^= 1 << random.below(8),
            2 => drop(bytes.drain(at..end)),
            _ => {
                let again = bytes[at..end].to_vec();
                bytes.splice(at..at, again);
            }
        }
        if bytes.is_empty() {
            break;
        }
    }
    bytes
}

fn change_file(bytes: &mut Vec<u8>, random: &mut Random) {
    let mut file = FileDescriptorProto::decode(bytes.as_slice()).unwrap();
    match random.below(12) {
        0 => file.package = Some((*random.one(&NAMES)).to_owned()),
        1 => file.syntax = Some((*random.one(&["proto2", "proto3", "editions", ""])).to_owned()),
        2 => file.name = Some((*random.one(&NAMES)).to_owned()),
        3 => drop(file.dependency.pop()),
        4 => file.public_dependency.push(random.below(9) as i32 - 4),
        5 => {
            let info = file.source_code_info.get_or_insert_default();
            for location in &mut info.location {
                let number = random.below(40) as i32 - 8;
                let in_place = match random.once_in(2) {
                    true => &mut location.span,
                    false => &mut location.path,
                };
                let at = random.below(in_place.len().max(1));
                in_place.splice(at..at, [number]);
            }
        }
        6 => {
            if let Some(service) = file.service.first_mut() {
                service.name = Some((*random.one(&NAMES)).to_owned());
                if let Some(method) = service.method.first_mut() {
                    method.input_type = Some((*random.one(&NAMES)).to_owned());
                }
            }
        }
        7 => {
            if let Some(r#enum) = file.enum_type.first_mut() {
                change_enum(r#enum, random);
            }
        }
        _ => {
            let index = random.below(file.message_type.len());
            if let Some(message) = file.message_type.get_mut(index) {
                change_message(message, random);
            }
        }
    }
    *bytes = file.encode_to_vec();
}

fn change_enum(r#enum: &mut EnumDescriptorProto, random: &mut Random) {
    match random.below(3) {
        0 => r#enum.value.clear(),
        1 => r#enum.name = None,
        _ => {
            let last = r#enum.value.last_mut();
            last.into_iter()
                .for_each(|value| value.number = Some(random.next() as i32));
        }
    }
}

fn change_message(message: &mut DescriptorProto, random: &mut Random) {
    let index = random.below(message.nested_type.len() * 2);
    if let Some(nested) = message.nested_type.get_mut(index) {
        return change_message(nested, random);
    }
    match random.below(5) {
        0 => message.name = Some((*random.one(&NAMES)).to_owned()),
        1 => drop(message.oneof_decl.pop()),
        2 => message.options.get_or_insert_default().map_entry = Some(random.once_in(2)),
        _ => {
            let index = random.below(message.field.len());
            if let Some(field) = message.field.get_mut(index) {
                change_field(field, random);
            }
        }
    }
}

fn change_field(field: &mut FieldDescriptorProto, random: &mut Random) {
    match random.below(8) {
        0 => field.r#type = Some(random.below(22) as i32 - 1),
        1 => field.label = Some(random.below(6) as i32 - 1),
        2 => field.number = Some(random.next() as i32),
        3 => field.type_name = Some((*random.one(&NAMES)).to_owned()),
        4 => field.oneof_index = Some(random.below(5) as i32 - 2),
        5 => field.proto3_optional = Some(random.once_in(2)),
        6 => {
            field.default_value =
                Some((*random.one(&["1", "nan", "\\", "\"", "X", "\\377"])).to_owned())
        }
        _ => field.name = Some((*random.one(&NAMES)).to_owned()),
    }
}
