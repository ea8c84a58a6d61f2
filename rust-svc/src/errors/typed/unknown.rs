//! Errors of a domain that a client does not know.

use std::collections::BTreeMap;
use std::fmt;

use prost_types::Any;
use tonic::metadata::MetadataMap;
use tonic::{Code, Status};

use super::write;
use crate::errors::StatusExt as _;

/// An error whose reason the code that reads it does not know: its server is newer, most likely. Nothing
/// of it is lost, and as a [`Status`] it goes on as it came.
///
/// So are errors whose reason is known, but with another code, or with metadata or a detail that are
/// not what the catalogue says.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct UnknownError {
    /// The code of the status.
    pub code: Code,
    /// Its message.
    pub message: String,
    /// What it is, in the words of whoever knows it.
    pub reason: String,
    /// The domain that the reason belongs to.
    pub domain: String,
    /// What else is said of it.
    pub metadata: BTreeMap<String, String>,
    /// All details but the `google.rpc.ErrorInfo`, which reason, domain and metadata are from.
    pub details: Vec<Any>,
}

impl UnknownError {
    /// Whether its server says when to send the call again, or that it is not there for now.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        let is_retry = |any: &Any| any.type_url.ends_with("/google.rpc.RetryInfo");
        self.code == Code::Unavailable || self.details.iter().any(is_retry)
    }
}

impl fmt::Display for UnknownError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for UnknownError {}

impl From<UnknownError> for Status {
    fn from(error: UnknownError) -> Self {
        let metadata = error.metadata.into_iter().collect();
        let info = write::info(error.reason, error.domain, metadata);
        let details = std::iter::once(info).chain(error.details).collect();
        write::status(error.code, error.message, details, MetadataMap::new()).fitting()
    }
}
