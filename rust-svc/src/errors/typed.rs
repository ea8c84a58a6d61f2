//! Runtime of the error types that are generated for error enums.

mod json;
mod kind;
mod read;
mod unknown;
mod value;
mod write;

pub(super) use json::Json;
pub use kind::ErrorKind;
pub use read::{ErrorReader, OtherDomain};
pub use unknown::UnknownError;
pub use value::Shown;
use value::Value;
pub use write::{ErrorWriter, message};
