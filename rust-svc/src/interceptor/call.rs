//! Calls in the hooks after `start`.

use std::sync::Arc;
use std::time::Duration;

use http::Uri;
use tokio::time::Instant;
use tonic::metadata::MetadataMap;
use tonic::{Code, Status};

use crate::deadline::Deadline;
use crate::{Method, clock};

/// Call in the hooks after `start`.
#[derive(Debug)]
pub struct Call<'a, S> {
    /// State that the `start` of the interceptor returned.
    pub state: &'a mut S,
    pub(crate) facts: &'a Facts,
}

impl<'a, S> Call<'a, S> {
    /// Rpc of the call.
    pub fn method(&self) -> &'static Method {
        self.facts.method
    }

    /// Time since the call started. Zero on `wasm32-unknown-unknown`, where there is no clock.
    pub fn elapsed(&self) -> Duration {
        clock::since(self.facts.started)
    }

    /// Messages of the request until now, including the current one.
    pub fn requests(&self) -> Traffic {
        self.facts.requests
    }

    /// Messages of the response until now, including the current one.
    pub fn responses(&self) -> Traffic {
        self.facts.responses
    }

    /// Call of an inner interceptor.
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

/// Messages of one direction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Traffic {
    /// Number of messages, including refused ones.
    pub messages: u64,
    /// Encoded size in bytes, before compression and without frame headers. Changes by hooks do not count: it is the size
    /// of the message that was received, or that was to be sent.
    pub bytes: u64,
}

impl Traffic {
    pub(crate) fn count(&mut self, bytes: usize) {
        self.messages += 1;
        self.bytes += bytes as u64;
    }
}

/// Facts about a call, for all interceptors.
#[derive(Debug)]
pub(crate) struct Facts {
    pub(crate) method: &'static Method,
    /// `None` without a clock.
    pub(crate) started: Option<Instant>,
    pub(crate) deadline: Option<Deadline>,
    pub(crate) requests: Traffic,
    pub(crate) responses: Traffic,
    /// Address of the server, if the client knows it.
    pub(crate) origin: Option<Arc<Uri>>,
}

impl Facts {
    pub(crate) fn new(method: &'static Method, deadline: Option<Deadline>) -> Self {
        Self {
            method,
            started: clock::now(),
            deadline,
            requests: Traffic::default(),
            responses: Traffic::default(),
            origin: None,
        }
    }
}

/// End of a call.
#[derive(Debug)]
pub struct End<'a> {
    status: &'a mut Status,
    outcome: Outcome,
}

impl<'a> End<'a> {
    pub(crate) fn new(status: &'a mut Status, outcome: Outcome) -> Self {
        Self { status, outcome }
    }

    /// Status that the server sends, or that the caller of the client gets. See [`Outcome`] for calls without one.
    pub fn status(&self) -> &Status {
        self.status
    }

    /// Replaces the status and its trailers. This has no effect unless the outcome is [`Outcome::Completed`].
    pub fn set_status(&mut self, status: Status) {
        *self.status = status;
    }

    /// Metadata of the status, after the last message.
    pub fn trailers(&self) -> &MetadataMap {
        self.status.metadata()
    }

    /// Mutable trailers. Changes have no effect unless the outcome is [`Outcome::Completed`].
    pub fn trailers_mut(&mut self) -> &mut MetadataMap {
        self.status.metadata_mut()
    }

    /// Whether the status is delivered.
    pub fn outcome(&self) -> Outcome {
        self.outcome
    }
}

/// Whether the status of a call is delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Outcome {
    /// The call ended with its status.
    Completed,
    /// The call was dropped before it had a status: the client disconnected, a deadline dropped the future, or the caller
    /// dropped the stream of responses. The status is `CANCELLED`.
    ///
    /// Also if the client of tonic rejects a frame of a stream of responses, since it is too large or malformed. The
    /// caller gets that error, and interceptors do not.
    Dropped,
    /// The call panicked, for example in the handler. The status is `INTERNAL`.
    Panicked,
}

impl Outcome {
    /// Outcome of a call that is dropped now.
    pub(crate) fn on_drop() -> Self {
        if std::thread::panicking() {
            Self::Panicked
        } else {
            Self::Dropped
        }
    }

    /// Status of a call that was not completed.
    pub(crate) fn status(self) -> Status {
        match self {
            Self::Panicked => Status::new(Code::Internal, "the call panicked"),
            _ => Status::new(Code::Cancelled, "the call was dropped before its end"),
        }
    }
}
