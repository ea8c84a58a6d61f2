//! The value of a statement, in the type of its field.

use super::encode::Encoded;
use super::interpret::{Interpreter, Wrong};
use super::scalar::{self, Number};
use super::text;
use crate::descriptor::Type;
use crate::diagnostics::did_you_mean;
use crate::pool::{FieldRef, Pool};
use crate::syntax::{NamePart, Statement, Value};

impl<'a> Interpreter<'a, '_, '_> {
    /// The value of a statement, in the type of its field.
    pub(super) fn value(
        &mut self,
        field: FieldRef<'a>,
        statement: &Statement,
    ) -> Result<Encoded, Wrong> {
        let kind = field.field.r#type();
        let value = match (kind, &statement.value) {
            (Type::Message | Type::Group, Value::Aggregate(tokens)) => {
                let Some(message) = field.message() else {
                    return Err(Wrong);
                };
                let bytes = text::parse(self, tokens, message, statement.value_end)?;
                return Ok(if field.is_group() {
                    Encoded::Group(bytes)
                } else {
                    Encoded::Delimited(bytes)
                });
            }
            (Type::Bool, Value::Identifier(name)) => match name.as_str() {
                "true" => Some(Encoded::Varint(1)),
                "false" => Some(Encoded::Varint(0)),
                _ => None,
            },
            (Type::Enum, Value::Identifier(name)) => {
                let (start, end) = (statement.value_start, statement.value_end);
                return self.enum_value(field, name, start, end);
            }
            (Type::Enum, _) => None,
            (Type::String | Type::Bytes, Value::String(bytes)) => {
                Some(Encoded::Delimited(bytes.clone()))
            }
            (Type::Float | Type::Double, Value::Identifier(name)) => {
                let value = match name.as_str() {
                    "inf" => Some(f64::INFINITY),
                    "nan" => Some(f64::NAN),
                    _ => None,
                };
                value.and_then(|value| scalar::number(kind, Number::Double(value)))
            }
            (_, Value::Positive(value)) => scalar::number(kind, Number::Positive(*value)),
            (_, Value::Negative(value)) => scalar::number(kind, Number::Negative(*value)),
            (_, Value::Double(value)) => scalar::number(kind, Number::Double(*value)),
            _ => None,
        };
        match value {
            Some(value) => Ok(value),
            None => {
                let name = NamePart::spelling(&statement.name);
                let message = format!("the option `{name}` takes {}", scalar::range(kind));
                let help = "see where the option is declared for its type";
                self.wrong(statement.value_start, statement.value_end, message, help)
            }
        }
    }

    /// The number of an enum's value.
    pub(super) fn enum_value(
        &mut self,
        field: FieldRef<'a>,
        name: &str,
        start: u32,
        end: u32,
    ) -> Result<Encoded, Wrong> {
        let Pool { files, symbols } = field.pool;
        let type_name = field.field.type_name.as_deref().unwrap_or_default();
        let Some(id) = symbols.find(type_name) else {
            return Err(Wrong);
        };
        if let Some(value) = symbols.enum_value(files, id, name) {
            if std::ptr::eq(symbols, self.pool.symbols) {
                self.visible.mark(symbols.get(id).file);
            }
            let number = i64::from(value.number.unwrap_or_default());
            return Ok(Encoded::Varint(number as u64));
        }
        let values = symbols
            .r#enum(files, id)
            .map_or(&[][..], |r#enum| &r#enum.value);
        let names = values.iter().map(|value| value.name.as_str());
        let help = || did_you_mean(name, names, "see where the enum is declared for its values");
        let message = format!(
            "`{}` has no value `{name}`",
            type_name.trim_start_matches('.')
        );
        self.wrong_with(start, end, || (message, help()))
    }
}
