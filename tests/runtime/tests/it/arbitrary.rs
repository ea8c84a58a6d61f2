//! Arbitrary records of messages, from a seed.

use prost::encoding::{WireType, encode_key, encode_varint};

mod schema;

pub(crate) use schema::Schema;

/// How many messages of each type are compared.
///
/// `RUST_SVC_FUZZ_MESSAGES` is another number, for longer runs.
pub(crate) fn count() -> u64 {
    let asked = std::env::var("RUST_SVC_FUZZ_MESSAGES").ok();
    asked.and_then(|count| count.parse().ok()).unwrap_or(2_000)
}

/// Pseudorandom numbers: xorshift64*.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len() as u64) as usize]
    }
}

/// Records of fields with numbers up to `highest`, of any wire types.
pub(crate) fn arbitrary(random: &mut Random, highest: u32, depth: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    for _ in 0..random.below(5 + u64::from(highest / 20)) {
        let number = 1 + random.below(u64::from(highest)) as u32;
        match random.below(8) {
            0 | 1 => {
                encode_key(number, WireType::Varint, &mut bytes);
                encode_varint(varint(random), &mut bytes);
            }
            2 => {
                encode_key(number, WireType::SixtyFourBit, &mut bytes);
                bytes.extend(double(random));
            }
            3 => {
                encode_key(number, WireType::ThirtyTwoBit, &mut bytes);
                bytes.extend(float(random));
            }
            4 if depth > 0 => {
                encode_key(number, WireType::StartGroup, &mut bytes);
                bytes.extend(arbitrary(random, highest, depth - 1));
                encode_key(number, WireType::EndGroup, &mut bytes);
            }
            kind => {
                let inner = delimited(random, kind, highest, depth);
                encode_key(number, WireType::LengthDelimited, &mut bytes);
                encode_varint(inner.len() as u64, &mut bytes);
                bytes.extend(inner);
            }
        }
    }
    bytes
}

fn delimited(random: &mut Random, kind: u64, highest: u32, depth: u32) -> Vec<u8> {
    match kind {
        // Entries of maps have two fields.
        5 if depth > 0 => {
            let highest = random.one_of(&[2, 3, highest]);
            arbitrary(random, highest, depth - 1)
        }
        6 => "aä".repeat(random.below(3) as usize).into_bytes(),
        7 => match random.below(3) {
            0 => double(random).repeat(random.below(3) as usize),
            1 => float(random).repeat(random.below(3) as usize),
            _ => random.next().to_le_bytes()[..random.below(8) as usize].to_vec(),
        },
        _ => random.next().to_le_bytes().map(|byte| byte & 3).to_vec(),
    }
}

fn varint(random: &mut Random) -> u64 {
    match random.below(3) {
        0 => random.below(8),
        1 => random.one_of(&[u64::MAX, 1 << 31, 1 << 32, (1 << 32) + 1, i64::MAX as u64]),
        _ => {
            let size = random.below(64);
            random.next() >> size
        }
    }
}

fn double(random: &mut Random) -> [u8; 8] {
    let any = f64::from_bits(random.next());
    let all = [
        0.0,
        -0.0,
        1.5,
        f64::NAN,
        f64::INFINITY,
        f64::MIN_POSITIVE,
        any,
    ];
    random.one_of(&all).to_le_bytes()
}

fn float(random: &mut Random) -> [u8; 4] {
    let any = f32::from_bits(random.next() as u32);
    let all = [
        0.0,
        -0.0,
        1.5,
        f32::NAN,
        f32::INFINITY,
        f32::MIN_POSITIVE,
        any,
    ];
    random.one_of(&all).to_le_bytes()
}
