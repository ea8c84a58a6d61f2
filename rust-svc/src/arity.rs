//! Number of messages of a request and of a response: [`One`] or [`Many`].
//!
//! The four kinds of rpc are the four pairs of these types. Servers, clients and mocks are written once, for any
//! pair.

use std::fmt;
use std::marker::PhantomData;

use tonic::Streaming;
use tonic::codegen::tokio_stream::Stream;
use tonic::{Response, Status};

use crate::hooks::{RequestStream, ResponseStream};
use crate::interceptor::AnyMessage;

/// Request or response of one message.
pub struct One<M>(PhantomData<fn() -> M>);

/// Request or response that is a stream of messages. A handler returns the stream as an `S`.
pub struct Many<M, S = Streaming<M>>(PhantomData<fn() -> (M, S)>);

impl<M> fmt::Debug for One<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("One")
    }
}

impl<M, S> fmt::Debug for Many<M, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Many")
    }
}

/// Request of an rpc: [`One`] or [`Many`].
pub trait RequestArity: sealed::Sealed + Send + Sync + 'static {
    /// Type of its messages.
    type Message: AnyMessage;

    /// Type that a client sends: the message, or a [`RequestStream`].
    type Sent: Send + 'static;

    /// Type that a handler takes: the message, or a `tonic::Streaming`.
    type Received: Send + 'static;
}

impl<M: AnyMessage> RequestArity for One<M> {
    type Message = M;
    type Sent = M;
    type Received = M;
}

impl<M: AnyMessage> RequestArity for Many<M> {
    type Message = M;
    type Sent = RequestStream<M>;
    type Received = Streaming<M>;
}

/// Response of an rpc: [`One`] or [`Many`].
pub trait ResponseArity: sealed::Sealed + Send + Sync + 'static {
    /// Type of its messages.
    type Message: AnyMessage;

    /// Type that a handler returns: the message, or the stream of the handler's choice.
    type Sent: Send + 'static;

    /// Type that a typed hook of a server returns: the message, or a [`ResponseStream`].
    type Hooked: Send + 'static;

    /// Type that a client receives: the message, or a `tonic::Streaming`.
    type Received: Send + 'static;

    /// Converts the response of a handler for the typed hook around it.
    #[doc(hidden)]
    fn hooked(response: Response<Self::Sent>) -> Response<Self::Hooked>;
}

impl<M: AnyMessage> ResponseArity for One<M> {
    type Message = M;
    type Sent = M;
    type Hooked = M;
    type Received = M;

    fn hooked(response: Response<M>) -> Response<M> {
        response
    }
}

impl<M, S> ResponseArity for Many<M, S>
where
    M: AnyMessage,
    S: Stream<Item = Result<M, Status>> + Send + 'static,
{
    type Message = M;
    type Sent = S;
    type Hooked = ResponseStream<M>;
    type Received = Streaming<M>;

    fn hooked(response: Response<S>) -> Response<ResponseStream<M>> {
        response.map(ResponseStream::new)
    }
}

mod sealed {
    pub trait Sealed {}
    impl<M> Sealed for super::One<M> {}
    impl<M, S> Sealed for super::Many<M, S> {}
}
