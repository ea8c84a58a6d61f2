//! What tests of services, of their clients and of interceptors need.

pub(crate) mod deadline;
mod mock;
mod server;
pub(crate) mod streaming;

pub use mock::{Asked, Many, Mock, MockMethod, One, Replies, Requests};
pub use server::{Stop, TestServer};
pub use streaming::streaming;
