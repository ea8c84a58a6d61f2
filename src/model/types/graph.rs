//! What is boxed, and what can be `Copy`, `Eq` and `Hash`: for all messages at once, in linear time.
//!
//! Boxes are prost-build's, since the types of fields are in people's code: a field is boxed where its
//! message leads back to the one that it is in, on whichever way. prost-build does not follow groups
//! there, so that a cycle of nothing but groups has no box; such a cycle gets boxes too.

use std::collections::HashMap;

use super::super::names::last;
use super::super::paths::TypePaths;
use crate::descriptor::{Field, Message, Type};
use crate::options::Options;
use crate::pattern;

/// What is known of a message.
#[derive(Default)]
struct Facts {
    is_copy: bool,
    is_eq: bool,
    /// By the position of a field.
    fields: Vec<FieldFacts>,
}

#[derive(Clone, Copy, Default)]
struct FieldFacts {
    is_boxed: bool,
    is_copy: bool,
    is_eq: bool,
}

/// The messages of all files, and what leads from one to the other.
pub(super) struct Graph<'a> {
    nodes: HashMap<&'a str, usize>,
    facts: Vec<Facts>,
}

impl<'a> Graph<'a> {
    pub(super) fn new(options: &Options, paths: &TypePaths<'a>) -> Self {
        let messages: Vec<_> = paths.symbols.messages().collect();
        let nodes = messages.iter().enumerate();
        let nodes: HashMap<&str, usize> = nodes.map(|(node, (name, _))| (*name, node)).collect();
        let boxes = Boxes::new(&messages, &nodes, options);
        let mut graph = Self {
            nodes,
            facts: messages.iter().map(|_| Facts::default()).collect(),
        };
        // What a message is made of comes before it, but for what leads back to it.
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
            let of_type = self.of_type(field, paths);
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

    /// What a type is by itself. Of a message that leads back nothing is known yet, and it is neither.
    fn of_type(&self, field: &Field, paths: &TypePaths<'_>) -> FieldFacts {
        let (is_copy, is_eq) = match field.r#type() {
            Type::String | Type::Bytes => (false, true),
            Type::Float | Type::Double => (true, false),
            // As prost-build has it; and of somebody else's types nothing is known.
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

    pub(super) fn is_boxed(&self, message: &str, index: usize) -> bool {
        self.field(message, index).is_boxed
    }

    pub(super) fn is_copy_field(&self, message: &str, index: usize) -> bool {
        self.field(message, index).is_copy
    }

    pub(super) fn is_eq_field(&self, message: &str, index: usize) -> bool {
        self.field(message, index).is_eq
    }
}

/// Which fields are boxed.
struct Boxes {
    /// By node and position: whether the field's message leads back to the one that it is in.
    leads_back: Vec<Vec<bool>>,
    fields: Vec<Vec<bool>>,
    /// By node: what leads to each other has one number, and what it leads to a lower one.
    components: Vec<usize>,
}

impl Boxes {
    fn new(messages: &[(&str, &Message)], nodes: &HashMap<&str, usize>, options: &Options) -> Self {
        let target = |field: &Field| match field.r#type() {
            Type::Message | Type::Group if !field.is_repeated() => {
                nodes.get(field.type_name.as_deref()?).copied()
            }
            _ => None,
        };
        let edges = |is_edge: &dyn Fn(usize, usize, &Field) -> bool| -> Vec<Vec<usize>> {
            let messages = messages.iter().enumerate();
            let of_message = |(node, (_, message)): (usize, &(&str, &Message))| {
                let fields = message.field.iter().enumerate();
                let fields = fields.filter(|(index, field)| is_edge(node, *index, field));
                fields.filter_map(|(_, field)| target(field)).collect()
            };
            messages.map(of_message).collect()
        };
        let of_messages = edges(&|_, _, field| field.r#type() == Type::Message);
        let components = components(&of_messages);
        let mut boxes = Self {
            leads_back: Vec::new(),
            fields: Vec::new(),
            components,
        };
        for (node, (name, message)) in messages.iter().enumerate() {
            let leads_back: Vec<bool> = message
                .field
                .iter()
                .map(|field| match target(field) {
                    // There is a way to the target already.
                    Some(target) if field.r#type() == Type::Message => {
                        boxes.components[target] == boxes.components[node]
                    }
                    Some(target) => reaches(&of_messages, target, node),
                    None => false,
                })
                .collect();
            let fields = message.field.iter().zip(&leads_back);
            let fields = fields.map(|(field, &leads_back)| {
                leads_back || (target(field).is_some() && is_asked(options, name, message, field))
            });
            boxes.fields.push(fields.collect());
            boxes.leads_back.push(leads_back);
        }
        let left = edges(&|node, index, _| !boxes.fields[node][index]);
        let cycles = self::components(&left);
        for (node, (_, message)) in messages.iter().enumerate() {
            for (index, field) in message.field.iter().enumerate() {
                let is_cycle = target(field).is_some_and(|target| cycles[target] == cycles[node]);
                boxes.fields[node][index] |= is_cycle;
            }
        }
        boxes
    }
}

/// Whether the option `boxed` means a field: a field of a oneof is asked for below the oneof, as with
/// prost-build, or by its own name.
fn is_asked(options: &Options, outer: &str, message: &Message, field: &Field) -> bool {
    let is_boxed = |path: String| pattern::any(&options.boxed.0, &path);
    let oneof = field
        .real_oneof()
        .map(|index| &message.oneof_decl[index].name);
    is_boxed(format!("{outer}.{}", field.name))
        || oneof.is_some_and(|oneof| is_boxed(format!("{outer}.{}.{}", last(oneof), field.name)))
}

fn reaches(edges: &[Vec<usize>], from: usize, to: usize) -> bool {
    let mut seen = vec![false; edges.len()];
    let mut stack = vec![from];
    while let Some(node) = stack.pop() {
        if node == to {
            return true;
        }
        if !std::mem::replace(&mut seen[node], true) {
            stack.extend(&edges[node]);
        }
    }
    false
}

/// The number of each node's strongly connected component, by Tarjan's algorithm: with a stack of its own,
/// for a chain of messages may be as long as a file.
fn components(edges: &[Vec<usize>]) -> Vec<usize> {
    const NONE: usize = usize::MAX;
    let mut component = vec![NONE; edges.len()];
    let mut count = 0;
    // The order of discovery, and the first node of it that a node leads back to.
    let mut found = vec![NONE; edges.len()];
    let mut lowest = vec![NONE; edges.len()];
    let mut time = 0;
    let mut open = Vec::new();
    for root in 0..edges.len() {
        let mut calls = vec![(root, 0)];
        while let Some((node, next)) = calls.pop() {
            if next == 0 {
                if found[node] != NONE {
                    continue;
                }
                found[node] = time;
                lowest[node] = time;
                time += 1;
                open.push(node);
            } else {
                let child = edges[node][next - 1];
                if component[child] == NONE {
                    lowest[node] = lowest[node].min(lowest[child]);
                }
            }
            if let Some(&child) = edges[node].get(next) {
                calls.push((node, next + 1));
                calls.push((child, 0));
            } else if lowest[node] == found[node] {
                while let Some(member) = open.pop() {
                    component[member] = count;
                    if member == node {
                        break;
                    }
                }
                count += 1;
            }
        }
    }
    component
}

#[cfg(test)]
mod tests {
    use super::components;

    #[test]
    fn numbers_what_leads_to_each_other() {
        // 0 → 1 ⇄ 2 → 3, and 4 → 4.
        let numbers = components(&[vec![1], vec![2], vec![1, 3], vec![], vec![4]]);
        assert_eq!(numbers[1], numbers[2]);
        assert!(numbers[3] < numbers[2] && numbers[2] < numbers[0]);
        assert_eq!(numbers.iter().max(), Some(&3));
    }

    #[test]
    fn takes_a_long_chain() {
        let mut chain: Vec<_> = (1..100_000).map(|next| vec![next]).collect();
        chain.push(Vec::new());
        assert_eq!(components(&chain)[0], 99_999);
    }
}
