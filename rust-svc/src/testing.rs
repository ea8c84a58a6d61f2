//! Tools for tests of services, clients and interceptors.

mod mock;
mod recorder;
mod server;
mod suite;

pub use crate::arity::{Many, One, RequestArity, ResponseArity};
pub use crate::streaming::streaming;
pub use mock::{Asked, Mock, MockMethod, MockRequest};
pub use recorder::{Event, RecordedCall, Recorder, Seen};
pub use server::{Stop, TestServer};
pub use suite::{InterceptorSuite, Report, Rule, RuleViolation};
