//! Maps: a field of entries, whose type nobody writes.

use super::{Parse, Parser, Skip};
use crate::descriptor::{Field, Label, Message, Type};
use crate::syntax::{OptionSet, Statement};
use crate::target::Target;

/// The types of keys and values.
pub(super) struct Map {
    key: MapType,
    value: MapType,
}

enum MapType {
    Scalar(Type),
    Named(String),
}

impl Parser<'_> {
    /// `map<K, V>`.
    pub(super) fn map_type(&mut self, field: &mut Field) -> Parse<Map> {
        let mistake = if field.oneof_index.is_some() {
            Some((
                "a map stands in a oneof",
                "put it into a message, and that into the oneof",
            ))
        } else if field.label.is_some() {
            Some((
                "a map has no label",
                "remove the label: a map has any number of entries",
            ))
        } else if field.extendee.is_some() {
            Some(("an extension is no map", "put the map into a message"))
        } else {
            None
        };
        if let Some((message, help)) = mistake {
            self.wrong(message, help);
            return Err(Skip);
        }
        self.advance();
        self.expect("<")?;
        let key = self.type_of_map()?;
        self.expect(",")?;
        let value = self.type_of_map()?;
        self.expect(">")?;
        field.label = Some(Label::Repeated as i32);
        Ok(Map { key, value })
    }

    fn type_of_map(&mut self) -> Parse<MapType> {
        match self.scalar() {
            Some(kind) => {
                if kind == Type::Group {
                    self.wrong("a group stands in a map", "name a message");
                }
                self.advance();
                Ok(MapType::Scalar(kind))
            }
            None => self.type_name("a type").map(MapType::Named),
        }
    }

    /// The entry type of a map, which the field is repeated of.
    pub(super) fn map_entry(&mut self, field: &mut Field, map: Map) -> Message {
        let name = entry_name(&field.name);
        field.type_name = Some(name.clone());
        let part = |name: &str, number: i32, kind: MapType| {
            let (r#type, type_name) = match kind {
                MapType::Scalar(kind) => (Some(kind as i32), None),
                MapType::Named(name) => (None, Some(name)),
            };
            Field {
                name: name.to_owned(),
                number,
                label: Some(Label::Optional as i32),
                r#type,
                type_name,
                ..Field::default()
            }
        };
        Message {
            name,
            field: vec![part("key", 1, map.key), part("value", 2, map.value)],
            // `map_entry = true`.
            options: Some(vec![0x38, 0x01]),
            ..Message::default()
        }
    }

    /// Features of a map are those of its key and its value.
    pub(super) fn copy_features_to_entry(&mut self, options: usize, entry: &[i32]) {
        let is_feature = |statement: &&Statement| {
            let first = statement.name.first();
            first.is_some_and(|part| part.name == "features" && !part.is_extension)
        };
        let statements = self.options[options].statements.iter().filter(is_feature);
        let statements: Vec<_> = statements
            .map(|statement| Statement {
                location: None,
                ..statement.clone()
            })
            .collect();
        if statements.is_empty() {
            return;
        }
        for field in [0, 1] {
            self.options.push(OptionSet {
                path: [entry, &[2, field]].concat(),
                target: Target::Field,
                statements: statements.clone(),
            });
        }
    }
}

/// `foo_map` is `FooMapEntry`.
pub(crate) fn entry_name(field: &str) -> String {
    let mut name = String::with_capacity(field.len() + 5);
    let mut is_start = true;
    for c in field.chars() {
        match c {
            '_' => is_start = true,
            c if is_start => {
                name.push(c.to_ascii_uppercase());
                is_start = false;
            }
            c => name.push(c),
        }
    }
    name + "Entry"
}
