//! The options of `rust_svc/v1/options.proto` and of kratos, read from the bytes that they are.

use crate::descriptor::RawOptions;
use crate::symbols::Symbols;
use crate::wire;

mod errors;
mod fields;
mod policies;

pub(crate) use errors::{
    ErrorEnum, ErrorOptions, Link, PlaceholderOptions, Retry, TrailerOptions, TrailerValue,
};
pub(crate) use fields::Duration;
use fields::Fields;
pub(crate) use policies::{HedgingPolicy, PolicyOptions, RetryPolicy, RetryThrottling};

/// The number of all of our extensions.
pub(crate) const NUMBER: i32 = 46817;

#[derive(Default)]
pub(crate) struct FileOptions {
    pub(crate) error_domain: String,
}

#[derive(Default)]
pub(crate) struct ServiceOptions {
    pub(crate) errors: Vec<String>,
    pub(crate) policy: PolicyOptions,
    pub(crate) retry_throttling: Option<RetryThrottling>,
}

#[derive(Default)]
pub(crate) struct MethodOptions {
    pub(crate) errors: Vec<String>,
    pub(crate) policy: PolicyOptions,
}

/// Reads options, as far as these files know the extensions: numbers alone are anybody's.
pub(crate) struct Reader<'a> {
    symbols: &'a Symbols<'a>,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(symbols: &'a Symbols<'a>) -> Self {
        Self { symbols }
    }

    pub(crate) fn file(&self, options: &RawOptions) -> FileOptions {
        let read = |fields: &Fields<'_>| FileOptions {
            error_domain: fields.text(1),
        };
        self.ours(("FileOptions", "file"), options, read)
            .unwrap_or_default()
    }

    pub(crate) fn service(&self, options: &RawOptions) -> ServiceOptions {
        let read = |fields: &Fields<'_>| ServiceOptions {
            errors: fields.texts(1),
            policy: PolicyOptions::read(fields),
            retry_throttling: fields.message(2, RetryThrottling::read),
        };
        self.ours(("ServiceOptions", "service"), options, read)
            .unwrap_or_default()
    }

    pub(crate) fn method(&self, options: &RawOptions) -> MethodOptions {
        let read = |fields: &Fields<'_>| MethodOptions {
            errors: fields.texts(2),
            policy: PolicyOptions::read(fields),
        };
        self.ours(("MethodOptions", "method"), options, read)
            .unwrap_or_default()
    }

    pub(crate) fn error_enum(&self, options: &RawOptions) -> Option<ErrorEnum> {
        let read = |fields: &Fields<'_>| fields.message(1, ErrorEnum::read);
        self.ours(("EnumOptions", "enum"), options, read)?
    }

    pub(crate) fn error(&self, options: &RawOptions) -> Option<ErrorOptions> {
        let read = |fields: &Fields<'_>| fields.message(1, ErrorOptions::read);
        self.ours(("EnumValueOptions", "value"), options, read)?
    }

    /// `errors.default_code` of kratos, an HTTP code.
    pub(crate) fn kratos_default_code(&self, options: &RawOptions) -> Option<i32> {
        self.kratos("EnumOptions", 1108, "errors.default_code", options)
    }

    /// `errors.code` of kratos, an HTTP code.
    pub(crate) fn kratos_code(&self, options: &RawOptions) -> Option<i32> {
        self.kratos("EnumValueOptions", 1109, "errors.code", options)
    }

    /// One of our extensions: the message that it extends, and its name.
    fn ours<M>(
        &self,
        (options_type, extension): (&str, &str),
        options: &RawOptions,
        read: fn(&Fields<'_>) -> M,
    ) -> Option<M> {
        let options = options.as_deref()?;
        let is_ours = self.is_extension(options_type, NUMBER, &format!("rust_svc.v1.{extension}"));
        if !is_ours {
            return None;
        }
        Fields::new(options).message(NUMBER as u32, read)
    }

    fn kratos(
        &self,
        options_type: &str,
        number: i32,
        extension: &str,
        options: &RawOptions,
    ) -> Option<i32> {
        let is_theirs = self.is_extension(options_type, number, extension);
        let code = wire::varint(options.as_deref(), number as u32).filter(|_| is_theirs)?;
        Some(code as i32)
    }

    fn is_extension(&self, options_type: &str, number: i32, full_name: &str) -> bool {
        let extendee = format!(".google.protobuf.{options_type}");
        self.symbols
            .is_extension(&extendee, number, &format!(".{full_name}"))
    }
}
