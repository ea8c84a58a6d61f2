//! Ranges of numbers, and `reserved`.

use super::{Parse, Parser, Skip};
use crate::descriptor::{Message, Range};
use crate::lexer::TokenKind;

/// Numbers of fields of ranges.
const START: i32 = 1;
const END: i32 = 2;

/// Stands for `max` until the options of the message are known.
pub(super) const MAX: i32 = -1;

/// The largest number of a field.
const MAX_FIELD: i32 = 0x1fff_ffff;

/// `max` is the number behind the last one, and that is larger for message sets.
pub(super) fn set_maximum(message: &mut Message, is_message_set: bool) {
    let max = if is_message_set {
        i32::MAX
    } else {
        MAX_FIELD + 1
    };
    let extensions = message
        .extension_range
        .iter_mut()
        .map(|range| &mut range.end);
    let reserved = message
        .reserved_range
        .iter_mut()
        .map(|range| &mut range.end);
    for end in extensions.chain(reserved).filter(|end| **end == Some(MAX)) {
        *end = Some(max);
    }
}

impl Parser<'_> {
    /// `reserved 1, 3 to 5;` or `reserved "a", "b";`. In enums numbers have signs, and the end is included.
    pub(super) fn reserved(
        &mut self,
        range_number: i32,
        ranges: &mut Vec<Range>,
        name_number: i32,
        names: &mut Vec<String>,
        is_enum: bool,
    ) -> Parse {
        let start = self.token().start;
        self.advance();
        if self.is_kind(TokenKind::String) || self.is_kind(TokenKind::Identifier) {
            return self.at_from(start, &[name_number], |parser, location| {
                parser.reserved_names(names)?;
                parser.expect_end(";", location)
            });
        }
        self.at_from(start, &[range_number], |parser, location| {
            loop {
                let path = [ranges.len() as i32];
                let range = parser.at(&path, |parser, _| parser.range(is_enum))?;
                ranges.push(range);
                if !parser.take(",") {
                    return parser.expect_end(";", location);
                }
            }
        })
    }

    fn reserved_names(&mut self, names: &mut Vec<String>) -> Parse {
        let is_string = self.is_kind(TokenKind::String);
        if is_string && self.is_edition() {
            let help = "write them without quotes";
            self.wrong("in editions reserved names are identifiers", help);
            return Err(Skip);
        }
        if !is_string && !self.is_edition() {
            let help = "write them in quotes";
            self.wrong("reserved names are strings, but for editions", help);
            return Err(Skip);
        }
        loop {
            let path = [names.len() as i32];
            let name = self.at(&path, |parser, _| {
                if is_string {
                    let name = parser.string("a name in quotes")?;
                    Ok(String::from_utf8_lossy(&name).into_owned())
                } else {
                    parser.identifier("a name")
                }
            })?;
            names.push(name);
            if !self.take(",") {
                return Ok(());
            }
        }
    }

    /// `1`, `1 to 5` or `1 to max`.
    pub(super) fn range(&mut self, is_enum: bool) -> Parse<Range> {
        let first = self.token();
        let start = self.at(&[START], |parser, _| parser.bound(is_enum))?;
        let end = if self.take("to") {
            self.at(&[END], |parser, _| {
                if parser.take("max") {
                    return Ok(if is_enum { i32::MAX } else { MAX });
                }
                let last = parser.bound(is_enum)?;
                Ok(if is_enum { last } else { last + 1 })
            })?
        } else {
            self.mark(&[END], first);
            if is_enum { start } else { start + 1 }
        };
        Ok(Range {
            start: Some(start),
            end: Some(end),
        })
    }

    fn bound(&mut self, is_enum: bool) -> Parse<i32> {
        if is_enum {
            return self.signed_number("an integer");
        }
        let number = self.number("a number")?;
        if number == i32::MAX {
            let token = self.previous();
            let message = "the number is too large";
            let help = "field numbers go up to 536870911";
            self.problem(token.start, token.end, message, help);
            return Err(Skip);
        }
        Ok(number)
    }
}
