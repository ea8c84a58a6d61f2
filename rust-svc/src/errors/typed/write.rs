//! From an error to its status.

use std::collections::HashMap;
use std::fmt::{self, Write as _};

use prost::Message;
use prost_types::Any;
use tonic::metadata::{AsciiMetadataKey, MetadataMap, MetadataValue};
use tonic::{Code, Status};
use tonic_types::pb;

use super::{ErrorKind, Json, Value};
use crate::errors::StatusExt as _;
use crate::errors::details::{self, packed};
use crate::metadata;

/// The message of an error.
#[must_use]
pub fn message(error: &impl fmt::Display) -> String {
    // Long enough for most of them.
    let mut message = String::with_capacity(96);
    // Writing to a string does not fail.
    let _ = write!(message, "{error}");
    message
}

/// Collects what a status says of an error.
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
    /// Nothing but the message.
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

    /// The value of a placeholder.
    #[must_use]
    pub fn metadata(mut self, key: &'static str, value: &impl Value) -> Self {
        self.metadata
            .insert(key.to_owned(), value.to_text().into_owned());
        self
    }

    /// All metadata at once.
    #[must_use]
    pub fn all_metadata(mut self, metadata: impl IntoIterator<Item = (String, String)>) -> Self {
        self.metadata.extend(metadata);
        self
    }

    /// A detail, if there is one.
    #[must_use]
    pub fn detail(mut self, name: &'static str, detail: &Option<impl Message>) -> Self {
        if let Some(detail) = detail {
            self.details.push(packed(name, detail));
        }
        self
    }

    /// The value of a placeholder as a trailer.
    #[must_use]
    pub fn trailer(self, key: &'static str, value: &impl Value) -> Self {
        let value = metadata::percent_encoded(&value.to_text());
        self.plain(key, value)
    }

    /// A list, which is JSON already.
    #[must_use]
    pub fn list_trailer<T: Value>(self, key: &'static str, list: &Vec<T>) -> Self {
        let value = list.to_text().into_owned();
        self.plain(key, value)
    }

    /// A detail as a trailer, if there is one.
    #[must_use]
    pub fn json_trailer(self, key: &'static str, detail: &Option<impl Json>) -> Self {
        match detail {
            Some(detail) => {
                let json = detail.json();
                self.plain(key, json)
            }
            None => self,
        }
    }

    /// A trailer that is always the same.
    #[must_use]
    pub fn text_trailer(self, key: &'static str, text: &'static str) -> Self {
        self.plain(key, text.to_owned())
    }

    /// Keys were looked at when the code was generated, and values are ASCII.
    fn plain(mut self, key: &'static str, value: String) -> Self {
        if let (Ok(key), Ok(value)) = (
            AsciiMetadataKey::from_bytes(key.as_bytes()),
            MetadataValue::try_from(value),
        ) {
            self.trailers.insert(key, value);
        }
        self
    }

    /// The status: `google.rpc.ErrorInfo` first, then what the kind says, then details as they were added;
    /// what does not fit in 8 KiB is cut.
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

/// What every error has.
pub(super) fn info(reason: String, domain: String, metadata: HashMap<String, String>) -> Any {
    let info = pb::ErrorInfo {
        reason,
        domain,
        metadata,
    };
    packed("google.rpc.ErrorInfo", &info)
}

pub(super) fn status(
    code: Code,
    message: String,
    details: Vec<Any>,
    trailers: MetadataMap,
) -> Status {
    let details = details::encoded(code, &message, details);
    Status::with_details_and_metadata(code, message, details, trailers)
}
