//! Messages and enums with everything decided: names, docs, attributes, derives, what is boxed, defaults.

use super::comments::Comments;
use super::ident::variant;
use super::names::{Names, has_module, last, real_oneofs};
use super::paths::{Here, TypePaths};
use super::select::Selection;
use crate::descriptor::{self, File, Label, Type};
use crate::options::Options;
use crate::pattern;

mod default;
mod derives;
mod graph;

pub(crate) use default::FieldDefault;
use derives::Attributes;
use graph::Graph;
pub(super) use graph::has_box;

/// Something that is generated of a file or a message.
pub(crate) enum Item {
    Message(Message),
    Enum(Enum),
}

/// A message: a struct.
pub(crate) struct Message {
    pub(crate) name: String,
    /// Its name in the proto file.
    pub(crate) proto_name: String,
    /// With its package and the messages around it.
    pub(crate) full_name: String,
    pub(crate) package: String,
    pub(crate) about: About,
    /// What is derived, but for what is derived by an attribute already.
    pub(crate) derives: Vec<&'static str>,
    pub(crate) debug: Debug,
    /// Whether `Default` is derived by an attribute.
    pub(crate) is_default_asked_for: bool,
    /// In the order of the struct: oneofs come last.
    pub(crate) fields: Vec<Field>,
    pub(crate) nested: Option<Nested>,
    /// The domain in the type URL of `prost::Name`.
    pub(crate) domain: String,
}

/// What stands above an item.
pub(crate) struct About {
    pub(crate) docs: Vec<String>,
    pub(crate) is_deprecated: bool,
    /// As Rust source.
    pub(crate) attributes: Vec<String>,
}

/// How a type is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Debug {
    /// As it is derived.
    Derived,
    /// With names of enum values, where a field is an `i32`.
    Named,
    /// By somebody else.
    Absent,
}

/// The module of what is nested in a message.
pub(crate) struct Nested {
    pub(crate) module: String,
    pub(crate) items: Vec<Item>,
    pub(crate) oneofs: Vec<Oneof>,
}

/// A field of a struct.
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) about: About,
    pub(crate) kind: FieldKind,
}

pub(crate) enum FieldKind {
    One {
        number: i32,
        label: Presence,
        value: Value,
        default: Option<FieldDefault>,
    },
    Map {
        number: i32,
        is_sorted: bool,
        key: Value,
        value: Value,
    },
    Oneof {
        path: String,
        numbers: Vec<i32>,
    },
}

/// How often a value is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Presence {
    /// Not there if it is the default of its type.
    Implicit,
    Optional,
    Required,
    Repeated,
    /// Repeated, in one record.
    Packed,
}

/// The type of a value.
pub(crate) enum Value {
    /// A number or a `bool`: what it is called in proto and in Rust.
    Number(&'static str, &'static str),
    String,
    Bytes {
        /// `bytes::Bytes` instead of a `Vec`.
        is_shared: bool,
    },
    Enum {
        path: String,
        /// The number of its first value, which is the default.
        first: i32,
    },
    Message {
        path: String,
        is_boxed: bool,
        is_group: bool,
    },
}

/// A oneof: an enum with data.
pub(crate) struct Oneof {
    pub(crate) name: String,
    pub(crate) about: About,
    pub(crate) derives: Vec<&'static str>,
    pub(crate) debug: Debug,
    pub(crate) variants: Vec<Variant>,
}

/// A field of a oneof.
pub(crate) struct Variant {
    pub(crate) name: String,
    pub(crate) about: About,
    pub(crate) number: i32,
    pub(crate) value: Value,
}

/// An enum.
pub(crate) struct Enum {
    pub(crate) name: String,
    pub(crate) about: About,
    pub(crate) derives: Vec<&'static str>,
    /// Those with a number of their own.
    pub(crate) values: Vec<EnumValue>,
}

pub(crate) struct EnumValue {
    pub(crate) name: String,
    pub(crate) proto_name: String,
    /// Its other names in the proto file.
    pub(crate) aliases: Vec<String>,
    pub(crate) about: About,
    pub(crate) number: i32,
}

impl Message {
    /// Whether its code names something deprecated.
    pub(crate) fn has_deprecated(&self) -> bool {
        self.fields.iter().any(|field| field.about.is_deprecated)
    }
}

/// Makes types.
pub(super) struct Types<'a> {
    options: &'a Options,
    names: &'a Names,
    comments: &'a Comments<'a>,
    selection: &'a Selection,
    paths: &'a TypePaths<'a>,
    attributes: Attributes<'a>,
    graph: Graph<'a>,
}

/// The message around what is made, and where it is.
#[derive(Clone, Copy)]
struct Around<'a> {
    file: &'a File,
    message: &'a descriptor::Message,
    full_name: &'a str,
    path: &'a [i32],
    here: &'a Here,
}

impl Around<'_> {
    fn full_name_of(&self, name: &str) -> String {
        format!("{}.{name}", self.full_name)
    }

    fn path_of(&self, number: i32, index: usize) -> Vec<i32> {
        child(self.path, number, index)
    }
}

fn child(path: &[i32], number: i32, index: usize) -> Vec<i32> {
    [path, &[number, index as i32]].concat()
}

impl<'a> Types<'a> {
    pub(super) fn new(
        options: &'a Options,
        comments: &'a Comments<'a>,
        selection: &'a Selection,
        paths: &'a TypePaths<'a>,
    ) -> Self {
        Self {
            options,
            names: paths.names,
            comments,
            selection,
            paths,
            attributes: Attributes::new(options),
            graph: Graph::new(options, paths),
        }
    }

    /// What is generated of a file, messages first.
    pub(super) fn of_file(&self, file: &File) -> Vec<Item> {
        let here = self.paths.package(&file.package);
        let is_generated = |name: &str| {
            let full_name = file.full_name(name);
            self.selection.types.contains(&full_name) && !self.paths.is_extern(&full_name)
        };
        let messages = file.message_type.iter().enumerate();
        let messages = messages.filter(|(_, message)| is_generated(&message.name));
        let messages = messages.map(|(index, message)| {
            let full_name = file.full_name(&message.name);
            self.message(file, message, &full_name, &[4, index as i32], &here)
        });
        let enums = file.enum_type.iter().enumerate();
        let enums = enums.filter(|(_, r#enum)| is_generated(&r#enum.name));
        let enums = enums.map(|(index, r#enum)| {
            self.r#enum(
                file,
                r#enum,
                &file.full_name(&r#enum.name),
                &[5, index as i32],
            )
        });
        let messages = messages.map(Item::Message);
        messages.chain(enums.map(Item::Enum)).collect()
    }

    fn message(
        &self,
        file: &File,
        message: &descriptor::Message,
        full_name: &str,
        path: &[i32],
        here: &Here,
    ) -> Message {
        let around = Around {
            file,
            message,
            full_name,
            path,
            here,
        };
        let fields = self.fields(around);
        let debug = self.debug(&[full_name], fields.iter().any(Field::has_enum));
        let attributes = self.attributes.of_message(full_name);
        let mut derives = vec!["Clone"];
        derives.extend(self.graph.is_copy(full_name).then_some("Copy"));
        derives.extend((debug == Debug::Derived).then_some("Debug"));
        derives.extend(
            fields
                .iter()
                .all(Field::is_default_derived)
                .then_some("Default"),
        );
        derives.push("PartialEq");
        if self.graph.is_eq(full_name) {
            derives.extend(["Eq", "Hash"]);
        }
        Message {
            name: self.names.r#type(full_name),
            proto_name: message.name.clone(),
            full_name: full_name.trim_start_matches('.').to_owned(),
            package: file.package.clone(),
            derives: attributes.without(derives),
            is_default_asked_for: attributes.has("Default"),
            about: self.about(
                file,
                path,
                full_name,
                message.is_deprecated(),
                attributes.texts,
            ),
            debug,
            fields,
            nested: has_module(message).then(|| self.nested(around)),
            domain: self.domain(full_name),
        }
    }

    fn domain(&self, full_name: &str) -> String {
        let mut domains = self.options.type_name_domain.0.iter();
        let domain = domains.find(|(pattern, _)| pattern::matches(pattern, full_name));
        domain.map_or(String::new(), |(_, domain)| domain.clone())
    }

    fn about(
        &self,
        file: &File,
        path: &[i32],
        full_name: &str,
        is_deprecated: bool,
        attributes: Vec<String>,
    ) -> About {
        About {
            docs: self.comments.docs(&file.name, path, full_name),
            is_deprecated,
            attributes,
        }
    }

    /// Whether and how a type is shown that has any of these names in `skip_debug`.
    fn debug(&self, names: &[&str], has_enum: bool) -> Debug {
        let skipped = &self.options.skip_debug.0;
        match names.iter().any(|name| pattern::any(skipped, name)) {
            true => Debug::Absent,
            false if has_enum => Debug::Named,
            false => Debug::Derived,
        }
    }

    fn nested(&self, around: Around<'_>) -> Nested {
        let module = self.names.nested_module(around.full_name);
        let here = around.here.inner(&module);
        let messages = around.message.nested_type.iter().enumerate();
        let messages = messages.filter(|(_, nested)| !nested.is_map_entry());
        let messages = messages
            .map(|(index, nested)| {
                (
                    around.path_of(3, index),
                    nested,
                    around.full_name_of(&nested.name),
                )
            })
            .filter(|(_, _, full_name)| !self.paths.is_extern(full_name))
            .map(|(path, nested, full_name)| {
                Item::Message(self.message(around.file, nested, &full_name, &path, &here))
            });
        let enums = around.message.enum_type.iter().enumerate();
        let enums = enums
            .map(|(index, r#enum)| {
                (
                    around.path_of(4, index),
                    r#enum,
                    around.full_name_of(&r#enum.name),
                )
            })
            .filter(|(_, _, full_name)| !self.paths.is_extern(full_name))
            .map(|(path, r#enum, full_name)| {
                Item::Enum(self.r#enum(around.file, r#enum, &full_name, &path))
            });
        Nested {
            items: messages.chain(enums).collect(),
            oneofs: real_oneofs(around.message)
                .map(|index| self.oneof(around, index, &here))
                .collect(),
            module,
        }
    }

    /// Fields in their order, then oneofs.
    fn fields(&self, around: Around<'_>) -> Vec<Field> {
        let plain = around.message.field.iter().enumerate();
        let plain = plain.filter(|(_, field)| field.real_oneof().is_none());
        let plain = plain.map(|(index, field)| self.field(around, index, field));
        let oneofs = real_oneofs(around.message).map(|index| self.oneof_field(around, index));
        plain.chain(oneofs).collect()
    }

    fn field(&self, around: Around<'_>, index: usize, field: &descriptor::Field) -> Field {
        let full_name = around.full_name_of(&field.name);
        let number = field.number;
        let kind = match map_entry(around.message, field) {
            Some(entry) => FieldKind::Map {
                number,
                is_sorted: pattern::any(&self.options.btree_map.0, &full_name),
                key: self.value(&entry.field[0], &full_name, around.here, false),
                value: self.value(&entry.field[1], &full_name, around.here, false),
            },
            None => FieldKind::One {
                number,
                label: presence(field, around.file),
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
            about: self.about_field(around, index, field, self.attributes.of_field(&full_name)),
            kind,
        }
    }

    fn about_field(
        &self,
        around: Around<'_>,
        index: usize,
        field: &descriptor::Field,
        attributes: Vec<String>,
    ) -> About {
        self.about(
            around.file,
            &around.path_of(2, index),
            &around.full_name_of(&field.name),
            field.is_deprecated(),
            attributes,
        )
    }

    fn oneof_field(&self, around: Around<'_>, index: usize) -> Field {
        let full_name = around.full_name_of(&around.message.oneof_decl[index].name);
        let module = self.names.nested_module(around.full_name);
        let variants = around.message.field.iter();
        let variants = variants.filter(|field| field.real_oneof() == Some(index));
        Field {
            name: self.names.field(&full_name),
            about: self.about(
                around.file,
                &around.path_of(8, index),
                &full_name,
                false,
                self.attributes.of_field(&full_name),
            ),
            kind: FieldKind::Oneof {
                path: format!("{module}::{}", self.names.oneof(&full_name, around.message)),
                numbers: variants.map(|field| field.number).collect(),
            },
        }
    }

    fn oneof(&self, around: Around<'_>, index: usize, here: &Here) -> Oneof {
        let full_name = around.full_name_of(&around.message.oneof_decl[index].name);
        let fields = around.message.field.iter().enumerate();
        let fields: Vec<_> = fields
            .filter(|(_, field)| field.real_oneof() == Some(index))
            .collect();
        let variants: Vec<_> = fields
            .iter()
            .map(|&(index, field)| self.variant(around, index, field, &full_name, here))
            .collect();
        let has_enum = variants.iter().any(|variant| variant.value.is_enum());
        let debug = self.debug(&[&full_name, around.full_name], has_enum);
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
        let attributes = self.attributes.of_enum(&full_name);
        Oneof {
            name: self.names.oneof(&full_name, around.message),
            derives: attributes.without(derives),
            about: self.about(
                around.file,
                &around.path_of(8, index),
                &full_name,
                false,
                attributes.texts,
            ),
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
        here: &Here,
    ) -> Variant {
        let full_name = around.full_name_of(&field.name);
        // Attributes of variants are asked for by the oneof that they are in, as with prost-build.
        let attributes = self.attributes.of_field(&format!("{oneof}.{}", field.name));
        Variant {
            name: self.names.oneof_variant(&full_name),
            about: self.about_field(around, index, field, attributes),
            number: field.number,
            value: self.value(
                field,
                &full_name,
                here,
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

    fn first_number(&self, r#enum: &str) -> i32 {
        let values = self.paths.symbols.enum_values(r#enum);
        values.first().map_or(0, |value| value.number())
    }

    fn r#enum(
        &self,
        file: &File,
        r#enum: &descriptor::Enum,
        full_name: &str,
        path: &[i32],
    ) -> Enum {
        let attributes = self.attributes.of_enum(full_name);
        let debug = self.debug(&[full_name], false);
        let mut derives = vec!["Clone", "Copy"];
        derives.extend((debug == Debug::Derived).then_some("Debug"));
        derives.extend(["Default", "PartialEq", "Eq", "Hash", "PartialOrd", "Ord"]);
        let mut values: Vec<EnumValue> = Vec::new();
        let mut places = std::collections::HashMap::new();
        for (index, value) in r#enum.value.iter().enumerate() {
            // prost has no aliases: the first name of a number is its name.
            match places.get(&value.number()) {
                Some(&place) => {
                    let first: &mut EnumValue = &mut values[place];
                    first.aliases.push(value.name.clone());
                }
                None => {
                    places.insert(value.number(), values.len());
                    let path = child(path, 2, index);
                    values.push(self.enum_value(file, r#enum, value, full_name, &path));
                }
            }
        }
        Enum {
            name: self.names.r#type(full_name),
            derives: attributes.without(derives),
            about: self.about(
                file,
                path,
                full_name,
                r#enum.is_deprecated(),
                attributes.texts,
            ),
            values,
        }
    }

    fn enum_value(
        &self,
        file: &File,
        r#enum: &descriptor::Enum,
        value: &descriptor::EnumValue,
        outer: &str,
        path: &[i32],
    ) -> EnumValue {
        let full_name = format!("{outer}.{}", value.name);
        let attributes = self.attributes.of_field(&full_name);
        EnumValue {
            name: self.value_name(&r#enum.name, &value.name, &full_name),
            proto_name: value.name.clone(),
            aliases: Vec::new(),
            about: self.about(file, path, &full_name, value.is_deprecated(), attributes),
            number: value.number(),
        }
    }

    fn value_name(&self, r#enum: &str, value: &str, full_name: &str) -> String {
        let strip_prefix = !self.options.retain_enum_prefix;
        self.names
            .enum_value(full_name, || variant(r#enum, value, strip_prefix))
    }

    /// What is read where a field is not there, if the proto file says so.
    fn default(&self, field: &descriptor::Field, here: &Here) -> Option<FieldDefault> {
        let text = field.default_value.as_deref()?;
        if field.r#type() != Type::Enum {
            return FieldDefault::of_text(field.r#type(), text);
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

/// The entry of a field that is a map.
fn map_entry<'a>(
    message: &'a descriptor::Message,
    field: &descriptor::Field,
) -> Option<&'a descriptor::Message> {
    let name = last(field.type_name.as_deref()?);
    let mut nested = message.nested_type.iter();
    let entry = nested.find(|nested| nested.name == name && nested.is_map_entry())?;
    (field.is_repeated() && entry.field.len() == 2).then_some(entry)
}

fn presence(field: &descriptor::Field, file: &File) -> Presence {
    let is_proto3 = file.syntax.as_deref() == Some("proto3");
    match field.label() {
        Label::Required => Presence::Required,
        Label::Repeated if field.is_packable() && field.is_packed().unwrap_or(is_proto3) => {
            Presence::Packed
        }
        Label::Repeated => Presence::Repeated,
        Label::Optional if field.proto3_optional == Some(true) => Presence::Optional,
        Label::Optional if matches!(field.r#type(), Type::Message | Type::Group) => {
            Presence::Optional
        }
        Label::Optional if is_proto3 => Presence::Implicit,
        Label::Optional => Presence::Optional,
    }
}

impl Field {
    /// Whether a number in it stands for a value of an enum.
    fn has_enum(&self) -> bool {
        match &self.kind {
            FieldKind::One { value, .. } | FieldKind::Map { value, .. } => value.is_enum(),
            FieldKind::Oneof { .. } => false,
        }
    }

    /// Whether what it is at first is the default of its Rust type.
    pub(crate) fn is_default_derived(&self) -> bool {
        match &self.kind {
            FieldKind::One {
                label: Presence::Required,
                default: Some(default),
                ..
            } => default.is_zero(),
            FieldKind::One {
                label: Presence::Implicit | Presence::Required,
                value: Value::Enum { first, .. },
                ..
            } => *first == 0,
            _ => true,
        }
    }
}

impl Value {
    pub(crate) fn is_enum(&self) -> bool {
        matches!(self, Self::Enum { .. })
    }
}
