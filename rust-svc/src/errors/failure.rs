//! Cause of a failed call: the answer of a server, the connection, or the deadline.

use std::error::Error;

use tonic::{ConnectError, Status, TimeoutExpired};

use crate::client::BrokenResponse;

/// Cause of a failed call of a client: the answer of a server, or a failure of the connection.
///
/// Both are a [`Status`] and can have the same code. A call that was not sent or not processed can be retried on any
/// server. A call that broke off may have been processed.
///
/// The types of the [sources](Error::source) of the status decide, which are errors of tonic, hyper and h2. Texts do not:
/// a server can send any.
///
/// ```
/// use rust_svc::errors::Failure;
/// use tonic::Status;
///
/// // A status without a source came from the server.
/// let status = Status::unavailable("closed for today");
/// assert_eq!(Failure::from_status(&status), Failure::Answered);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Failure {
    /// The server answered with this status, or the client did: an interceptor, or a limit of sizes.
    Answered,
    /// There was no connection, so that nothing was sent.
    NotConnected,
    /// The server did not process the call: it refused the stream (`REFUSED_STREAM` or a `GOAWAY` with a lower stream), or
    /// the connection closed before the call was sent.
    NotProcessed,
    /// The deadline expired at the client. The server may still process the call.
    TimedOut,
    /// The connection or the call broke off. The server may have processed the call.
    Interrupted,
}

impl Failure {
    /// Cause of this status, by its sources.
    #[must_use]
    pub fn from_status(status: &Status) -> Self {
        let Some(source) = status.source() else {
            return Self::Answered;
        };
        let mut chain = std::iter::successors(Some(source), |error| (*error).source());
        let known = chain.find_map(Self::from_source);
        known.unwrap_or(Self::Interrupted)
    }

    fn from_source(error: &(dyn Error + 'static)) -> Option<Self> {
        if error.is::<BrokenResponse>() {
            return Some(Self::Interrupted);
        }
        if error.is::<ConnectError>() {
            return Some(Self::NotConnected);
        }
        if error.is::<TimeoutExpired>() {
            return Some(Self::TimedOut);
        }
        let is_unsent = error.downcast_ref().is_some_and(hyper::Error::is_canceled);
        let is_refused = error.downcast_ref().is_some_and(is_refused);
        (is_unsent || is_refused).then_some(Self::NotProcessed)
    }

    /// Whether no server processed the call, so that a retry cannot process it twice.
    #[must_use]
    pub fn is_safe_to_retry(self) -> bool {
        matches!(self, Self::NotConnected | Self::NotProcessed)
    }
}

/// Whether a server reports that it did not process a stream (RFC 9113, sections 6.8 and 8.7). A `GOAWAY` does not fail
/// the streams up to the last that it names.
fn is_refused(error: &h2::Error) -> bool {
    let is_refused = error.reason() == Some(h2::Reason::REFUSED_STREAM);
    error.is_remote() && (error.is_go_away() || error.is_reset() && is_refused)
}
