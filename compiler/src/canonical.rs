//! One spelling for the bytes of options.
//!
//! protoc writes each `option (x).y = 1` as a record of its own and in the order of the source, buf merges
//! them, and maps come in any order. What is equal to a reader has to be equal in bytes where descriptors of
//! different tools are compared: records by field number, messages merged, map entries by key, numbers packed.

use std::collections::BTreeMap;

use crate::by_number::OptionFields;
use crate::descriptor::{File, Type};
use crate::descriptor::{each_options, options_mut};
use crate::pool::{FieldRef, MessageRef, Pool};
use crate::problems::Problems;
use crate::symbols::{Symbols, declare};
use crate::target::Target;
use crate::wire::{MAX_DEPTH, Record, WireType, put_delimited, records};

/// Spells the options of linked files one way. An empty message of options says the same as none.
pub fn canonicalize(files: &mut [File]) {
    let mut symbols = Symbols::default();
    for file in 0..files.len() {
        declare(&mut symbols, files, file, &mut Problems::default());
    }
    let pool = Pool {
        files,
        symbols: &symbols,
    };
    let canonical = Canonical {
        pool,
        fields: OptionFields::new(pool),
    };
    let mut changed = Vec::new();
    for (file, index) in pool.files.iter().zip(0..) {
        each_options(file, &mut |target, path, bytes| {
            let spelt = canonical.options(bytes, target);
            if spelt != bytes || spelt.is_empty() {
                changed.push((index, path.to_vec(), spelt));
            }
        });
    }
    for (index, path, spelt) in changed {
        let file: &mut File = &mut files[index];
        if let Some(options) = options_mut(file, &path) {
            *options = (!spelt.is_empty()).then_some(spelt);
        }
    }
}

struct Canonical<'a> {
    pool: Pool<'a>,
    fields: OptionFields<'a>,
}

impl<'a> Canonical<'a> {
    fn options(&self, bytes: &[u8], target: Target) -> Vec<u8> {
        let name = target.type_name();
        let message = self.pool.message(name);
        let message = message.or_else(|| crate::embedded::pool().message(name));
        self.message(bytes, message, 0)
    }

    /// The canonical bytes of a message of this type. What is not a message stays as it is.
    fn message(&self, bytes: &[u8], message: Option<MessageRef<'a>>, depth: usize) -> Vec<u8> {
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
            match message.and_then(|message| self.fields.field(message, number)) {
                Some(field) => self.put(field, &records, depth, &mut out),
                None => put_all(&records, &mut out),
            }
        }
        out
    }

    fn put(&self, field: FieldRef<'a>, records: &[Record<'_>], depth: usize, out: &mut Vec<u8>) {
        let is_delimited = records
            .iter()
            .all(|record| record.kind == WireType::Delimited);
        match field.field.r#type() {
            Type::Message if is_delimited => self.put_messages(field, records, depth, out),
            Type::Message | Type::Group => put_all(records, out),
            Type::String | Type::Bytes if field.field.is_repeated() => put_all(records, out),
            _ if field.field.is_repeated() => {
                // Numbers come packed or one by one, and readers take both.
                let packed: Vec<u8> = records
                    .iter()
                    .flat_map(|record| record.value)
                    .copied()
                    .collect();
                put_delimited(field.number(), &packed, out);
            }
            // The last one wins.
            _ => out.extend(records.last().into_iter().flat_map(|record| record.raw)),
        }
    }

    fn put_messages(
        &self,
        field: FieldRef<'a>,
        records: &[Record<'_>],
        depth: usize,
        out: &mut Vec<u8>,
    ) {
        let (number, inner) = (field.number(), field.message());
        let spell = |bytes: &[u8]| self.message(bytes, inner, depth + 1);
        if !field.field.is_repeated() {
            // Concatenated encodings are merged messages, by the definition of the wire format.
            let merged: Vec<u8> = records
                .iter()
                .flat_map(|record| record.value)
                .copied()
                .collect();
            return put_delimited(number, &spell(&merged), out);
        }
        let values = records.iter().map(|record| spell(record.value));
        if inner.is_some_and(|inner| inner.message.is_map_entry()) {
            let entries: BTreeMap<Vec<u8>, Vec<u8>> =
                values.map(|entry| (map_key(&entry), entry)).collect();
            let entries = entries.values();
            entries.for_each(|entry| put_delimited(number, entry, out));
        } else {
            values.for_each(|value| put_delimited(number, &value, out));
        }
    }
}

fn put_all(records: &[Record<'_>], out: &mut Vec<u8>) {
    out.extend(records.iter().flat_map(|record| record.raw));
}

fn map_key(entry: &[u8]) -> Vec<u8> {
    let records = records(entry).unwrap_or_default();
    let key = records.iter().find(|record| record.number == 1);
    key.map(|record| record.value.to_vec()).unwrap_or_default()
}

#[cfg(all(test, debug_assertions))]
mod tests {
    use super::*;
    use crate::descriptor::{Field, Message};
    use crate::work;

    /// The work for files that each declare an extension and set an option.
    fn work_of(count: usize) -> u64 {
        let file = |index: usize| File {
            name: format!("f{index}.proto"),
            package: format!("p{index}"),
            extension: vec![Field {
                name: "e".to_owned(),
                extendee: Some(".google.protobuf.MessageOptions".to_owned()),
                number: 50_000 + index as i32,
                r#type: Some(Type::Int32 as i32),
                ..Field::default()
            }],
            message_type: vec![Message {
                name: "M".to_owned(),
                // An extension, and then `deprecated`.
                options: Some(vec![0x80, 0xb5, 0x18, 1, 0x18, 1]),
                ..Message::default()
            }],
            ..File::default()
        };
        let mut files: Vec<File> = (0..count).map(file).collect();
        let before = work::done();
        canonicalize(&mut files);
        let options = files[0].message_type[0].options.as_deref();
        assert_eq!(options, Some(&[0x18, 1, 0x80, 0xb5, 0x18, 1][..]));
        work::done() - before
    }

    #[test]
    fn takes_work_in_proportion_to_the_files() {
        // What is read once in a process is read before.
        work_of(1);
        let (one, two) = (work_of(100), work_of(200));
        assert!(two < one * 5 / 2, "{one} {two}");
    }
}
