//! Runtime of the error types that are generated for error enums.

mod kind;
mod read;
mod unknown;
mod write;

pub use kind::ErrorKind;
pub use read::{ErrorReader, OtherDomain};
pub use unknown::UnknownError;
pub use write::{ErrorWriter, message};

pub use super::value::Shown;
