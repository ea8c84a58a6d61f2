//! The options of one declaration as records: which fields are set, and parts of one message.

use std::collections::{BTreeMap, HashMap};

use crate::by_number::ByNumber;
use crate::pool::{FieldRef, MessageRef};
use crate::wire::{self, WireType};
use crate::work;

/// The fields that statements have set, in messages within as well. Bytes are read once somebody asks.
#[derive(Default)]
pub(super) struct SetFields {
    unread: Vec<Vec<u8>>,
    inner: HashMap<u32, SetFields>,
}

impl SetFields {
    /// Adds a record of the options.
    pub(super) fn add(&mut self, record: Vec<u8>) {
        self.unread.push(record);
    }

    /// Whether the field at a path of numbers is set.
    pub(super) fn has(&mut self, numbers: &[u32]) -> bool {
        let Some((first, rest)) = numbers.split_first() else {
            return true;
        };
        for bytes in std::mem::take(&mut self.unread) {
            for record in wire::Records::new(&bytes).flatten() {
                work::count(1);
                let inner = self.inner.entry(record.number).or_default();
                if matches!(record.kind, WireType::Delimited | WireType::Group) {
                    inner.unread.push(record.value.to_vec());
                }
            }
        }
        let inner = self.inner.get_mut(first);
        inner.is_some_and(|inner| inner.has(rest))
    }
}

/// Sorts records by field number, and makes one record of a message that was set in parts. protoc writes the options
/// that descriptor.proto declares this way.
pub(super) fn merge(bytes: &[u8], message: Option<MessageRef<'_>>, fields: &ByNumber) -> Vec<u8> {
    let mut by_number: BTreeMap<u32, Vec<wire::Record<'_>>> = BTreeMap::new();
    for record in wire::Records::new(bytes).flatten() {
        by_number.entry(record.number).or_default().push(record);
    }
    let mut out = Vec::with_capacity(bytes.len());
    for (number, records) in by_number {
        let field = message.and_then(|message| fields.field(message, number));
        let is_in_parts = records.len() > 1
            && records
                .iter()
                .all(|record| record.kind == WireType::Delimited)
            && field.is_none_or(|field| field.field.is_message() && !field.field.is_repeated());
        if is_in_parts {
            let parts: Vec<u8> = records
                .iter()
                .flat_map(|record| record.value)
                .copied()
                .collect();
            let inner = field.and_then(FieldRef::message);
            wire::put_delimited(number, &merge(&parts, inner, fields), &mut out);
        } else {
            records
                .iter()
                .for_each(|record| out.extend_from_slice(record.raw));
        }
    }
    out
}
