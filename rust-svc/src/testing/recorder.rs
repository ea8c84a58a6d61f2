//! An interceptor that writes down what it sees.

use std::sync::{Arc, Mutex, MutexGuard};

use tokio::sync::Notify;
use tonic::Status;
use tonic::metadata::MetadataMap;

use crate::Method;
use crate::interceptor::{Call, End, Interceptor, Message, Outcome, Side, Start, Traffic};
use crate::sync::lock;

/// Writes down every call of a server or a client, for a test to look at. Clones share what is
/// written.
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
pub struct Recorder(Arc<Record>);

#[derive(Debug, Default)]
struct Record {
    calls: Mutex<Vec<RecordedCall>>,
    ended: Notify,
}

impl Recorder {
    /// With nothing written.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// What is written until now: each call, in the order in which they started.
    #[must_use]
    pub fn calls(&self) -> Vec<RecordedCall> {
        self.lock().clone()
    }

    /// Waits until so many calls have ended: on a server they may do so after their client has all of
    /// its answer. If they do not end it waits for ever: `tokio::time::timeout` is for that.
    pub async fn ended(&self, calls: usize) {
        loop {
            // Before looking, so that an end in between is not missed.
            let ended = self.0.ended.notified();
            if self.lock().iter().filter(|call| call.has_ended()).count() >= calls {
                return;
            }
            ended.await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<RecordedCall>> {
        // Nothing panics while it holds this lock.
        lock(&self.0.calls)
    }

    /// No call is ever taken out.
    fn note(&self, call: &Call<'_, usize>, event: Event) {
        self.lock()[*call.state].events.push(event);
    }
}

/// One call, and what happened to it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RecordedCall {
    /// Which rpc it is of.
    pub method: &'static Method,
    /// What happened, in order.
    pub events: Vec<Event>,
}

impl RecordedCall {
    /// The hooks that ran, by their names, in order.
    #[must_use]
    pub fn names(&self) -> Vec<&'static str> {
        self.events.iter().map(Event::name).collect()
    }

    /// Whether there is an end.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        matches!(self.events.last(), Some(Event::End { .. }))
    }
}

/// A hook that ran, and what it saw.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Event {
    /// `start`.
    #[non_exhaustive]
    Start {
        /// The metadata of the request.
        metadata: MetadataMap,
    },
    /// `request_message`.
    RequestMessage(Seen),
    /// `half_close`.
    HalfClose,
    /// `response_headers`.
    #[non_exhaustive]
    ResponseHeaders {
        /// The metadata before the first message.
        metadata: MetadataMap,
    },
    /// `response_message`.
    ResponseMessage(Seen),
    /// `end`.
    #[non_exhaustive]
    End {
        /// The status, with its trailers.
        status: Status,
        /// Whether somebody got it.
        outcome: Outcome,
        /// The messages of the request.
        requests: Traffic,
        /// The messages of the response.
        responses: Traffic,
    },
}

impl Event {
    /// The hook that it is.
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

/// A message that a hook saw.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Seen {
    /// As `Debug` shows it.
    pub text: String,
    /// Its type in Rust.
    pub type_name: &'static str,
    /// Its size when it is encoded, in bytes.
    pub bytes: usize,
}

impl Seen {
    fn of<M: Message + ?Sized>(message: &M) -> Self {
        Self {
            text: format!("{message:?}"),
            type_name: message.type_name(),
            bytes: message.encoded_len(),
        }
    }
}

impl<S: Side> Interceptor<S> for Recorder {
    /// The number of the call.
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
        self.note(call, Event::RequestMessage(Seen::of(message)));
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
        self.note(call, Event::ResponseMessage(Seen::of(message)));
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
