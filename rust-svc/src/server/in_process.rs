//! Calls of a server in process, by its client trait: without a connection and without encoding.
//!
//! Callers and handlers see what they see over a connection: interceptors and typed hooks run, extensions stay on their
//! side, and deadlines hold up to the last message.

use std::marker::PhantomData;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};

use tonic::codec::Streaming;
use tonic::codegen::tokio_stream::{self, Stream};
use tonic::metadata::MetadataMap;
use tonic::{Code, Extensions, Request, Response, Status};

use super::recovery::recovered;
use super::response::{CompletingBody, InterceptedStream};
use super::rpc::Answered;
use super::{Rpc, ServerCore, ServerRequest, ServerResponse};
use crate::arity::{Many, One};
use crate::client_call::{ClientCall, limit};
use crate::deadline::{Deadline, Until, Within};
use crate::hooks::RequestStream;
use crate::interceptor::{
    AnyMessage, Handle, Intercepted, Interceptor, OwnedCall, Owner, Server, Shared,
};
use crate::metadata::{sanitized, trailers_of};
use crate::received::{conclude, receive};
use crate::streaming::{frames, received, streaming, streaming_until};

/// Calls a server in process.
pub fn in_process<T, I, H, Q, A>(
    core: &ServerCore<T, I, H>,
    request: Q::Sent,
    rpc: Rpc<T, H, Q, A>,
) -> ClientCall<Q::Sent, A::Received>
where
    T: Send + Sync + 'static,
    I: Interceptor<Server> + 'static,
    H: Send + Sync + 'static,
    Q: InProcessRequest,
    A: InProcessResponse,
{
    let core = core.clone();
    ClientCall::boxed(request, |mut request| {
        Box::pin(async move {
            let method = rpc.method();
            let (_, inheritance) = limit(Some(method), &mut request);
            let deadlines = &core.settings.deadlines;
            let deadline = Deadline::of_server(method, request.metadata(), deadlines);
            let deadline = deadline.map(Deadline::without_lead);
            let mut call = Intercepted::new(&core.interceptors, method, deadline).map(Q::Call::new);
            let current = inheritance.current(deadline);
            let answered = {
                let answering = pin!(async {
                    let request = Q::arrive(arriving(request, deadline), &mut call).await?;
                    deadline.as_ref().map_or(Ok(()), Deadline::check)?;
                    recovered(&mut call, rpc.answer(&core, request)).await
                });
                Within::new(current.as_ref(), answering).await
            };
            A::deliver(call, answered, deadline)
        })
    })
}

/// Request of an rpc, as a server in process receives it.
pub trait InProcessRequest: ServerRequest {
    /// Starts the call, and makes the request that the handler takes.
    ///
    /// # Errors
    ///
    /// The status of an interceptor that refuses the call or its message.
    fn arrive<I: Interceptor<Server> + 'static>(
        request: Request<Self::Sent>,
        call: &mut Option<Self::Call<I>>,
    ) -> impl Future<Output = Result<Request<Self::Received>, Status>> + Send;
}

impl<M: AnyMessage> InProcessRequest for One<M> {
    async fn arrive<I: Interceptor<Server> + 'static>(
        request: Request<M>,
        call: &mut Option<Intercepted<Server, I>>,
    ) -> Result<Request<M>, Status> {
        match call {
            Some(call) => call.start_unary(request).await,
            None => Ok(request),
        }
    }
}

impl<M: AnyMessage> InProcessRequest for Many<M> {
    async fn arrive<I: Interceptor<Server> + 'static>(
        mut request: Request<RequestStream<M>>,
        call: &mut Option<Owner<Server, I>>,
    ) -> Result<Request<Streaming<M>>, Status> {
        let Some(call) = call else {
            return Ok(request.map(|stream| streaming(tokio_stream::StreamExt::map(stream, Ok))));
        };
        call.unshared().start_request(&mut request).await?;
        let call = call.share();
        Ok(request.map(|stream| streaming(InterceptedRequest { stream, call })))
    }
}

/// Response of an rpc, as a server in process sends it.
pub trait InProcessResponse: ServerResponse {
    /// Response that the caller gets.
    ///
    /// # Errors
    ///
    /// The status of the call, if it is not OK.
    fn deliver<I, K>(
        call: Option<K>,
        answered: Result<Answered<Self>, Status>,
        deadline: Option<Deadline>,
    ) -> Result<Response<Self::Received>, Status>
    where
        Self: Sized,
        I: Interceptor<Server> + 'static,
        K: OwnedCall<Server, I>;
}

impl<M: AnyMessage> InProcessResponse for One<M> {
    fn deliver<I, K>(
        mut call: Option<K>,
        answered: Result<Answered<Self>, Status>,
        _: Option<Deadline>,
    ) -> Result<Response<M>, Status>
    where
        I: Interceptor<Server> + 'static,
        K: OwnedCall<Server, I>,
    {
        let received = answered.and_then(|answer| {
            let (Answered::Handler(mut response) | Answered::Hooked(mut response)) = answer;
            // Extensions stay on the side of the server.
            response.extensions_mut().clear();
            call.pass(|call| call.refusal())?;
            receive(&mut call, response)
        });
        conclude(call, received)
    }
}

impl<M, S> InProcessResponse for Many<M, S>
where
    M: AnyMessage,
    S: Stream<Item = Result<M, Status>> + Send + 'static,
{
    fn deliver<I, K>(
        call: Option<K>,
        answered: Result<Answered<Self>, Status>,
        deadline: Option<Deadline>,
    ) -> Result<Response<Streaming<M>>, Status>
    where
        I: Interceptor<Server> + 'static,
        K: OwnedCall<Server, I>,
    {
        match answered {
            Ok(Answered::Handler(response)) => respond(call, response, deadline),
            Ok(Answered::Hooked(response)) => respond(call, response, deadline),
            Err(status) => failed(call, status),
        }
    }
}

/// Request as a connection would deliver it.
fn arriving<M>(request: Request<M>, deadline: Option<Deadline>) -> Request<M> {
    let (metadata, _, message) = request.into_parts();
    let metadata = MetadataMap::from_headers(sanitized(metadata));
    let mut extensions = Extensions::new();
    if let Some(deadline) = deadline {
        extensions.insert(deadline);
    }
    Request::from_parts(metadata, extensions, message)
}

/// Messages of a request that streams. Runs their hooks.
struct InterceptedRequest<M, I: Interceptor<Server>> {
    stream: RequestStream<M>,
    call: Shared<Server, I>,
}

impl<M: AnyMessage, I: Interceptor<Server>> Stream for InterceptedRequest<M, I> {
    type Item = Result<M, Status>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let next = ready!(Pin::new(&mut self.stream).poll_next(context));
        let Some(mut message) = next else {
            let ended = self.call.pass(Intercepted::half_close);
            return Poll::Ready(ended.err().map(Err));
        };
        let bytes = message.encoded_len();
        let passed = self
            .call
            .pass(|call| call.request_message(&mut message, bytes));
        Poll::Ready(Some(passed.map(|()| message)))
    }
}

/// Stream of responses, which ends the call.
fn respond<I, K, R, M>(
    mut call: Option<K>,
    response: Response<R>,
    deadline: Option<Deadline>,
) -> Result<Response<Streaming<M>>, Status>
where
    I: Interceptor<Server> + 'static,
    K: OwnedCall<Server, I>,
    R: Stream<Item = Result<M, Status>> + Send + 'static,
    M: AnyMessage,
{
    let (mut headers, stream, _) = response.into_parts();
    let passed = call.pass(|call| {
        call.refusal()?;
        call.response_headers(&mut headers)
    });
    if let Err(status) = passed {
        return failed(call, status);
    }
    let stream = match call {
        None => streaming_until(stream, deadline),
        Some(call) => {
            let (call, end) = call.divide();
            let (body, messages) = frames(InterceptedStream::new(stream, call));
            let body = CompletingBody {
                body: Until::new(body, deadline, trailers_of),
                call: end,
                interceptors: PhantomData,
            };
            received(body, messages)
        }
    };
    Ok(Response::from_parts(headers, stream, Extensions::new()))
}

/// Result of a call that failed before its response began to stream. If interceptors change the status to OK, this is an
/// empty stream.
fn failed<I: Interceptor<Server>, M: AnyMessage>(
    mut call: impl Handle<Server, I>,
    mut status: Status,
) -> Result<Response<Streaming<M>>, Status> {
    call.complete_call(&mut status);
    match status.code() {
        Code::Ok => Ok(Response::new(streaming(tokio_stream::empty()))),
        _ => Err(status),
    }
}
