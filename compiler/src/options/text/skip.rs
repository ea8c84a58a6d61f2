//! Values of reserved fields, which are skipped: the rules of protoc's `SkipField`, without a message to look into.

use super::super::interpret::Wrong;
use super::Text;
use crate::lexer::TokenKind;

impl Text<'_, '_, '_, '_> {
    /// Skips the value of a reserved field, behind its name. Its brackets are on a stack, for any number of lists may
    /// be in each other.
    pub(super) fn skip_value(&mut self) -> Result<(), Wrong> {
        let mut open = Vec::new();
        self.skip_behind_name(&mut open)?;
        while let Some(&close) = open.last() {
            if close == "]" {
                if self.take("]") {
                    open.pop();
                } else {
                    self.expect(",")?;
                    self.skip_element(&mut open)?;
                    continue;
                }
            } else if self.is("}") || self.is(">") {
                self.expect(close)?;
                open.pop();
            } else {
                self.skip_name()?;
                let before = open.len();
                self.skip_behind_name(&mut open)?;
                if open.len() > before {
                    continue;
                }
            }
            // A value has ended here. In a message it was that of a field.
            if open.last().is_some_and(|close| *close != "]") {
                self.separator();
            }
        }
        Ok(())
    }

    fn skip_name(&mut self) -> Result<(), Wrong> {
        if self.is("[") {
            self.bracketed_name()?;
        } else if self.is_kind(TokenKind::Identifier) {
            self.at += 1;
        } else {
            return self.expected("a field name");
        }
        Ok(())
    }

    /// Skips a value that has no brackets, or opens them.
    fn skip_behind_name(&mut self, open: &mut Vec<&'static str>) -> Result<(), Wrong> {
        let is_message = self.is("{") || self.is("<");
        if !self.take(":") && !is_message {
            return self.expected("`:`");
        }
        self.skip_element(open)
    }

    fn skip_element(&mut self, open: &mut Vec<&'static str>) -> Result<(), Wrong> {
        while self.take("[") {
            if self.take("]") {
                return Ok(());
            }
            open.push("]");
        }
        if self.take("{") {
            open.push("}");
            Ok(())
        } else if self.take("<") {
            open.push(">");
            Ok(())
        } else {
            self.skip_scalar()
        }
    }

    fn skip_scalar(&mut self) -> Result<(), Wrong> {
        if self.is_kind(TokenKind::String) {
            while self.is_kind(TokenKind::String) {
                self.at += 1;
            }
            return Ok(());
        }
        let is_negative = self.take("-");
        let is_name = self.is_kind(TokenKind::Identifier);
        let is_number = self.is_kind(TokenKind::Integer) || self.is_kind(TokenKind::Float);
        let name = self.text().to_ascii_lowercase();
        let is_wrong_name = is_negative && !["inf", "infinity", "nan"].contains(&name.as_str());
        if !is_number && (!is_name || is_wrong_name) {
            return self.expected("a value");
        }
        self.at += 1;
        Ok(())
    }
}
