//! What a file said by its edition, given back to it when it is linked.

use std::collections::HashMap;

use super::Edition;
use crate::descriptor::{File, Message};
use crate::input::raw_options::each_options;

/// Numbers of fields of `FileDescriptorProto`.
const DEPENDENCY: i32 = 3;
const OPTION_DEPENDENCY: i32 = 15;

/// Gives linked files back what they said.
pub(crate) fn restore(files: &mut [File], editions: &HashMap<String, Edition>) {
    for file in files {
        let Some(edition) = editions.get(&file.name) else {
            continue;
        };
        file.syntax = Some("editions".to_owned());
        file.edition = Some(edition.number);
        each_options(file, &mut |target, path, options| {
            if let Some(features) = edition.features.get(path) {
                features.put(options, target);
            }
        });
        restore_imports(file, &edition.declared.option_imports);
        restore_visibility(file, &edition.declared.visibility);
    }
}

/// Imports for options stand in a list of their own, so that others move up.
fn restore_imports(file: &mut File, option_imports: &[usize]) {
    let mut now = Vec::with_capacity(file.dependency.len());
    for (index, import) in std::mem::take(&mut file.dependency).into_iter().enumerate() {
        let (number, list) = match option_imports.contains(&index) {
            true => (OPTION_DEPENDENCY, &mut file.option_dependency),
            false => (DEPENDENCY, &mut file.dependency),
        };
        now.push([number, list.len() as i32]);
        list.push(import);
    }
    let find = |index: i32| usize::try_from(index).ok().and_then(|index| now.get(index));
    let public = file.public_dependency.iter_mut();
    for index in public.chain(&mut file.weak_dependency) {
        if let Some([_, moved]) = find(*index) {
            *index = *moved;
        }
    }
    let info = file.source_code_info.iter_mut();
    for location in info.flat_map(|info| &mut info.location) {
        if let [DEPENDENCY, index] = location.path.as_slice()
            && let Some(moved) = find(*index)
        {
            location.path = moved.to_vec();
        }
    }
}

fn restore_visibility(file: &mut File, declared: &[(String, bool)]) {
    /// `SymbolVisibility` of descriptor.proto.
    const LOCAL: i32 = 1;
    const EXPORT: i32 = 2;
    let visibility = |name: &str| {
        let mut declared = declared.iter();
        let found = declared.find(|(declared, _)| declared == name);
        found.map(|(_, is_exported)| if *is_exported { EXPORT } else { LOCAL })
    };
    fn nested(message: &mut Message, name: &str, visibility: &dyn Fn(&str) -> Option<i32>) {
        message.visibility = visibility(name);
        for r#enum in &mut message.enum_type {
            r#enum.visibility = visibility(&format!("{name}.{}", r#enum.name));
        }
        for inner in &mut message.nested_type {
            let name = format!("{name}.{}", inner.name);
            nested(inner, &name, visibility);
        }
    }
    for r#enum in &mut file.enum_type {
        r#enum.visibility = visibility(&r#enum.name);
    }
    for message in &mut file.message_type {
        let name = message.name.clone();
        nested(message, &name, &visibility);
    }
}
