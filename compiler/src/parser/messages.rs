//! Messages and oneofs.

use super::fields::Scope;
use super::ranges::Numbers;
use super::{MAX_NESTING, Options, Parse, Parser, Skip, Syntax};
use crate::descriptor::{Field, Label, Message, Oneof};
use crate::positions::LocationId;
use crate::syntax::Value;
use crate::target::Target;
use crate::work;

/// Numbers of fields of `DescriptorProto`.
const NAME: i32 = 1;
const FIELD: i32 = 2;
pub(super) const NESTED: i32 = 3;
const ENUM: i32 = 4;
const EXTENSION_RANGE: i32 = 5;
const EXTENSION: i32 = 6;
const OPTIONS: i32 = 7;
const ONEOF: i32 = 8;

/// The number of `options` in `OneofDescriptorProto`.
const ONEOF_OPTIONS: i32 = 2;

impl Parser<'_> {
    pub(super) fn message(
        &mut self,
        message: &mut Message,
        visibility: Option<i32>,
        location: LocationId,
    ) -> Parse {
        self.nested(|parser| {
            parser.expect("message")?;
            message.name = parser.at(&[NAME], |parser, _| parser.identifier("a message name"))?;
            message.visibility = visibility;
            parser.message_block(message, location)?;
            if parser.syntax == Syntax::Proto3 {
                add_synthetic_oneofs(message);
            }
            Ok(())
        })
    }

    /// Reads a message that may be within others, up to a depth.
    pub(super) fn nested(&mut self, read: impl FnOnce(&mut Self) -> Parse) -> Parse {
        if self.depth == MAX_NESTING {
            let message =
                format!("messages stand in each other, at most {MAX_NESTING} levels deep");
            self.wrong(message, "declare this one further out");
            return Err(Skip);
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }

    pub(super) fn message_block(&mut self, message: &mut Message, location: LocationId) -> Parse {
        let mut options = None;
        self.block(location, |parser| {
            parser.message_statement(message, &mut options)
        })?;
        if let Some(options) = options {
            self.no_map_entry(options);
        }
        let is_message_set = options.is_some_and(|options| self.is_message_set(options));
        super::ranges::set_maximum(message, is_message_set);
        Ok(())
    }

    /// The option that marks the entry of a map is for what the compiler makes.
    fn no_map_entry(&mut self, options: usize) {
        let statements = self.options[options].statements.iter();
        let mut names = statements.filter_map(|statement| statement.name.first());
        let found = names.find(|part| part.name == "map_entry" && !part.is_extension);
        if let Some((start, end)) = found.map(|part| (part.start, part.end)) {
            let help = "write `map<string, int32> field = 1;`";
            self.problem(start, end, "only a map has the option `map_entry`", help);
        }
    }

    fn is_message_set(&self, options: usize) -> bool {
        self.options[options].statements.iter().any(|statement| {
            let is_name = |name: &str| name == "message_set_wire_format";
            let is_true = matches!(&statement.value, Value::Identifier(value) if value == "true");
            matches!(statement.name.as_slice(), [part] if !part.is_extension && is_name(&part.name))
                && is_true
        })
    }

    fn message_statement(&mut self, message: &mut Message, options: &mut Options) -> Parse {
        if self.take_end(";", None) {
            return Ok(());
        }
        let visibility = self.visibility()?;
        match self.text() {
            "message" => {
                let path = [NESTED, message.nested_type.len() as i32];
                let mut nested = Message::default();
                let result = self.at(&path, |parser, location| {
                    parser.message(&mut nested, visibility, location)
                });
                message.nested_type.push(nested);
                result
            }
            "enum" => {
                let path = [ENUM, message.enum_type.len() as i32];
                let mut r#enum = Default::default();
                let result = self.at(&path, |parser, location| {
                    parser.r#enum(&mut r#enum, visibility, location)
                });
                message.enum_type.push(r#enum);
                result
            }
            "extensions" => self.extensions(message, EXTENSION_RANGE),
            "reserved" => self.reserved(
                Numbers::OfFields,
                &mut message.reserved_range,
                &mut message.reserved_name,
            ),
            "extend" => self.extend(
                &mut message.extension,
                EXTENSION,
                &mut message.nested_type,
                NESTED,
            ),
            "option" => self.option_statement(options, Target::Message, OPTIONS),
            "oneof" => self.oneof(message),
            _ => {
                let path = [FIELD, message.field.len() as i32];
                let mut field = Field::default();
                let nested = &mut message.nested_type;
                let mut scope = Scope {
                    nested,
                    number: NESTED,
                };
                let result = self.at(&path, |parser, location| {
                    parser.labelled_field(&mut field, &mut scope, location)
                });
                message.field.push(field);
                result
            }
        }
    }

    fn oneof(&mut self, message: &mut Message) -> Parse {
        let index = message.oneof_decl.len() as i32;
        message.oneof_decl.push(Oneof::default());
        // Fields of a oneof are fields of the message.
        let message_path = self.path.clone();
        self.at(&[ONEOF, index], |parser, location| {
            parser.advance();
            let name = parser.at(&[NAME], |parser, _| parser.identifier("a oneof name"))?;
            message.oneof_decl[index as usize].name = name;
            let mut options = None;
            parser.block(location, |parser| {
                if parser.is("option") {
                    parser.option_statement(&mut options, Target::Oneof, ONEOF_OPTIONS)
                } else {
                    parser.oneof_field(message, index, &message_path)
                }
            })
        })
    }

    fn oneof_field(&mut self, message: &mut Message, oneof: i32, message_path: &[i32]) -> Parse {
        if matches!(self.text(), "required" | "optional" | "repeated") {
            let help = "remove the label: at most one field of a oneof is set";
            self.wrong("fields of a oneof have no label", help);
            self.advance();
        }
        let path = [message_path, &[FIELD, message.field.len() as i32]].concat();
        let mut field = Field {
            label: Some(Label::Optional as i32),
            oneof_index: Some(oneof),
            ..Field::default()
        };
        let nested = &mut message.nested_type;
        let mut scope = Scope {
            nested,
            number: NESTED,
        };
        let start = self.token().start;
        let result = self.at_path(path, start, |parser, location| {
            parser.field(&mut field, &mut scope, location)
        });
        message.field.push(field);
        result
    }
}

/// An `optional` field of proto3 is alone in a oneof, whose name is that of nothing else.
fn add_synthetic_oneofs(message: &mut Message) {
    if message
        .field
        .iter()
        .all(|field| field.proto3_optional.is_none())
    {
        return;
    }
    let fields = message.field.iter().map(|field| field.name.clone());
    let oneofs = message.oneof_decl.iter().map(|oneof| oneof.name.clone());
    let mut names: std::collections::HashSet<String> = fields.chain(oneofs).collect();
    let mut seen = std::collections::HashSet::new();
    for field in &mut message.field {
        // A second field of one name will be told: looking for names for its oneof could take long.
        if field.proto3_optional.is_none() || !seen.insert(field.name.clone()) {
            continue;
        }
        let mut name = field.name.clone();
        if !name.starts_with('_') {
            name.insert(0, '_');
        }
        while !names.insert(name.clone()) {
            work::count(name.len());
            name.insert(0, 'X');
        }
        field.oneof_index = Some(message.oneof_decl.len() as i32);
        message.oneof_decl.push(Oneof {
            name,
            options: None,
        });
    }
}
