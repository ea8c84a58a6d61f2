//! Errors to a status.

use std::collections::HashMap;
use std::fmt::{self, Write as _};

use prost::Message;
use prost_types::Any;
use tonic::metadata::{AsciiMetadataKey, MetadataMap, MetadataValue};
use tonic::{Code, Status};
use tonic_types::pb;

use super::ErrorKind;
use crate::errors::StatusExt as _;
use crate::errors::json::Json;
use crate::errors::packed::{self, packed};
use crate::errors::value::Value;
use crate::metadata;

/// Message of an error.
#[must_use]
pub fn message(error: &impl fmt::Display) -> String {
    // Long enough for most messages.
    let mut message = String::with_capacity(96);
    // Writing to a string does not fail.
    let _ = write!(message, "{error}");
    message
}

/// Writer of an error to a status.
#[derive(Debug)]
pub struct ErrorWriter {
    kind: ErrorKind,
    code: Code,
    message: String,
    metadata: HashMap<String, String>,
    details: Vec<Any>,
    trailers: MetadataMap,
}

impl ErrorWriter {
    /// Error with its message alone.
    #[must_use]
    pub fn new(kind: ErrorKind, message: String) -> Self {
        Self {
            kind,
            code: kind.code(),
            message,
            metadata: HashMap::new(),
            details: Vec::new(),
            trailers: MetadataMap::new(),
        }
    }

    /// Adds the value of a placeholder.
    #[must_use]
    pub fn metadata(mut self, key: &'static str, value: &impl Value) -> Self {
        self.metadata
            .insert(key.to_owned(), value.to_text().into_owned());
        self
    }

    /// Adds metadata.
    #[must_use]
    pub fn all_metadata(mut self, metadata: impl IntoIterator<Item = (String, String)>) -> Self {
        self.metadata.extend(metadata);
        self
    }

    /// Adds a detail, if it is set.
    #[must_use]
    pub fn detail(mut self, name: &'static str, detail: &Option<impl Message>) -> Self {
        if let Some(detail) = detail {
            self.details.push(packed(name, detail));
        }
        self
    }

    /// Adds the value of a placeholder as a trailer.
    #[must_use]
    pub fn trailer(self, key: &'static str, value: &impl Value) -> Self {
        let value = metadata::percent_encoded(&value.to_text());
        self.ascii_trailer(key, value)
    }

    /// Adds a list as a trailer in JSON.
    #[must_use]
    pub fn list_trailer<T: Value>(self, key: &'static str, list: &Vec<T>) -> Self {
        let value = list.to_text().into_owned();
        self.ascii_trailer(key, value)
    }

    /// Adds a detail as a trailer in JSON, if it is set.
    #[must_use]
    pub fn json_trailer(self, key: &'static str, detail: &Option<impl Json>) -> Self {
        match detail {
            Some(detail) => {
                let json = detail.json();
                self.ascii_trailer(key, json)
            }
            None => self,
        }
    }

    /// Adds a trailer with a constant text.
    #[must_use]
    pub fn text_trailer(self, key: &'static str, text: &'static str) -> Self {
        self.ascii_trailer(key, text.to_owned())
    }

    /// Adds a trailer. The generator has checked the key, and the value is ASCII.
    fn ascii_trailer(mut self, key: &'static str, value: String) -> Self {
        if let (Ok(key), Ok(value)) = (
            AsciiMetadataKey::from_bytes(key.as_bytes()),
            MetadataValue::try_from(value),
        ) {
            self.trailers.insert(key, value);
        }
        self
    }

    /// Status with `google.rpc.ErrorInfo`, then the details of the kind, then the added details. It is shortened to 8 KiB.
    #[must_use]
    pub fn finish(self) -> Status {
        let kind = self.kind;
        let info = info(
            kind.reason().to_owned(),
            kind.domain().to_owned(),
            self.metadata,
        );
        let mut details = vec![info];
        if let Some(delay) = kind.retry_delay() {
            let retry_delay = prost_types::Duration::try_from(delay).ok();
            details.push(packed(
                "google.rpc.RetryInfo",
                &pb::RetryInfo { retry_delay },
            ));
        }
        if let (Some(url), Some(description)) = (kind.help_url(), kind.help_description()) {
            let link = pb::help::Link {
                url: url.to_owned(),
                description: description.to_owned(),
            };
            details.push(packed("google.rpc.Help", &pb::Help { links: vec![link] }));
        }
        details.extend(self.details);
        status(self.code, self.message, details, self.trailers).fitting()
    }
}

/// Detail of every error.
pub(super) fn info(reason: String, domain: String, metadata: HashMap<String, String>) -> Any {
    let info = pb::ErrorInfo {
        reason,
        domain,
        metadata,
    };
    packed("google.rpc.ErrorInfo", &info)
}

/// Status of an error.
pub(super) fn status(
    code: Code,
    message: String,
    details: Vec<Any>,
    trailers: MetadataMap,
) -> Status {
    let details = packed::encoded(code, &message, details);
    Status::with_details_and_metadata(code, message, details, trailers)
}
