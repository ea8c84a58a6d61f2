//! Names in options to fields: those of statements, and those that the text format has in brackets.

use super::interpret::{Interpreter, Wrong};
use crate::diagnostics::did_you_mean;
use crate::pool::{FieldRef, MessageRef};
use crate::resolve::{Reference, lookup};
use crate::symbols::{SymbolId, SymbolKind, Wanted};
use crate::syntax::NamePart;
use crate::wire::MAX_DEPTH;

impl<'a> Interpreter<'a, '_, '_> {
    /// The field that each part of a name means.
    pub(super) fn fields(
        &mut self,
        name: &[NamePart],
        options: MessageRef<'a>,
    ) -> Result<Vec<FieldRef<'a>>, Wrong> {
        if let Some(deep) = name.get(MAX_DEPTH) {
            let text = format!("names of options have at most {MAX_DEPTH} parts");
            let help = "messages nest no deeper where they are read";
            return self.wrong(deep.start, deep.end, text, help);
        }
        let mut fields: Vec<FieldRef<'a>> = Vec::with_capacity(name.len());
        let mut message = options;
        let is_feature = name
            .first()
            .is_some_and(|part| part.name == "features" && !part.is_extension);
        for (index, part) in name.iter().enumerate() {
            let field = if part.is_extension {
                self.extension(part, message)?
            } else {
                self.own_field(part, message, index == 0)?
            };
            let is_of_this_file = std::ptr::eq(field.file(), &self.pool.files[self.file]);
            if is_feature && is_of_this_file {
                let message = format!(
                    "the feature `{}` is used in the file that declares it",
                    NamePart::spelling(name)
                );
                let help = "declare it in another file, and import that";
                return self.wrong(part.start, part.end, message, help);
            }
            fields.push(field);
            let Some(next) = name.get(index + 1) else {
                break;
            };
            let Some(inner) = field.message() else {
                let message = format!(
                    "the option `{}` is no message, and has no fields",
                    part.name
                );
                return self.wrong(
                    next.start,
                    next.end,
                    message,
                    "remove this part of the name",
                );
            };
            if field.field.is_repeated() {
                let message = format!(
                    "the option `{}` is repeated, and its fields cannot be set one by one",
                    part.name
                );
                let help = "set one element: `option name = {field: value};`, once for each";
                return self.wrong(next.start, next.end, message, help);
            }
            message = inner;
        }
        Ok(fields)
    }

    fn own_field(
        &mut self,
        part: &NamePart,
        message: MessageRef<'a>,
        is_first: bool,
    ) -> Result<FieldRef<'a>, Wrong> {
        let is_uninterpreted = is_first && part.name == "uninterpreted_option";
        if let Some(field) = message.field(&part.name).filter(|_| !is_uninterpreted) {
            return Ok(field);
        }
        let text = if is_first {
            format!("there is no option `{}`", part.name)
        } else {
            format!(
                "`{}` has no field `{}`",
                &message.full_name()[1..],
                part.name
            )
        };
        let names = message
            .message
            .field
            .iter()
            .map(|field| field.name.as_str());
        let names = names.filter(|name| *name != "uninterpreted_option");
        let otherwise = "an option of your own stands in parentheses: `(package.name)`";
        let help = || did_you_mean(&part.name, names, otherwise);
        self.wrong_with(part.start, part.end, || (text, help()))
    }

    fn extension(
        &mut self,
        part: &NamePart,
        message: MessageRef<'a>,
    ) -> Result<FieldRef<'a>, Wrong> {
        if part.name.is_empty() {
            return self.wrong(
                part.start,
                part.end,
                "the option has no name",
                "write it between the parentheses",
            );
        }
        let symbols = self.pool.symbols;
        let reference = Reference {
            name: &part.name,
            scope: self.scope,
            wanted: Wanted::Any,
        };
        let found = match lookup(symbols, self.visible, reference) {
            Ok(found) => found,
            Err(unresolved) => {
                let file = &self.pool.files[self.file].name;
                if self.suggest.is_known_to_be_missing(file, &part.name) {
                    return Err(Wrong);
                }
                let (files, suggest) = (self.pool.files, self.suggest);
                let explain = || unresolved.explain(&part.name, symbols, files, suggest);
                return self.wrong_with(part.start, part.end, explain);
            }
        };
        let field = self.pool.field_of(found);
        let extended = field.and_then(|field| field.field.extendee.as_deref());
        match field {
            Some(field) if extended == Some(message.full_name().as_str()) => Ok(field),
            _ => {
                let what = match extended {
                    Some(extended) => {
                        format!("an extension of `{}`", extended.trim_start_matches('.'))
                    }
                    None => symbols.get(found).kind.name().to_owned(),
                };
                let text = format!(
                    "`{}` is {what}, and no extension of `{}`",
                    part.name,
                    &message.full_name()[1..]
                );
                let help = "see where the option is declared for what it belongs to";
                self.wrong(part.start, part.end, text, help)
            }
        }
    }

    /// An extension of a message by the name that the text format has in brackets.
    pub(super) fn extension_in_text(
        &self,
        message: MessageRef<'a>,
        name: &str,
    ) -> Option<FieldRef<'a>> {
        let symbols = self.pool.symbols;
        if !name.split('.').all(crate::lexer::is_identifier) {
            return None;
        }
        let full_name = message.full_name();
        let own = symbols.find(&full_name);
        let scope = own.map_or(SymbolId::ROOT, |own| symbols.get(own).scope);
        let reference = Reference {
            name,
            scope,
            wanted: Wanted::Any,
        };
        let found = lookup(symbols, self.visible, reference).ok()?;
        let is_extension =
            |field: &FieldRef<'_>| field.field.extendee.as_deref() == Some(full_name.as_str());
        if symbols.get(found).kind == SymbolKind::Message && message.message.is_message_set() {
            // An extension of a message set goes by its type.
            let foreign = self.pool.message_of(found)?;
            let type_name = foreign.full_name();
            let mut extensions = foreign.message.extension.iter();
            let extension = extensions.find(|extension| {
                extension.extendee.as_deref() == Some(full_name.as_str())
                    && extension.type_name.as_deref() == Some(type_name.as_str())
            })?;
            let id = symbols.child(found, &extension.name)?;
            return self.pool.field_of(id);
        }
        self.pool.field_of(found).filter(is_extension)
    }

    /// The message of a type URL.
    pub(super) fn any_type(&self, url: &str) -> Option<MessageRef<'a>> {
        let (prefix, name) = url.rsplit_once('/')?;
        if !matches!(prefix, "type.googleapis.com" | "type.googleprod.com") {
            return None;
        }
        let id = self.pool.symbols.descend(SymbolId::ROOT, name)?;
        let is_visible = self.visible.has(self.pool.symbols, id);
        is_visible.then(|| self.pool.message_of(id))?
    }
}
