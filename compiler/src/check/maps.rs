//! Maps: the field, and the entry type that stands for its keys and values.

use super::context::Check;
use super::messages::NOT_OURS;
use crate::descriptor::{Field, Label, Message, Type};
use crate::places::{self, part};
use crate::pool::Pool;

impl<'a> Check<'a, '_> {
    /// Whether the field is a map.
    pub(super) fn is_map(&mut self, field: &Field) -> bool {
        let name = field.type_name.as_deref().unwrap_or_default();
        field.known_type() == Some(Type::Message) && self.map_entry(name).is_some()
    }

    /// Whether the field is a map with a string in it.
    pub(super) fn is_map_of_strings(&mut self, field: &Field) -> bool {
        let name = field.type_name.as_deref().unwrap_or_default();
        self.map_entry(name).is_some_and(|entry| {
            let mut fields = entry.field.iter();
            fields.any(|field| field.known_type() == Some(Type::String))
        })
    }

    /// The type of a map is the entry that was made for it, and of no other field.
    pub(super) fn map(&mut self, field: &Field, path: &[i32], message: Option<&'a Message>) {
        let name = field.type_name.as_deref().unwrap_or_default();
        if !field.is_message() {
            return;
        }
        let Some(entry) = self.map_entry(name) else {
            return;
        };
        let expected = crate::parser::entry_name(&field.name);
        let is_own = field.is_repeated()
            && field.known_type() == Some(Type::Message)
            && entry.name == expected
            && self.declares(message, name);
        let place = |file: &_| places::part(file, path, part::TYPE_NAME);
        if !is_own {
            let text = format!(
                "`{}` is the entry of a map, and no type of a field",
                name.trim_start_matches('.')
            );
            let help = "write `map<string, int32> field = 1;`, or declare a message of your own";
            return self.problem(place, text, help);
        }
        let parts = match entry.field.as_slice() {
            [key, value] if is_part(key, "key", 1) && is_part(value, "value", 2) => (key, value),
            _ => {
                return self.problem(
                    place,
                    "the entry of a map has exactly `key` and `value`",
                    NOT_OURS,
                );
            }
        };
        self.key_and_value(parts.0, parts.1, path);
    }

    /// Whether a message declares the one of this full name.
    fn declares(&self, message: Option<&Message>, name: &str) -> bool {
        let Pool { files, symbols } = self.pool;
        let owner = symbols.find(name).and_then(|id| symbols.owner(id));
        let owner = owner.and_then(|owner| symbols.message(files, owner));
        owner
            .zip(message)
            .is_some_and(|(owner, message)| std::ptr::eq(owner, message))
    }

    fn key_and_value(&mut self, key: &Field, value: &Field, path: &[i32]) {
        let place = |file: &_| places::part(file, path, part::TYPE_NAME);
        let is_key = !matches!(
            key.known_type(),
            Some(
                Type::Float | Type::Double | Type::Bytes | Type::Message | Type::Group | Type::Enum
            )
        );
        if !is_key {
            let help = "keys are integers, bools and strings";
            self.problem(
                place,
                "the key of the map has a type that keys do not have",
                help,
            );
        }
        let name = value.type_name.as_deref().unwrap_or_default();
        if value.known_type() == Some(Type::Enum) {
            let id = self.pool.symbols.find(name);
            let r#enum = id.and_then(|id| self.pool.symbols.r#enum(self.pool.files, id));
            let first = r#enum.and_then(|r#enum| r#enum.value.first());
            if first.is_some_and(|first| first.number != Some(0)) {
                let text = format!(
                    "the enum `{}` is the value of a map, and does not begin with 0",
                    name.trim_start_matches('.')
                );
                self.problem(place, text, "begin the enum with a value that is 0");
            }
        }
    }
}

fn is_part(field: &Field, name: &str, number: i32) -> bool {
    field.name == name && field.number == number && field.label() == Label::Optional
}
