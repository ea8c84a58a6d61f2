//! Nested types that prost-types lacks, in messages that it has. prost-build takes an extern message for extern with
//! all that is nested in it, so these types are given to it in a file of their own, whose package is called like the
//! message's module.

use super::{Lowering, Paths, to_prost};
use crate::descriptor::{File, Message};

impl Lowering<'_> {
    /// Makes a file of the types that are nested in a message and are generated without it.
    pub(super) fn hoist(
        &mut self,
        message: &Message,
        full_name: &str,
        path: &[i32],
        mut modules: Vec<String>,
    ) {
        modules.push(self.source.names.nested_module(full_name));
        let outer_locations = std::mem::take(&mut self.locations);
        let mut hoisted = File {
            name: self.file.name.clone(),
            syntax: self.file.syntax.clone(),
            ..File::default()
        };
        let mut package = None;
        for (index, nested) in message.nested_type.iter().enumerate() {
            let full_name = format!("{full_name}.{}", nested.name);
            let path = [path, &[3, index as i32]].concat();
            if self.source.paths.is_extern(&full_name) {
                self.hoist(nested, &full_name, &path, modules.clone());
                continue;
            }
            let lowered = vec![4, hoisted.message_type.len() as i32];
            let source = path;
            let nested = self.message(nested, &full_name, &Paths { source, lowered });
            hoisted.message_type.push(nested);
            package = Some(full_name);
        }
        for (index, r#enum) in message.enum_type.iter().enumerate() {
            let full_name = format!("{full_name}.{}", r#enum.name);
            if self.source.paths.is_extern(&full_name) {
                continue;
            }
            let source = [path, &[4, index as i32]].concat();
            let lowered = vec![5, hoisted.enum_type.len() as i32];
            let r#enum = self.r#enum(r#enum, &full_name, &Paths { source, lowered });
            hoisted.enum_type.push(r#enum);
            package = Some(full_name);
        }
        let locations = std::mem::replace(&mut self.locations, outer_locations);
        if let Some(inner) = package {
            let lowered = self.placeholders.resolve(&inner);
            let (package, _) = lowered.rsplit_once('.').unwrap_or_default();
            hoisted.package = package.trim_start_matches('.').to_owned();
            let mut prost = to_prost(&hoisted).unwrap_or_default();
            prost.source_code_info = Some(prost_types::SourceCodeInfo {
                location: locations,
            });
            self.hoisted.push((modules, prost));
        }
    }
}
