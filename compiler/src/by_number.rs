//! Fields, enum values and extensions by their numbers, for whoever reads the bytes of options.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;

use crate::descriptor::{EnumValue, Field};
use crate::names::Fast;
use crate::pool::{FieldRef, MessageRef, Pool, TypeKey};
use crate::symbols::SymbolId;
use crate::work;

/// Lists up to this length are searched each time, which takes less than a table of them.
const SHORT: usize = 32;

/// The indices of items by their numbers. The first item of a number counts.
type Indices = HashMap<i32, usize, Fast>;

/// Finds fields of messages and values of enums. Each long list is read once.
#[derive(Default)]
pub(crate) struct ByNumber {
    known: RefCell<HashMap<TypeKey, Indices, Fast>>,
}

impl ByNumber {
    /// A field of a message.
    pub(crate) fn field<'a>(&self, message: MessageRef<'a>, number: u32) -> Option<FieldRef<'a>> {
        let fields = &message.message.field;
        let number_of = |field: &Field| field.number;
        let index = self.index(message.key(), fields, number_of, number as i32)?;
        message.field(&fields[index].name)
    }

    /// A value of an enum.
    pub(crate) fn enum_value<'a>(
        &self,
        pool: Pool<'a>,
        r#enum: SymbolId,
        number: i32,
    ) -> Option<&'a EnumValue> {
        let values = &pool.symbols.r#enum(pool.files, r#enum)?.value;
        let index = self.index(pool.key(r#enum), values, EnumValue::number, number)?;
        values.get(index)
    }

    fn index<T>(
        &self,
        key: TypeKey,
        items: &[T],
        number_of: impl Fn(&T) -> i32,
        number: i32,
    ) -> Option<usize> {
        if items.len() <= SHORT {
            return items.iter().position(|item| number_of(item) == number);
        }
        let mut known = self.known.borrow_mut();
        let indices = known.entry(key).or_insert_with(|| {
            work::count(items.len());
            let mut indices = Indices::default();
            for (index, item) in items.iter().enumerate() {
                indices.entry(number_of(item)).or_insert(index);
            }
            indices
        });
        indices.get(&number).copied()
    }
}

/// Finds fields and extensions of messages in linked files.
pub(crate) struct OptionFields<'a> {
    pool: Pool<'a>,
    pub(crate) by_number: ByNumber,
    /// The extensions of all files by the extended message and their number.
    extensions: OnceCell<HashMap<(&'a str, i32), SymbolId, Fast>>,
}

impl<'a> OptionFields<'a> {
    pub(crate) fn new(pool: Pool<'a>) -> Self {
        Self {
            pool,
            by_number: ByNumber::default(),
            extensions: OnceCell::new(),
        }
    }

    /// The field or extension of a message that has a number.
    pub(crate) fn field(&self, message: MessageRef<'a>, number: u32) -> Option<FieldRef<'a>> {
        let own = self.by_number.field(message, number);
        own.or_else(|| self.extension(message, number))
    }

    fn extension(&self, message: MessageRef<'a>, number: u32) -> Option<FieldRef<'a>> {
        let extensions = self.extensions.get_or_init(|| {
            let mut extensions = HashMap::default();
            for id in self.pool.symbols.declarations() {
                work::count(1);
                let field = self.pool.field_of(id).map(|field| field.field);
                if let Some((extendee, number)) =
                    field.and_then(|field| Some((field.extendee.as_deref()?, field.number)))
                {
                    extensions.entry((extendee, number)).or_insert(id);
                }
            }
            extensions
        });
        let full_name = message.full_name();
        let id = extensions.get(&(full_name.as_str(), number as i32))?;
        self.pool.field_of(*id)
    }
}
