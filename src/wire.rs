//! Protobuf's wire format, as far as raw options need it.

use prost::encoding::decode_varint;

/// One field of an encoded message.
#[derive(Clone, Copy)]
pub(crate) struct Record<'a> {
    pub(crate) number: u32,
    pub(crate) kind: Kind,
    /// What follows the key: for length-delimited fields without the length.
    pub(crate) value: &'a [u8],
    /// The whole record, key included.
    pub(crate) raw: &'a [u8],
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Varint,
    Fixed64,
    Delimited,
    Group,
    Fixed32,
}

/// The fields of an encoded message in the order they stand; `None` if it is not one.
pub(crate) fn records(mut buf: &[u8]) -> Option<Vec<Record<'_>>> {
    let mut records = Vec::new();
    while !buf.is_empty() {
        let (record, rest) = split_record(buf, 0)?;
        records.push(record);
        buf = rest;
    }
    Some(records)
}

/// Groups nest, and a request is not trusted: the bound that prost sets for decoding.
const MAX_DEPTH: usize = 100;

fn split_record(buf: &[u8], depth: usize) -> Option<(Record<'_>, &[u8])> {
    let mut rest = buf;
    let key = decode_varint(&mut rest).ok()?;
    let number = u32::try_from(key >> 3).ok().filter(|&number| number > 0)?;
    let start = rest;
    let (kind, value) = match key & 7 {
        0 => {
            decode_varint(&mut rest).ok()?;
            (Kind::Varint, &start[..start.len() - rest.len()])
        }
        1 => (Kind::Fixed64, take(&mut rest, 8)?),
        2 => {
            let len = decode_varint(&mut rest).ok()?;
            (Kind::Delimited, take(&mut rest, len.try_into().ok()?)?)
        }
        3 if depth < MAX_DEPTH => (Kind::Group, take_group(&mut rest, number, depth)?),
        5 => (Kind::Fixed32, take(&mut rest, 4)?),
        _ => return None,
    };
    let raw = &buf[..buf.len() - rest.len()];
    Some((
        Record {
            number,
            kind,
            value,
            raw,
        },
        rest,
    ))
}

fn take<'a>(rest: &mut &'a [u8], len: usize) -> Option<&'a [u8]> {
    let (taken, left) = rest.split_at_checked(len)?;
    *rest = left;
    Some(taken)
}

fn take_group<'a>(rest: &mut &'a [u8], number: u32, depth: usize) -> Option<&'a [u8]> {
    let start = *rest;
    loop {
        let mut after_key = *rest;
        let key = decode_varint(&mut after_key).ok()?;
        if key == u64::from(number) << 3 | 4 {
            let body = &start[..start.len() - rest.len()];
            *rest = after_key;
            return Some(body);
        }
        (_, *rest) = split_record(rest, depth + 1)?;
    }
}

/// The last value of a varint field of raw options: the last one wins, as everywhere in protobuf.
pub(crate) fn varint(options: &Option<Vec<u8>>, number: u32) -> Option<u64> {
    let records = records(options.as_deref()?)?;
    let record = records
        .iter()
        .rfind(|record| record.number == number && record.kind == Kind::Varint)?;
    decode_varint(&mut { record.value }).ok()
}

/// A `bool` field of raw options; absent is false.
pub(crate) fn flag(options: &Option<Vec<u8>>, number: u32) -> bool {
    varint(options, number).is_some_and(|value| value != 0)
}

/// Writes a varint field.
pub(crate) fn put_varint(number: u32, value: u64, out: &mut Vec<u8>) {
    prost::encoding::encode_varint(u64::from(number) << 3, out);
    prost::encoding::encode_varint(value, out);
}

/// Writes a length-delimited field.
pub(crate) fn put_delimited(number: u32, value: &[u8], out: &mut Vec<u8>) {
    prost::encoding::encode_varint(u64::from(number) << 3 | 2, out);
    prost::encoding::encode_varint(value.len() as u64, out);
    out.extend_from_slice(value);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_every_kind() {
        let bytes = [
            0x08, 0x96, 0x01, // 1: varint 150
            0x12, 0x01, b'x', // 2: "x"
            0x1b, 0x08, 0x01, 0x1c, // 3: group { 1: 1 }
            0x25, 1, 2, 3, 4, // 4: fixed32
            0x29, 1, 2, 3, 4, 5, 6, 7, 8, // 5: fixed64
        ];
        let records = records(&bytes).unwrap();
        let numbers: Vec<_> = records.iter().map(|record| record.number).collect();
        assert_eq!(numbers, [1, 2, 3, 4, 5]);
        assert_eq!(records[1].value, b"x");
        assert_eq!(records[2].value, [0x08, 0x01]);
        assert_eq!(varint(&Some(bytes.to_vec()), 1), Some(150));
    }

    #[test]
    fn refuses_what_is_cut_short() {
        for bytes in [&[0x08][..], &[0x12, 5, 1], &[0x1b, 0x08, 1], &[0x00, 1]] {
            assert!(records(bytes).is_none(), "{bytes:?}");
        }
        assert!(records(&vec![0x1b; 100_000]).is_none(), "deep groups");
    }
}
