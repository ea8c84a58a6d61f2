//! The options of a file's declarations, with the paths of the declarations.

use super::{Enum, Field, File, Message, RawOptions};
use crate::target::Target;

/// A function of a declaration's kind, its path, and the bytes of its options.
pub type VisitOptions<'v> = dyn FnMut(Target, &[i32], &[u8]) + 'v;

/// Visits the options of all declarations of a file that have some, and those of the file.
pub fn each_options(file: &File, visit: &mut VisitOptions<'_>) {
    let mut walk = Walk {
        path: Vec::new(),
        visit,
    };
    walk.options(&file.options, Target::File);
    walk.each(4, &file.message_type, Walk::message);
    walk.each(5, &file.enum_type, Walk::r#enum);
    walk.each(6, &file.service, |walk, service| {
        walk.options(&service.options, Target::Service);
        walk.each(2, &service.method, |walk, method| {
            walk.options(&method.options, Target::Method);
        });
    });
    walk.each(7, &file.extension, Walk::field);
}

struct Walk<'v> {
    path: Vec<i32>,
    visit: &'v mut VisitOptions<'v>,
}

impl Walk<'_> {
    fn options(&mut self, options: &RawOptions, target: Target) {
        if let Some(bytes) = options {
            (self.visit)(target, &self.path, bytes);
        }
    }

    fn each<T>(&mut self, number: i32, list: &[T], one: impl Fn(&mut Self, &T)) {
        for (item, index) in list.iter().zip(0..) {
            self.path.extend([number, index]);
            one(self, item);
            self.path.truncate(self.path.len() - 2);
        }
    }

    fn field(&mut self, field: &Field) {
        self.options(&field.options, Target::Field);
    }

    fn message(&mut self, message: &Message) {
        self.options(&message.options, Target::Message);
        self.each(2, &message.field, Walk::field);
        self.each(6, &message.extension, Walk::field);
        self.each(8, &message.oneof_decl, |walk, oneof| {
            walk.options(&oneof.options, Target::Oneof);
        });
        self.each(5, &message.extension_range, |walk, range| {
            walk.options(&range.options, Target::ExtensionRange);
        });
        self.each(4, &message.enum_type, Walk::r#enum);
        self.each(3, &message.nested_type, Walk::message);
    }

    fn r#enum(&mut self, r#enum: &Enum) {
        self.options(&r#enum.options, Target::Enum);
        self.each(2, &r#enum.value, |walk, value| {
            walk.options(&value.options, Target::EnumValue);
        });
    }
}

/// The options of the declaration at a path.
pub fn options_mut<'a>(file: &'a mut File, path: &[i32]) -> Option<&'a mut RawOptions> {
    let [number, index, rest @ ..] = path else {
        return Some(&mut file.options);
    };
    let index = *index as usize;
    match number {
        4 => of_message(file.message_type.get_mut(index)?, rest),
        5 => of_enum(file.enum_type.get_mut(index)?, rest),
        6 => {
            let service = file.service.get_mut(index)?;
            match rest {
                [] => Some(&mut service.options),
                [_, index, ..] => Some(&mut service.method.get_mut(*index as usize)?.options),
                _ => None,
            }
        }
        7 => Some(&mut file.extension.get_mut(index)?.options),
        _ => None,
    }
}

fn of_message<'a>(message: &'a mut Message, path: &[i32]) -> Option<&'a mut RawOptions> {
    let [number, index, rest @ ..] = path else {
        return Some(&mut message.options);
    };
    let index = *index as usize;
    match number {
        2 => Some(&mut message.field.get_mut(index)?.options),
        3 => of_message(message.nested_type.get_mut(index)?, rest),
        4 => of_enum(message.enum_type.get_mut(index)?, rest),
        5 => Some(&mut message.extension_range.get_mut(index)?.options),
        6 => Some(&mut message.extension.get_mut(index)?.options),
        8 => Some(&mut message.oneof_decl.get_mut(index)?.options),
        _ => None,
    }
}

fn of_enum<'a>(r#enum: &'a mut Enum, path: &[i32]) -> Option<&'a mut RawOptions> {
    match path {
        [] => Some(&mut r#enum.options),
        [_, index, ..] => Some(&mut r#enum.value.get_mut(*index as usize)?.options),
        _ => None,
    }
}
