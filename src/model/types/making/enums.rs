//! Enums, and their values.

use std::collections::HashMap;

use super::{Types, child};
use crate::descriptor::{self, File};
use crate::model::ident::variant;
use crate::model::types::{About, Debug, Enum, EnumValue};

impl Types<'_> {
    pub(super) fn first_number(&self, r#enum: &str) -> i32 {
        let values = self.paths.symbols.enum_values(r#enum);
        values.first().map_or(0, |value| value.number())
    }

    pub(super) fn r#enum(
        &self,
        file: &File,
        r#enum: &descriptor::Enum,
        full_name: &str,
        path: &[i32],
    ) -> Enum {
        let attributes = self.attributes.r#enum(full_name);
        let debug = self.debug(&[full_name], &attributes, false);
        let mut derives = vec!["Clone", "Copy"];
        derives.extend((debug == Debug::Derived).then_some("Debug"));
        derives.extend(["Default", "PartialEq", "Eq", "Hash", "PartialOrd", "Ord"]);
        let mut values: Vec<EnumValue> = Vec::new();
        let mut places = HashMap::new();
        for (index, value) in r#enum.value.iter().enumerate() {
            // prost has no aliases: the first name of a number is its name.
            match places.get(&value.number()) {
                Some(&place) => {
                    let first: &mut EnumValue = &mut values[place];
                    first.aliases.push(value.name.clone());
                }
                None => {
                    places.insert(value.number(), values.len());
                    let value_name = format!("{full_name}.{}", value.name);
                    let docs =
                        (self.comments).docs(&file.name, &child(path, 2, index), &value_name);
                    values.push(self.enum_value(&r#enum.name, value, &value_name, docs));
                }
            }
        }
        Enum {
            name: self.names.r#type(full_name),
            derives: attributes.without(derives),
            about: About {
                docs: self.comments.docs(&file.name, path, full_name),
                is_deprecated: r#enum.is_deprecated(),
                attributes: attributes.texts,
            },
            values,
        }
    }

    fn enum_value(
        &self,
        r#enum: &str,
        value: &descriptor::EnumValue,
        full_name: &str,
        docs: Vec<String>,
    ) -> EnumValue {
        EnumValue {
            name: self.value_name(r#enum, &value.name, full_name),
            proto_name: value.name.clone(),
            aliases: Vec::new(),
            about: About {
                docs,
                is_deprecated: value.is_deprecated(),
                attributes: self.attributes.field(full_name),
            },
            number: value.number(),
        }
    }

    pub(super) fn value_name(&self, r#enum: &str, value: &str, full_name: &str) -> String {
        let strip_prefix = !self.options.retain_enum_prefix;
        self.names
            .enum_value(full_name, || variant(r#enum, value, strip_prefix))
    }
}
