//! One spelling for the bytes of an options message.
//!
//! protoc writes each `option (x).y = 1` as a record of its own and in the order of the source, buf
//! and prost-reflect merge them, and maps come in any order. What is equal to a reader has to be
//! equal in bytes: records by field number, messages merged, map entries by key, numbers packed.

use std::collections::BTreeMap;

use crate::descriptor::{Field, Type};
use crate::symbols::Symbols;
use crate::wire::{Kind, Record, put_delimited, records};

/// Messages in options do not nest deeper in earnest; prost's own bound.
const MAX_DEPTH: usize = 100;

/// The canonical bytes of a message of this type. What is not a message stays as it is.
pub(super) fn canonical(bytes: &[u8], message: &str, symbols: &Symbols<'_>) -> Vec<u8> {
    rewrite(bytes, message, symbols, 0)
}

fn rewrite(bytes: &[u8], message: &str, symbols: &Symbols<'_>, depth: usize) -> Vec<u8> {
    let records = match records(bytes) {
        Some(records) if depth < MAX_DEPTH => records,
        _ => return bytes.to_vec(),
    };
    let mut by_number: BTreeMap<u32, Vec<Record<'_>>> = BTreeMap::new();
    for record in records {
        by_number.entry(record.number).or_default().push(record);
    }
    let mut out = Vec::with_capacity(bytes.len());
    for (number, records) in by_number {
        let values = Values {
            number,
            records,
            symbols,
            depth,
        };
        match symbols.field(message, number) {
            Some(field) => values.put(field, &mut out),
            // An option of descriptor.proto itself, where no file imports that: a plain value.
            None => values.put_all(&mut out),
        }
    }
    out
}

/// All records of one field.
struct Values<'a> {
    number: u32,
    records: Vec<Record<'a>>,
    symbols: &'a Symbols<'a>,
    depth: usize,
}

impl Values<'_> {
    fn put(self, field: &Field, out: &mut Vec<u8>) {
        let is_delimited = self
            .records
            .iter()
            .all(|record| record.kind == Kind::Delimited);
        match field.r#type() {
            Type::Message if is_delimited => self.put_messages(field, out),
            Type::Message | Type::Group => self.put_all(out),
            Type::String | Type::Bytes if field.is_repeated() => self.put_all(out),
            _ if field.is_repeated() => self.put_packed(out),
            // The last one wins.
            _ => out.extend(
                self.records
                    .last()
                    .into_iter()
                    .flat_map(|record| record.raw),
            ),
        }
    }

    fn put_all(&self, out: &mut Vec<u8>) {
        out.extend(self.records.iter().flat_map(|record| record.raw));
    }

    fn put_messages(&self, field: &Field, out: &mut Vec<u8>) {
        let name = field.type_name.as_deref().unwrap_or_default();
        let rewrite = |bytes: &[u8]| rewrite(bytes, name, self.symbols, self.depth + 1);
        if !field.is_repeated() {
            // Concatenated encodings are merged messages, by the definition of the wire format.
            let merged: Vec<u8> = self
                .records
                .iter()
                .flat_map(|record| record.value)
                .copied()
                .collect();
            put_delimited(self.number, &rewrite(&merged), out);
            return;
        }
        let values = self.records.iter().map(|record| rewrite(record.value));
        let is_map = self
            .symbols
            .message(name)
            .is_some_and(|message| message.is_map_entry());
        if is_map {
            let entries: BTreeMap<Vec<u8>, Vec<u8>> =
                values.map(|entry| (map_key(&entry), entry)).collect();
            entries
                .values()
                .for_each(|entry| put_delimited(self.number, entry, out));
        } else {
            values.for_each(|value| put_delimited(self.number, &value, out));
        }
    }

    /// Numbers of a repeated field come packed or one by one; readers have to take both.
    fn put_packed(&self, out: &mut Vec<u8>) {
        let packed: Vec<u8> = self
            .records
            .iter()
            .flat_map(|record| record.value)
            .copied()
            .collect();
        put_delimited(self.number, &packed, out);
    }
}

fn map_key(entry: &[u8]) -> Vec<u8> {
    let records = records(entry).unwrap_or_default();
    let key = records.iter().find(|record| record.number == 1);
    key.map(|record| record.value.to_vec()).unwrap_or_default()
}
