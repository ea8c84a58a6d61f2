//! The options of `rust_svc/v1/options.proto` and of kratos, read from the bytes that they are.

use prost::Message;

use crate::descriptor::RawOptions;
use crate::symbols::Symbols;
use crate::wire;

/// The number of all of our extensions.
const NUMBER: i32 = 46817;

#[derive(Clone, PartialEq, Message)]
pub(super) struct FileOptions {
    #[prost(string, tag = "1")]
    pub(super) error_domain: String,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct ServiceOptions {
    #[prost(string, repeated, tag = "1")]
    pub(super) errors: Vec<String>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct MethodOptions {
    #[prost(string, repeated, tag = "2")]
    pub(super) errors: Vec<String>,
}

#[derive(Clone, PartialEq, Message)]
struct EnumOptions {
    #[prost(message, optional, tag = "1")]
    errors: Option<ErrorEnum>,
}

#[derive(Clone, PartialEq, Message)]
struct EnumValueOptions {
    #[prost(message, optional, tag = "1")]
    error: Option<ErrorOptions>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct ErrorEnum {
    #[prost(string, tag = "1")]
    pub(super) domain: String,
    #[prost(int32, optional, tag = "2")]
    pub(super) default_code: Option<i32>,
    #[prost(string, tag = "3")]
    pub(super) rust_type: String,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct ErrorOptions {
    #[prost(int32, optional, tag = "1")]
    pub(super) code: Option<i32>,
    #[prost(string, tag = "2")]
    pub(super) message: String,
    #[prost(message, repeated, tag = "3")]
    pub(super) placeholders: Vec<PlaceholderOptions>,
    #[prost(string, repeated, tag = "4")]
    pub(super) details: Vec<String>,
    #[prost(message, optional, tag = "5")]
    pub(super) retry: Option<Retry>,
    #[prost(message, optional, tag = "6")]
    pub(super) help: Option<Link>,
    #[prost(message, repeated, tag = "7")]
    pub(super) trailers: Vec<TrailerOptions>,
    #[prost(string, tag = "8")]
    pub(super) reason: String,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct PlaceholderOptions {
    #[prost(string, tag = "1")]
    pub(super) name: String,
    #[prost(int32, tag = "2")]
    pub(super) r#type: i32,
    #[prost(bool, tag = "3")]
    pub(super) repeated: bool,
    #[prost(bool, tag = "4")]
    pub(super) metadata_only: bool,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct Retry {
    #[prost(message, optional, tag = "1")]
    pub(super) delay: Option<prost_types::Duration>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct Link {
    #[prost(string, tag = "1")]
    pub(super) description: String,
    #[prost(string, tag = "2")]
    pub(super) url: String,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct TrailerOptions {
    #[prost(string, tag = "1")]
    pub(super) key: String,
    #[prost(oneof = "TrailerValue", tags = "2, 3, 4")]
    pub(super) value: Option<TrailerValue>,
}

#[derive(Clone, PartialEq, prost::Oneof)]
pub(super) enum TrailerValue {
    #[prost(string, tag = "2")]
    Placeholder(String),
    #[prost(string, tag = "3")]
    Json(String),
    #[prost(string, tag = "4")]
    Text(String),
}

/// Reads options, as far as these files know the extensions: numbers alone are anybody's.
pub(super) struct Reader<'a> {
    symbols: &'a Symbols<'a>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(symbols: &'a Symbols<'a>) -> Self {
        Self { symbols }
    }

    pub(super) fn file(&self, options: &RawOptions) -> FileOptions {
        self.ours("FileOptions", "file", options)
            .unwrap_or_default()
    }

    pub(super) fn service(&self, options: &RawOptions) -> ServiceOptions {
        self.ours("ServiceOptions", "service", options)
            .unwrap_or_default()
    }

    pub(super) fn method(&self, options: &RawOptions) -> MethodOptions {
        self.ours("MethodOptions", "method", options)
            .unwrap_or_default()
    }

    pub(super) fn error_enum(&self, options: &RawOptions) -> Option<ErrorEnum> {
        let options: EnumOptions = self.ours("EnumOptions", "enum", options)?;
        options.errors
    }

    pub(super) fn error(&self, options: &RawOptions) -> Option<ErrorOptions> {
        let options: EnumValueOptions = self.ours("EnumValueOptions", "value", options)?;
        options.error
    }

    /// `errors.default_code` of kratos, an HTTP code.
    pub(super) fn kratos_default_code(&self, options: &RawOptions) -> Option<i32> {
        self.kratos("EnumOptions", 1108, "errors.default_code", options)
    }

    /// `errors.code` of kratos, an HTTP code.
    pub(super) fn kratos_code(&self, options: &RawOptions) -> Option<i32> {
        self.kratos("EnumValueOptions", 1109, "errors.code", options)
    }

    fn ours<M: Message + Default>(
        &self,
        options_type: &str,
        extension: &str,
        options: &RawOptions,
    ) -> Option<M> {
        let is_ours = self.is_extension(options_type, NUMBER, &format!("rust_svc.v1.{extension}"));
        let options = options.as_deref().filter(|_| is_ours)?;
        // Several records of one message are its parts.
        let records = wire::records(options)?.into_iter();
        let records = records.filter(|record| {
            record.number == NUMBER as u32 && record.kind == wire::Kind::Delimited
        });
        let bytes: Vec<u8> = records.flat_map(|record| record.value).copied().collect();
        // The linker has seen that they are what the extension says.
        M::decode(bytes.as_slice()).ok()
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
