//! Makes messages: fields and enums are below.

use super::derives::{Attributes, TypeAttributes};
use super::graph::Graph;
use super::{About, Debug, Field, Item, Message, Nested};
use crate::descriptor::{self, File};
use crate::model::closed::ClosedEnums;
use crate::model::comments::Comments;
use crate::model::names::{Names, has_module, real_oneofs};
use crate::model::paths::{Here, TypePaths};
use crate::model::select::Selection;
use crate::options::Options;
use crate::pattern;

mod enums;
mod fields;

/// Makes types.
pub(in crate::model) struct Types<'a> {
    options: &'a Options,
    names: &'a Names,
    comments: &'a Comments<'a>,
    paths: &'a TypePaths<'a>,
    closed: &'a ClosedEnums,
    attributes: Attributes<'a>,
    graph: Graph<'a>,
}

/// The message around what is made, and the module where that is.
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
    pub(in crate::model) fn new(
        options: &'a Options,
        comments: &'a Comments<'a>,
        paths: &'a TypePaths<'a>,
        closed: &'a ClosedEnums,
    ) -> Self {
        Self {
            options,
            names: paths.names,
            comments,
            paths,
            closed,
            attributes: Attributes::new(options),
            graph: Graph::new(options, paths),
        }
    }

    /// The items that are generated of a file, messages first.
    pub(in crate::model) fn file_items(&self, file: &File, selection: &Selection) -> Vec<Item> {
        let here = self.paths.package(&file.package);
        let is_selected = |name: &str| selection.types.contains(&file.full_name(name));
        let messages = file.message_type.iter().enumerate();
        let messages = messages.filter(|(_, message)| is_selected(&message.name));
        let messages = messages.filter_map(|(index, message)| {
            self.item(Around {
                file,
                message,
                full_name: &file.full_name(&message.name),
                path: &[4, index as i32],
                here: &here,
            })
        });
        let enums = file.enum_type.iter().enumerate();
        let enums = enums.filter(|(_, r#enum)| {
            is_selected(&r#enum.name) && !self.paths.is_extern(&file.full_name(&r#enum.name))
        });
        let enums = enums.map(|(index, r#enum)| {
            self.r#enum(
                file,
                r#enum,
                &file.full_name(&r#enum.name),
                &[5, index as i32],
            )
        });
        messages.chain(enums.map(Item::Enum)).collect()
    }

    /// A message, or the nested types that are generated of one that exists already.
    fn item(&self, around: Around<'_>) -> Option<Item> {
        if !self.paths.is_extern(around.full_name) {
            return Some(Item::Message(self.message(around)));
        }
        let mut nested = self.nested(around);
        nested.oneofs.clear();
        (!nested.items.is_empty()).then_some(Item::Nested(nested))
    }

    fn message(&self, around: Around<'_>) -> Message {
        let Around {
            file,
            message,
            full_name,
            path,
            ..
        } = around;
        let fields = self.fields(around);
        let attributes = self.attributes.message(full_name);
        let has_own = fields.iter().any(Field::has_own_debug);
        let debug = self.debug(&[full_name], &attributes, has_own);
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
            about: About {
                docs: self.comments.docs(&file.name, path, full_name),
                is_deprecated: message.is_deprecated(),
                attributes: attributes.texts,
            },
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

    /// Whether and how a type is shown that has any of these names in `skip_debug`.
    fn debug(&self, names: &[&str], attributes: &TypeAttributes, has_own: bool) -> Debug {
        let skipped = &self.options.skip_debug.0;
        let is_skipped = names.iter().any(|name| pattern::any(skipped, name));
        if is_skipped || attributes.has("Debug") {
            Debug::Absent
        } else if has_own {
            Debug::Own
        } else {
            Debug::Derived
        }
    }

    fn nested(&self, around: Around<'_>) -> Nested {
        let module = self.names.nested_module(around.full_name);
        let here = around.here.inner(&module);
        let messages = around.message.nested_type.iter().enumerate();
        let messages = messages.filter(|(_, nested)| !nested.is_map_entry());
        let messages = messages.filter_map(|(index, nested)| {
            self.item(Around {
                message: nested,
                full_name: &around.full_name_of(&nested.name),
                path: &around.path_of(3, index),
                here: &here,
                ..around
            })
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
            proto_name: around.message.name.clone(),
            items: messages.chain(enums).collect(),
            oneofs: real_oneofs(around.message)
                .map(|index| self.oneof(around, index, &here))
                .collect(),
            module,
        }
    }
}
