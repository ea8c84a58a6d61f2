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

/// The numbers that a range has.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Numbers {
    /// Numbers of fields, without signs. The end of a range is the number behind its last one.
    OfFields,
    /// Numbers of enum values, with signs. The end of a range is its last number.
    OfValues,
}

impl Numbers {
    /// The numbers of `reserved_range` and `reserved_name` in the descriptor of a message or an enum.
    fn reserved(self) -> (i32, i32) {
        match self {
            Self::OfFields => (9, 10),
            Self::OfValues => (4, 5),
        }
    }

    /// The end of a range with this last number.
    fn end(self, last: i32) -> i32 {
        match self {
            Self::OfFields => last + 1,
            Self::OfValues => last,
        }
    }

    /// The end of a range up to `max`.
    fn maximum(self) -> i32 {
        match self {
            Self::OfFields => MAX,
            Self::OfValues => i32::MAX,
        }
    }
}

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
    /// `reserved 1, 3 to 5;` or `reserved "a", "b";`.
    pub(super) fn reserved(
        &mut self,
        numbers: Numbers,
        ranges: &mut Vec<Range>,
        names: &mut Vec<String>,
    ) -> Parse {
        let (range_number, name_number) = numbers.reserved();
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
                let range = parser.at(&path, |parser, _| parser.range(numbers))?;
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
    pub(super) fn range(&mut self, numbers: Numbers) -> Parse<Range> {
        let first = self.token();
        let start = self.at(&[START], |parser, _| parser.bound(numbers))?;
        let end = if self.take("to") {
            self.at(&[END], |parser, _| {
                if parser.take("max") {
                    return Ok(numbers.maximum());
                }
                let last = parser.bound(numbers)?;
                Ok(numbers.end(last))
            })?
        } else {
            self.mark(&[END], first);
            numbers.end(start)
        };
        Ok(Range {
            start: Some(start),
            end: Some(end),
        })
    }

    fn bound(&mut self, numbers: Numbers) -> Parse<i32> {
        if numbers == Numbers::OfValues {
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
