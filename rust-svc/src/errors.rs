//! Details of a status: what it says beyond its code and its message, in the formats of `google.rpc`.
//!
//! - [`StatusExt`] reads and adds details of any type, in `grpc-status-details-bin`.
//! - [`Violations`] collects errors of the fields of a request.
//! - [`Failure`] tells the answer of a server from a failure of the connection.
//! - [`internal`] logs an internal error and hides it from the caller.
//!
//! Error enums in proto files become error types that convert to a status and back. They use [`ErrorKind`],
//! [`UnknownError`] and [`OtherDomain`].

mod ascii;
mod details;
mod failure;
mod internal;
mod json;
mod limit;
mod packed;
pub(crate) mod typed;
mod value;
mod violations;

pub use details::{Detail, StatusExt};
pub use failure::Failure;
pub use internal::{ResultExt, internal};
/// Types of placeholders.
pub use prost_types::{Duration, Timestamp};
/// Messages of `google.rpc`, as prost generates them.
pub use tonic_types::pb;
pub use typed::{ErrorKind, OtherDomain, UnknownError};
pub use violations::{Violation, Violations};
