//! Options: names and values, which are interpreted once all names are known.

use super::{Options, Parse, Parser, Skip};
use crate::lexer::{TokenKind, number};
use crate::syntax::{NamePart, Statement, Value};
use crate::target::Target;

/// The number of `uninterpreted_option` in every message of options.
const UNINTERPRETED: i32 = 999;

impl Parser<'_> {
    /// `option name = value;`. `number` is that of `options` in the descriptor.
    pub(super) fn option_statement(
        &mut self,
        options: &mut Options,
        target: Target,
        number: i32,
    ) -> Parse {
        if !self.is("option") {
            return self.expected("`option` or `}`");
        }
        self.at(&[number], |parser, _| {
            parser.option_with(options, target, true)
        })
    }

    /// `[name = value, …]`, if it is there.
    pub(super) fn bracketed_options(
        &mut self,
        options: &mut Options,
        target: Target,
        number: i32,
    ) -> Parse {
        if !self.is("[") {
            return Ok(());
        }
        self.at(&[number], |parser, _| {
            parser.advance();
            loop {
                parser.option(options, target)?;
                if !parser.take(",") {
                    return parser.expect("]");
                }
            }
        })
    }

    /// `name = value` in brackets. The current path is that of the options.
    pub(super) fn option(&mut self, options: &mut Options, target: Target) -> Parse {
        self.option_with(options, target, false)
    }

    fn option_with(&mut self, options: &mut Options, target: Target, is_statement: bool) -> Parse {
        let set = self.options_of(options, target);
        let index = self.options[set].statements.len() as i32;
        self.at(&[UNINTERPRETED, index], |parser, location| {
            let start = parser.token().start;
            if is_statement {
                parser.advance();
            }
            let name = parser.option_name()?;
            parser.expect("=")?;
            let value_start = parser.token().start;
            let value = parser.option_value()?;
            let statement = Statement {
                name,
                value,
                start,
                value_start,
                value_end: parser.previous().end,
                location: Some(location),
            };
            parser.options[set].statements.push(statement);
            if is_statement {
                parser.expect_end(";", location)
            } else {
                Ok(())
            }
        })
    }

    /// `a.(b.c).d`.
    fn option_name(&mut self) -> Parse<Vec<NamePart>> {
        let mut parts = vec![self.option_name_part()?];
        while self.take(".") {
            parts.push(self.option_name_part()?);
        }
        Ok(parts)
    }

    fn option_name_part(&mut self) -> Parse<NamePart> {
        let start = self.token().start;
        let is_extension = self.take("(");
        let mut name = String::new();
        if is_extension {
            if self.is_kind(TokenKind::Identifier) {
                name += &self.identifier("the name of an option")?;
            }
            while self.take(".") {
                name.push('.');
                name += &self.identifier("a name behind the point")?;
            }
            self.expect(")")?;
        } else {
            name = self.identifier("the name of an option")?;
        }
        Ok(NamePart {
            name,
            is_extension,
            start,
            end: self.previous().end,
        })
    }

    fn option_value(&mut self) -> Parse<Value> {
        let is_negative = self.take("-");
        match self.token().kind {
            TokenKind::Identifier => self.identifier_value(is_negative),
            TokenKind::Integer => {
                let max = if is_negative {
                    i64::MAX as u64 + 1
                } else {
                    u64::MAX
                };
                let Some(value) = number::integer(self.text(), max) else {
                    // Beyond 64 bits it is a float.
                    return self.float_value(is_negative);
                };
                self.advance();
                Ok(if is_negative {
                    Value::Negative((value as i64).wrapping_neg())
                } else {
                    Value::Positive(value)
                })
            }
            TokenKind::Float => self.float_value(is_negative),
            TokenKind::String => {
                if is_negative {
                    self.wrong("a sign stands before a string", "remove it");
                    return Err(Skip);
                }
                self.string("a string").map(Value::String)
            }
            TokenKind::Symbol if self.is("{") => self.aggregate(),
            TokenKind::Symbol | TokenKind::End => self.expected("the value of the option"),
        }
    }

    fn identifier_value(&mut self, is_negative: bool) -> Parse<Value> {
        let text = self.text();
        let value = match (is_negative, text) {
            (false, _) => Value::Identifier(text.to_owned()),
            (true, "inf") => Value::Double(f64::NEG_INFINITY),
            (true, "nan") => Value::Double(f64::NAN),
            (true, _) => {
                let help = "remove it: only `inf` and `nan` have one";
                self.wrong("a sign stands before a name", help);
                return Err(Skip);
            }
        };
        self.advance();
        Ok(value)
    }

    fn float_value(&mut self, is_negative: bool) -> Parse<Value> {
        let value = self.float("a number")?;
        Ok(Value::Double(if is_negative { -value } else { value }))
    }

    /// The tokens between braces. What they mean depends on the type of the option.
    fn aggregate(&mut self) -> Parse<Value> {
        let open = self.token();
        self.advance();
        let first = self.at;
        let mut depth = 1;
        while !self.is_at_end() {
            if self.is("{") {
                depth += 1;
            } else if self.is("}") {
                depth -= 1;
                if depth == 0 {
                    let tokens = self.tokens[first..self.at].to_vec();
                    self.advance();
                    return Ok(Value::Aggregate(tokens));
                }
            }
            self.advance();
        }
        let message = "the braces of the value have no end";
        self.problem(open.start, open.end, message, "close them with `}`");
        Err(Skip)
    }
}
