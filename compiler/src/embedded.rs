//! The protos of `google/protobuf` that come with every protoc.
//!
//! They are declarations of the same descriptors as those of protoc 35.1, without its comments.

mod linked;
pub(crate) mod texts;

pub use linked::file;
pub(crate) use linked::pool;
pub use texts::{protos, text};
