//! The wire format of protobuf: records, varints, and the codec of descriptors.

use crate::work;

/// One field of an encoded message.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a> {
    /// The field number.
    pub number: u32,
    /// The wire type.
    pub kind: WireType,
    /// The bytes behind the key. Delimited fields have theirs without the length, groups without the end.
    pub value: &'a [u8],
    /// The whole record, key included.
    pub raw: &'a [u8],
    /// How many messages are around the one that has the record.
    depth: usize,
}

/// A wire type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WireType {
    /// A varint.
    Varint,
    /// Eight bytes.
    Fixed64,
    /// A length and as many bytes.
    Delimited,
    /// A group.
    Group,
    /// Four bytes.
    Fixed32,
}

/// Messages and groups nest no deeper than this: the limit of C++ and of prost.
pub(crate) const MAX_DEPTH: usize = 100;

/// The records of an encoded message in their order.
///
/// It ends with `Err` where the bytes are no message.
#[derive(Clone, Debug)]
pub struct Records<'a> {
    rest: &'a [u8],
    depth: usize,
}

/// The bytes are no encoded message, or messages nest deeper than 100 in them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed;

impl<'a> Records<'a> {
    /// Reads the records of these bytes.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self::at(bytes, 0)
    }

    /// Reads the records of a message that `depth` others are around.
    fn at(bytes: &'a [u8], depth: usize) -> Self {
        Self { rest: bytes, depth }
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Result<Record<'a>, Malformed>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        work::count(1);
        match split_record(self.rest, self.depth) {
            Some((record, rest)) => {
                self.rest = rest;
                Some(Ok(record))
            }
            None => {
                self.rest = &[];
                Some(Err(Malformed))
            }
        }
    }
}

impl<'a> Record<'a> {
    /// The records of the message that this one holds.
    fn inner(&self) -> Result<Records<'a>, Malformed> {
        if self.depth < MAX_DEPTH {
            Ok(Records::at(self.value, self.depth + 1))
        } else {
            Err(Malformed)
        }
    }
}

/// The records of an encoded message; `None` if the bytes are no message.
pub fn records(bytes: &[u8]) -> Option<Vec<Record<'_>>> {
    Records::new(bytes).collect::<Result<_, _>>().ok()
}

/// Reads a varint, and removes it from the front of the bytes.
pub fn take_varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for index in 0..10 {
        let byte = *bytes.get(index)?;
        value |= u64::from(byte & 0x7f) << (7 * index);
        if byte < 0x80 {
            *bytes = &bytes[index + 1..];
            // The tenth byte has one bit of the number.
            return (index < 9 || byte < 2).then_some(value);
        }
    }
    None
}

fn split_record(bytes: &[u8], depth: usize) -> Option<(Record<'_>, &[u8])> {
    let mut rest = bytes;
    let key = take_varint(&mut rest)?;
    let number = u32::try_from(key >> 3).ok()?;
    if number == 0 || number > 0x1fff_ffff {
        return None;
    }
    let start = rest;
    let (kind, value) = match key & 7 {
        0 => {
            take_varint(&mut rest)?;
            (WireType::Varint, &start[..start.len() - rest.len()])
        }
        1 => (WireType::Fixed64, take(&mut rest, 8)?),
        2 => {
            let len = take_varint(&mut rest)?;
            (WireType::Delimited, take(&mut rest, len.try_into().ok()?)?)
        }
        3 if depth < MAX_DEPTH => (WireType::Group, take_group(&mut rest, number, depth)?),
        5 => (WireType::Fixed32, take(&mut rest, 4)?),
        _ => return None,
    };
    let raw = &bytes[..bytes.len() - rest.len()];
    let record = Record {
        number,
        kind,
        value,
        raw,
        depth,
    };
    Some((record, rest))
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
        let key = take_varint(&mut after_key)?;
        if key == u64::from(number) << 3 | 4 {
            let body = &start[..start.len() - rest.len()];
            *rest = after_key;
            return Some(body);
        }
        (_, *rest) = split_record(rest, depth + 1)?;
    }
}

/// The last value of a varint field; later ones replace earlier ones.
pub fn varint(message: Option<&[u8]>, number: u32) -> Option<u64> {
    let mut last = None;
    for record in Records::new(message?) {
        let record = record.ok()?;
        if record.number == number && record.kind == WireType::Varint {
            last = take_varint(&mut { record.value });
        }
    }
    last
}

/// A `bool` field; false where it is absent.
pub fn flag(message: Option<&[u8]>, number: u32) -> bool {
    varint(message, number).is_some_and(|value| value != 0)
}

/// The bytes of a message field. Several records of one message are its parts.
pub fn message(message: Option<&[u8]>, number: u32) -> Option<Vec<u8>> {
    let mut merged: Option<Vec<u8>> = None;
    for record in Records::new(message?) {
        let record = record.ok()?;
        if record.number == number && record.kind == WireType::Delimited {
            let merged = merged.get_or_insert_default();
            merged.extend_from_slice(record.value);
        }
    }
    merged
}

/// Writes a number as a varint.
pub fn put_raw_varint(mut value: u64, out: &mut Vec<u8>) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Writes the key of a field.
pub fn put_key(number: u32, wire_type: u8, out: &mut Vec<u8>) {
    // Only message sets have numbers that do not fit. protoc cuts their keys off, where it writes one.
    put_raw_varint(u64::from(number << 3 | u32::from(wire_type)), out);
}

/// Writes a varint field.
pub fn put_varint(number: u32, value: u64, out: &mut Vec<u8>) {
    put_key(number, 0, out);
    put_raw_varint(value, out);
}

/// Writes a length-delimited field.
pub fn put_delimited(number: u32, value: &[u8], out: &mut Vec<u8>) {
    put_key(number, 2, out);
    put_raw_varint(value.len() as u64, out);
    out.extend_from_slice(value);
}

/// Writes a length-delimited field whose content is written by a function.
pub(crate) fn put_nested(number: u32, out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) {
    put_key(number, 2, out);
    let length_at = out.len();
    // Most messages of a descriptor are shorter than 128 bytes, and their length is one byte.
    out.push(0);
    write(out);
    let length = out.len() - length_at - 1;
    if length < 0x80 {
        out[length_at] = length as u8;
        return;
    }
    let mut encoded = Vec::with_capacity(5);
    put_raw_varint(length as u64, &mut encoded);
    out.splice(length_at..=length_at, encoded);
}

/// A message that is read from its wire format and written to it.
pub trait Codec: Default {
    /// Adds the fields of an encoded message.
    ///
    /// # Errors
    ///
    /// Bytes that are no message.
    fn merge_records(&mut self, records: Records<'_>) -> Result<(), Malformed>;

    /// Appends the wire format, fields in the order of their numbers.
    fn encode(&self, out: &mut Vec<u8>);

    /// Reads an encoded message.
    ///
    /// # Errors
    ///
    /// Bytes that are no message.
    fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut message = Self::default();
        message.merge_records(Records::new(bytes))?;
        Ok(message)
    }

    /// The wire format.
    fn encode_to_vec(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.encode(&mut out);
        out
    }
}

/// A type that fields of descriptors have.
pub(crate) trait Value {
    /// Takes a record of the field.
    fn merge_record(&mut self, record: &Record<'_>) -> Result<(), Malformed>;
    /// Writes the field, unless it is not set.
    fn put(&self, number: u32, out: &mut Vec<u8>);
}

impl Value for String {
    fn merge_record(&mut self, record: &Record<'_>) -> Result<(), Malformed> {
        if record.kind == WireType::Delimited {
            *self = String::from_utf8_lossy(record.value).into_owned();
        }
        Ok(())
    }

    fn put(&self, number: u32, out: &mut Vec<u8>) {
        if !self.is_empty() {
            put_delimited(number, self.as_bytes(), out);
        }
    }
}

impl Value for Option<String> {
    fn merge_record(&mut self, record: &Record<'_>) -> Result<(), Malformed> {
        self.get_or_insert_default().merge_record(record)
    }

    fn put(&self, number: u32, out: &mut Vec<u8>) {
        if let Some(text) = self {
            put_delimited(number, text.as_bytes(), out);
        }
    }
}

impl Value for Vec<String> {
    fn merge_record(&mut self, record: &Record<'_>) -> Result<(), Malformed> {
        let mut text = String::new();
        text.merge_record(record)?;
        self.push(text);
        Ok(())
    }

    fn put(&self, number: u32, out: &mut Vec<u8>) {
        for text in self {
            put_delimited(number, text.as_bytes(), out);
        }
    }
}

/// The options of something. Several records are parts of one message.
impl Value for Option<Vec<u8>> {
    fn merge_record(&mut self, record: &Record<'_>) -> Result<(), Malformed> {
        if record.kind == WireType::Delimited {
            let bytes = self.get_or_insert_default();
            bytes.extend_from_slice(record.value);
        }
        Ok(())
    }

    fn put(&self, number: u32, out: &mut Vec<u8>) {
        if let Some(bytes) = self {
            put_delimited(number, bytes, out);
        }
    }
}

impl Value for i32 {
    fn merge_record(&mut self, record: &Record<'_>) -> Result<(), Malformed> {
        if record.kind == WireType::Varint {
            *self = take_varint(&mut { record.value }).ok_or(Malformed)? as i32;
        }
        Ok(())
    }

    fn put(&self, number: u32, out: &mut Vec<u8>) {
        put_varint(number, i64::from(*self) as u64, out);
    }
}

impl Value for Option<i32> {
    fn merge_record(&mut self, record: &Record<'_>) -> Result<(), Malformed> {
        self.get_or_insert_default().merge_record(record)
    }

    fn put(&self, number: u32, out: &mut Vec<u8>) {
        if let Some(value) = self {
            value.put(number, out);
        }
    }
}

impl Value for Option<bool> {
    fn merge_record(&mut self, record: &Record<'_>) -> Result<(), Malformed> {
        if record.kind == WireType::Varint {
            *self = Some(take_varint(&mut { record.value }).ok_or(Malformed)? != 0);
        }
        Ok(())
    }

    fn put(&self, number: u32, out: &mut Vec<u8>) {
        if let Some(value) = self {
            put_varint(number, u64::from(*value), out);
        }
    }
}

/// Numbers, which a writer may pack and a reader takes either way.
impl Value for Vec<i32> {
    fn merge_record(&mut self, record: &Record<'_>) -> Result<(), Malformed> {
        let mut rest = record.value;
        match record.kind {
            WireType::Varint | WireType::Delimited => {
                while !rest.is_empty() {
                    self.push(take_varint(&mut rest).ok_or(Malformed)? as i32);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn put(&self, number: u32, out: &mut Vec<u8>) {
        for value in self {
            value.put(number, out);
        }
    }
}

impl<M: Codec> Value for Vec<M> {
    fn merge_record(&mut self, record: &Record<'_>) -> Result<(), Malformed> {
        if record.kind == WireType::Delimited {
            let mut message = M::default();
            message.merge_records(record.inner()?)?;
            self.push(message);
        }
        Ok(())
    }

    fn put(&self, number: u32, out: &mut Vec<u8>) {
        for message in self {
            put_nested(number, out, |out| message.encode(out));
        }
    }
}

impl<M: Codec> Value for Option<M> {
    fn merge_record(&mut self, record: &Record<'_>) -> Result<(), Malformed> {
        match record.kind {
            WireType::Delimited => self.get_or_insert_default().merge_records(record.inner()?),
            _ => Ok(()),
        }
    }

    fn put(&self, number: u32, out: &mut Vec<u8>) {
        if let Some(message) = self {
            put_nested(number, out, |out| message.encode(out));
        }
    }
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
        assert_eq!(varint(Some(&bytes), 1), Some(150));
    }

    #[test]
    fn refuses_what_is_cut_short() {
        for bytes in [&[0x08][..], &[0x12, 5, 1], &[0x1b, 0x08, 1], &[0x00, 1]] {
            assert!(records(bytes).is_none(), "{bytes:?}");
        }
        assert!(records(&vec![0x1b; 100_000]).is_none(), "deep groups");
    }

    #[test]
    fn writes_the_length_of_long_messages() {
        let mut out = Vec::new();
        put_nested(1, &mut out, |out| out.extend([7; 300]));
        assert_eq!(out[..3], [0x0a, 0xac, 0x02]);
        assert_eq!(out.len(), 303);
    }
}
