//! Fields: those of messages, of oneofs and of extensions.

use super::maps::Map;
use super::{Options, Parse, Parser, Skip, Syntax};
use crate::descriptor::{Field, Label, Message, Type};
use crate::edition;
use crate::lexer::{Token, TokenKind, number, string};
use crate::positions::LocationId;
use crate::target::Target;

/// Numbers of fields of `FieldDescriptorProto`.
const NAME: i32 = 1;
const NUMBER: i32 = 3;
const LABEL: i32 = 4;
const TYPE: i32 = 5;
const TYPE_NAME: i32 = 6;
const DEFAULT: i32 = 7;
const OPTIONS: i32 = 8;
const JSON_NAME: i32 = 10;

/// The type of a keyword in edition UNSTABLE, where integers have fixed sizes unless they say otherwise.
/// `Err` has the keyword that replaces an old one.
fn unstable_scalar(keyword: &str) -> Result<Option<Type>, &'static str> {
    Ok(match keyword {
        "uint64" => Some(Type::Fixed64),
        "uint32" => Some(Type::Fixed32),
        "int32" => Some(Type::Sfixed32),
        "int64" => Some(Type::Sfixed64),
        "varint32" => Some(Type::Int32),
        "varint64" => Some(Type::Int64),
        "uvarint32" => Some(Type::Uint32),
        "uvarint64" => Some(Type::Uint64),
        "zigzag32" => Some(Type::Sint32),
        "zigzag64" => Some(Type::Sint64),
        "fixed32" => return Err("uint32"),
        "fixed64" => return Err("uint64"),
        "sfixed32" => return Err("int32"),
        "sfixed64" => return Err("int64"),
        "sint32" => return Err("zigzag32"),
        "sint64" => return Err("zigzag64"),
        _ => Type::from_keyword(keyword),
    })
}

/// Where fields stand: groups and maps add to its nested messages.
pub(super) struct Scope<'a> {
    pub(super) nested: &'a mut Vec<Message>,
    /// The number of `nested` in the descriptor around.
    pub(super) number: i32,
}

impl Parser<'_> {
    /// A field that may have a label.
    pub(super) fn labelled_field(
        &mut self,
        field: &mut Field,
        scope: &mut Scope<'_>,
        location: LocationId,
    ) -> Parse {
        let (label, help) = match self.text() {
            "optional" => (
                Label::Optional,
                "leave it out: a field has presence unless `features.field_presence` says otherwise",
            ),
            "required" => (
                Label::Required,
                "write `[features.field_presence = LEGACY_REQUIRED]` behind the number",
            ),
            "repeated" => (Label::Repeated, ""),
            _ => return self.field(field, scope, location),
        };
        if self.is_edition() && label != Label::Repeated {
            let message = format!("in editions fields have no label `{}`", self.text());
            self.wrong(message, help);
        }
        self.at(&[LABEL], |parser, _| parser.advance());
        field.label = Some(label as i32);
        if label == Label::Optional && self.syntax == Syntax::Proto3 {
            field.proto3_optional = Some(true);
        }
        self.field(field, scope, location)
    }

    /// A field behind its label.
    pub(super) fn field(
        &mut self,
        field: &mut Field,
        scope: &mut Scope<'_>,
        location: LocationId,
    ) -> Parse {
        let map = self.field_type(field)?;
        let name = self.token();
        field.name = self.at(&[NAME], |parser, _| parser.identifier("a field name"))?;
        if !self.take("=") {
            return self.expected("`=` and the field's number");
        }
        field.number = self.at(&[NUMBER], |parser, _| parser.number("a field number"))?;
        let options = self.field_options(field)?;
        if field.r#type == Some(Type::Group as i32) {
            let start = self.info.start(location);
            return self.group(field, scope, start, name);
        }
        self.expect_end(";", location)?;
        if let Some(map) = map {
            if let Some(options) = options {
                let entry = self.path_of_nested(scope);
                self.copy_features_to_entry(options, &entry);
            }
            scope.nested.push(self.map_entry(field, map));
        }
        Ok(())
    }

    /// The type of a field. For a map it is what its entry is made of, once the field has a name.
    fn field_type(&mut self, field: &mut Field) -> Parse<Option<Map>> {
        let is_map = self.is("map");
        if is_map && self.bytes(self.tokens[self.at + 1]) == b"<" {
            return self
                .at(&[TYPE_NAME], |parser, _| parser.map_type(field))
                .map(Some);
        }
        if field.label.is_none() {
            self.missing_label();
            field.label = Some(Label::Optional as i32);
        }
        if let Some(kind) = self.scalar() {
            if kind == Type::Group && self.is_edition() {
                let help = "declare a message, and a field of it with `[features.message_encoding = DELIMITED]`";
                self.wrong("in editions there are no groups", help);
            }
            self.at(&[TYPE], |parser, _| parser.advance());
            field.r#type = Some(kind as i32);
        } else {
            let name = self.at(&[TYPE_NAME], |parser, _| {
                if is_map {
                    // A type called `map` is not followed by more of a name, as in protoc.
                    parser.identifier("a type")
                } else {
                    parser.type_name("a type")
                }
            })?;
            field.type_name = Some(name);
        }
        Ok(None)
    }

    /// The type of the current token, if that is a keyword.
    pub(super) fn scalar(&mut self) -> Option<Type> {
        if self.syntax != Syntax::Edition(edition::UNSTABLE) {
            return Type::from_keyword(self.text());
        }
        unstable_scalar(self.text()).unwrap_or_else(|new| {
            let message = format!("in edition UNSTABLE there is no type `{}`", self.text());
            self.wrong(message, &format!("write `{new}`"));
            Type::from_keyword(self.text())
        })
    }

    /// Tells of a field without a label, which proto2 requires.
    fn missing_label(&mut self) {
        if matches!(self.syntax, Syntax::Proto3 | Syntax::Edition(_)) {
            return;
        }
        // A token that is no type is another mistake, which the caller tells.
        if !self.is_kind(TokenKind::Identifier) && !self.is(".") {
            return;
        }
        const LABELS: &str = "write `optional`, `required` or `repeated` before the type";
        let mut help = LABELS.to_owned();
        if self.syntax == Syntax::Missing && !self.is_syntax_told {
            self.is_syntax_told = true;
            let path = self.source.path();
            help = format!(
                "`{path}` has no `syntax` line, and is read as proto2: begin it with `syntax = \"proto3\";`, or {LABELS}"
            );
        }
        self.wrong("the field has no label", &help);
    }

    /// The name of a message or an enum, as it is written.
    pub(super) fn type_name(&mut self, what: &str) -> Parse<String> {
        if Type::from_keyword(self.text()).is_some() {
            let message = format!("expected {what}, and `{}` is none", self.text());
            self.wrong(
                message,
                "name a message: in full, as in `.package.Message`, if it has that name",
            );
            let name = self.text().to_owned();
            self.advance();
            return Ok(name);
        }
        let mut name = String::new();
        if self.take(".") {
            name.push('.');
        }
        name += &self.identifier(what)?;
        while self.take(".") {
            name.push('.');
            name += &self.identifier("a name behind the point")?;
        }
        Ok(name)
    }

    /// A number without a sign, up to 2^31 - 1.
    pub(super) fn number(&mut self, what: &str) -> Parse<i32> {
        if !self.is_kind(TokenKind::Integer) {
            return self.expected(what);
        }
        let value = number::integer(self.text(), i32::MAX as u64);
        if value.is_none() {
            self.wrong("the number is too large", "numbers go up to 2147483647");
        }
        self.advance();
        Ok(value.unwrap_or_default() as i32)
    }

    /// A group is a message, and a field of it. The message stands beside the field.
    fn group(
        &mut self,
        field: &mut Field,
        scope: &mut Scope<'_>,
        start: u32,
        name: Token,
    ) -> Parse {
        let mut message = Message {
            name: field.name.clone(),
            ..Message::default()
        };
        field.type_name = Some(field.name.clone());
        field.name.make_ascii_lowercase();
        let type_name = self.path_of(&[TYPE_NAME]);
        let path = self.path_of_nested(scope);
        let result = self.at_path(path, start, |parser, group| {
            parser.mark(&[NAME], name);
            parser.mark_path(&type_name, name);
            if !message.name.starts_with(|c: char| c.is_ascii_uppercase()) {
                let message = "the name of a group begins with a capital letter";
                let help = "its field has the name in lower case";
                parser.problem(name.start, name.end, message, help);
            }
            if !parser.is("{") {
                return parser.expected("`{` and the fields of the group");
            }
            parser.nested(|parser| parser.message_block(&mut message, group))
        });
        scope.nested.push(message);
        result
    }

    /// The path of the next message beside the field that is being read.
    fn path_of_nested(&self, scope: &Scope<'_>) -> Vec<i32> {
        let mut path = self.path[..self.path.len() - 2].to_vec();
        path.extend([scope.number, scope.nested.len() as i32]);
        path
    }

    /// `[default = …, json_name = …, option = …]`.
    fn field_options(&mut self, field: &mut Field) -> Parse<Options> {
        let mut options = None;
        if !self.is("[") {
            return Ok(options);
        }
        // `default` and `json_name` are not options, and stand at the path of the field.
        let [default, json_name] = [DEFAULT, JSON_NAME].map(|number| self.path_of(&[number]));
        self.at(&[OPTIONS], |parser, _| {
            parser.advance();
            loop {
                match parser.text() {
                    "default" => parser.default(field, &default)?,
                    "json_name" => parser.json_name(field, &json_name)?,
                    _ => parser.option(&mut options, Target::Field)?,
                }
                if !parser.take(",") {
                    return parser.expect("]");
                }
            }
        })?;
        Ok(options)
    }

    fn json_name(&mut self, field: &mut Field, path: &[i32]) -> Parse {
        if field.json_name.is_some() {
            self.wrong("`json_name` is set twice", "remove one of the two");
        }
        let start = self.token().start;
        self.at_path(path.to_vec(), start, |parser, _| {
            parser.advance();
            parser.expect("=")?;
            // The value has a location of its own, with the same path.
            let name = parser.at(&[], |parser, _| parser.string("a string"))?;
            field.json_name = Some(String::from_utf8_lossy(&name).into_owned());
            Ok(())
        })
    }

    fn default(&mut self, field: &mut Field, path: &[i32]) -> Parse {
        if field.default_value.is_some() {
            self.wrong("`default` is set twice", "remove one of the two");
        }
        self.advance();
        self.expect("=")?;
        let start = self.token().start;
        let kind = field.known_type();
        let value = self.at_path(path.to_vec(), start, |parser, _| parser.default_value(kind))?;
        field.default_value = Some(value);
        Ok(())
    }

    fn default_value(&mut self, kind: Option<Type>) -> Parse<String> {
        let Some(kind) = kind else {
            // A message or an enum: which one is known once names are resolved.
            let text = self.text().to_owned();
            self.advance();
            return Ok(text);
        };
        match kind {
            Type::Int32 | Type::Sint32 | Type::Sfixed32 => self.signed_default(i32::MAX as u64),
            Type::Int64 | Type::Sint64 | Type::Sfixed64 => self.signed_default(i64::MAX as u64),
            Type::Uint32 | Type::Fixed32 => self.unsigned_default(u64::from(u32::MAX)),
            Type::Uint64 | Type::Fixed64 => self.unsigned_default(u64::MAX),
            Type::Float | Type::Double => {
                let is_negative = self.take("-");
                let value = self.float("a number")?;
                let sign = if is_negative && !value.is_nan() {
                    "-"
                } else {
                    ""
                };
                let text = match kind {
                    Type::Float => number::float_to_text(value),
                    _ => number::to_text(value),
                };
                Ok(format!("{sign}{text}"))
            }
            Type::Bool => match self.text() {
                value @ ("true" | "false") => {
                    let value = value.to_owned();
                    self.advance();
                    Ok(value)
                }
                _ => self.expected("`true` or `false`"),
            },
            Type::String => {
                let value = self.string("a string")?;
                Ok(String::from_utf8_lossy(&value).into_owned())
            }
            Type::Bytes => Ok(string::c_escape(&self.string("a string")?)),
            Type::Enum => self.identifier("a value of the enum"),
            Type::Message | Type::Group => {
                self.wrong("messages have no default", "remove it");
                Err(Skip)
            }
        }
    }

    fn signed_default(&mut self, max: u64) -> Parse<String> {
        let is_negative = self.take("-");
        let value = self.integer(max + u64::from(is_negative), "an integer")?;
        let sign = if is_negative && value != 0 { "-" } else { "" };
        Ok(format!("{sign}{value}"))
    }

    fn unsigned_default(&mut self, max: u64) -> Parse<String> {
        if self.is("-") {
            self.wrong("the type has no negative numbers", "remove the sign");
            self.advance();
        }
        Ok(self.integer(max, "an integer")?.to_string())
    }

    pub(super) fn integer(&mut self, max: u64, what: &str) -> Parse<u64> {
        if !self.is_kind(TokenKind::Integer) {
            return self.expected(what);
        }
        let value = number::integer(self.text(), max);
        if value.is_none() {
            let help = format!("numbers go up to {max} here");
            self.wrong("the number is too large", &help);
        }
        self.advance();
        Ok(value.unwrap_or_default())
    }

    /// A number as a float: an integer of any kind, a float, `inf` or `nan`.
    pub(super) fn float(&mut self, what: &str) -> Parse<f64> {
        let text = self.text();
        let value = match self.token().kind {
            TokenKind::Float => number::float(text),
            TokenKind::Integer => {
                let integer = number::integer(text, u64::MAX).map(|value| value as f64);
                let decimal = || {
                    number::is_decimal(text)
                        .then(|| number::float(text))
                        .flatten()
                };
                integer.or_else(decimal)
            }
            TokenKind::Identifier if text == "inf" => Some(f64::INFINITY),
            TokenKind::Identifier if text == "nan" => Some(f64::NAN),
            _ => return self.expected(what),
        };
        if value.is_none() {
            self.wrong("the number is too large", "write it in decimal");
        }
        self.advance();
        Ok(value.unwrap_or_default())
    }
}
