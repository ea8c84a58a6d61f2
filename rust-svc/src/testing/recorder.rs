//! Interceptor that records calls.

use std::sync::{Arc, Mutex, MutexGuard};

use tokio::sync::Notify;
use tonic::Status;
use tonic::metadata::MetadataMap;

use crate::Method;
use crate::interceptor::{Call, End, Interceptor, Message, Outcome, Side, Start, Traffic};
use crate::sync::lock;

/// Records every call of a server or a client, for tests. Clones share the records.
///
/// ```
/// use rust_svc::testing::Recorder;
///
/// let recorder = Recorder::new();
/// // let server = UserServiceServer::new(users).intercept(recorder.clone());
/// // ... a unary call ...
/// for call in recorder.calls() {
///     assert_eq!(
///         call.names(),
///         ["start", "request_message", "half_close", "response_headers", "response_message", "end"],
///     );
/// }
/// ```
#[derive(Clone, Debug, Default)]
pub struct Recorder(Arc<CallLog>);

#[derive(Debug, Default)]
struct CallLog {
    calls: Mutex<Vec<RecordedCall>>,
    ended: Notify,
}

impl Recorder {
    /// Recorder without calls.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Calls until now, in the order in which they started.
    #[must_use]
    pub fn calls(&self) -> Vec<RecordedCall> {
        self.lock().clone()
    }

    /// Waits until this many calls have ended. On a server a call may end after its client has the whole response. There is
    /// no limit: use `tokio::time::timeout`.
    pub async fn ended(&self, calls: usize) {
        loop {
            // Created before the check, so that no end in between is missed.
            let ended = self.0.ended.notified();
            if self.lock().iter().filter(|call| call.has_ended()).count() >= calls {
                return;
            }
            ended.await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<RecordedCall>> {
        lock(&self.0.calls)
    }

    /// Adds an event. Calls are never removed.
    fn note(&self, call: &Call<'_, usize>, event: Event) {
        self.lock()[*call.state].events.push(event);
    }
}

/// Call, and its events.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RecordedCall {
    /// Rpc of the call.
    pub method: &'static Method,
    /// Events, in order.
    pub events: Vec<Event>,
}

impl RecordedCall {
    /// Names of the hooks that ran, in order.
    #[must_use]
    pub fn names(&self) -> Vec<&'static str> {
        self.events.iter().map(Event::name).collect()
    }

    /// Whether the call has ended.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        matches!(self.events.last(), Some(Event::End { .. }))
    }
}

/// Hook that ran, with its arguments.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Event {
    /// `start`.
    #[non_exhaustive]
    Start {
        /// Metadata of the request.
        metadata: MetadataMap,
    },
    /// `request_message`.
    RequestMessage(Seen),
    /// `half_close`.
    HalfClose,
    /// `response_headers`.
    #[non_exhaustive]
    ResponseHeaders {
        /// Metadata before the first message.
        metadata: MetadataMap,
    },
    /// `response_message`.
    ResponseMessage(Seen),
    /// `end`.
    #[non_exhaustive]
    End {
        /// Status, with its trailers.
        status: Status,
        /// Whether the status was delivered.
        outcome: Outcome,
        /// Messages of the request.
        requests: Traffic,
        /// Messages of the response.
        responses: Traffic,
    },
}

impl Event {
    /// Name of the hook.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Start { .. } => "start",
            Self::RequestMessage(_) => "request_message",
            Self::HalfClose => "half_close",
            Self::ResponseHeaders { .. } => "response_headers",
            Self::ResponseMessage(_) => "response_message",
            Self::End { .. } => "end",
        }
    }
}

/// Message in a hook.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Seen {
    /// Its `Debug` text.
    pub text: String,
    /// Its type in Rust.
    pub type_name: &'static str,
    /// Encoded size in bytes.
    pub bytes: usize,
}

impl Seen {
    fn new<M: Message + ?Sized>(message: &M) -> Self {
        Self {
            text: format!("{message:?}"),
            type_name: message.type_name(),
            bytes: message.encoded_len(),
        }
    }
}

impl<S: Side> Interceptor<S> for Recorder {
    /// Index of the call.
    type State = usize;

    async fn start(&self, call: &mut Start<'_, S>) -> Result<usize, Status> {
        let metadata = call.metadata().clone();
        let mut calls = self.lock();
        calls.push(RecordedCall {
            method: call.method(),
            events: vec![Event::Start { metadata }],
        });
        Ok(calls.len() - 1)
    }

    fn request_message<M: Message + ?Sized>(
        &self,
        call: &mut Call<'_, usize>,
        message: &mut M,
    ) -> Result<(), Status> {
        self.note(call, Event::RequestMessage(Seen::new(message)));
        Ok(())
    }

    fn half_close(&self, call: &mut Call<'_, usize>) {
        self.note(call, Event::HalfClose);
    }

    fn response_headers(
        &self,
        call: &mut Call<'_, usize>,
        headers: &mut MetadataMap,
    ) -> Result<(), Status> {
        let metadata = headers.clone();
        self.note(call, Event::ResponseHeaders { metadata });
        Ok(())
    }

    fn response_message<M: Message + ?Sized>(
        &self,
        call: &mut Call<'_, usize>,
        message: &mut M,
    ) -> Result<(), Status> {
        self.note(call, Event::ResponseMessage(Seen::new(message)));
        Ok(())
    }

    fn end(&self, call: &mut Call<'_, usize>, end: &mut End<'_>) {
        let event = Event::End {
            status: end.status().clone(),
            outcome: end.outcome(),
            requests: call.requests(),
            responses: call.responses(),
        };
        self.note(call, event);
        self.0.ended.notify_waiters();
    }
}
