//! Unknown errors of a domain.

use std::collections::BTreeMap;
use std::fmt;

use prost_types::Any;
use tonic::metadata::MetadataMap;
use tonic::{Code, Status};

use super::write;
use crate::errors::StatusExt as _;

/// Error whose reason the reader does not know, for example from a newer server. It is complete: it converts to the
/// [`Status`] that it was read from.
///
/// An error with a known reason is unknown as well if its code, its metadata or a detail differ from the proto.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct UnknownError {
    /// Code of the status.
    pub code: Code,
    /// Message of the status.
    pub message: String,
    /// Reason, such as `USER_NOT_FOUND`.
    pub reason: String,
    /// Domain of the reason.
    pub domain: String,
    /// Metadata.
    pub metadata: BTreeMap<String, String>,
    /// All details except `google.rpc.ErrorInfo`, which has the reason, the domain and the metadata.
    pub details: Vec<Any>,
}

impl UnknownError {
    /// Whether the call can be retried: the status has a `google.rpc.RetryInfo` or is `UNAVAILABLE`.
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
