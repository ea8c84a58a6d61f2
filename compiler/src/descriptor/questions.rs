//! Questions to descriptors that one declaration can answer.

use std::collections::{HashMap, HashSet};

use super::{Enum, EnumValue, Field, File, Label, Message, Method, Service, Type};
use crate::diagnostics::Place;
use crate::places;
use crate::wire;
use crate::work;

impl File {
    /// Where the declaration at a path stands: its name, or else the whole of it, or the file.
    pub fn place(&self, path: &[i32]) -> Place {
        places::name(self, path)
    }

    /// Where a text stands in the declaration at a path; its name where that cannot be told.
    pub fn place_of_word(&self, path: &[i32], word: &str) -> Place {
        if word.is_empty() {
            self.place(path)
        } else {
            places::word(self, path, word)
        }
    }

    /// Where a field of an option is set, as exactly as it can be told.
    ///
    /// `path` is that of the extension: of the declaration, the field of its options, and the number of the extension.
    /// `field` has number and name of each step from there.
    pub fn place_of_option(&self, path: &[i32], field: &[(i32, &str)]) -> Place {
        places::option(self, path, field)
    }

    /// Whether the options say `optimize_for = LITE_RUNTIME`.
    pub(crate) fn is_lite(&self) -> bool {
        const OPTIMIZE_FOR: u32 = 9;
        const LITE_RUNTIME: u64 = 3;
        wire::varint(self.options.as_deref(), OPTIMIZE_FOR) == Some(LITE_RUNTIME)
    }

    /// A copy without source positions and comments, which are most of a file.
    #[must_use]
    pub fn without_positions(&self) -> Self {
        Self {
            name: self.name.clone(),
            package: self.package.clone(),
            dependency: self.dependency.clone(),
            message_type: self.message_type.clone(),
            enum_type: self.enum_type.clone(),
            service: self.service.clone(),
            extension: self.extension.clone(),
            options: self.options.clone(),
            source_code_info: None,
            public_dependency: self.public_dependency.clone(),
            weak_dependency: self.weak_dependency.clone(),
            syntax: self.syntax.clone(),
            edition: self.edition,
            option_dependency: self.option_dependency.clone(),
        }
    }

    /// The full name, with its leading dot, of something that this file declares at top level.
    pub fn full_name(&self, name: &str) -> String {
        if self.package.is_empty() {
            format!(".{name}")
        } else {
            format!(".{}.{name}", self.package)
        }
    }

    /// All imports: plain ones, and those for options only.
    pub fn imports(&self) -> impl Iterator<Item = &str> {
        let all = self.dependency.iter().chain(&self.option_dependency);
        all.map(String::as_str)
    }

    /// The names of the files that whoever imports this one sees as well.
    pub fn public_imports(&self) -> impl Iterator<Item = &String> {
        let indices = self.public_dependency.iter();
        indices.filter_map(|&index| self.dependency.get(usize::try_from(index).ok()?))
    }

    /// Whether the file is in proto3.
    pub fn is_proto3(&self) -> bool {
        self.syntax.as_deref() == Some("proto3")
    }
}

impl Message {
    /// The field of each map, by the name of the map's entry type.
    pub(crate) fn maps(&self) -> HashMap<String, i32> {
        let nested = self.nested_type.iter();
        work::count(nested.len() + self.field.len());
        let entries: HashSet<&str> = nested
            .filter(|nested| nested.is_map_entry())
            .map(|nested| nested.name.as_str())
            .collect();
        if entries.is_empty() {
            return HashMap::new();
        }
        let fields = self.field.iter().zip(0..);
        let maps = fields.filter_map(|(field, index)| {
            let name = field.type_name.as_deref()?.rsplit('.').next()?;
            entries.contains(name).then(|| (name.to_owned(), index))
        });
        maps.collect()
    }

    /// Whether this is the entry type that a `map<K, V>` field stands for.
    pub fn is_map_entry(&self) -> bool {
        wire::flag(self.options.as_deref(), 7)
    }

    /// Whether the message is a message set, which has extensions only.
    pub fn is_message_set(&self) -> bool {
        wire::flag(self.options.as_deref(), 1)
    }

    /// The entry type of one of the message's own fields, if that is a map: it has a key and a value.
    pub fn map_entry(&self, field: &Field) -> Option<&Message> {
        let name = field.type_name.as_deref()?.rsplit('.').next()?;
        let mut nested = self.nested_type.iter();
        let entry = nested.find(|nested| nested.name == name && nested.is_map_entry())?;
        (field.is_repeated() && entry.field.len() == 2).then_some(entry)
    }

    /// The option `deprecated`.
    pub fn is_deprecated(&self) -> bool {
        wire::flag(self.options.as_deref(), 3)
    }
}

impl Field {
    /// The type, if it is one of descriptor.proto's.
    pub fn known_type(&self) -> Option<Type> {
        self.r#type.and_then(|number| Type::try_from(number).ok())
    }

    /// The type; a double where there is none, which is the first value of the enum.
    pub fn r#type(&self) -> Type {
        self.known_type().unwrap_or(Type::Double)
    }

    /// The label; optional where there is none, which is the first value of the enum.
    pub fn label(&self) -> Label {
        let label = self.label.and_then(|number| Label::try_from(number).ok());
        label.unwrap_or(Label::Optional)
    }

    /// Whether this is an extension by which options are declared.
    pub fn is_option(&self) -> bool {
        let extendee = self.extendee.as_deref().unwrap_or_default();
        extendee.starts_with(".google.protobuf.") && extendee.ends_with("Options")
    }

    /// Whether the field has any number of values.
    pub fn is_repeated(&self) -> bool {
        self.label() == Label::Repeated
    }

    /// Whether the values are messages.
    pub fn is_message(&self) -> bool {
        matches!(self.known_type(), Some(Type::Message | Type::Group))
    }

    /// Whether values of its type can stand together in one record.
    pub fn is_packable(&self) -> bool {
        !matches!(
            self.known_type(),
            None | Some(Type::String | Type::Bytes | Type::Message | Type::Group)
        )
    }

    /// The option `packed`, if it is set.
    pub fn is_packed(&self) -> Option<bool> {
        wire::varint(self.options.as_deref(), 2).map(|value| value != 0)
    }

    /// The oneof that the field is a variant of; none for the synthetic oneof of `optional`.
    pub fn real_oneof(&self) -> Option<usize> {
        match self.proto3_optional {
            Some(true) => None,
            _ => self.oneof_index.and_then(|index| index.try_into().ok()),
        }
    }

    /// The option `deprecated`.
    pub fn is_deprecated(&self) -> bool {
        wire::flag(self.options.as_deref(), 3)
    }
}

impl Enum {
    /// The option `deprecated`.
    pub fn is_deprecated(&self) -> bool {
        wire::flag(self.options.as_deref(), 3)
    }
}

impl EnumValue {
    /// The number; 0 where there is none.
    pub fn number(&self) -> i32 {
        self.number.unwrap_or_default()
    }

    /// The option `deprecated`.
    pub fn is_deprecated(&self) -> bool {
        wire::flag(self.options.as_deref(), 1)
    }
}

impl Service {
    /// The option `deprecated`.
    pub fn is_deprecated(&self) -> bool {
        wire::flag(self.options.as_deref(), 33)
    }
}

impl Method {
    /// The option `deprecated`.
    pub fn is_deprecated(&self) -> bool {
        wire::flag(self.options.as_deref(), 33)
    }

    /// The option `idempotency_level`, as its number.
    pub fn idempotency_level(&self) -> u64 {
        wire::varint(self.options.as_deref(), 34).unwrap_or_default()
    }
}
