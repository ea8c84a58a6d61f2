//! Which fields are boxed.
//!
//! The rule is prost-build's, since the types of fields are in people's code: a field is boxed where its message
//! leads back to the one that it is in, on whichever way, or where the option `boxed` says so. More fields are boxed
//! only where prost-build's types do not compile or cannot be used: in a cycle of groups, which it does not follow,
//! and in messages that would take more than a thread has for its stack.

use std::collections::HashMap;

use crate::components::components;
use crate::descriptor::{Field, Message, Type};
use crate::options::Options;
use crate::pattern;

/// In bytes, about: what a field takes beside a message that it holds.
const FIELD: u64 = 32;

/// In bytes: an eighth of the stack that a thread of Rust has.
const LARGEST: u64 = 1 << 18;

pub(super) struct Boxes {
    /// Whether a field's message leads back to the one that it is in, by node and position.
    pub(super) leads_back: Vec<Vec<bool>>,
    /// Whether a field is boxed, by node and position.
    pub(super) fields: Vec<Vec<bool>>,
    /// The component of each node. A message leads to components with lower numbers, or back to its own.
    pub(super) components: Vec<usize>,
}

/// Messages, and which of them their fields hold one of.
struct Edges<'a> {
    messages: &'a [(&'a str, &'a Message)],
    /// The node that a field holds, by node and position.
    targets: Vec<Vec<Option<usize>>>,
}

impl<'a> Edges<'a> {
    fn new(messages: &'a [(&'a str, &'a Message)], nodes: &HashMap<&str, usize>) -> Self {
        let target = |field: &Field| match field.r#type() {
            Type::Message | Type::Group if !field.is_repeated() => {
                nodes.get(field.type_name.as_deref()?).copied()
            }
            _ => None,
        };
        let targets = messages.iter();
        let targets = targets.map(|(_, message)| message.field.iter().map(target).collect());
        Self {
            messages,
            targets: targets.collect(),
        }
    }

    /// The fields of all messages that hold one: its node, its position, itself, and what it holds.
    fn iter(&self) -> impl Iterator<Item = (usize, usize, &Field, usize)> {
        let messages = self.messages.iter().zip(&self.targets).enumerate();
        messages.flat_map(|(node, ((_, message), targets))| {
            let fields = message.field.iter().zip(targets).enumerate();
            fields
                .filter_map(move |(index, (field, target))| Some((node, index, field, (*target)?)))
        })
    }

    /// The nodes that each message leads to by some of its fields.
    fn by(&self, is_edge: impl Fn(usize, usize, &Field) -> bool) -> Vec<Vec<usize>> {
        let mut edges = vec![Vec::new(); self.messages.len()];
        for (node, index, field, target) in self.iter() {
            if is_edge(node, index, field) {
                edges[node].push(target);
            }
        }
        edges
    }
}

impl Boxes {
    pub(super) fn new(
        messages: &[(&str, &Message)],
        nodes: &HashMap<&str, usize>,
        options: &Options,
    ) -> Self {
        let edges = Edges::new(messages, nodes);
        let of_messages = edges.by(|_, _, field| field.r#type() == Type::Message);
        let none = messages
            .iter()
            .map(|(_, message)| vec![false; message.field.len()]);
        let none: Vec<_> = none.collect();
        let mut boxes = Self {
            components: components(&of_messages),
            leads_back: none.clone(),
            fields: none,
        };
        for (node, index, field, target) in edges.iter() {
            let leads_back = match field.r#type() {
                // The field itself leads to the target, so a shared component means a way back.
                Type::Message => boxes.components[target] == boxes.components[node],
                _ => reaches(&of_messages, target, node),
            };
            let (name, message) = messages[node];
            boxes.leads_back[node][index] = leads_back;
            boxes.fields[node][index] =
                leads_back || has_box(&options.boxed.0, name, message, field);
        }
        boxes.close_cycles(&edges);
        boxes.limit(&edges);
        boxes
    }

    fn close_cycles(&mut self, edges: &Edges<'_>) {
        let left = components(&edges.by(|node, index, _| !self.fields[node][index]));
        for (node, index, _, target) in edges.iter() {
            self.fields[node][index] |= left[node] == left[target];
        }
    }

    /// Boxes what would make a message too large.
    fn limit(&mut self, edges: &Edges<'_>) {
        let left = components(&edges.by(|node, index, _| !self.fields[node][index]));
        let mut order: Vec<usize> = (0..left.len()).collect();
        order.sort_by_key(|&node| left[node]);
        let mut sizes = vec![0; left.len()];
        for node in order {
            let mut size = 0;
            for (index, target) in edges.targets[node].iter().enumerate() {
                let inner = target.filter(|_| !self.fields[node][index]);
                let inner = inner.map_or(0, |target| sizes[target]);
                let is_too_large = inner > 0 && size + inner > LARGEST;
                self.fields[node][index] |= is_too_large;
                size += FIELD + if is_too_large { 0 } else { inner };
            }
            sizes[node] = size;
        }
    }
}

/// Whether the patterns of the option `boxed` mean a field: a field of a oneof is asked for below the oneof, as with
/// prost-build, or by its own name.
pub(in crate::model) fn has_box(
    patterns: &[String],
    outer: &str,
    message: &Message,
    field: &Field,
) -> bool {
    let is_boxed = |path: String| pattern::any(patterns, &path);
    let oneof = field.real_oneof();
    let oneof = oneof.map(|index| &message.oneof_decl[index].name);
    is_boxed(format!("{outer}.{}", field.name))
        || oneof.is_some_and(|oneof| is_boxed(format!("{outer}.{oneof}.{}", field.name)))
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
