//! What tests of services, of their clients and of interceptors need.

pub(crate) mod deadline;
mod mock;
mod recorder;
mod server;
pub(crate) mod streaming;
mod suite;

pub use mock::{Asked, Many, Mock, MockMethod, One, Replies, Requests};
pub use recorder::{Event, RecordedCall, Recorder, Seen};
pub use server::{Stop, TestServer};
pub use streaming::streaming;
pub use suite::{InterceptorSuite, Report, Rule, Violation};
