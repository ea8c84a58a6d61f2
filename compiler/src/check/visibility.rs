//! The rule that types are used only where they are visible, from edition 2024 on.
//!
//! <https://protobuf.dev/programming-guides/symbol_visibility/>

use super::context::{Around, Check};
use crate::descriptor::{Enum, Message, visibility};
use crate::edition;
use crate::features::{DefaultVisibility, Features};
use crate::places;
use crate::symbols::{SymbolId, SymbolKind};

/// The largest number of a reserved range that ends with `max`.
const BEHIND_MAX: i32 = 0x2000_0000;

impl<'a> Check<'a, '_> {
    /// Types of other files have to be for others. `part` is where the name stands in the declaration.
    pub(super) fn visible(&mut self, name: &str, path: &[i32], part: i32) {
        let Some(id) = self.pool.symbols.find(name) else {
            return;
        };
        let declared = self.pool.file(id);
        if std::ptr::eq(declared, self.file) || self.is_exported(id) {
            return;
        }
        let what = match self.pool.symbols.get(id).kind {
            SymbolKind::Enum => "enum",
            _ => "message",
        };
        let text = format!(
            "`{}` is local to \"{}\"",
            name.trim_start_matches('.'),
            declared.name
        );
        let help = format!("declare it as `export {what}`");
        self.problem(|file| places::part(file, path, part), text, help);
    }

    fn is_exported(&self, id: SymbolId) -> bool {
        let (symbols, files) = (self.pool.symbols, self.pool.files);
        let keyword = match symbols.get(id).kind {
            SymbolKind::Message => symbols
                .message(files, id)
                .and_then(|message| message.visibility),
            SymbolKind::Enum => symbols
                .r#enum(files, id)
                .and_then(|r#enum| r#enum.visibility),
            _ => None,
        };
        match keyword {
            Some(visibility::EXPORT) => return true,
            Some(visibility::LOCAL) => return false,
            _ => {}
        }
        let file = self.pool.file(id);
        if file.edition.is_none_or(|number| number < edition::E2024) {
            return true;
        }
        match Features::from_file(file).default_symbol_visibility() {
            DefaultVisibility::ExportAll => true,
            DefaultVisibility::ExportTopLevel => symbols.owner(id).is_none(),
            DefaultVisibility::LocalAll | DefaultVisibility::Strict => false,
        }
    }

    /// Strict visibility has no nested types that are exported.
    pub(super) fn keyword_of(
        &mut self,
        keyword: Option<i32>,
        own: &Around<'_>,
        outer: &Around<'_>,
        message: &Message,
    ) {
        let is_nested = !outer.path.is_empty();
        let is_strict = outer.features.default_symbol_visibility() == DefaultVisibility::Strict;
        if keyword == Some(visibility::EXPORT) && is_nested && is_strict && self.is_edition() {
            let text = format!(
                "the message `{}` is nested, and with strict visibility not exported",
                message.name
            );
            self.problem_of(
                own.path,
                text,
                "move it to the top level, or remove `export`",
            );
        }
    }

    /// An enum may be exported out of a local message that is nothing but its name space.
    pub(super) fn keyword_of_enum(&mut self, r#enum: &'a Enum, outer: &Around<'_>, path: &[i32]) {
        let is_strict = outer.features.default_symbol_visibility() == DefaultVisibility::Strict;
        let is_nested = !outer.path.is_empty();
        if r#enum.visibility != Some(visibility::EXPORT)
            || !is_strict
            || !is_nested
            || !self.is_edition()
        {
            return;
        }
        let message = self.pool.symbols.message(self.pool.files, outer.scope);
        let is_name_space = message.is_some_and(|message| {
            let is_reserved = matches!(
                message.reserved_range.as_slice(),
                [range] if range.start == Some(1) && range.end == Some(BEHIND_MAX)
            );
            outer.path.len() == 2 && message.visibility != Some(visibility::EXPORT) && is_reserved
        });
        if !is_name_space {
            let text = format!(
                "the enum `{}` is nested, and with strict visibility not exported",
                r#enum.name
            );
            let help =
                "move it to the top level, or into `local message Names { … reserved 1 to max; }`";
            self.problem_of(path, text, help);
        }
    }
}
