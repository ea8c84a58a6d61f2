//! Tools for tests of services, clients and interceptors.

pub(crate) mod mock;
mod recorder;
mod server;
pub(crate) mod streaming;
mod suite;

pub use crate::arity::{Many, One, RequestArity, ResponseArity};
pub use mock::{Asked, Mock, MockMethod, MockRequest};
pub use recorder::{Event, RecordedCall, Recorder, Seen};
pub use server::{Stop, TestServer};
pub use streaming::streaming;
pub use suite::{InterceptorSuite, Report, Rule, RuleViolation};
