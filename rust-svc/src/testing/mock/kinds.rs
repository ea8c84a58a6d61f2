//! One message or many, either way.

use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use crate::interceptor::AnyMessage;
use tonic::codegen::tokio_stream::{Stream, StreamExt as _};
use tonic::{Request, Streaming};

use super::asked::Record;
use super::{Broken, lock};
use crate::hooks::RequestStream;

/// How many messages are read before others get their turn.
const AT_ONCE: usize = 64;

/// A request or a response that is one message.
#[derive(Debug)]
pub struct One<M>(PhantomData<M>);

/// A request or a response that is a stream of messages.
#[derive(Debug)]
pub struct Many<M>(PhantomData<M>);

/// What a method is asked: [`One`] or [`Many`].
pub trait Requests: Send + Sync + 'static {
    /// The type of its messages.
    type Message: AnyMessage + Clone + PartialEq;

    /// What the client trait takes.
    type Input: Send + 'static;

    /// What the server trait takes.
    #[doc(hidden)]
    type Arriving: Send + 'static;

    /// The request, as a client sent it.
    #[doc(hidden)]
    fn arrive(arriving: Self::Arriving, broken: &Broken) -> Self::Input;

    /// The one message.
    #[doc(hidden)]
    fn message(input: &Self::Input) -> Option<&Self::Message>;

    /// Writes down what is asked, now or as it comes.
    #[doc(hidden)]
    fn record(
        request: Request<Self::Input>,
        record: &Record<Self::Message>,
    ) -> Request<Self::Input>;

    /// Reads what can be read without waiting; ready when that was the last of it.
    #[doc(hidden)]
    fn poll_drain(input: &mut Self::Input, context: &mut Context<'_>) -> Poll<()>;
}

impl<M: AnyMessage + Clone + PartialEq> Requests for One<M> {
    type Message = M;
    type Input = M;
    type Arriving = M;

    fn arrive(message: M, _: &Broken) -> M {
        message
    }

    fn message(input: &M) -> Option<&M> {
        Some(input)
    }

    fn record(request: Request<M>, record: &Record<M>) -> Request<M> {
        let call = record.begin(request.metadata());
        call.message(request.get_ref());
        call.end();
        request
    }

    fn poll_drain(_: &mut M, _: &mut Context<'_>) -> Poll<()> {
        Poll::Ready(())
    }
}

impl<M: AnyMessage + Clone + PartialEq> Requests for Many<M> {
    type Message = M;
    type Input = RequestStream<M>;
    type Arriving = Streaming<M>;

    /// A stream that breaks off has no end here: its error goes to `broken`, which the call fails with.
    fn arrive(stream: Streaming<M>, broken: &Broken) -> RequestStream<M> {
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

    fn record(request: Request<RequestStream<M>>, record: &Record<M>) -> Request<RequestStream<M>> {
        let call = record.begin(request.metadata());
        request.map(|stream| RequestStream::new(call.of(stream)))
    }

    fn poll_drain(stream: &mut RequestStream<M>, context: &mut Context<'_>) -> Poll<()> {
        for _ in 0..AT_ONCE {
            if ready!(Pin::new(&mut *stream).poll_next(context)).is_none() {
                return Poll::Ready(());
            }
        }
        // A stream may have no end and never wait: others get their turn.
        context.waker().wake_by_ref();
        Poll::Pending
    }
}

/// What a method answers: [`One`] or [`Many`].
pub trait Replies: Send + Sync + 'static {
    /// What the client trait returns.
    type Output: Send + 'static;
}

impl<M: AnyMessage> Replies for One<M> {
    type Output = M;
}

impl<M: AnyMessage> Replies for Many<M> {
    type Output = Streaming<M>;
}

/// Responses that do not hang on the request, which is read as it comes.
pub(super) struct Alongside<Q: Requests, S> {
    pub(super) requests: Q::Input,
    pub(super) responses: S,
    pub(super) kind: PhantomData<Q>,
}

impl<Q: Requests, S> Unpin for Alongside<Q, S> {}

impl<Q: Requests, S: Stream + Unpin> Stream for Alongside<Q, S> {
    type Item = S::Item;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<S::Item>> {
        let _ = Q::poll_drain(&mut self.requests, context);
        Pin::new(&mut self.responses).poll_next(context)
    }
}
