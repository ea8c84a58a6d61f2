//! The text format, in which values of messages are written.
//!
//! <https://protobuf.dev/reference/protobuf/textformat-spec/>. The tokens are those of the proto file, as
//! with protoc.

mod bracketed;
mod skip;

use super::encode::{Encoded, MessageValue};
use super::interpret::{Interpreter, Wrong};
use super::scalar::{self, Number};
use crate::descriptor::Type;
use crate::diagnostics::did_you_mean;
use crate::features::EnumType;
use crate::lexer::{Token, TokenKind, number, string};
use crate::pool::{FieldRef, MessageRef};
use crate::wire::MAX_DEPTH;

/// The bytes of a message that is written with these tokens. `end` is the offset behind its brace.
pub(super) fn parse<'a>(
    interpreter: &mut Interpreter<'a, '_, '_>,
    tokens: &[Token],
    message: MessageRef<'a>,
    end: u32,
) -> Result<Vec<u8>, Wrong> {
    let mut text = Text {
        tokens: without_comment(interpreter, tokens),
        at: 0,
        end,
        depth: 0,
        interpreter,
    };
    let value = text.fields(message, None)?;
    Ok(value.encode())
}

/// `#` begins a comment in the text format. protoc hands the tokens on in one line, so that the rest of the
/// value is the comment.
fn without_comment(interpreter: &Interpreter<'_, '_, '_>, tokens: &[Token]) -> Vec<Token> {
    let bytes = interpreter.source.bytes();
    let tokens = tokens.iter().copied();
    let before = tokens.take_while(|token| bytes[token.start as usize] != b'#');
    before.collect()
}

struct Text<'t, 'a, 's, 'p> {
    tokens: Vec<Token>,
    at: usize,
    end: u32,
    depth: usize,
    interpreter: &'t mut Interpreter<'a, 's, 'p>,
}

impl<'a> Text<'_, 'a, '_, '_> {
    fn token(&self) -> Option<Token> {
        self.tokens.get(self.at).copied()
    }

    /// The text of the current token; empty behind the last one.
    fn text(&self) -> &'a str {
        let source = self.interpreter.source;
        self.token()
            .map_or("", |token| source.ascii(token.start, token.end))
    }

    fn is(&self, text: &str) -> bool {
        self.token().is_some() && self.text() == text
    }

    fn is_kind(&self, kind: TokenKind) -> bool {
        self.token().is_some_and(|token| token.kind == kind)
    }

    fn take(&mut self, text: &str) -> bool {
        let is_there = self.is(text);
        self.at += usize::from(is_there);
        is_there
    }

    fn wrong<T>(&mut self, message: impl Into<String>, help: &str) -> Result<T, Wrong> {
        let (start, end) = self.here();
        self.interpreter.wrong(start, end, message, help)
    }

    /// Where the current token stands, or else the brace behind the last one.
    fn here(&self) -> (u32, u32) {
        match self.token() {
            Some(token) => (token.start, token.end),
            None => (self.end.saturating_sub(1), self.end),
        }
    }

    fn expected<T>(&mut self, what: &str) -> Result<T, Wrong> {
        let found = match self.text() {
            "" => "the end of the value".to_owned(),
            text => format!("`{text}`"),
        };
        self.wrong(format!("expected {what}, found {found}"), "")
    }

    fn expect(&mut self, text: &str) -> Result<(), Wrong> {
        if self.take(text) {
            Ok(())
        } else {
            self.expected(&format!("`{text}`"))
        }
    }

    /// The fields of a message up to its closing bracket, or to the end.
    fn fields(
        &mut self,
        message: MessageRef<'a>,
        close: Option<&str>,
    ) -> Result<MessageValue<'a>, Wrong> {
        let mut value = MessageValue::new(message);
        loop {
            match close {
                Some(close) if self.is("}") || self.is(">") => {
                    self.expect(close)?;
                    break;
                }
                None if self.token().is_none() => break,
                _ => self.field(message, &mut value)?,
            }
        }
        let known = self.interpreter.known.message(message);
        let mut required = known.required.iter();
        if let Some((_, name)) = required.find(|(number, _)| !value.has(*number)) {
            self.at = self.at.saturating_sub(1);
            let text = format!(
                "the required field `{name}` of `{}` is missing",
                &message.full_name()[1..]
            );
            return self.wrong(text, "set it");
        }
        Ok(value)
    }

    fn field(
        &mut self,
        message: MessageRef<'a>,
        value: &mut MessageValue<'a>,
    ) -> Result<(), Wrong> {
        let start = self.at;
        if self.is("[") {
            if message.full_name() == ".google.protobuf.Any" {
                return self.any(message, value);
            }
            let name = self.bracketed_name()?;
            let Some(field) = self.interpreter.extension_in_text(message, &name) else {
                self.at = start + 1;
                let text = format!(
                    "`{}` has no extension `{name}` here",
                    &message.full_name()[1..]
                );
                return self.wrong(
                    text,
                    "import the file that declares it, and write its full name",
                );
            };
            return self.field_value(field, value, start);
        }
        if !self.is_kind(TokenKind::Identifier) {
            return self.expected("a field name");
        }
        let name = self.text();
        self.at += 1;
        match message.field(name).or_else(|| message.group(name)) {
            Some(field) => self.field_value(field, value, start),
            None if self.is_reserved(message, name) => {
                self.skip_value()?;
                self.separator();
                Ok(())
            }
            None => {
                self.at = start;
                let names = message
                    .message
                    .field
                    .iter()
                    .map(|field| field.name.as_str());
                let otherwise = "see where the message is declared for its fields";
                let help = || did_you_mean(name, names, otherwise);
                let text = format!("`{}` has no field `{name}`", &message.full_name()[1..]);
                let (start, end) = self.here();
                self.interpreter.wrong_with(start, end, || (text, help()))
            }
        }
    }

    fn is_reserved(&self, message: MessageRef<'a>, name: &str) -> bool {
        let known = self.interpreter.known.message(message);
        known.reserved.contains(name)
    }

    /// Fields may be separated by a comma or a semicolon.
    fn separator(&mut self) {
        let _ = self.take(";") || self.take(",");
    }

    /// `[type.googleapis.com/package.Message] { … }`, which is the two fields of an Any.
    fn any(&mut self, any: MessageRef<'a>, value: &mut MessageValue<'a>) -> Result<(), Wrong> {
        let start = self.at;
        let url = self.bracketed_name()?;
        let fields = any.field("type_url").zip(any.field("value"));
        let Some((message, (type_url, content))) = self.interpreter.any_type(&url).zip(fields)
        else {
            self.at = start + 1;
            let text = format!("the type `{url}` is not known here");
            let help =
                "write `type.googleapis.com/package.Message`, and import the file that declares it";
            return self.wrong(text, help);
        };
        if value.has(type_url.number()) || value.has(content.number()) {
            self.at = start;
            return self.wrong("the Any is set twice", "remove one of the two");
        }
        let _ = self.take(":");
        let inner = self.message(message)?;
        value.add(type_url, Encoded::Delimited(url.into_bytes()));
        value.add(content, Encoded::Delimited(inner));
        self.separator();
        Ok(())
    }

    /// Reads the rest of a field behind its name. `start` is the token of the name.
    fn field_value(
        &mut self,
        field: FieldRef<'a>,
        value: &mut MessageValue<'a>,
        start: usize,
    ) -> Result<(), Wrong> {
        let name = &field.field.name;
        if !field.field.is_repeated() && value.has(field.number()) {
            self.at = start;
            return self.wrong(
                format!("the field `{name}` is set twice"),
                "remove one of the two",
            );
        }
        let oneof = field.field.oneof_index.filter(|_| !field.is_extension());
        if let Some(other) = oneof.and_then(|oneof| value.set_field_of(oneof)) {
            self.at = start;
            let text = format!("`{name}` and `{}` are of one oneof", other.field.name);
            return self.wrong(text, "set one of the two");
        }
        let has_colon = self.take(":");
        if !has_colon && !field.field.is_message() {
            return self.expected("`:`");
        }
        if field.field.is_repeated() && self.take("[") {
            while !self.take("]") {
                let element = self.element(field)?;
                value.add(field, element);
                if !self.is("]") {
                    self.expect(",")?;
                    if self.is("]") {
                        return self.expected("a value");
                    }
                }
            }
        } else {
            let element = self.element(field)?;
            value.add(field, element);
        }
        self.separator();
        Ok(())
    }

    /// One value of a field.
    fn element(&mut self, field: FieldRef<'a>) -> Result<Encoded, Wrong> {
        if let Some(message) = field.message() {
            let bytes = self.message(message)?;
            return Ok(if field.is_group() {
                Encoded::Group(bytes)
            } else {
                Encoded::Delimited(bytes)
            });
        }
        match field.field.r#type() {
            Type::String | Type::Bytes => self.string().map(Encoded::Delimited),
            Type::Bool => self.bool(),
            Type::Enum => self.r#enum(field),
            kind @ (Type::Float | Type::Double) => {
                let value = self.float()?;
                scalar::number(kind, Number::Double(value)).ok_or(Wrong)
            }
            kind => self.integer(kind),
        }
    }

    /// A message in braces or angle brackets.
    fn message(&mut self, message: MessageRef<'a>) -> Result<Vec<u8>, Wrong> {
        let close = match self.text() {
            "{" => "}",
            "<" => ">",
            _ => return self.expected("`{`"),
        };
        if self.depth == MAX_DEPTH {
            let text =
                format!("messages of a value stand in each other, at most {MAX_DEPTH} levels deep");
            return self.wrong(text, "make the value flatter");
        }
        self.at += 1;
        self.depth += 1;
        let value = self.fields(message, Some(close));
        self.depth -= 1;
        Ok(value?.encode())
    }

    fn string(&mut self) -> Result<Vec<u8>, Wrong> {
        if !self.is_kind(TokenKind::String) {
            return self.expected("a string in quotes");
        }
        let mut value = Vec::new();
        while let Some(token) = self.token().filter(|token| token.kind == TokenKind::String) {
            string::append(
                self.interpreter.source.slice(token.start, token.end),
                &mut value,
            );
            self.at += 1;
        }
        Ok(value)
    }

    fn bool(&mut self) -> Result<Encoded, Wrong> {
        let value = match (self.token().map(|token| token.kind), self.text()) {
            (Some(TokenKind::Integer), text) => number::integer(text, 1),
            (Some(TokenKind::Identifier), "true" | "True" | "t") => Some(1),
            (Some(TokenKind::Identifier), "false" | "False" | "f") => Some(0),
            _ => None,
        };
        let Some(value) = value else {
            return self.expected("`true` or `false`");
        };
        self.at += 1;
        Ok(Encoded::Varint(value))
    }

    fn r#enum(&mut self, field: FieldRef<'a>) -> Result<Encoded, Wrong> {
        if self.is_kind(TokenKind::Identifier) {
            let (name, token) = (self.text(), self.token());
            let (start, end) = token.map_or((0, 0), |token| (token.start, token.end));
            let value = self.interpreter.enum_value(field, name, start, end)?;
            self.at += 1;
            return Ok(value);
        }
        let start = self.at;
        let value = self.integer(Type::Enum)?;
        let type_name = field.field.type_name.as_deref().unwrap_or_default();
        let Some(id) = field.pool.symbols.find(type_name) else {
            return Err(Wrong);
        };
        let by_number = &self.interpreter.known.by_number;
        let is_known = matches!(value, Encoded::Varint(number)
            if by_number.enum_value(field.pool, id, number as i32).is_some());
        if !is_known && field.pool.features(id).enum_type() == EnumType::Closed {
            self.at = start;
            let text = format!("`{}` has no value of this number", &type_name[1..]);
            return self.wrong(text, "write the name of a value");
        }
        Ok(value)
    }

    fn integer(&mut self, kind: Type) -> Result<Encoded, Wrong> {
        let start = self.at;
        let is_negative = self.take("-");
        let text = self.text();
        let magnitude = if self.is_kind(TokenKind::Integer) {
            number::integer(text, u64::MAX)
        } else {
            return self.expected(scalar::range(kind));
        };
        let written = magnitude.and_then(|magnitude| {
            if !is_negative {
                return Some(Number::Positive(magnitude));
            }
            (magnitude <= 1 << 63).then(|| Number::Negative((magnitude as i64).wrapping_neg()))
        });
        let Some(value) = written.and_then(|written| scalar::number(kind, written)) else {
            self.at = start;
            let text = format!("the number is not {}", scalar::range(kind));
            return self.wrong(text, "see where the field is declared for its type");
        };
        self.at += 1;
        Ok(value)
    }

    fn float(&mut self) -> Result<f64, Wrong> {
        let is_negative = self.take("-");
        let text = self.text();
        let value = match self.token().map(|token| token.kind) {
            Some(TokenKind::Integer) if number::is_decimal(text) => number::float(text),
            Some(TokenKind::Float) => number::float(text),
            Some(TokenKind::Identifier) => match text.to_ascii_lowercase().as_str() {
                "inf" | "infinity" => Some(f64::INFINITY),
                "nan" => Some(f64::NAN),
                _ => None,
            },
            _ => None,
        };
        let Some(value) = value else {
            return self.expected("a decimal number");
        };
        self.at += 1;
        Ok(if is_negative { -value } else { value })
    }
}
