//! Rules of the encoding that prost does not keep, one small input each.

use prost::Message;

use runtime_tests::messages::svc::every::{v2, v3, v2023};
use runtime_tests::messages::svc::{redact, required};
use runtime_tests::messages::{prost as by_prost, svc};

/// The bits of numbers, since -0.0 equals 0.0.
fn bits(message: &v3::Every) -> (u64, u32) {
    (message.double_one.to_bits(), message.float_one.to_bits())
}

#[test]
fn minus_zero_is_a_value() {
    let message = v3::Every {
        double_one: -0.0,
        float_one: -0.0,
        double_by_number: [(1, -0.0), (2, 0.0)].into(),
        float_by_number: [(1, -0.0)].into(),
        ..Default::default()
    };
    let bytes = message.encode_to_vec();
    assert_eq!(message.encoded_len(), bytes.len());
    let read = v3::Every::decode(bytes.as_slice()).unwrap();
    assert_eq!(bits(&read), bits(&message));
    assert_eq!(read.double_by_number[&1].to_bits(), (-0.0f64).to_bits());
    assert_eq!(read.double_by_number[&2].to_bits(), 0);
    assert_eq!(read.float_by_number[&1].to_bits(), (-0.0f32).to_bits());
    assert!(v3::Every::default().encode_to_vec().is_empty());
}

#[test]
fn what_requires_itself_is_read() {
    for bytes in [&[][..], &[0x0a, 0x00], &[0x0a, 0x02, 0x0a, 0x00]] {
        let ours = required::v1::Node::decode(bytes).unwrap();
        let theirs = by_prost::required::v1::Node::decode(bytes).unwrap();
        assert_eq!(ours.next.is_some(), !bytes.is_empty());
        assert_eq!(format!("{ours:?}"), format!("{theirs:?}"));
        assert_eq!(ours.encode_to_vec(), bytes);
    }
    assert!(required::v1::First::default().second.is_none());
    assert!(required::v1::Grouped::default().inner.is_none());
    assert!(required::v2::Link::default().next.is_none());
    // A field that leads to no cycle is required.
    assert_eq!(required::v1::Outside::default().leaf.name, "");
}

/// `KIND_FIRST` is 3, and there is no 9.
#[test]
fn numbers_that_a_closed_enum_has_not_are_unknown() {
    use v2::every::Choice;
    let read = |bytes: &[u8]| v2::Every::decode(bytes).unwrap();
    // A `string_or`, then a `kind_or`.
    let sibling = read(&[0xc2, 0x06, 0x01, b'a', 0xd0, 0x06, 9]);
    assert_eq!(sibling.choice, Some(Choice::StringOr("a".to_owned())));
    let replaced = read(&[0xc2, 0x06, 0x01, b'a', 0xd0, 0x06, 3]);
    assert_eq!(replaced.choice, Some(Choice::KindOr(3)));
    // `kind_one`, first known and then not.
    assert_eq!(read(&[0x80, 0x01, 0, 0x80, 0x01, 9]).kind_one, Some(0));
    assert_eq!(read(&[0x80, 0x01, 9]).kind_one, None);
    // `kind_many`, each for itself and in one record.
    let many = read(&[0xa0, 0x02, 3, 0xa0, 0x02, 9, 0xa2, 0x02, 3, 9, 0, 3]);
    assert_eq!(many.kind_many, [3, 0, 3]);
    // `kind_by_name`: the whole entry is unknown.
    let map = read(&[
        0xe2, 0x04, 5, 0x0a, 1, b'a', 0x10, 2, 0xe2, 0x04, 5, 0x0a, 1, b'b', 0x10, 9,
    ]);
    assert_eq!(map.kind_by_name, [("a".to_owned(), 2)].into());
    // Editions have both.
    let both = v2023::Every::decode(&[0x08, 9, 0x30, 9, 0x1a, 1, 9, 0x42, 2, 9, 5][..]).unwrap();
    assert_eq!((both.open_one, both.closed_one), (Some(9), None));
    assert_eq!((both.open_many, both.closed_many), (vec![9], vec![5]));
}

#[test]
fn a_field_with_another_wire_type_is_unknown() {
    let read = |bytes: &[u8]| v3::Every::decode(bytes).unwrap();
    // `int32_one` as text, as a group, and as eight bytes; `string_one` as a number.
    let message = read(&[
        0x1a, 1, b'x', 0x1b, 0x08, 1, 0x1c, 0x19, 1, 2, 3, 4, 5, 6, 7, 8, 0x70, 7,
    ]);
    assert_eq!(message, v3::Every::default());
    // The end of a group that has no beginning is an error nevertheless.
    assert!(v3::Every::decode(&[0x1c][..]).is_err());
    // An entry of `int32_by_number` whose key is a text, and whose value is there.
    let map = read(&[0xfa, 0x03, 5, 0x0a, 1, b'x', 0x10, 4]);
    assert_eq!(map.int32_by_number, [(0, 4)].into());
    // A variant of another wire type leaves its sibling alone.
    let sibling = read(&[0xc2, 0x06, 1, b'a', 0xea, 0x05, 1, b'b']);
    assert!(matches!(sibling.choice, Some(v3::every::Choice::StringOr(text)) if text == "a"));
}

#[test]
fn lists_of_numbers_are_read_in_one_record_and_in_many() {
    // `int32_many` is packed, and `int32_other` is not.
    let bytes = [
        0xb8, 0x01, 1, 0xba, 0x01, 2, 2, 3, 0xd8, 0x02, 1, 0xda, 0x02, 2, 2, 3,
    ];
    let message = v3::Every::decode(&bytes[..]).unwrap();
    assert_eq!(message.int32_many, [1, 2, 3]);
    assert_eq!(message.int32_other, [1, 2, 3]);
}

#[test]
fn secrets_are_not_shown() {
    use redact::v1::{Credentials, Sensitivity, credentials::Proof};
    let text = || "hidden".to_owned();
    let credentials = Credentials {
        user: "ada".to_owned(),
        password: text(),
        token: text().into_bytes(),
        answer: text(),
        pin: text(),
        city: "London".to_owned(),
        codes: vec![text()],
        answers: [(text(), text())].into(),
        level: Some(Sensitivity::Secret.into()),
        shown: Sensitivity::Public.into(),
        proof: Some(Proof::Secret(text())),
    };
    let shown = format!("{credentials:?}");
    assert_eq!(
        shown,
        "Credentials { user: \"ada\", password: [REDACTED], token: [REDACTED], answer: [REDACTED], \
         pin: [REDACTED], city: \"London\", codes: [REDACTED], answers: [REDACTED], \
         level: [REDACTED], shown: Public, proof: Some(Secret([REDACTED])) }"
    );
    let holder = redact::v1::Holder {
        credentials: Some(credentials.clone()),
        more: vec![credentials.clone()],
    };
    assert!(!format!("{holder:#?}").contains("hidden"));
    let hint = Proof::Hint("shown".to_owned());
    assert_eq!(format!("{hint:?}"), "Hint(\"shown\")");
    let bytes = credentials.encode_to_vec();
    assert_eq!(
        svc::redact::v1::Credentials::decode(&bytes[..]),
        Ok(credentials)
    );
}
