//! The ranges of a message for extensions, and what they declare.

use std::collections::HashMap;

use crate::descriptor::{ExtensionRange, Message};
use crate::wire::{self, Records, WireType};

/// One `declaration` of an extension range.
#[derive(Default)]
pub(super) struct Declaration {
    pub(super) number: i32,
    pub(super) full_name: Option<String>,
    pub(super) type_name: Option<String>,
    pub(super) is_reserved: bool,
    pub(super) is_repeated: bool,
}

/// The declarations of a range.
pub(super) fn declarations(range: &ExtensionRange) -> Vec<Declaration> {
    let Some(options) = &range.options else {
        return Vec::new();
    };
    let records = Records::new(options).flatten();
    let records = records.filter(|record| record.number == 2 && record.kind == WireType::Delimited);
    let read = |record: wire::Record<'_>| {
        let bytes = Some(record.value);
        let text = |number: u32| {
            let text = wire::message(bytes, number)?;
            Some(String::from_utf8_lossy(&text).into_owned())
        };
        Declaration {
            number: wire::varint(bytes, 1).unwrap_or_default() as i32,
            full_name: text(2),
            type_name: text(3),
            is_reserved: wire::flag(bytes, 5),
            is_repeated: wire::flag(bytes, 6),
        }
    };
    records.map(read).collect()
}

/// `verification`; a range is not verified by default.
pub(super) const UNVERIFIED: u64 = 1;
pub(super) fn verification(range: &ExtensionRange) -> Option<u64> {
    wire::varint(range.options.as_deref(), 3)
}

/// The ranges of a message by their first number, read once for all of its extensions.
pub(super) struct Extended {
    sorted: Vec<ExtendedRange>,
}

pub(super) struct ExtendedRange {
    pub(super) start: i32,
    pub(super) end: i32,
    /// Whether what is not declared is wrong.
    pub(super) is_verified: bool,
    pub(super) declared: HashMap<i32, Declaration>,
}

impl Extended {
    pub(super) fn new(message: &Message) -> Self {
        let ranges = message.extension_range.iter().map(|range| {
            let mut declared = HashMap::new();
            for declaration in declarations(range) {
                declared.entry(declaration.number).or_insert(declaration);
            }
            ExtendedRange {
                start: range.start.unwrap_or_default(),
                end: range.end.unwrap_or_default(),
                is_verified: !declared.is_empty() || verification(range) == Some(0),
                declared,
            }
        });
        let mut sorted: Vec<_> = ranges.collect();
        sorted.sort_by_key(|range| range.start);
        Self { sorted }
    }

    /// The range that has a number. That no two overlap is checked elsewhere.
    pub(super) fn find(&self, number: i32) -> Option<&ExtendedRange> {
        let behind = self.sorted.partition_point(|range| range.start <= number);
        let range = self.sorted.get(behind.checked_sub(1)?)?;
        (number < range.end).then_some(range)
    }
}
