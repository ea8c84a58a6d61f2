//! Requests of clients.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tonic::codec::Encoder;
use tonic::codegen::tokio_stream::{self, Stream};
use tonic::{Request, Status};

use crate::arity::{Many, One, RequestArity};
use crate::codec::Announced;
use crate::hooks::RequestStream;
use crate::interceptor::{
    AnyMessage, Client, Handle as _, Intercepted, Interceptor, Shared, contained,
};

/// Request of an rpc, as a client sends it.
pub trait ClientRequest: RequestArity {
    /// Starts the call.
    ///
    /// # Errors
    ///
    /// The status of an interceptor that refuses the call or its message.
    fn start<I: Interceptor<Client>>(
        call: &mut Intercepted<Client, I>,
        request: Request<Self::Sent>,
    ) -> impl Future<Output = Result<Request<Self::Sent>, Status>> + Send;

    /// Messages to encode.
    fn messages(sent: Self::Sent) -> impl Stream<Item = Self::Message> + Send + 'static;

    /// Messages to encode of a call with interceptors, whose end they see.
    fn watched_messages<I: Interceptor<Client> + 'static>(
        sent: Self::Sent,
        watch: &Shared<Client, I>,
    ) -> impl Stream<Item = Self::Message> + Send + 'static;

    /// Encoder of a call with interceptors, which see the messages unless they saw them at the start.
    fn watched_encoder<I, E>(
        encoder: E,
        watch: &Shared<Client, I>,
    ) -> impl Encoder<Item = Self::Message, Error = Status> + Send + 'static
    where
        I: Interceptor<Client> + 'static,
        E: Encoder<Item = Self::Message, Error = Status> + Send + 'static;
}

impl<M: AnyMessage> ClientRequest for One<M> {
    async fn start<I: Interceptor<Client>>(
        call: &mut Intercepted<Client, I>,
        request: Request<M>,
    ) -> Result<Request<M>, Status> {
        call.start_unary(request).await
    }

    fn messages(sent: M) -> impl Stream<Item = M> + Send + 'static {
        tokio_stream::once(sent)
    }

    fn watched_messages<I: Interceptor<Client> + 'static>(
        sent: M,
        _: &Shared<Client, I>,
    ) -> impl Stream<Item = M> + Send + 'static {
        tokio_stream::once(sent)
    }

    fn watched_encoder<I, E>(
        encoder: E,
        _: &Shared<Client, I>,
    ) -> impl Encoder<Item = M, Error = Status> + Send + 'static
    where
        I: Interceptor<Client> + 'static,
        E: Encoder<Item = M, Error = Status> + Send + 'static,
    {
        encoder
    }
}

impl<M: AnyMessage> ClientRequest for Many<M> {
    async fn start<I: Interceptor<Client>>(
        call: &mut Intercepted<Client, I>,
        mut request: Request<RequestStream<M>>,
    ) -> Result<Request<RequestStream<M>>, Status> {
        call.start_request(&mut request).await?;
        Ok(request)
    }

    fn messages(sent: RequestStream<M>) -> impl Stream<Item = M> + Send + 'static {
        sent
    }

    fn watched_messages<I: Interceptor<Client> + 'static>(
        sent: RequestStream<M>,
        watch: &Shared<Client, I>,
    ) -> impl Stream<Item = M> + Send + 'static {
        HalfClosingStream {
            stream: sent,
            call: watch.clone(),
        }
    }

    // A refusal breaks the request off: a server would take the end of the stream for the whole of it.
    fn watched_encoder<I, E>(
        encoder: E,
        watch: &Shared<Client, I>,
    ) -> impl Encoder<Item = M, Error = Status> + Send + 'static
    where
        I: Interceptor<Client> + 'static,
        E: Encoder<Item = M, Error = Status> + Send + 'static,
    {
        let mut call = watch.clone();
        let hook = move |message: &mut M| {
            let bytes = message.encoded_len();
            pass_contained(&mut call, |call| call.request_message(message, bytes))
        };
        Announced { encoder, hook }
    }
}

/// Runs a hook of a request that streams. A panic becomes an error of the call: a task of the connection reads the
/// request, so that the caller would not see it.
fn pass_contained<I: Interceptor<Client>>(
    call: &mut Shared<Client, I>,
    hook: impl FnOnce(&mut Intercepted<Client, I>) -> Result<(), Status>,
) -> Result<(), Status> {
    contained(|| call.pass(hook)).unwrap_or_else(|_| {
        call.pass(|call| {
            let status = Status::internal("an interceptor panicked");
            call.refuse(&status);
            Err(status)
        })
    })
}

/// Messages that a client streams. Runs the hook `half_close` at their end.
struct HalfClosingStream<M, I: Interceptor<Client>> {
    stream: RequestStream<M>,
    call: Shared<Client, I>,
}

impl<M, I: Interceptor<Client>> Stream for HalfClosingStream<M, I> {
    type Item = M;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<M>> {
        let message = ready!(Pin::new(&mut self.stream).poll_next(context));
        if message.is_none() {
            let _ = pass_contained(&mut self.call, Intercepted::half_close);
        }
        Poll::Ready(message)
    }
}
