//! Closed enums: a number without a value is an unknown field.

use std::collections::HashSet;

use crate::descriptor::{Enum, Message};
use rust_svc_compiler::Target;
use rust_svc_compiler::features::{EnumType, Features};

use crate::input::Input;

/// The full names of closed enums.
pub(super) struct ClosedEnums(HashSet<String>);

impl ClosedEnums {
    pub(super) fn new(input: &Input) -> Self {
        let mut closed = Self(HashSet::new());
        // The files as declared: a lowered edition is in proto3, where all enums are open.
        for file in input.files.iter().map(|file| input.original(file)) {
            let features = Features::from_file(file);
            for r#enum in &file.enum_type {
                closed.look_at(r#enum, file.full_name(&r#enum.name), features);
            }
            for message in &file.message_type {
                closed.look_into(message, &file.full_name(&message.name), features);
            }
        }
        closed
    }

    pub(super) fn has(&self, full_name: &str) -> bool {
        self.0.contains(full_name)
    }

    /// Messages say nothing of enums: what holds in the file holds in them.
    fn look_into(&mut self, message: &Message, full_name: &str, features: Features) {
        for r#enum in &message.enum_type {
            self.look_at(r#enum, format!("{full_name}.{}", r#enum.name), features);
        }
        for nested in &message.nested_type {
            self.look_into(nested, &format!("{full_name}.{}", nested.name), features);
        }
    }

    fn look_at(&mut self, r#enum: &Enum, full_name: String, features: Features) {
        let own = Features::from_options(r#enum.options.as_deref(), Target::Enum);
        if features.inherit(own).enum_type() == EnumType::Closed {
            self.0.insert(full_name);
        }
    }
}
