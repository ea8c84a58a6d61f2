//! What went wrong inside, and is nobody's business outside.

use std::error::Error;
use std::hash::{BuildHasher, RandomState};

use tonic::Status;
use tonic::metadata::MetadataValue;
use tonic_types::pb::RequestInfo;

use super::StatusExt as _;

/// The trailer with the id.
const TRAILER: &str = "x-request-id";

/// Makes `INTERNAL` of any error. The caller is told an id; what it is that went wrong, with all that
/// it comes from, is in the log beside that id, at ERROR.
///
/// The id is in the message, in the trailer `x-request-id`, and in a `google.rpc.RequestInfo`: whoever
/// reports it can be helped.
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
    tracing::error!(
        request_id = id,
        error = chain(&*error),
        "a call failed inside"
    );
    let mut status = Status::internal(format!("the call failed inside of the server: {id}"));
    // An id is ASCII.
    if let Ok(value) = MetadataValue::try_from(&id) {
        status.metadata_mut().insert(TRAILER, value);
    }
    status.with_detail(RequestInfo {
        request_id: id,
        serving_data: String::new(),
    })
}

/// For a handler: `read(file).internal()?`.
pub trait ResultExt<T> {
    /// Makes `INTERNAL` of an error, by [`internal`].
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

/// An error and what it comes from.
fn chain(error: &(dyn Error + 'static)) -> String {
    let errors = std::iter::successors(Some(error), |error| (*error).source());
    let texts: Vec<_> = errors.map(ToString::to_string).collect();
    texts.join(": ")
}

/// Not to be guessed for the keys of std's hashes are not, and not given twice but by an accident of 64
/// bits.
fn new_id() -> String {
    format!("{:016x}", RandomState::new().hash_one(()))
}
