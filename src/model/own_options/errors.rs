//! What error enums and their values say in options.

use super::fields::{Duration, Fields, text};

pub(crate) struct ErrorEnum {
    pub(crate) domain: String,
    pub(crate) default_code: Option<i32>,
    pub(crate) rust_type: String,
}

pub(crate) struct ErrorOptions {
    pub(crate) code: Option<i32>,
    pub(crate) message: String,
    pub(crate) placeholders: Vec<PlaceholderOptions>,
    pub(crate) details: Vec<String>,
    pub(crate) retry: Option<Retry>,
    pub(crate) help: Option<Link>,
    pub(crate) trailers: Vec<TrailerOptions>,
    pub(crate) reason: String,
}

pub(crate) struct PlaceholderOptions {
    pub(crate) name: String,
    pub(crate) r#type: i32,
    pub(crate) repeated: bool,
    pub(crate) metadata_only: bool,
}

pub(crate) struct Retry {
    pub(crate) delay: Option<Duration>,
}

pub(crate) struct Link {
    pub(crate) description: String,
    pub(crate) url: String,
}

pub(crate) struct TrailerOptions {
    pub(crate) key: String,
    pub(crate) value: Option<TrailerValue>,
}

pub(crate) enum TrailerValue {
    Placeholder(String),
    Json(String),
    Text(String),
}

impl ErrorEnum {
    pub(super) fn read(fields: &Fields<'_>) -> Self {
        Self {
            domain: fields.text(1),
            default_code: fields.number(2).map(|code| code as i32),
            rust_type: fields.text(3),
        }
    }
}

impl ErrorOptions {
    pub(super) fn read(fields: &Fields<'_>) -> Self {
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
    pub(super) fn read(fields: &Fields<'_>) -> Self {
        Self {
            name: fields.text(1),
            r#type: fields.number(2).unwrap_or_default() as i32,
            repeated: fields.number(3).unwrap_or_default() != 0,
            metadata_only: fields.number(4).unwrap_or_default() != 0,
        }
    }
}

impl Retry {
    pub(super) fn read(fields: &Fields<'_>) -> Self {
        Self {
            delay: fields.message(1, Duration::read),
        }
    }
}

impl Link {
    pub(super) fn read(fields: &Fields<'_>) -> Self {
        Self {
            description: fields.text(1),
            url: fields.text(2),
        }
    }
}

impl TrailerOptions {
    pub(super) fn read(fields: &Fields<'_>) -> Self {
        // The last field of a oneof counts.
        let mut records = fields.records().rev();
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
