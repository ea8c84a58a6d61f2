//! What hooks know of a call that goes on.

use std::sync::Arc;
use std::time::{Duration, Instant};

use http::Uri;
use tonic::metadata::MetadataMap;
use tonic::{Code, Status};

use crate::Method;

/// A call, as the hooks after `start` see it.
#[derive(Debug)]
pub struct Call<'a, S> {
    /// What the interceptor's own `start` returned.
    pub state: &'a mut S,
    pub(crate) facts: &'a Facts,
}

impl<'a, S> Call<'a, S> {
    /// Which rpc this is.
    pub fn method(&self) -> &'static Method {
        self.facts.method
    }

    /// The time since the call started.
    pub fn elapsed(&self) -> Duration {
        self.facts.started.elapsed()
    }

    /// The messages of the request until now, the one that a hook is looking at included.
    pub fn requests(&self) -> Traffic {
        self.facts.requests
    }

    /// The messages of the response until now, the one that a hook is looking at included.
    pub fn responses(&self) -> Traffic {
        self.facts.responses
    }

    /// This call, for an interceptor inside of this one.
    pub(crate) fn part<'b, T>(
        &'b mut self,
        part: impl FnOnce(&'b mut S) -> &'b mut T,
    ) -> Call<'b, T> {
        Call {
            state: part(self.state),
            facts: self.facts,
        }
    }
}

/// How many messages went one way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Traffic {
    /// Messages, those that were refused included.
    pub messages: u64,
    /// Their size, encoded and not compressed, without what frames them. What hooks changed is not
    /// in it: these are the bytes received, or those of the message that was to be sent.
    pub bytes: u64,
}

impl Traffic {
    pub(crate) fn count(&mut self, bytes: usize) {
        self.messages += 1;
        self.bytes += bytes as u64;
    }
}

/// What is known of a call whoever looks at it.
#[derive(Debug)]
pub(crate) struct Facts {
    pub(crate) method: &'static Method,
    pub(crate) started: Instant,
    pub(crate) requests: Traffic,
    pub(crate) responses: Traffic,
    /// The address that a client was told its calls go to.
    pub(crate) origin: Option<Arc<Uri>>,
}

impl Facts {
    pub(crate) fn new(method: &'static Method) -> Self {
        Self {
            method,
            started: Instant::now(),
            requests: Traffic::default(),
            responses: Traffic::default(),
            origin: None,
        }
    }
}

/// How a call ends.
#[derive(Debug)]
pub struct End<'a> {
    status: &'a mut Status,
    outcome: Outcome,
}

impl<'a> End<'a> {
    pub(crate) fn new(status: &'a mut Status, outcome: Outcome) -> Self {
        Self { status, outcome }
    }

    /// The status: of a server the one that goes on the wire, of a client the one that its caller
    /// gets. Where nobody gets one, it says what happened: see [`Outcome`].
    pub fn status(&self) -> &Status {
        self.status
    }

    /// Replaces the status, its trailers included. Nobody gets to see it unless the outcome is
    /// [`Outcome::Completed`].
    pub fn set_status(&mut self, status: Status) {
        *self.status = status;
    }

    /// The metadata that goes with the status after the last message.
    pub fn trailers(&self) -> &MetadataMap {
        self.status.metadata()
    }

    /// The trailers, to be changed. Changes have no effect unless the outcome is [`Outcome::Completed`].
    pub fn trailers_mut(&mut self) -> &mut MetadataMap {
        self.status.metadata_mut()
    }

    /// Whether somebody gets the status.
    pub fn outcome(&self) -> Outcome {
        self.outcome
    }
}

/// Whether somebody gets the status of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Outcome {
    /// The call ended with its status.
    Completed,
    /// The call was dropped before it had one: the client is gone, a deadline dropped the future,
    /// or the caller dropped the stream of responses. The status is `CANCELLED`.
    ///
    /// Also where a client of tonic's gives up a stream of responses before a message of it is decoded:
    /// it is over the limit, or its frame is broken. Its caller gets that error, which nobody else sees.
    Dropped,
    /// Something panicked, such as the handler. The status is `INTERNAL`.
    Panicked,
}

impl Outcome {
    /// What happens to a call that is being dropped.
    pub(crate) fn of_drop() -> Self {
        match std::thread::panicking() {
            true => Self::Panicked,
            false => Self::Dropped,
        }
    }

    /// What observers get to see instead of a status.
    pub(crate) fn stand_in(self) -> Status {
        match self {
            Self::Panicked => Status::new(Code::Internal, "the call panicked"),
            _ => Status::new(Code::Cancelled, "the call was dropped before its end"),
        }
    }
}
