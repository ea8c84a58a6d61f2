//! What a status says beyond its code and its message, in a way that every language can read.
//!
//! - [`StatusExt`] reads and adds the details of a status, of any type, in `grpc-status-details-bin`.
//! - [`Violations`] collects what is wrong with the fields of a request.
//! - [`Failure`] tells what a server said from what a connection did.
//! - [`internal`] hides what went wrong inside, and logs it.
//!
//! Error enums in proto files become types of their own, which are made into a status and read from one;
//! [`ErrorKind`], [`UnknownError`] and [`OtherDomain`] are of these.

mod ascii;
mod details;
mod failure;
mod internal;
mod limit;
pub(crate) mod typed;
mod violations;

pub use details::{Detail, StatusExt};
pub use failure::Failure;
pub use internal::{ResultExt, internal};
/// What placeholders of these types are.
pub use prost_types::{Duration, Timestamp};
/// The messages of `google.rpc`, as prost generates them.
pub use tonic_types::pb;
pub use typed::{ErrorKind, OtherDomain, UnknownError};
pub use violations::{Violation, Violations};
