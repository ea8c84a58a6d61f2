//! The options of `rust_svc/v1/options.proto` and of kratos, read from the bytes that they are.

use crate::descriptor::RawOptions;
use crate::symbols::Symbols;
use crate::wire::{self, Record};

/// The number of all of our extensions.
const NUMBER: i32 = 46817;

#[derive(Default)]
pub(super) struct FileOptions {
    pub(super) error_domain: String,
}

#[derive(Default)]
pub(super) struct ServiceOptions {
    pub(super) errors: Vec<String>,
}

#[derive(Default)]
pub(super) struct MethodOptions {
    pub(super) errors: Vec<String>,
}

pub(super) struct ErrorEnum {
    pub(super) domain: String,
    pub(super) default_code: Option<i32>,
    pub(super) rust_type: String,
}

pub(super) struct ErrorOptions {
    pub(super) code: Option<i32>,
    pub(super) message: String,
    pub(super) placeholders: Vec<PlaceholderOptions>,
    pub(super) details: Vec<String>,
    pub(super) retry: Option<Retry>,
    pub(super) help: Option<Link>,
    pub(super) trailers: Vec<TrailerOptions>,
    pub(super) reason: String,
}

pub(super) struct PlaceholderOptions {
    pub(super) name: String,
    pub(super) r#type: i32,
    pub(super) repeated: bool,
    pub(super) metadata_only: bool,
}

pub(super) struct Retry {
    pub(super) delay: Option<Duration>,
}

/// `google.protobuf.Duration`.
pub(super) struct Duration {
    pub(super) seconds: i64,
    pub(super) nanos: i32,
}

pub(super) struct Link {
    pub(super) description: String,
    pub(super) url: String,
}

pub(super) struct TrailerOptions {
    pub(super) key: String,
    pub(super) value: Option<TrailerValue>,
}

pub(super) enum TrailerValue {
    Placeholder(String),
    Json(String),
    Text(String),
}

impl ErrorEnum {
    fn read(fields: &Fields<'_>) -> Self {
        Self {
            domain: fields.text(1),
            default_code: fields.number(2).map(|code| code as i32),
            rust_type: fields.text(3),
        }
    }
}

impl ErrorOptions {
    fn read(fields: &Fields<'_>) -> Self {
        Self {
            code: fields.number(1).map(|code| code as i32),
            message: fields.text(2),
            placeholders: fields.messages(3, PlaceholderOptions::read),
            details: fields.texts(4),
            retry: fields.message(5, Retry::read),
            help: fields.message(6, Link::read),
            trailers: fields.messages(7, TrailerOptions::read),
            reason: fields.text(8),
        }
    }
}

impl PlaceholderOptions {
    fn read(fields: &Fields<'_>) -> Self {
        Self {
            name: fields.text(1),
            r#type: fields.number(2).unwrap_or_default() as i32,
            repeated: fields.number(3).unwrap_or_default() != 0,
            metadata_only: fields.number(4).unwrap_or_default() != 0,
        }
    }
}

impl Retry {
    fn read(fields: &Fields<'_>) -> Self {
        let delay = |fields: &Fields<'_>| Duration {
            seconds: fields.number(1).unwrap_or_default(),
            nanos: fields.number(2).unwrap_or_default() as i32,
        };
        Self {
            delay: fields.message(1, delay),
        }
    }
}

impl Link {
    fn read(fields: &Fields<'_>) -> Self {
        Self {
            description: fields.text(1),
            url: fields.text(2),
        }
    }
}

impl TrailerOptions {
    fn read(fields: &Fields<'_>) -> Self {
        // The last field of a oneof counts.
        let mut records = fields.0.iter().rev();
        let value = records.find_map(|record| match record.number {
            2 => Some(TrailerValue::Placeholder(text(record))),
            3 => Some(TrailerValue::Json(text(record))),
            4 => Some(TrailerValue::Text(text(record))),
            _ => None,
        });
        Self {
            key: fields.text(1),
            value,
        }
    }
}

/// The fields of an encoded message. The linker has checked their wire types.
struct Fields<'a>(Vec<Record<'a>>);

impl<'a> Fields<'a> {
    fn new(message: &'a [u8]) -> Self {
        Self(wire::records(message).unwrap_or_default())
    }

    fn all(&self, number: u32) -> impl DoubleEndedIterator<Item = &Record<'a>> {
        self.0.iter().filter(move |record| record.number == number)
    }

    fn number(&self, number: u32) -> Option<i64> {
        let record = self.all(number).next_back()?;
        wire::take_varint(&mut { record.value }).map(|value| value as i64)
    }

    fn text(&self, number: u32) -> String {
        self.all(number).next_back().map(text).unwrap_or_default()
    }

    fn texts(&self, number: u32) -> Vec<String> {
        self.all(number).map(text).collect()
    }

    fn message<M>(&self, number: u32, read: fn(&Fields<'_>) -> M) -> Option<M> {
        let parts: Vec<_> = self.all(number).map(|record| record.value).collect();
        // Several records of one message are its parts.
        (!parts.is_empty()).then(|| read(&Fields::new(&parts.concat())))
    }

    fn messages<M>(&self, number: u32, read: fn(&Fields<'_>) -> M) -> Vec<M> {
        let records = self.all(number);
        records
            .map(|record| read(&Fields::new(record.value)))
            .collect()
    }
}

fn text(record: &Record<'_>) -> String {
    String::from_utf8_lossy(record.value).into_owned()
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
        let read = |fields: &Fields<'_>| FileOptions {
            error_domain: fields.text(1),
        };
        self.ours(("FileOptions", "file"), options, read)
            .unwrap_or_default()
    }

    pub(super) fn service(&self, options: &RawOptions) -> ServiceOptions {
        let read = |fields: &Fields<'_>| ServiceOptions {
            errors: fields.texts(1),
        };
        self.ours(("ServiceOptions", "service"), options, read)
            .unwrap_or_default()
    }

    pub(super) fn method(&self, options: &RawOptions) -> MethodOptions {
        let read = |fields: &Fields<'_>| MethodOptions {
            errors: fields.texts(2),
        };
        self.ours(("MethodOptions", "method"), options, read)
            .unwrap_or_default()
    }

    pub(super) fn error_enum(&self, options: &RawOptions) -> Option<ErrorEnum> {
        let read = |fields: &Fields<'_>| fields.message(1, ErrorEnum::read);
        self.ours(("EnumOptions", "enum"), options, read)?
    }

    pub(super) fn error(&self, options: &RawOptions) -> Option<ErrorOptions> {
        let read = |fields: &Fields<'_>| fields.message(1, ErrorOptions::read);
        self.ours(("EnumValueOptions", "value"), options, read)?
    }

    /// `errors.default_code` of kratos, an HTTP code.
    pub(super) fn kratos_default_code(&self, options: &RawOptions) -> Option<i32> {
        self.kratos("EnumOptions", 1108, "errors.default_code", options)
    }

    /// `errors.code` of kratos, an HTTP code.
    pub(super) fn kratos_code(&self, options: &RawOptions) -> Option<i32> {
        self.kratos("EnumValueOptions", 1109, "errors.code", options)
    }

    /// One of our extensions: the message that it extends, and its name.
    fn ours<M>(
        &self,
        (options_type, extension): (&str, &str),
        options: &RawOptions,
        read: fn(&Fields<'_>) -> M,
    ) -> Option<M> {
        let is_ours = self.is_extension(options_type, NUMBER, &format!("rust_svc.v1.{extension}"));
        let options = options.as_deref().filter(|_| is_ours)?;
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
