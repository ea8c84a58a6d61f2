//! `extensions`, which sets numbers aside, and `extend`, which uses them.

use super::fields::Scope;
use super::ranges::Numbers;
use super::{Parse, Parser};
use crate::descriptor::{ExtensionRange, Field, Message};
use crate::syntax::OptionSet;
use crate::target::Target;

/// The number of `options` in `ExtensionRange`.
const RANGE_OPTIONS: i32 = 3;

/// The number of `extendee` in `FieldDescriptorProto`.
const EXTENDEE: i32 = 2;

impl Parser<'_> {
    /// `extensions 4, 20 to 30 [options];`.
    pub(super) fn extensions(&mut self, message: &mut Message, number: i32) -> Parse {
        let first = message.extension_range.len();
        self.at(&[number], |parser, location| {
            parser.advance();
            loop {
                let path = [message.extension_range.len() as i32];
                let range = parser.at(&path, |parser, _| parser.range(Numbers::OfFields))?;
                message.extension_range.push(ExtensionRange {
                    start: range.start,
                    end: range.end,
                    options: None,
                });
                if !parser.take(",") {
                    break;
                }
            }
            parser.extension_range_options(first, message.extension_range.len())?;
            parser.expect_end(";", location)
        })
    }

    /// The options of the statement are those of each of its ranges, and so are their locations.
    fn extension_range_options(&mut self, first: usize, end: usize) -> Parse {
        if !self.is("[") {
            return Ok(());
        }
        let start = self.token().start;
        let set = self.options.len();
        self.path.push(first as i32);
        let result = self.bracketed_options(&mut None, Target::ExtensionRange, RANGE_OPTIONS);
        self.path.pop();
        result?;
        for range in first + 1..end {
            self.copy_options(set, range as i32, start);
        }
        Ok(())
    }

    fn copy_options(&mut self, set: usize, range: i32, start: u32) {
        let path = self.path_of(&[range]);
        let options_path = self.path_of(&[range, RANGE_OPTIONS]);
        let mut statements = self.options[set].statements.clone();
        let end = self.previous().end;
        let mut copy = |start: u32, end: u32| {
            let location = self.info.open(&options_path, start);
            self.info.close(location, end);
            location
        };
        copy(start, end);
        for statement in &mut statements {
            if let Some(location) = &mut statement.location {
                *location = copy(statement.start, statement.value_end);
            }
        }
        self.options.push(OptionSet {
            path,
            target: Target::ExtensionRange,
            statements,
        });
    }

    /// `extend Message { fields }`. `number` is that of extensions in the descriptor around.
    pub(super) fn extend(
        &mut self,
        extensions: &mut Vec<Field>,
        number: i32,
        nested: &mut Vec<Message>,
        nested_number: i32,
    ) -> Parse {
        let around = self.path.clone();
        self.at(&[number], |parser, location| {
            parser.advance();
            let start = parser.token().start;
            let extendee = parser.type_name("a message")?;
            let end = parser.previous().end;
            let count = extensions.len();
            parser.block(location, |parser| {
                let path = [around.as_slice(), &[number, extensions.len() as i32]].concat();
                let mut field = Field {
                    extendee: Some(extendee.clone()),
                    ..Field::default()
                };
                let mut scope = Scope {
                    nested,
                    number: nested_number,
                };
                let from = parser.token().start;
                let result = parser.at_path(path, from, |parser, location| {
                    let path = parser.path_of(&[EXTENDEE]);
                    let of_extendee = parser.info.open(&path, start);
                    parser.info.close(of_extendee, end);
                    parser.labelled_field(&mut field, &mut scope, location)
                });
                extensions.push(field);
                result
            })?;
            if extensions.len() == count {
                let message = format!("nothing extends `{extendee}` here");
                parser.problem(start, end, message, "declare a field between the braces");
            }
            Ok(())
        })
    }
}
