//! Messages that we write do what those of prost-build do: arbitrary bytes are read alike, with the same
//! errors, and what was read is shown, measured, written, merged and cleared alike.

use std::fmt::Debug;

use prost::{Message, Name};

use runtime_tests::messages::{prost as theirs, svc as ours};

/// Pseudorandom numbers: xorshift64*.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }
}

/// Records as they might be of a message: mostly of right numbers and types, and some of neither.
fn arbitrary(random: &mut Random, depth: u32) -> Vec<u8> {
    use prost::encoding::{WireType, encode_key, encode_varint};
    let mut bytes = Vec::new();
    for _ in 0..random.below(5) {
        let number = 1 + random.below(16) as u32;
        match random.below(8) {
            0 | 1 => {
                encode_key(number, WireType::Varint, &mut bytes);
                let size = random.below(64);
                encode_varint(random.next() >> size, &mut bytes);
            }
            2 => {
                encode_key(number, WireType::SixtyFourBit, &mut bytes);
                bytes.extend(random.next().to_le_bytes());
            }
            3 => {
                encode_key(number, WireType::ThirtyTwoBit, &mut bytes);
                bytes.extend((random.next() as u32).to_le_bytes());
            }
            4 if depth > 0 => {
                encode_key(number, WireType::StartGroup, &mut bytes);
                bytes.extend(arbitrary(random, depth - 1));
                encode_key(number, WireType::EndGroup, &mut bytes);
            }
            kind => {
                let inner = match kind {
                    5 if depth > 0 => arbitrary(random, depth - 1),
                    6 => "aä".repeat(random.below(3) as usize).into_bytes(),
                    7 => random.next().to_le_bytes()[..random.below(8) as usize].to_vec(),
                    _ => random.next().to_le_bytes().map(|byte| byte & 3).to_vec(),
                };
                encode_key(number, WireType::LengthDelimited, &mut bytes);
                encode_varint(inner.len() as u64, &mut bytes);
                bytes.extend(inner);
            }
        }
    }
    bytes
}

/// prost-derive says `r#type` of a field, and we `type`.
fn shown(value: &impl Debug) -> String {
    format!("{value:?}\n{value:#?}").replace("r#", "")
}

fn compare<A, B>()
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
    let mut whole = 0;
    for _ in 0..4_000 {
        let bytes = arbitrary(&mut random, 3);
        let (mut a, mut b) = match (A::decode(bytes.as_slice()), B::decode(bytes.as_slice())) {
            (Ok(a), Ok(b)) => (a, b),
            (a, b) => {
                let (a, b) = (
                    a.err().map(|error| shown(&error)),
                    b.err().map(|error| shown(&error)),
                );
                assert_eq!(a, b, "{name}: {bytes:?}");
                continue;
            }
        };
        whole += 1;
        let more = arbitrary(&mut random, 2);
        let merged = (
            a.merge(more.as_slice()).is_ok(),
            b.merge(more.as_slice()).is_ok(),
        );
        assert_eq!(merged.0, merged.1, "{name}: {bytes:?} {more:?}");
        if merged.0 {
            assert_eq!(shown(&a), shown(&b), "{name}: {bytes:?} {more:?}");
            assert_eq!(a.encode_to_vec(), b.encode_to_vec(), "{name}: {bytes:?}");
            assert_eq!(a.encoded_len(), b.encoded_len(), "{name}: {bytes:?}");
        }
        a.clear();
        b.clear();
        assert_eq!(shown(&a), shown(&b), "{name}, cleared: {bytes:?}");
    }
    assert!(whole > 400, "{name}: {whole} are no test");
}

macro_rules! same {
    ($($($part:ident)::+),* $(,)?) => {
        #[test]
        fn bytes() {
            $(compare::<ours::$($part)::+, theirs::$($part)::+>();)*
        }
    };
}

same! {
    editions::v1::Presence,
    editions::v1::Lists,
    editions::v1::Encodings,
    editions::v1::encodings::Inner,
    editions::v1::NotUtf8,
    editions::v1::Shown,
    editions::v1::Inside,
    enums::v1::Painting,
    maps::v1::Maps,
    maps::v1::Value,
    oneofs::v1::Shape,
    oneofs::v1::Rectangle,
    optional_fields::v1::Optional,
    proto2::v1::Defaults,
    proto2::v1::Labels,
    proto2::v1::labels::Entry,
    proto2::v1::labels::Single,
    recursion::v1::Tree,
    recursion::v1::Even,
    recursion::v1::Expression,
    recursion::v1::Pair,
}

/// What methods of both say, of messages that were read from the same bytes.
macro_rules! same_methods {
    ($($test:ident: $($part:ident)::+ { $($method:ident),* })*) => {$(
        #[test]
        fn $test() {
            let mut random = Random(11);
            for _ in 0..2_000 {
                let bytes = arbitrary(&mut random, 2);
                let read = (
                    <ours::$($part)::+>::decode(bytes.as_slice()),
                    <theirs::$($part)::+>::decode(bytes.as_slice()),
                );
                if let (Ok(a), Ok(b)) = read {
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
