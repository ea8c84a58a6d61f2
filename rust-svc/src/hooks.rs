//! Typed hooks, which run around the methods of one service.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use tonic::codegen::tokio_stream::{self, Stream};
use tonic::{Request, Response, Status};

/// Future of a response.
pub type Answer<'a, Out> = Pin<Box<dyn Future<Output = Result<Response<Out>, Status>> + Send + 'a>>;

/// Messages that a client streams, in its typed hooks and its trait.
///
/// A struct, not an alias of a type with `dyn`: with that rustc could not prove that calls are `Send`.
pub struct RequestStream<M>(Pin<Box<dyn Stream<Item = M> + Send>>);

impl<M> RequestStream<M> {
    /// Stream of any type.
    pub fn new(stream: impl Stream<Item = M> + Send + 'static) -> Self {
        Self(Box::pin(stream))
    }
}

impl<M: Send + 'static> From<Vec<M>> for RequestStream<M> {
    fn from(messages: Vec<M>) -> Self {
        Self::new(tokio_stream::iter(messages))
    }
}

impl<M: Send + 'static, const COUNT: usize> From<[M; COUNT]> for RequestStream<M> {
    fn from(messages: [M; COUNT]) -> Self {
        Self::new(tokio_stream::iter(messages))
    }
}

impl<M> Stream for RequestStream<M> {
    type Item = M;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<M>> {
        self.0.as_mut().poll_next(context)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl<M> fmt::Debug for RequestStream<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestStream").finish_non_exhaustive()
    }
}

/// Messages that a server streams, in its typed hooks. An error ends the stream.
pub struct ResponseStream<M>(Pin<Box<dyn Stream<Item = Result<M, Status>> + Send>>);

impl<M> ResponseStream<M> {
    /// Stream of any type.
    pub fn new(stream: impl Stream<Item = Result<M, Status>> + Send + 'static) -> Self {
        Self(Box::pin(stream))
    }
}

impl<M: Send + 'static> From<Vec<M>> for ResponseStream<M> {
    fn from(messages: Vec<M>) -> Self {
        Self::new(tokio_stream::iter(messages.into_iter().map(Ok)))
    }
}

impl<M: Send + 'static, const COUNT: usize> From<[M; COUNT]> for ResponseStream<M> {
    fn from(messages: [M; COUNT]) -> Self {
        Self::new(tokio_stream::iter(messages.map(Ok)))
    }
}

impl<M> Stream for ResponseStream<M> {
    type Item = Result<M, Status>;

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<M, Status>>> {
        self.0.as_mut().poll_next(context)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl<M> fmt::Debug for ResponseStream<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseStream").finish_non_exhaustive()
    }
}

/// Handler that a typed hook of a server runs around.
///
/// It borrows nothing, so that another task can run it while the hook returns.
#[must_use = "without `run` the handler does not run"]
pub struct Next<In, Out> {
    run: Box<dyn FnOnce(Request<In>) -> Answer<'static, Out> + Send>,
}

impl<In, Out> Next<In, Out> {
    pub(crate) fn new(
        run: impl FnOnce(Request<In>) -> Answer<'static, Out> + Send + 'static,
    ) -> Self {
        Self { run: Box::new(run) }
    }

    /// Runs the handler when this is awaited.
    ///
    /// # Errors
    ///
    /// The errors of the handler.
    pub fn run(self, request: Request<In>) -> Answer<'static, Out> {
        (self.run)(request)
    }
}

impl<In, Out> fmt::Debug for Next<In, Out> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Next").finish_non_exhaustive()
    }
}

/// Call that a typed hook of a client runs around.
///
/// A trait, unlike [`Next`] of servers: whether its future is `Send` depends on the transport.
pub trait ClientNext<In, Out> {
    /// Makes the call.
    ///
    /// # Errors
    ///
    /// The errors of the server and of the transport, and refusals of messages that stream.
    fn run(self, request: Request<In>) -> impl Future<Output = Result<Response<Out>, Status>>;
}
