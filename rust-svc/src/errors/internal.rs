//! Internal errors, which callers must not see.

use std::error::Error;
use std::hash::{BuildHasher, RandomState};

use tonic::Status;
use tonic::metadata::MetadataValue;
use tonic_types::pb::RequestInfo;

use super::StatusExt as _;

/// Trailer with the id.
const TRAILER: &str = "x-request-id";

/// Status `INTERNAL` for any error. The caller gets an id. The error and its sources are logged with the id, at ERROR.
///
/// The id is in the message, in the trailer `x-request-id`, and in a `google.rpc.RequestInfo`.
///
/// ```
/// use rust_svc::errors::internal;
///
/// let error = std::io::Error::other("password of the database is wrong");
/// let status = internal(error);
/// assert_eq!(status.code(), tonic::Code::Internal);
/// assert!(!status.message().contains("password"));
/// ```
pub fn internal(error: impl Into<Box<dyn Error + Send + Sync>>) -> Status {
    let error = error.into();
    let id = new_id();
    tracing::error!(request_id = id, error = chain(&*error), "internal error");
    let mut status = Status::internal(format!("internal error: {id}"));
    // An id is ASCII.
    if let Ok(value) = MetadataValue::try_from(&id) {
        status.metadata_mut().insert(TRAILER, value);
    }
    status.with_detail(RequestInfo {
        request_id: id,
        serving_data: String::new(),
    })
}

/// Conversion of results in handlers: `read(file).internal()?`.
pub trait ResultExt<T> {
    /// Converts an error by [`internal`].
    ///
    /// # Errors
    ///
    /// The status of [`internal`].
    fn internal(self) -> Result<T, Status>;
}

impl<T, E: Into<Box<dyn Error + Send + Sync>>> ResultExt<T> for Result<T, E> {
    fn internal(self) -> Result<T, Status> {
        self.map_err(|error| internal(error))
    }
}

/// Texts of an error and its sources.
fn chain(error: &(dyn Error + 'static)) -> String {
    let errors = std::iter::successors(Some(error), |error| (*error).source());
    let texts: Vec<_> = errors.map(ToString::to_string).collect();
    texts.join(": ")
}

/// Random id of 64 bits, from the keys of std's hashes.
fn new_id() -> String {
    format!("{:016x}", RandomState::new().hash_one(()))
}
