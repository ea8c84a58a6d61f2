//! The options of everything in a file, as the bytes that they are.

use prost::Message as _;
use prost_types::UninterpretedOption;

use super::editions::Target;
use crate::descriptor::{Enum, File, Message, RawOptions};
use crate::wire;

/// The number of `uninterpreted_option` in every message of options.
pub(super) const UNINTERPRETED: u32 = 999;

/// Visits the options of everything in a file, with the path of what has them.
pub(super) fn each_options(
    file: &mut File,
    visit: &mut dyn FnMut(Target, &[i32], &mut RawOptions),
) {
    visit(Target::File, &[], &mut file.options);
    for (message, index) in file.message_type.iter_mut().zip(0..) {
        each_in_message(message, &[4, index], visit);
    }
    for (r#enum, index) in file.enum_type.iter_mut().zip(0..) {
        each_in_enum(r#enum, &[5, index], visit);
    }
    for (service, index) in file.service.iter_mut().zip(0..) {
        visit(Target::Service, &[6, index], &mut service.options);
        for (method, position) in service.method.iter_mut().zip(0..) {
            visit(
                Target::Method,
                &[6, index, 2, position],
                &mut method.options,
            );
        }
    }
    for (field, index) in file.extension.iter_mut().zip(0..) {
        visit(Target::Field, &[7, index], &mut field.options);
    }
}

fn each_in_message(
    message: &mut Message,
    path: &[i32],
    visit: &mut dyn FnMut(Target, &[i32], &mut RawOptions),
) {
    let child = |field: i32, index: i32| [path, &[field, index]].concat();
    visit(Target::Message, path, &mut message.options);
    for (field, index) in message.field.iter_mut().zip(0..) {
        visit(Target::Field, &child(2, index), &mut field.options);
    }
    for (field, index) in message.extension.iter_mut().zip(0..) {
        visit(Target::Field, &child(6, index), &mut field.options);
    }
    for (oneof, index) in message.oneof_decl.iter_mut().zip(0..) {
        visit(Target::Oneof, &child(8, index), &mut oneof.options);
    }
    for (range, index) in message.extension_range.iter_mut().zip(0..) {
        visit(Target::ExtensionRange, &child(5, index), &mut range.options);
    }
    for (r#enum, index) in message.enum_type.iter_mut().zip(0..) {
        each_in_enum(r#enum, &child(4, index), visit);
    }
    for (nested, index) in message.nested_type.iter_mut().zip(0..) {
        each_in_message(nested, &child(3, index), visit);
    }
}

fn each_in_enum(
    r#enum: &mut Enum,
    path: &[i32],
    visit: &mut dyn FnMut(Target, &[i32], &mut RawOptions),
) {
    visit(Target::Enum, path, &mut r#enum.options);
    for (value, index) in r#enum.value.iter_mut().zip(0..) {
        let path = [path, &[2, index]].concat();
        visit(Target::EnumValue, &path, &mut value.options);
    }
}

/// Takes out options that are not linked yet; which ones is asked once for each, in their order.
pub(super) fn take_options(
    options: &mut RawOptions,
    mut is_taken: impl FnMut(&UninterpretedOption) -> bool,
) {
    let bytes = options.as_deref();
    let Some((bytes, records)) = bytes.and_then(|bytes| Some((bytes, wire::records(bytes)?)))
    else {
        return;
    };
    let mut kept = Vec::with_capacity(bytes.len());
    for record in records {
        let option = (record.number == UNINTERPRETED)
            .then(|| UninterpretedOption::decode(record.value).ok())
            .flatten();
        if !option.is_some_and(|option| is_taken(&option)) {
            kept.extend_from_slice(record.raw);
        }
    }
    *options = (!kept.is_empty()).then_some(kept);
}

/// Whether the name of an option begins with that of one that is not an extension.
pub(super) fn is_named(option: &UninterpretedOption, name: &str) -> bool {
    let first = option.name.first();
    first.is_some_and(|part| part.name_part == name && !part.is_extension)
}
