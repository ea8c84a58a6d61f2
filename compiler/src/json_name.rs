//! Names of fields in JSON.

use crate::descriptor::{Field, File, Message};

/// Gives each field and extension without a name in JSON its own.
pub(crate) fn set_json_names(file: &mut File) {
    file.message_type.iter_mut().for_each(set_in_message);
    file.extension.iter_mut().for_each(set_json_name);
}

fn set_in_message(message: &mut Message) {
    message.field.iter_mut().for_each(set_json_name);
    message.extension.iter_mut().for_each(set_json_name);
    message.nested_type.iter_mut().for_each(set_in_message);
}

fn set_json_name(field: &mut Field) {
    let name = &field.name;
    field.json_name.get_or_insert_with(|| json_name(name));
}

/// `foo_bar` is `fooBar`: the name in JSON of a field that chooses none.
pub(crate) fn json_name(name: &str) -> String {
    let mut json = String::with_capacity(name.len());
    json.extend(json_chars(name));
    json
}

/// Whether the name in JSON is what it is anyway.
pub(crate) fn has_default_json_name(field: &Field) -> bool {
    let json = field.json_name.as_deref();
    json.is_none_or(|json| json.chars().eq(json_chars(&field.name)))
}

fn json_chars(name: &str) -> impl Iterator<Item = char> {
    let mut is_upper = false;
    name.chars().filter_map(move |c| {
        if c == '_' {
            is_upper = true;
            return None;
        }
        let is_upper = std::mem::take(&mut is_upper);
        Some(if is_upper { c.to_ascii_uppercase() } else { c })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn makes_json_names_as_protoc_does() {
        for (name, json) in [("foo_bar", "fooBar"), ("_a__b", "AB"), ("x1_2y", "x12y")] {
            assert_eq!(json_name(name), json);
        }
    }
}
