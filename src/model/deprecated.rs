//! Whether there is anything deprecated in a file, or in what it uses: its module allows that then.

use crate::descriptor::{Enum, File, Message};
use crate::symbols::Symbols;

/// Whether a file declares something deprecated, or uses a type that is.
pub(super) fn is_in_file(file: &File, symbols: &Symbols<'_>) -> bool {
    let of_methods = file.service.iter().flat_map(|service| &service.method);
    let mut used = of_methods.flat_map(|method| [&method.input_type, &method.output_type]);
    file.message_type
        .iter()
        .any(|message| is_in_message(message, symbols))
        || file.enum_type.iter().any(is_in_enum)
        || used.any(|name| symbols.is_deprecated(name))
}

fn is_in_message(message: &Message, symbols: &Symbols<'_>) -> bool {
    let mut fields = message.field.iter();
    let mut nested = message.nested_type.iter();
    let is_used = |name: &Option<String>| {
        name.as_ref()
            .is_some_and(|name| symbols.is_deprecated(name))
    };
    message.is_deprecated()
        || fields.any(|field| field.is_deprecated() || is_used(&field.type_name))
        || message.enum_type.iter().any(is_in_enum)
        || nested.any(|message| is_in_message(message, symbols))
}

fn is_in_enum(r#enum: &Enum) -> bool {
    r#enum.is_deprecated() || r#enum.value.iter().any(|value| value.is_deprecated())
}
