//! Boxed fields, and types that can be `Copy`, `Eq` and `Hash`: decided for all messages at once, in linear time.

use std::collections::HashMap;

use super::super::paths::TypePaths;
use crate::descriptor::{Field, Message, Type};
use crate::options::Options;

mod boxes;

use boxes::Boxes;
pub(in crate::model) use boxes::has_box;

/// The facts of a message.
#[derive(Default)]
struct Facts {
    is_copy: bool,
    is_eq: bool,
    /// The facts of each field, by position.
    fields: Vec<FieldFacts>,
}

#[derive(Clone, Copy, Default)]
struct FieldFacts {
    is_boxed: bool,
    is_copy: bool,
    is_eq: bool,
}

/// The messages of all files, and what leads from one to the other.
pub(in crate::model) struct Graph<'a> {
    nodes: HashMap<&'a str, usize>,
    facts: Vec<Facts>,
}

impl<'a> Graph<'a> {
    pub(in crate::model) fn new(options: &Options, paths: &TypePaths<'a>) -> Self {
        let messages: Vec<_> = paths.symbols.messages().collect();
        let nodes = messages.iter().enumerate();
        let nodes: HashMap<&str, usize> = nodes.map(|(node, (name, _))| (*name, node)).collect();
        let boxes = Boxes::new(&messages, &nodes, options);
        let mut graph = Self {
            nodes,
            facts: messages.iter().map(|_| Facts::default()).collect(),
        };
        // The messages of its fields come before a message, except those that lead back to it.
        let mut order: Vec<usize> = (0..messages.len()).collect();
        order.sort_by_key(|&node| boxes.components[node]);
        for node in order {
            graph.facts[node] = graph.facts_of(node, messages[node].1, &boxes, paths);
        }
        graph
    }

    fn facts_of(
        &self,
        node: usize,
        message: &Message,
        boxes: &Boxes,
        paths: &TypePaths<'_>,
    ) -> Facts {
        let fields = message.field.iter().enumerate().map(|(index, field)| {
            let is_boxed = boxes.fields[node][index];
            let of_type = self.field_facts(field, paths);
            FieldFacts {
                is_boxed,
                is_copy: !field.is_repeated() && !is_boxed && of_type.is_copy,
                is_eq: of_type.is_eq && !boxes.leads_back[node][index],
            }
        });
        let fields: Vec<_> = fields.collect();
        Facts {
            is_copy: fields.iter().all(|field| field.is_copy),
            is_eq: fields.iter().all(|field| field.is_eq),
            fields,
        }
    }

    /// Whether a field's type is `Copy` and `Eq`. A message that leads back has no facts yet, and counts as neither.
    fn field_facts(&self, field: &Field, paths: &TypePaths<'_>) -> FieldFacts {
        let (is_copy, is_eq) = match field.r#type() {
            Type::String | Type::Bytes => (false, true),
            Type::Float | Type::Double => (true, false),
            // prost-build takes groups for neither. Nothing is known of somebody else's types.
            Type::Group => (false, false),
            Type::Message => {
                let name = field.type_name.as_deref().unwrap_or_default();
                let known = self.nodes.get(name).filter(|_| !paths.is_foreign(name));
                let known = known.filter(|_| !field.is_repeated());
                known.map_or((false, false), |&node| {
                    (self.facts[node].is_copy, self.facts[node].is_eq)
                })
            }
            _ => (true, true),
        };
        FieldFacts {
            is_boxed: false,
            is_copy,
            is_eq,
        }
    }

    fn facts(&self, message: &str) -> Option<&Facts> {
        Some(&self.facts[*self.nodes.get(message)?])
    }

    fn field(&self, message: &str, index: usize) -> FieldFacts {
        let facts = self.facts(message);
        facts
            .and_then(|facts| facts.fields.get(index).copied())
            .unwrap_or_default()
    }

    pub(super) fn is_copy(&self, message: &str) -> bool {
        self.facts(message).is_some_and(|facts| facts.is_copy)
    }

    pub(super) fn is_eq(&self, message: &str) -> bool {
        self.facts(message).is_some_and(|facts| facts.is_eq)
    }

    pub(in crate::model) fn is_boxed(&self, message: &str, index: usize) -> bool {
        self.field(message, index).is_boxed
    }

    pub(super) fn is_copy_field(&self, message: &str, index: usize) -> bool {
        self.field(message, index).is_copy
    }

    pub(super) fn is_eq_field(&self, message: &str, index: usize) -> bool {
        self.field(message, index).is_eq
    }
}
