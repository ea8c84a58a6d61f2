//! Names inside of messages and enums: modules, fields, oneofs, values.

use std::collections::HashSet;

use super::Decision;
use crate::descriptor::{Enum, File, Message};
use crate::model::ident::{camel, snake, variant};
use crate::model::names::scope::{Claim, Holder, HolderKind, Scope};
use crate::model::names::{accessors, has_module, is_path, nested_names, oneof_type, real_oneofs};

/// A message, and where it is declared.
#[derive(Clone, Copy)]
pub(super) struct Declared<'a, 'd> {
    pub(super) file: &'a File,
    pub(super) path: &'d [i32],
    pub(super) message: &'a Message,
    pub(super) full_name: &'d str,
}

impl Declared<'_, '_> {
    /// The path of a declaration in the message.
    fn child(&self, number: i32, index: usize) -> Vec<i32> {
        [self.path, &[number, index as i32]].concat()
    }
}

impl<'a> Decision<'a> {
    /// Names inside of a message: its module, fields, oneofs and nested types.
    pub(super) fn message(&mut self, scope: &mut Scope<'a>, declared: Declared<'a, '_>) {
        let Declared {
            file,
            path,
            message,
            full_name,
        } = declared;
        self.fields(declared);
        if !has_module(message) {
            return;
        }
        let fixed = self
            .options
            .rename_module
            .0
            .iter()
            .rfind(|(path, _)| is_path(path, full_name));
        let default = snake(&message.name);
        let wanted = fixed.map_or(default.as_str(), |(_, name)| name).to_owned();
        let claim = Claim {
            kind: HolderKind::NestedModule,
            full_name: full_name.to_owned(),
            file,
            path: path.to_vec(),
        };
        let module = self.claim(scope, &wanted, claim);
        if module != default {
            self.names.nested.insert(full_name.to_owned(), module);
        }
        self.nested(declared);
    }

    fn nested(&mut self, declared: Declared<'a, '_>) {
        let Declared {
            file,
            message,
            full_name,
            ..
        } = declared;
        let child = |number: i32, index: usize| declared.child(number, index);
        let mut scope = Scope::default();
        let messages = message.nested_type.iter().enumerate();
        let messages = messages.filter(|(_, nested)| !nested.is_map_entry());
        let mut messages: Vec<_> = messages.collect();
        messages.sort_by_key(|(_, nested)| camel(&nested.name) != nested.name);
        let enums = message.enum_type.iter().enumerate();
        let mut types: Vec<_> = messages
            .iter()
            .map(|&(index, nested)| (child(3, index), &nested.name))
            .chain(enums.map(|(index, r#enum)| (child(4, index), &r#enum.name)))
            .collect();
        types.sort_by_key(|(_, name)| camel(name) != **name);
        for (path, name) in types {
            self.r#type(&mut scope, file, &path, &format!("{full_name}.{name}"));
        }
        for index in real_oneofs(message) {
            self.oneof_type(&mut scope, declared, index);
        }
        for (index, nested) in messages {
            let nested = Declared {
                path: &child(3, index),
                message: nested,
                full_name: &format!("{full_name}.{}", nested.name),
                ..declared
            };
            self.message(&mut scope, nested);
        }
        for (index, r#enum) in message.enum_type.iter().enumerate() {
            let enum_name = format!("{full_name}.{}", r#enum.name);
            self.enum_values(file, r#enum, &enum_name, &child(4, index));
        }
    }

    fn oneof_type(&mut self, scope: &mut Scope<'a>, declared: Declared<'a, '_>, index: usize) {
        let Declared {
            file,
            message,
            full_name,
            ..
        } = declared;
        let oneof = &message.oneof_decl[index].name;
        let oneof_name = format!("{full_name}.{oneof}");
        let default = oneof_type(oneof, nested_names(message));
        let fixed = self.fixed(&oneof_name).map(|name| camel(&name));
        let wanted = fixed.unwrap_or_else(|| default.clone());
        let claim = Claim {
            kind: HolderKind::OneofType,
            full_name: oneof_name.clone(),
            file,
            path: declared.child(8, index),
        };
        let name = self.claim(scope, &wanted, claim);
        if name != default {
            self.names.oneofs.insert(oneof_name.clone(), name);
        }
        let mut variants = Scope::default();
        for (position, field) in message.field.iter().enumerate() {
            if field.real_oneof() != Some(index) {
                continue;
            }
            let field_name = format!("{full_name}.{}", field.name);
            let default = camel(&field.name);
            let wanted = self
                .fixed(&field_name)
                .map_or(default.clone(), |name| camel(&name));
            let claim = Claim {
                kind: HolderKind::Field,
                full_name: field_name.clone(),
                file,
                path: declared.child(2, position),
            };
            let name = self.claim(&mut variants, &wanted, claim);
            if name != default {
                self.names.variants.insert(field_name, name);
            }
        }
    }

    /// The fields of a message's struct, where a oneof is one.
    fn fields(&mut self, declared: Declared<'a, '_>) {
        let Declared {
            file,
            path,
            message,
            full_name,
        } = declared;
        let mut scope = Scope::default();
        let plain = message.field.iter().enumerate();
        let plain = plain.filter(|(_, field)| field.real_oneof().is_none());
        let mut fields: Vec<_> = plain
            .map(|(index, field)| ([2, index as i32], &field.name))
            .collect();
        fields.extend(
            real_oneofs(message).map(|index| ([8, index as i32], &message.oneof_decl[index].name)),
        );
        fields.sort_by_key(|(_, name)| snake(name) != **name);
        let methods = accessors::beside_getters(message);
        let is_proto3 = file.syntax.as_deref() == Some("proto3");
        for (child, name) in fields {
            let field_name = format!("{full_name}.{name}");
            let field = (child[0] == 2).then(|| &message.field[child[1] as usize]);
            if field.is_some_and(|field| accessors::has_getter(field, is_proto3))
                && let Some(other) = methods.get(name.as_str())
            {
                let what = format!(
                    "a method that prost derives for field `{}.{other}`",
                    &full_name[1..]
                );
                scope
                    .taken
                    .entry(name.clone())
                    .or_insert(Holder::Given(what));
            }
            // A oneof's name is that of its type as well.
            let is_oneof = child[0] == 8;
            let fixed = self.fixed(&field_name);
            let fixed = fixed.map(|name| if is_oneof { snake(&name) } else { name });
            let wanted = fixed.unwrap_or_else(|| snake(name));
            let claim = Claim {
                kind: HolderKind::Field,
                full_name: field_name.clone(),
                file,
                path: [path, &child].concat(),
            };
            let ident = self.claim(&mut scope, &wanted, claim);
            self.keep(&field_name, ident, snake(name));
        }
    }

    pub(super) fn enum_values(
        &mut self,
        file: &'a File,
        r#enum: &Enum,
        full_name: &str,
        path: &[i32],
    ) {
        let mut scope = Scope::default();
        let mut numbers = HashSet::new();
        for (index, value) in r#enum.value.iter().enumerate() {
            // prost has no aliases: the first name of a number is its name.
            if !numbers.insert(value.number.unwrap_or_default()) {
                continue;
            }
            let default = variant(&r#enum.name, &value.name, !self.options.retain_enum_prefix);
            let value_name = format!("{full_name}.{}", value.name);
            let wanted = self.fixed(&value_name).unwrap_or_else(|| default.clone());
            let claim = Claim {
                kind: HolderKind::EnumValue,
                full_name: value_name.clone(),
                file,
                path: [path, &[2, index as i32]].concat(),
            };
            let name = self.claim(&mut scope, &wanted, claim);
            self.keep(&value_name, name, default);
        }
    }
}
