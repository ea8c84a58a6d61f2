//! What features come to on the wire: <https://protobuf.dev/programming-guides/encoding>.

use prost::Message as _;
use prost_types::FileDescriptorSet;
use runtime_tests::editions::{
    Encodings, FILE_DESCRIPTOR_SET, Lists, Presence, Shown, encodings::Inner,
};

/// The key of a field: its number, and the wire type.
const fn key(number: u8, wire_type: u8) -> u8 {
    number << 3 | wire_type
}

#[test]
fn presence() {
    // A required field is there, whatever it is; an implicit one only if it is not 0.
    let nothing = Presence::default();
    assert_eq!(nothing.encode_to_vec(), [key(3, 2), 0]);
    let zeros = Presence {
        explicit: Some(0),
        implicit: 0,
        ..Presence::default()
    };
    assert_eq!(zeros.encode_to_vec(), [key(1, 0), 0, key(3, 2), 0]);
    assert_eq!(Presence::decode([key(1, 0), 0].as_slice()).unwrap(), zeros);
    // A default is what a getter says where nothing is.
    #[allow(deprecated)]
    let default = nothing.with_default().to_owned();
    assert_eq!(default, "ü");
    // The presence that the file sets, and the one that a field sets.
    let shown = Shown {
        implicit: 0,
        explicit: Some(0),
        ..Shown::default()
    };
    assert_eq!(shown.encode_to_vec(), [key(2, 0), 0]);
}

#[test]
fn lists() {
    let packed = Lists {
        packed: vec![1, 2],
        ..Lists::default()
    };
    assert_eq!(packed.encode_to_vec(), [key(1, 2), 2, 1, 2]);
    let expanded = Lists {
        expanded: vec![1, 2],
        ..Lists::default()
    };
    assert_eq!(expanded.encode_to_vec(), [key(2, 0), 1, key(2, 0), 2]);
}

#[test]
fn encodings_of_messages() {
    let message = Encodings {
        length_prefixed: Some(Presence::default()),
        delimited: Some(Presence::default()),
        delimited_list: vec![Inner::default()],
    };
    let bytes = [
        &[key(1, 2), 2, key(3, 2), 0][..],
        &[key(2, 3), key(3, 2), 0, key(2, 4)],
        &[key(3, 3), key(3, 4)],
    ]
    .concat();
    assert_eq!(message.encode_to_vec(), bytes);
    assert_eq!(Encodings::decode(bytes.as_slice()).unwrap(), message);
}

/// Reflection is told of the edition, and not of what prost is given in its place.
#[test]
fn descriptors_have_their_edition() {
    let set = FileDescriptorSet::decode(FILE_DESCRIPTOR_SET).unwrap();
    let file = |name: &str| set.file.iter().find(|file| file.name().ends_with(name));
    assert_eq!(file("e2023.proto").unwrap().syntax(), "editions");
    assert_eq!(file("e2024.proto").unwrap().syntax(), "editions");
    let explicit = &file("e2023.proto").unwrap().message_type[0].field[0];
    assert!(!explicit.proto3_optional());
}
