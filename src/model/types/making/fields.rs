//! Fields, and oneofs with their variants.

use super::{Around, Types};
use crate::descriptor::{self, File, Label, Type};
use crate::model::names::{last, real_oneofs};
use crate::model::paths::Here;
use crate::model::redacted::Redaction;
use crate::model::types::graph::Graph;
use crate::model::types::{
    About, Cardinality, Debug, Field, FieldDefault, FieldKind, Oneof, Value, Variant,
};
use crate::pattern;

impl<'a> Types<'a> {
    /// Fields in their order, then oneofs.
    pub(super) fn fields(&self, around: Around<'_>) -> Vec<Field> {
        let plain = around.message.field.iter().enumerate();
        let plain = plain.filter(|(_, field)| field.real_oneof().is_none());
        let plain = plain.map(|(index, field)| self.field(around, index, field));
        let oneofs = real_oneofs(around.message).map(|index| self.oneof_field(around, index));
        plain.chain(oneofs).collect()
    }

    fn field(&self, around: Around<'_>, index: usize, field: &descriptor::Field) -> Field {
        let full_name = around.full_name_of(&field.name);
        let number = field.number;
        let kind = match around.message.map_entry(field) {
            Some(entry) => FieldKind::Map {
                number,
                is_sorted: pattern::any(&self.options.btree_map.0, &full_name),
                key: self.value(&entry.field[0], &full_name, around.here, false),
                value: self.value(&entry.field[1], &full_name, around.here, false),
            },
            None => FieldKind::One {
                number,
                cardinality: cardinality(field, around.file),
                value: self.value(
                    field,
                    &full_name,
                    around.here,
                    self.graph.is_boxed(around.full_name, index),
                ),
                default: self.default(field, around.here),
            },
        };
        Field {
            name: self.names.field(&full_name),
            about: self.about_field(around, index, field, self.attributes.field(&full_name)),
            is_redacted: self.redaction().hides(field, &full_name),
            kind,
        }
    }

    fn redaction(&self) -> Redaction<'_> {
        Redaction {
            options: self.options,
            symbols: self.paths.symbols,
        }
    }

    fn about_field(
        &self,
        around: Around<'_>,
        index: usize,
        field: &descriptor::Field,
        attributes: Vec<String>,
    ) -> About {
        let full_name = around.full_name_of(&field.name);
        About {
            docs: (self.comments).docs(&around.file.name, &around.path_of(2, index), &full_name),
            is_deprecated: field.is_deprecated(),
            attributes,
        }
    }

    fn about_oneof(&self, around: Around<'_>, index: usize, attributes: Vec<String>) -> About {
        let full_name = around.full_name_of(&around.message.oneof_decl[index].name);
        About {
            docs: (self.comments).docs(&around.file.name, &around.path_of(8, index), &full_name),
            is_deprecated: false,
            attributes,
        }
    }

    fn oneof_field(&self, around: Around<'_>, index: usize) -> Field {
        let full_name = around.full_name_of(&around.message.oneof_decl[index].name);
        let module = self.names.nested_module(around.full_name);
        let variants = around.message.field.iter();
        let variants = variants.filter(|field| field.real_oneof() == Some(index));
        Field {
            name: self.names.field(&full_name),
            about: self.about_oneof(around, index, self.attributes.field(&full_name)),
            // Its variants say so, each for itself.
            is_redacted: false,
            kind: FieldKind::Oneof {
                path: format!("{module}::{}", self.names.oneof(&full_name, around.message)),
                numbers: variants.map(|field| field.number).collect(),
            },
        }
    }

    pub(super) fn oneof(&self, around: Around<'_>, index: usize, here: &Here) -> Oneof {
        let full_name = around.full_name_of(&around.message.oneof_decl[index].name);
        let fields = around.message.field.iter().enumerate();
        let fields: Vec<_> = fields
            .filter(|(_, field)| field.real_oneof() == Some(index))
            .collect();
        let variants: Vec<_> = fields
            .iter()
            .map(|&(index, field)| {
                self.variant(Around { here, ..around }, index, field, &full_name)
            })
            .collect();
        let has_own = |variant: &Variant| variant.value.is_enum() || variant.is_redacted;
        let attributes = self.attributes.oneof(&full_name);
        let debug = self.debug(
            &[&full_name, around.full_name],
            &attributes,
            variants.iter().any(has_own),
        );
        let all = |is: fn(&Graph<'a>, &str, usize) -> bool| {
            let mut fields = fields.iter();
            fields.all(|(index, _)| is(&self.graph, around.full_name, *index))
        };
        let mut derives = vec!["Clone"];
        derives.extend(all(Graph::is_copy_field).then_some("Copy"));
        derives.extend((debug == Debug::Derived).then_some("Debug"));
        derives.push("PartialEq");
        if all(Graph::is_eq_field) {
            derives.extend(["Eq", "Hash"]);
        }
        Oneof {
            name: self.names.oneof(&full_name, around.message),
            derives: attributes.without(derives),
            about: self.about_oneof(around, index, attributes.texts),
            debug,
            variants,
        }
    }

    fn variant(
        &self,
        around: Around<'_>,
        index: usize,
        field: &descriptor::Field,
        oneof: &str,
    ) -> Variant {
        let full_name = around.full_name_of(&field.name);
        // Attributes of variants are asked for by the oneof that they are in, as with prost-build.
        let attributes = self.attributes.field(&format!("{oneof}.{}", field.name));
        Variant {
            name: self.names.oneof_variant(&full_name),
            about: self.about_field(around, index, field, attributes),
            is_redacted: self.redaction().hides(field, &full_name),
            number: field.number,
            value: self.value(
                field,
                &full_name,
                around.here,
                self.graph.is_boxed(around.full_name, index),
            ),
        }
    }

    /// The type of a field, or of one half of the entry of a map.
    fn value(
        &self,
        field: &descriptor::Field,
        full_name: &str,
        here: &Here,
        is_boxed: bool,
    ) -> Value {
        let type_name = field.type_name.as_deref().unwrap_or_default();
        match field.r#type() {
            Type::String => Value::String,
            Type::Bytes => Value::Bytes {
                is_shared: pattern::any(&self.options.bytes.0, full_name),
            },
            Type::Enum => Value::Enum {
                path: self.paths.from(here, type_name),
                first: self.first_number(type_name),
                is_closed: self.closed.has(type_name),
            },
            r#type @ (Type::Message | Type::Group) => Value::Message {
                path: self.paths.from(here, type_name),
                is_boxed,
                is_group: r#type == Type::Group,
            },
            Type::Double => Value::Number("double", "f64"),
            Type::Float => Value::Number("float", "f32"),
            Type::Int64 => Value::Number("int64", "i64"),
            Type::Uint64 => Value::Number("uint64", "u64"),
            Type::Int32 => Value::Number("int32", "i32"),
            Type::Fixed64 => Value::Number("fixed64", "u64"),
            Type::Fixed32 => Value::Number("fixed32", "u32"),
            Type::Bool => Value::Number("bool", "bool"),
            Type::Uint32 => Value::Number("uint32", "u32"),
            Type::Sfixed32 => Value::Number("sfixed32", "i32"),
            Type::Sfixed64 => Value::Number("sfixed64", "i64"),
            Type::Sint32 => Value::Number("sint32", "i32"),
            Type::Sint64 => Value::Number("sint64", "i64"),
        }
    }

    /// The default of a field, if the proto file has one.
    fn default(&self, field: &descriptor::Field, here: &Here) -> Option<FieldDefault> {
        let text = field.default_value.as_deref()?;
        if field.r#type() != Type::Enum {
            return FieldDefault::parse(field.r#type(), text);
        }
        let type_name = field.type_name.as_deref()?;
        let values = self.paths.symbols.enum_values(type_name);
        let number = values.iter().find(|value| value.name == text)?.number();
        // An alias has no variant.
        let value = values.iter().find(|value| value.number() == number)?;
        let full_name = format!("{type_name}.{}", value.name);
        let name = self.value_name(last(type_name), &value.name, &full_name);
        let path = format!("{}::{name}", self.paths.from(here, type_name));
        Some(FieldDefault::Enum { path, number })
    }
}

fn cardinality(field: &descriptor::Field, file: &File) -> Cardinality {
    let is_proto3 = file.syntax.as_deref() == Some("proto3");
    match field.label() {
        Label::Required => Cardinality::Required,
        Label::Repeated if field.is_packable() && field.is_packed().unwrap_or(is_proto3) => {
            Cardinality::Packed
        }
        Label::Repeated => Cardinality::Repeated,
        Label::Optional if field.proto3_optional == Some(true) => Cardinality::Optional,
        Label::Optional if matches!(field.r#type(), Type::Message | Type::Group) => {
            Cardinality::Optional
        }
        Label::Optional if is_proto3 => Cardinality::Implicit,
        Label::Optional => Cardinality::Optional,
    }
}

#[cfg(test)]
mod tests {
    use crate::{Input, Options, generate};

    #[test]
    fn a_oneof_whose_debug_is_derived_by_an_option_has_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let text = "syntax = \"proto3\"; package p;
            enum E { E_A = 0; }
            message M { oneof choice { E e = 1; } }";
        std::fs::write(folder.path().join("p.proto"), text).unwrap();
        let input = Input::from_protos(&[folder.path()], &[folder.path()]).unwrap();
        for option in ["type_attribute", "enum_attribute", "oneof_attribute"] {
            let mut options = Options::default();
            options.set(option, ".p.M.choice=#[derive(Debug)]").unwrap();
            let generated = generate(&input, &options).unwrap();
            let text = generated.files.get("p.rs").unwrap();
            assert!(text.contains("#[derive(Debug)]"), "{option}: {text}");
            assert!(!text.contains("Debug for Choice"), "{option}: {text}");
        }
    }
}
