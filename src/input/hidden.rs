//! What prost-reflect 0.16 refuses and protoc takes: hidden from it while it links, and given back.
//!
//! - Fields that are one name without case and underscores. protoc compares their names in JSON, and not in
//!   every file; so do our [rules](super::rules).
//! - Public imports of public imports, of which it sees the first step only.

use std::collections::{HashMap, HashSet};

use prost_types::{DescriptorProto, FileDescriptorProto};

use super::normalize::json_name;
use super::scope::visible_files;
use crate::descriptor::{File, Message};

/// What was hidden, by the name of the file.
#[derive(Default)]
pub(super) struct Hidden {
    fields: HashMap<String, Vec<HiddenField>>,
    /// How many imports there were.
    imports: HashMap<String, usize>,
}

struct HiddenField {
    /// The positions of messages from the outside in, and that of the field.
    messages: Vec<usize>,
    field: usize,
    name: String,
    json_name: Option<String>,
}

impl Hidden {
    /// `files` are in an order in which every file comes after its imports.
    pub(super) fn hide(files: &mut [FileDescriptorProto]) -> Self {
        let mut hidden = Self::default();
        hidden.show_public_imports(files);
        for file in files {
            let mut fields = Vec::new();
            for (index, message) in file.message_type.iter_mut().enumerate() {
                hide_fields(message, &mut vec![index], &mut fields);
            }
            if !fields.is_empty() {
                hidden.fields.insert(file.name().to_owned(), fields);
            }
        }
        hidden
    }

    /// Every file imports itself what it sees through others.
    fn show_public_imports(&mut self, files: &mut [FileDescriptorProto]) {
        let mut public = HashMap::new();
        for index in 0..files.len() {
            let visible = visible_files(&files[index], index, &mut public);
            let named: HashSet<&str> = files[index].dependency.iter().map(String::as_str).collect();
            let others = visible.into_iter().filter(|&other| other != index);
            let others = others.map(|other| files[other].name());
            let others = others.filter(|other| !named.contains(other));
            let mut others: Vec<String> = others.map(str::to_owned).collect();
            if !others.is_empty() {
                others.sort();
                let file = &mut files[index];
                let before = file.dependency.len();
                self.imports.insert(file.name().to_owned(), before);
                file.dependency.append(&mut others);
            }
        }
    }

    pub(super) fn restore(self, files: &mut [File]) {
        for file in files {
            if let Some(&before) = self.imports.get(&file.name) {
                file.dependency.truncate(before);
            }
            for hidden in self.fields.get(&file.name).into_iter().flatten() {
                if let Some(message) = find(&mut file.message_type, &hidden.messages) {
                    let field = &mut message.field[hidden.field];
                    field.name.clone_from(&hidden.name);
                    field.json_name.clone_from(&hidden.json_name);
                }
            }
        }
    }
}

fn hide_fields(message: &mut DescriptorProto, at: &mut Vec<usize>, hidden: &mut Vec<HiddenField>) {
    let (mut names, mut json_names) = (HashSet::new(), HashSet::new());
    for (index, field) in message.field.iter_mut().enumerate() {
        let chosen = field.json_name.clone();
        let json = chosen.unwrap_or_else(|| json_name(field.name()));
        let has_name = names.insert(field.name().replace('_', "").to_lowercase());
        let is_new = json_names.insert(json) && has_name;
        if !is_new {
            let name = format!("hidden{index}_{}", field.name());
            hidden.push(HiddenField {
                messages: at.clone(),
                field: index,
                name: field.name.replace(name.clone()).unwrap_or_default(),
                json_name: field.json_name.replace(name),
            });
        }
    }
    for (index, nested) in message.nested_type.iter_mut().enumerate() {
        at.push(index);
        hide_fields(nested, at, hidden);
        at.pop();
    }
}

fn find<'a>(messages: &'a mut [Message], at: &[usize]) -> Option<&'a mut Message> {
    let (&index, inner) = at.split_first()?;
    let message = messages.get_mut(index)?;
    match inner.is_empty() {
        true => Some(message),
        false => find(&mut message.nested_type, inner),
    }
}
