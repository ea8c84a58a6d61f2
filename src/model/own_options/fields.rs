//! The fields of an encoded message: how options are read from their bytes.

use crate::wire::{self, Record, WireType};

/// The fields of an encoded message. The linker has checked their wire types.
pub(super) struct Fields<'a>(Vec<Record<'a>>);

impl<'a> Fields<'a> {
    pub(super) fn new(message: &'a [u8]) -> Self {
        Self(wire::records(message).unwrap_or_default())
    }

    /// All records in their order.
    pub(super) fn records(&self) -> impl DoubleEndedIterator<Item = &Record<'a>> {
        self.0.iter()
    }

    fn all(&self, number: u32) -> impl DoubleEndedIterator<Item = &Record<'a>> {
        self.records().filter(move |record| record.number == number)
    }

    pub(super) fn number(&self, number: u32) -> Option<i64> {
        let record = self.all(number).next_back()?;
        wire::take_varint(&mut { record.value }).map(|value| value as i64)
    }

    /// The numbers of a repeated field, packed or not.
    pub(super) fn numbers(&self, number: u32) -> Vec<i64> {
        let mut numbers = Vec::new();
        for record in self.all(number) {
            let mut rest = record.value;
            while let Some(value) = wire::take_varint(&mut rest) {
                numbers.push(value as i64);
                if record.kind != WireType::Delimited {
                    break;
                }
            }
        }
        numbers
    }

    pub(super) fn float(&self, number: u32) -> Option<f32> {
        let record = self.all(number).next_back()?;
        record.value.try_into().ok().map(f32::from_le_bytes)
    }

    pub(super) fn text(&self, number: u32) -> String {
        self.all(number).next_back().map(text).unwrap_or_default()
    }

    pub(super) fn texts(&self, number: u32) -> Vec<String> {
        self.all(number).map(text).collect()
    }

    pub(super) fn message<M>(&self, number: u32, read: fn(&Fields<'_>) -> M) -> Option<M> {
        let parts: Vec<_> = self.all(number).map(|record| record.value).collect();
        // Several records of one message are its parts.
        (!parts.is_empty()).then(|| read(&Fields::new(&parts.concat())))
    }

    pub(super) fn messages<M>(&self, number: u32, read: fn(&Fields<'_>) -> M) -> Vec<M> {
        let records = self.all(number);
        records
            .map(|record| read(&Fields::new(record.value)))
            .collect()
    }
}

pub(super) fn text(record: &Record<'_>) -> String {
    String::from_utf8_lossy(record.value).into_owned()
}

/// `google.protobuf.Duration`, as it was written: in no range.
#[derive(Clone, Copy)]
pub(crate) struct Duration {
    pub(crate) seconds: i64,
    pub(crate) nanos: i32,
}

impl Duration {
    pub(super) fn read(fields: &Fields<'_>) -> Self {
        Self {
            seconds: fields.number(1).unwrap_or_default(),
            nanos: fields.number(2).unwrap_or_default() as i32,
        }
    }
}
