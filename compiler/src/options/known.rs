//! Facts of types that values are checked by. A type can be large, and so is read once in a run.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use crate::by_number::ByNumber;
use crate::names::Fast;
use crate::pool::{FieldRef, MessageRef, TypeKey};
use crate::wire::{self, WireType};
use crate::work;

/// The facts of all types so far.
#[derive(Default)]
pub(crate) struct Known {
    pub(super) by_number: ByNumber,
    messages: RefCell<HashMap<TypeKey, Rc<KnownMessage>, Fast>>,
}

/// The facts of one message.
pub(super) struct KnownMessage {
    /// Numbers and names of required fields.
    pub(super) required: Vec<(u32, String)>,
    /// Reserved names.
    pub(super) reserved: HashSet<String>,
}

impl KnownMessage {
    fn new(message: MessageRef<'_>) -> Self {
        let fields = message.message.field.iter();
        let fields = fields.filter_map(|field| message.field(&field.name));
        work::count(message.message.field.len());
        let required = fields.filter(|field| field.is_required());
        Self {
            required: required
                .map(|field| (field.number(), field.field.name.clone()))
                .collect(),
            reserved: message.message.reserved_name.iter().cloned().collect(),
        }
    }
}

impl Known {
    pub(super) fn message(&self, message: MessageRef<'_>) -> Rc<KnownMessage> {
        let mut messages = self.messages.borrow_mut();
        let known = messages.entry(message.key());
        Rc::clone(known.or_insert_with(|| Rc::new(KnownMessage::new(message))))
    }

    /// A required field that the bytes of a message lack, in messages within it as well.
    pub(super) fn missing_field(&self, message: MessageRef<'_>, bytes: &[u8]) -> Option<String> {
        let records = wire::records(bytes)?;
        let set: HashSet<u32> = records.iter().map(|record| record.number).collect();
        let known = self.message(message);
        work::count(known.required.len());
        let mut required = known.required.iter();
        if let Some((_, name)) = required.find(|(number, _)| !set.contains(number)) {
            return Some(name.clone());
        }
        let is_message = |record: &&wire::Record<'_>| {
            matches!(record.kind, WireType::Delimited | WireType::Group)
        };
        records.iter().filter(is_message).find_map(|record| {
            let field = self.by_number.field(message, record.number);
            self.missing_field(field.and_then(FieldRef::message)?, record.value)
        })
    }
}
