//! Servers that are called through their client trait: no socket, and nothing is encoded.
//!
//! What happens is what happens over a connection, as far as somebody could tell: interceptors and
//! typed hooks run as they do there, extensions stay on their side, and `grpc-timeout` is kept until
//! the response begins.

use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tonic::codec::Streaming;
use tonic::codegen::tokio_stream::{self, Stream};
use tonic::metadata::MetadataMap;
use tonic::{Code, Extensions, Request, Response, Status};

use super::recovery::recovered;
use super::response::{Ending, Responses};
use super::{Answered, Rpc, ServerCore};
use crate::api::ClientCall;
use crate::hooks::{RequestStream, ResponseStream};
use crate::interceptor::{
    AnyMessage, Divide, Handle, Intercepted, Interceptor, Owner, Server, Shared,
};
use crate::metadata::sanitized;
use crate::received::{conclude, receive};
use crate::testing::deadline::within_deadline;
use crate::testing::streaming::{frames, received, streaming};

/// One request, one response.
pub fn in_process_unary<T, I, H, In, Out>(
    core: &ServerCore<T, I, H>,
    request: In,
    rpc: Rpc<T, H, In, Out>,
) -> ClientCall<In, Out>
where
    T: Send + Sync + 'static,
    I: Interceptor<Server> + 'static,
    H: Send + Sync + 'static,
    In: AnyMessage,
    Out: AnyMessage,
{
    let core = core.clone();
    ClientCall::boxed(request, |request| {
        within_deadline(request, |request| async move {
            let mut call = Intercepted::of(&core.interceptors, rpc.method);
            let received = async {
                let request = open(&mut call, request).await?;
                let response = recovered(&mut call, rpc.answer(&core, request)).await?;
                receive(&mut call, leaving(response))
            };
            let received = received.await;
            conclude(call, received)
        })
    })
}

/// Many requests, one response.
pub fn in_process_client_streaming<T, I, H, In, Out>(
    core: &ServerCore<T, I, H>,
    request: RequestStream<In>,
    rpc: Rpc<T, H, Streaming<In>, Out>,
) -> ClientCall<RequestStream<In>, Out>
where
    T: Send + Sync + 'static,
    I: Interceptor<Server> + 'static,
    H: Send + Sync + 'static,
    In: AnyMessage,
    Out: AnyMessage,
{
    let core = core.clone();
    ClientCall::boxed(request, |request| {
        within_deadline(request, |request| async move {
            let mut call = Intercepted::of(&core.interceptors, rpc.method);
            let request = match start(&mut call, request).await {
                Ok(request) => request,
                Err(status) => return conclude::<_, _, Out>(call, Err(status)),
            };
            let mut call = call.map(|call| Owner(Shared::new(call)));
            let request = request.map(|stream| requests(stream, &call));
            let answered = recovered(&mut call, rpc.answer(&core, request)).await;
            let received = answered.and_then(|response| {
                call.with(|call| call.refusal())?;
                receive(&mut call, leaving(response))
            });
            conclude(call, received)
        })
    })
}

/// One request, many responses.
pub fn in_process_server_streaming<T, I, H, In, Out, R>(
    core: &ServerCore<T, I, H>,
    request: In,
    rpc: Rpc<T, H, In, R, ResponseStream<Out>>,
) -> ClientCall<In, Streaming<Out>>
where
    T: Send + Sync + 'static,
    I: Interceptor<Server> + 'static,
    H: Send + Sync + 'static,
    In: AnyMessage,
    Out: AnyMessage,
    R: Stream<Item = Result<Out, Status>> + Send + 'static,
{
    let core = core.clone();
    ClientCall::boxed(request, |request| {
        within_deadline(request, |request| async move {
            let mut call = Intercepted::of(&core.interceptors, rpc.method);
            let answered = async {
                let request = open(&mut call, request).await?;
                recovered(&mut call, rpc.answer_stream(&core, request)).await
            };
            let answered = answered.await;
            deliver(call, answered)
        })
    })
}

/// Many requests, many responses.
pub fn in_process_bidi_streaming<T, I, H, In, Out, R>(
    core: &ServerCore<T, I, H>,
    request: RequestStream<In>,
    rpc: Rpc<T, H, Streaming<In>, R, ResponseStream<Out>>,
) -> ClientCall<RequestStream<In>, Streaming<Out>>
where
    T: Send + Sync + 'static,
    I: Interceptor<Server> + 'static,
    H: Send + Sync + 'static,
    In: AnyMessage,
    Out: AnyMessage,
    R: Stream<Item = Result<Out, Status>> + Send + 'static,
{
    let core = core.clone();
    ClientCall::boxed(request, |request| {
        within_deadline(request, |request| async move {
            let mut call = Intercepted::of(&core.interceptors, rpc.method);
            let request = match start(&mut call, request).await {
                Ok(request) => request,
                Err(status) => return failed(call, status),
            };
            let mut call = call.map(|call| Owner(Shared::new(call)));
            let request = request.map(|stream| requests(stream, &call));
            let answered = recovered(&mut call, rpc.answer_stream(&core, request)).await;
            deliver(call, answered)
        })
    })
}

/// A request as it comes out of a connection.
fn arriving<M>(request: Request<M>) -> Request<M> {
    let (metadata, _, message) = request.into_parts();
    let metadata = MetadataMap::from_headers(sanitized(metadata));
    Request::from_parts(metadata, Extensions::new(), message)
}

/// A response as it goes into one.
fn leaving<M>(mut response: Response<M>) -> Response<M> {
    response.extensions_mut().clear();
    response
}

/// Starts the call.
async fn start<I: Interceptor<Server>, M>(
    call: &mut Option<Intercepted<Server, I>>,
    request: Request<M>,
) -> Result<Request<M>, Status> {
    let mut request = arriving(request);
    if let Some(call) = call {
        call.start_request(&mut request).await?;
    }
    Ok(request)
}

/// Starts a call whose request is one message.
async fn open<I: Interceptor<Server>, M: AnyMessage>(
    call: &mut Option<Intercepted<Server, I>>,
    request: Request<M>,
) -> Result<Request<M>, Status> {
    let request = arriving(request);
    match call {
        Some(call) => call.open(request).await,
        None => Ok(request),
    }
}

/// What the handler reads of a client that streams.
fn requests<I, M>(stream: RequestStream<M>, call: &Option<Owner<Server, I>>) -> Streaming<M>
where
    I: Interceptor<Server> + 'static,
    M: AnyMessage,
{
    match call {
        None => streaming(tokio_stream::StreamExt::map(stream, Ok)),
        Some(Owner(call)) => streaming(Requests {
            stream,
            call: call.clone(),
        }),
    }
}

/// The messages of a request that streams, as interceptors see them.
struct Requests<M, I: Interceptor<Server>> {
    stream: RequestStream<M>,
    call: Shared<Server, I>,
}

impl<M: AnyMessage, I: Interceptor<Server>> Stream for Requests<M, I> {
    type Item = Result<M, Status>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let next = ready!(Pin::new(&mut self.stream).poll_next(context));
        let Some(mut message) = next else {
            let ended = self.call.with(Intercepted::half_close);
            return Poll::Ready(ended.err().map(Err));
        };
        let bytes = message.encoded_len();
        let passed = self
            .call
            .with(|call| call.request_message(&mut message, bytes));
        Poll::Ready(Some(passed.map(|()| message)))
    }
}

fn deliver<I, K, R, M>(
    call: Option<K>,
    answered: Result<Answered<R, M>, Status>,
) -> Result<Response<Streaming<M>>, Status>
where
    I: Interceptor<Server> + 'static,
    K: Divide<Server, I> + Handle<Server, I>,
    R: Stream<Item = Result<M, Status>> + Send + 'static,
    M: AnyMessage,
{
    match answered {
        Ok(Answered::Handler(response)) => respond(call, response),
        Ok(Answered::Hooked(response)) => respond(call, response),
        Err(status) => failed(call, status),
    }
}

/// The stream of responses, which ends the call.
fn respond<I, K, R, M>(
    mut call: Option<K>,
    response: Response<R>,
) -> Result<Response<Streaming<M>>, Status>
where
    I: Interceptor<Server> + 'static,
    K: Divide<Server, I> + Handle<Server, I>,
    R: Stream<Item = Result<M, Status>> + Send + 'static,
    M: AnyMessage,
{
    let (mut headers, stream, _) = response.into_parts();
    let passed = call.with(|call| {
        call.refusal()?;
        call.response_headers(&mut headers)
    });
    if let Err(status) = passed {
        return failed(call, status);
    }
    let stream = match call {
        None => streaming(stream),
        Some(call) => {
            let (call, end) = call.divide();
            let (body, messages) = frames(Responses::new(stream, call));
            let body = Ending {
                body: Some(body),
                call: end,
                interceptors: PhantomData,
            };
            received(body, messages)
        }
    };
    Ok(Response::from_parts(headers, stream, Extensions::new()))
}

/// A call that failed before its response began to stream: unless interceptors make OK of it, which
/// is a stream of nothing.
fn failed<I: Interceptor<Server>, M: AnyMessage>(
    mut call: impl Handle<Server, I>,
    mut status: Status,
) -> Result<Response<Streaming<M>>, Status> {
    call.end(&mut status);
    match status.code() {
        Code::Ok => Ok(Response::new(streaming(tokio_stream::empty()))),
        _ => Err(status),
    }
}
