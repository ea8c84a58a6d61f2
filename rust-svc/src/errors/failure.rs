//! The cause of a failed call: a server's answer, the connection, or the time.

use std::error::Error;

use tonic::{ConnectError, Status, TimeoutExpired};

use crate::client::Begun;

/// Why a client's call failed: what a server said, or what became of the connection.
///
/// Both are a [`Status`], and both can have the same code. What was never sent, or never processed, can be
/// sent again, to any server; what broke off may have been done.
///
/// The types of the errors that a status was [made of](Error::source) decide, which are errors of tonic,
/// hyper and h2. Texts do not, since a server can send any.
///
/// ```
/// use rust_svc::errors::Failure;
/// use tonic::Status;
///
/// // What came in trailers: this one is the server's own word.
/// let status = Status::unavailable("closed for today");
/// assert_eq!(Failure::of(&status), Failure::Answered);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Failure {
    /// The server answered with this status, or something here did: an interceptor, a limit of sizes.
    Answered,
    /// There was no connection: nothing was sent.
    NotConnected,
    /// There was a connection, and the server did not look at the call: it refused the stream
    /// (`REFUSED_STREAM`) or went away before it (`GOAWAY` with a lower stream), or the connection closed
    /// before the call was sent.
    NotProcessed,
    /// The time was up here. Whatever the server does with the call, nobody waits for it.
    TimedOut,
    /// The connection or the call broke off. The server may have got the call, and may have done what it
    /// asks.
    Interrupted,
}

impl Failure {
    /// Looks at what a status was made of.
    #[must_use]
    pub fn of(status: &Status) -> Self {
        let Some(source) = status.source() else {
            return Self::Answered;
        };
        let mut chain = std::iter::successors(Some(source), |error| (*error).source());
        let known = chain.find_map(Self::of_error);
        known.unwrap_or(Self::Interrupted)
    }

    fn of_error(error: &(dyn Error + 'static)) -> Option<Self> {
        if error.is::<Begun>() {
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

    /// Whether nobody processed the call, so that to send it again cannot do it twice.
    #[must_use]
    pub fn is_safe_to_retry(self) -> bool {
        matches!(self, Self::NotConnected | Self::NotProcessed)
    }
}

/// Whether a server says that it did not process a stream (RFC 9113, sections 6.8 and 8.7). A stream up to
/// the last that a `GOAWAY` names does not fail by it.
fn is_refused(error: &h2::Error) -> bool {
    let is_refused = error.reason() == Some(h2::Reason::REFUSED_STREAM);
    error.is_remote() && (error.is_go_away() || error.is_reset() && is_refused)
}
