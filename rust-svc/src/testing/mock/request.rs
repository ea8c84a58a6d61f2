//! Requests of mocks: one message or many.

use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, ready};

use tonic::codegen::tokio_stream::{Stream, StreamExt as _};
use tonic::{Request, Status, Streaming};

use super::asked::CallRecord;
use crate::arity::{Many, One, RequestArity};
use crate::hooks::RequestStream;
use crate::interceptor::AnyMessage;
use crate::sync::lock;

/// Number of messages that are read before other tasks run.
const AT_ONCE: usize = 64;

/// Error of a request that broke off.
#[doc(hidden)]
#[allow(unreachable_pub, reason = "a method of a public trait takes it")]
pub type BrokenRequest = Arc<Mutex<Option<Status>>>;

/// Request of a mocked method: [`One`] or [`Many`].
pub trait MockRequest: RequestArity<Message: Clone + PartialEq> {
    /// Converts a request that a server received to one that a client sends.
    #[doc(hidden)]
    fn from_received(received: Self::Received, broken: &BrokenRequest) -> Self::Sent;

    /// The message, if the request is one.
    #[doc(hidden)]
    fn message(sent: &Self::Sent) -> Option<&Self::Message>;

    /// Records the messages, now or as they are read.
    #[doc(hidden)]
    fn record(
        request: Request<Self::Sent>,
        record: &CallRecord<Self::Message>,
    ) -> Request<Self::Sent>;

    /// Reads what can be read without waiting. Ready at the end of the request.
    #[doc(hidden)]
    fn poll_drain(sent: &mut Self::Sent, context: &mut Context<'_>) -> Poll<()>;
}

impl<M: AnyMessage + Clone + PartialEq> MockRequest for One<M> {
    fn from_received(message: M, _: &BrokenRequest) -> M {
        message
    }

    fn message(input: &M) -> Option<&M> {
        Some(input)
    }

    fn record(request: Request<M>, record: &CallRecord<M>) -> Request<M> {
        let call = record.begin(request.metadata());
        call.message(request.get_ref());
        call.complete();
        request
    }

    fn poll_drain(_: &mut M, _: &mut Context<'_>) -> Poll<()> {
        Poll::Ready(())
    }
}

impl<M: AnyMessage + Clone + PartialEq> MockRequest for Many<M> {
    // A stream that breaks off does not end: its error goes to `broken`, and the call fails with it.
    fn from_received(stream: Streaming<M>, broken: &BrokenRequest) -> RequestStream<M> {
        let broken = Arc::clone(broken);
        RequestStream::new(stream.then(move |message| {
            let broken = Arc::clone(&broken);
            async move {
                match message {
                    Ok(message) => message,
                    Err(status) => {
                        *lock(&broken) = Some(status);
                        std::future::pending().await
                    }
                }
            }
        }))
    }

    fn message(_: &RequestStream<M>) -> Option<&M> {
        None
    }

    fn record(
        request: Request<RequestStream<M>>,
        record: &CallRecord<M>,
    ) -> Request<RequestStream<M>> {
        let call = record.begin(request.metadata());
        request.map(|stream| RequestStream::new(call.record(stream)))
    }

    fn poll_drain(stream: &mut RequestStream<M>, context: &mut Context<'_>) -> Poll<()> {
        for _ in 0..AT_ONCE {
            if ready!(Pin::new(&mut *stream).poll_next(context)).is_none() {
                return Poll::Ready(());
            }
        }
        // The stream may be endless and always ready: other tasks run in between.
        context.waker().wake_by_ref();
        Poll::Pending
    }
}

/// Stream of responses that does not depend on the request, which it drains.
pub(super) struct Alongside<Q: MockRequest, S> {
    pub(super) requests: Q::Sent,
    pub(super) responses: S,
    pub(super) arity: PhantomData<Q>,
}

impl<Q: MockRequest, S> Unpin for Alongside<Q, S> {}

impl<Q: MockRequest, S: Stream + Unpin> Stream for Alongside<Q, S> {
    type Item = S::Item;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<S::Item>> {
        let _ = Q::poll_drain(&mut self.requests, context);
        Pin::new(&mut self.responses).poll_next(context)
    }
}
