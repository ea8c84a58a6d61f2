//! Messages that we write do what those of prost-build do: arbitrary bytes are read alike, with the same
//! errors, and what was read is shown, measured, written, merged and cleared alike.
//!
//! Where ours follow the specification and prost does not (docs/messages.md has the list), ours write again what they
//! read, and prost has to read that as ours hold it. `by_upb` compares ours with upb.

use std::fmt::Debug;

use prost::{DecodeError, Message, Name};

use crate::arbitrary::{Random, arbitrary, count};
use runtime_tests::messages::{prost as theirs, svc as ours};

/// How near the code of a message is to prost's.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Likeness {
    /// Both read the same bytes without an error, and write the same bytes.
    Same,
    /// It has a closed enum, or a map of `float`s, or one without presence.
    Specified,
}

/// prost-derive says `r#type` of a field, and we `type`.
fn shown(value: &impl Debug) -> String {
    format!("{value:?}\n{value:#?}").replace("r#", "")
}

/// A field with another wire type is an error of prost's, and unknown to ours.
fn is_of_wire_type(error: &DecodeError) -> bool {
    error.to_string().contains("(expected ")
}

fn compare<A, B>(likeness: Likeness, highest: u32)
where
    A: Message + Name + Default + Debug,
    B: Message + Name + Default + Debug,
{
    assert_eq!(A::full_name(), B::full_name());
    assert_eq!(A::type_url(), B::type_url());
    assert_eq!((A::NAME, A::PACKAGE), (B::NAME, B::PACKAGE));
    let name = A::full_name();
    assert_eq!(shown(&A::default()), shown(&B::default()), "{name}");
    let mut random = Random(7);
    let (mut whole, mut alike) = (0, 0);
    for _ in 0..count() {
        let bytes = arbitrary(&mut random, highest, 3);
        let of = format!("{name}: {bytes:?}");
        match (A::decode(bytes.as_slice()), B::decode(bytes.as_slice())) {
            (Ok(a), Ok(b)) => {
                whole += 1;
                alike += 1;
                same_meaning::<A, B>(&a, &of);
                if likeness == Likeness::Same {
                    same_code(a, b, &arbitrary(&mut random, highest, 2), &of);
                }
            }
            (Ok(a), Err(b)) if is_of_wire_type(&b) => {
                whole += 1;
                same_meaning::<A, B>(&a, &of);
            }
            (Err(_), Err(b)) if is_of_wire_type(&b) => {}
            (Err(a), Err(b)) => assert_eq!(shown(&a), shown(&b), "{of}"),
            (a, b) => panic!("{of}: {:?} and {:?}", a.err(), b.err()),
        }
    }
    assert!(whole * 10 > count(), "{name}: {whole} are no test");
    assert!(alike > 0, "{name}: prost reads none of it");
}

/// prost reads what ours write, as ours hold it.
fn same_meaning<A: Message + Debug, B: Message + Default + Debug>(a: &A, of: &str) {
    let written = a.encode_to_vec();
    assert_eq!(a.encoded_len(), written.len(), "{of}");
    let b = B::decode(written.as_slice()).unwrap_or_else(|error| panic!("{of}: {error}"));
    assert_eq!(shown(a), shown(&b), "{of}");
}

/// Two messages that were read from the same bytes are shown, written, merged and cleared alike.
fn same_code<A, B>(mut a: A, mut b: B, more: &[u8], of: &str)
where
    A: Message + Default + Debug,
    B: Message + Default + Debug,
{
    assert_eq!(shown(&a), shown(&b), "{of}");
    assert_eq!(a.encode_to_vec(), b.encode_to_vec(), "{of}");
    match b.merge(more) {
        Ok(()) => {
            a.merge(more).unwrap();
            assert_eq!(shown(&a), shown(&b), "{of} {more:?}");
        }
        // Where prost stops, ours may go on.
        Err(error) if is_of_wire_type(&error) => {}
        Err(_) => assert!(a.merge(more).is_err(), "{of} {more:?}"),
    }
    a.clear();
    b.clear();
    assert_eq!(shown(&a), shown(&b), "{of}, cleared");
}

macro_rules! compared {
    ($($test:ident($likeness:ident, $highest:literal): $($($part:ident)::+),*;)*) => {$(
        #[test]
        fn $test() {
            $(compare::<ours::$($part)::+, theirs::$($part)::+>(Likeness::$likeness, $highest);)*
        }
    )*};
}

compared! {
    bytes(Same, 16):
        editions::v1::Lists,
        editions::v1::Encodings,
        editions::v1::encodings::Inner,
        editions::v1::Inside,
        enums::v1::Painting,
        maps::v1::Value,
        optional_fields::v1::Optional,
        proto2::v1::labels::Entry,
        proto2::v1::labels::Single,
        required::v1::Node,
        required::v1::First,
        required::v1::Outside,
        required::v1::Grouped,
        required::v2::Link,
        recursion::v1::Tree,
        recursion::v1::Even,
        recursion::v1::Expression,
        recursion::v1::Pair;
    bytes_of_what_prost_has_otherwise(Specified, 16):
        editions::v1::NotUtf8,
        editions::v1::Presence,
        editions::v1::Shown,
        every::v2::Required,
        every::v2023::Every,
        maps::v1::Maps,
        oneofs::v1::Rectangle,
        oneofs::v1::Shape,
        proto2::v1::Defaults,
        proto2::v1::Labels;
    bytes_of_every_kind(Specified, 140):
        every::v2::Every,
        every::v3::Every;
}

/// What methods of both say, of messages that were read from the same bytes.
macro_rules! same_methods {
    ($($test:ident: $($part:ident)::+ { $($method:ident),* })*) => {$(
        #[test]
        fn $test() {
            let mut random = Random(11);
            for _ in 0..2_000 {
                let bytes = arbitrary(&mut random, 16, 2);
                let read = (
                    <ours::$($part)::+>::decode(bytes.as_slice()),
                    <theirs::$($part)::+>::decode(bytes.as_slice()),
                );
                if let (Ok(a), Ok(b)) = read {
                    // Ours drop numbers that a closed enum does not have.
                    if shown(&a) != shown(&b) {
                        continue;
                    }
                    $(assert_eq!(format!("{:?}", a.$method()), format!("{:?}", b.$method()));)*
                }
            }
        }
    )*};
}

same_methods! {
    defaults: proto2::v1::Defaults {
        i32, u64, big, tenth, infinite, negative, none, single, whole, yes, text, raw, level, alias, tiny
    }
    labels: proto2::v1::Labels { level }
    optional: optional_fields::v1::Optional { name, count, kind, raw }
    features: editions::v1::Presence { explicit, with_default, implicit_enum }
}

#[test]
fn repeated_enums() {
    use ours::enums::v1::{Color, Painting};
    let mut painting = Painting::default();
    painting.push_palette(Color::Red);
    painting.palette.push(77);
    painting.push_palette(Color::Colorful);
    assert_eq!(
        painting.palette().rev().collect::<Vec<_>>(),
        [Color::Colorful, Color::Red]
    );
    painting.set_color(Color::Color2nd);
    assert_eq!(painting.color(), Color::Color2nd);
    painting.color = 77;
    assert_eq!(painting.color(), Color::Unspecified);
}

#[test]
fn maps_of_enums() {
    use ours::maps::v1::{Kind, Maps};
    let mut maps = Maps::default();
    assert_eq!(maps.insert_kinds(true, Kind::Good), None);
    assert_eq!(maps.insert_kinds(true, Kind::Unspecified), Some(Kind::Good));
    maps.kinds.insert(false, 77);
    assert_eq!(
        (maps.get_kinds(true), maps.get_kinds(false)),
        (Some(Kind::Unspecified), None)
    );
}

#[test]
fn enums() {
    use ours::enums::v1::Alias;
    assert_eq!(Alias::default(), Alias::Unspecified);
    assert_eq!(Alias::try_from(-1), Ok(Alias::Below));
    assert_eq!(
        Alias::try_from(7).unwrap_err().to_string(),
        "unknown enumeration value 7"
    );
    assert!(Alias::is_valid(1) && Alias::is_valid(-1) && !Alias::is_valid(2));
    assert_eq!(Alias::First.as_str_name(), "ALIAS_FIRST");
    // prost-build knows no aliases.
    for name in ["ALIAS_FIRST", "ALIAS_ALSO_FIRST"] {
        assert_eq!(Alias::from_str_name(name), Some(Alias::First));
    }
    assert_eq!(Alias::from_str_name("First"), None);
    assert_eq!(i32::from(Alias::Below), -1);
}

/// prost-build has no boxes there, and the outermost has 2⁴⁵ bytes.
#[test]
fn deep_messages() {
    use runtime_tests::deep::M0;
    let bytes = (0..39).fold(Vec::new(), |inner, _| {
        let mut outer = vec![10];
        prost::encoding::encode_varint(inner.len() as u64, &mut outer);
        outer.extend(inner);
        outer
    });
    let message = M0::decode(bytes.as_slice()).unwrap();
    assert_eq!(message.encode_to_vec(), bytes);
    assert!(size_of::<M0>() <= 1 << 18);
}
