//! Error enums of kratos: `errors.default_code` on an enum, `errors.code` on its values, both HTTP codes.

use super::read::rust_type;
use super::reading::{At, Reading};
use super::{Dialect, ErrorEnum, ErrorValue};
use crate::descriptor::{Enum, EnumValue};
use crate::model::status_code::StatusCode;

impl Reading<'_> {
    pub(super) fn kratos_enum(
        &mut self,
        at: &At<'_>,
        r#enum: &Enum,
        full_name: &str,
        default_code: i32,
    ) -> ErrorEnum {
        let default_code = Some(default_code).filter(|&code| code != 0);
        let values = r#enum.value.iter().enumerate();
        let errors = values.filter_map(|(index, value)| {
            self.kratos_value(&at.child(2, index as i32), value, index, default_code)
        });
        let errors = errors.collect();
        ErrorEnum {
            full_name: full_name.to_owned(),
            rust_type: rust_type(&r#enum.name),
            // kratos sends no domain; the package is what its reasons belong to.
            domain: at.file.package.clone(),
            dialect: Dialect::Kratos,
            errors,
            file: at.file.name.clone(),
            path: at.path.clone(),
        }
    }

    fn kratos_value(
        &mut self,
        at: &At<'_>,
        value: &EnumValue,
        index: usize,
        default_code: Option<i32>,
    ) -> Option<ErrorValue> {
        let own = self.reader.kratos_code(&value.options);
        if own.is_none() && value.number.unwrap_or_default() == 0 {
            return None;
        }
        let Some(http) = own.or(default_code) else {
            let message = format!("the error `{}` has no code", value.name);
            let help = "give it one by `[(errors.code) = 404]`, or the enum one by `option (errors.default_code) = 500;`";
            self.problem(at, "", message, help);
            return None;
        };
        let code = StatusCode::from_http(http).unwrap_or_else(|| {
            let message = format!(
                "the HTTP code {http} of `{}` is not an error code",
                value.name
            );
            let help = "codes of errors are from 300 to 600, such as 404";
            self.problem(at, &http.to_string(), message, help);
            StatusCode::UNKNOWN
        });
        self.check_reason(at, &value.name, &value.name);
        Some(ErrorValue {
            name: value.name.clone(),
            index,
            is_deprecated: value.is_deprecated(),
            reason: value.name.clone(),
            code,
            message: Vec::new(),
            placeholders: Vec::new(),
            details: Vec::new(),
            retry: None,
            help: None,
            trailers: Vec::new(),
        })
    }
}
