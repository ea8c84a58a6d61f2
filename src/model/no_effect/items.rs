//! Everything in a tree that a proto path can be a path of, and what it is.

use std::collections::{BTreeSet, HashSet};

use crate::descriptor::{Enum, Field, File, Message, Service, Type};
use crate::input::Input;
use crate::model::errors::Catalog;
use crate::model::names::{has_module, real_oneofs};
use crate::model::policy::Policies;

/// Something that is declared, by its full name with a leading dot.
pub(super) struct Item<'a> {
    pub(super) name: String,
    pub(super) kind: ItemKind,
    /// The file, and the path in it. A package is in no file.
    pub(super) place: Option<(&'a File, Vec<i32>)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum ItemKind {
    Package,
    Message {
        is_nested: bool,
        has_module: bool,
        has_fields: bool,
    },
    Enum {
        is_nested: bool,
        is_error: bool,
    },
    Oneof,
    Field(Holds),
    /// A field of a oneof by the name that it has in its message.
    OneofField(Holds),
    /// A field of a oneof by the name of the oneof, which is how attributes find it.
    Variant(Holds),
    Value,
    /// A second name of a value, which has none in Rust.
    Alias,
    Service,
    Rpc {
        lists_errors: bool,
        /// Its calls are sent again, and nobody says that they may be.
        is_unproven: bool,
    },
    Extension,
    /// The type of an error enum, beside the enum.
    ErrorType,
}

/// The contents of a field.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Holds {
    pub(super) shape: Shape,
    /// The type of one value. A map has that of its values: no option is about keys.
    pub(super) r#type: Option<Type>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    One,
    List,
    Map,
}

impl ItemKind {
    /// The kind in words, with an article.
    pub(super) fn text(self) -> String {
        match self {
            Self::Package => "a package".to_owned(),
            Self::Message { is_nested, .. } => nested(is_nested, "message"),
            Self::Enum { is_nested, .. } => nested(is_nested, "enum"),
            Self::Oneof => "a oneof".to_owned(),
            Self::Field(holds) => holds.text(),
            Self::OneofField(holds) => format!("{} in a oneof", holds.text()),
            Self::Variant(_) => "a field by the name of its oneof".to_owned(),
            Self::Value => "a value of an enum".to_owned(),
            Self::Alias => "an alias of a value, which Rust does not have".to_owned(),
            Self::Service => "a service".to_owned(),
            Self::Rpc { .. } => "an rpc".to_owned(),
            Self::Extension => "an extension".to_owned(),
            Self::ErrorType => "the type of an error".to_owned(),
        }
    }
}

fn nested(is_nested: bool, what: &str) -> String {
    match (is_nested, what) {
        (true, _) => format!("a nested {what}"),
        (false, "enum") => "an enum".to_owned(),
        (false, _) => format!("a {what}"),
    }
}

impl Holds {
    fn new(message: &Message, field: &Field) -> Self {
        match message.map_entry(field) {
            Some(entry) => Self {
                shape: Shape::Map,
                r#type: entry.field[1].known_type(),
            },
            None => Self {
                shape: if field.is_repeated() {
                    Shape::List
                } else {
                    Shape::One
                },
                r#type: field.known_type(),
            },
        }
    }

    pub(super) fn is_message(self) -> bool {
        matches!(self.r#type, Some(Type::Message | Type::Group))
    }

    fn text(self) -> String {
        let of = match self.r#type {
            Some(Type::Message | Type::Group) => "messages".to_owned(),
            Some(Type::Enum) => "enum values".to_owned(),
            Some(r#type) => format!("`{}`", r#type.keyword()),
            None => "values".to_owned(),
        };
        match self.shape {
            Shape::Map => format!("a map to {of}"),
            Shape::List => format!("a list of {of}"),
            Shape::One if self.is_message() => "a field of a message type".to_owned(),
            Shape::One if self.r#type == Some(Type::Enum) => "a field of an enum type".to_owned(),
            Shape::One => format!("a {of} field"),
        }
    }
}

/// All of an input: packages first, then file by file.
pub(super) fn items<'a>(input: &'a Input, catalog: &Catalog, policies: &Policies) -> Vec<Item<'a>> {
    let mut items = Vec::new();
    let packages: BTreeSet<&str> = input.files.iter().map(|file| &*file.package).collect();
    let mut seen = HashSet::new();
    for package in packages.into_iter().filter(|package| !package.is_empty()) {
        let dots = package.match_indices('.').map(|(at, _)| at);
        // `user` is one if `user.v1` is.
        for end in dots.chain([package.len()]) {
            if seen.insert(&package[..end]) {
                let name = format!(".{}", &package[..end]);
                let (kind, place) = (ItemKind::Package, None);
                items.push(Item { name, kind, place });
            }
        }
    }
    for file in &input.files {
        InFile {
            file,
            catalog,
            policies,
            items: &mut items,
        }
        .all();
        let of_file = catalog.enums.values().filter(|of| of.file == file.name);
        items.extend(of_file.map(|of| Item {
            name: file.full_name(&of.rust_type),
            kind: ItemKind::ErrorType,
            place: Some((file, of.path.clone())),
        }));
    }
    items
}

/// Takes the items of one file together.
struct InFile<'a, 'b> {
    file: &'a File,
    catalog: &'b Catalog,
    policies: &'b Policies,
    items: &'b mut Vec<Item<'a>>,
}

impl InFile<'_, '_> {
    fn all(&mut self) {
        let file = self.file;
        for (message, index) in file.message_type.iter().zip(0..) {
            self.message(message, &file.full_name(&message.name), &[4, index], false);
        }
        for (r#enum, index) in file.enum_type.iter().zip(0..) {
            self.r#enum(r#enum, &file.full_name(&r#enum.name), &[5, index], false);
        }
        for (service, index) in file.service.iter().zip(0..) {
            self.service(service, &file.full_name(&service.name), &[6, index]);
        }
        for (field, index) in file.extension.iter().zip(0..) {
            self.push(
                ItemKind::Extension,
                file.full_name(&field.name),
                vec![7, index],
            );
        }
    }

    fn push(&mut self, kind: ItemKind, name: String, path: Vec<i32>) {
        let place = Some((self.file, path));
        self.items.push(Item { name, kind, place });
    }

    fn message(&mut self, message: &Message, name: &str, path: &[i32], is_nested: bool) {
        let child = |field: i32, index: i32| [path, &[field, index]].concat();
        let kind = ItemKind::Message {
            is_nested,
            has_module: has_module(message),
            has_fields: !message.field.is_empty(),
        };
        self.push(kind, name.to_owned(), path.to_vec());
        for (field, index) in message.field.iter().zip(0..) {
            self.field(message, field, name, &child(2, index));
        }
        for index in real_oneofs(message) {
            let name = format!("{name}.{}", message.oneof_decl[index].name);
            self.push(ItemKind::Oneof, name, child(8, index as i32));
        }
        for (nested, index) in message.nested_type.iter().zip(0..) {
            if !nested.is_map_entry() {
                let name = format!("{name}.{}", nested.name);
                self.message(nested, &name, &child(3, index), true);
            }
        }
        for (r#enum, index) in message.enum_type.iter().zip(0..) {
            let name = format!("{name}.{}", r#enum.name);
            self.r#enum(r#enum, &name, &child(4, index), true);
        }
        for (field, index) in message.extension.iter().zip(0..) {
            let name = format!("{name}.{}", field.name);
            self.push(ItemKind::Extension, name, child(6, index));
        }
    }

    fn field(&mut self, message: &Message, field: &Field, outer: &str, path: &[i32]) {
        let holds = Holds::new(message, field);
        let name = format!("{outer}.{}", field.name);
        let Some(oneof) = field.real_oneof() else {
            return self.push(ItemKind::Field(holds), name, path.to_vec());
        };
        self.push(ItemKind::OneofField(holds), name, path.to_vec());
        let oneof = &message.oneof_decl[oneof].name;
        let name = format!("{outer}.{oneof}.{}", field.name);
        self.push(ItemKind::Variant(holds), name, path.to_vec());
    }

    fn r#enum(&mut self, r#enum: &Enum, name: &str, path: &[i32], is_nested: bool) {
        let kind = ItemKind::Enum {
            is_nested,
            is_error: self.catalog.enums.contains_key(name),
        };
        self.push(kind, name.to_owned(), path.to_vec());
        let mut numbers = HashSet::new();
        for (value, index) in r#enum.value.iter().zip(0..) {
            let kind = if numbers.insert(value.number()) {
                ItemKind::Value
            } else {
                ItemKind::Alias
            };
            let name = format!("{name}.{}", value.name);
            self.push(kind, name, [path, &[2, index]].concat());
        }
    }

    fn service(&mut self, service: &Service, name: &str, path: &[i32]) {
        self.push(ItemKind::Service, name.to_owned(), path.to_vec());
        for (rpc, index) in service.method.iter().zip(0..) {
            let name = format!("{name}.{}", rpc.name);
            let kind = ItemKind::Rpc {
                lists_errors: self.catalog.listed.contains_key(&name),
                is_unproven: self.policies.is_unproven(&name),
            };
            self.push(kind, name, [path, &[2, index]].concat());
        }
    }
}
