//! Enums and their values.

use super::ranges::Numbers;
use super::{Options, Parse, Parser};
use crate::descriptor::{Enum, EnumValue};
use crate::positions::LocationId;
use crate::target::Target;

/// Numbers of fields of `EnumDescriptorProto`.
const NAME: i32 = 1;
const VALUE: i32 = 2;
const OPTIONS: i32 = 3;

/// Numbers of fields of `EnumValueDescriptorProto`.
const VALUE_NUMBER: i32 = 2;
const VALUE_OPTIONS: i32 = 3;

impl Parser<'_> {
    pub(super) fn r#enum(
        &mut self,
        r#enum: &mut Enum,
        visibility: Option<i32>,
        location: LocationId,
    ) -> Parse {
        self.expect("enum")?;
        r#enum.name = self.at(&[NAME], |parser, _| parser.identifier("an enum name"))?;
        r#enum.visibility = visibility;
        let mut options = None;
        self.block(location, |parser| {
            parser.enum_statement(r#enum, &mut options)
        })
    }

    fn enum_statement(&mut self, r#enum: &mut Enum, options: &mut Options) -> Parse {
        if self.take_end(";", None) {
            return Ok(());
        }
        match self.text() {
            "option" => self.option_statement(options, Target::Enum, OPTIONS),
            "reserved" => self.reserved(
                Numbers::OfValues,
                &mut r#enum.reserved_range,
                &mut r#enum.reserved_name,
            ),
            _ => {
                let path = [VALUE, r#enum.value.len() as i32];
                let mut value = EnumValue::default();
                let result = self.at(&path, |parser, location| {
                    parser.enum_value(&mut value, location)
                });
                r#enum.value.push(value);
                result
            }
        }
    }

    fn enum_value(&mut self, value: &mut EnumValue, location: LocationId) -> Parse {
        value.name = self.at(&[NAME], |parser, _| {
            parser.identifier("the name of a value")
        })?;
        if !self.take("=") {
            return self.expected("`=` and the value's number");
        }
        let number = self.at(&[VALUE_NUMBER], |parser, _| {
            parser.signed_number("an integer")
        })?;
        value.number = Some(number);
        let mut options = None;
        self.bracketed_options(&mut options, Target::EnumValue, VALUE_OPTIONS)?;
        self.expect_end(";", location)
    }

    /// A number of 32 bits with a sign.
    pub(super) fn signed_number(&mut self, what: &str) -> Parse<i32> {
        let is_negative = self.take("-");
        let value = self.integer(i32::MAX as u64 + u64::from(is_negative), what)? as i64;
        Ok(if is_negative { -value } else { value } as i32)
    }
}
