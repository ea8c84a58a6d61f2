//! Responses, from the handler to HTTP.

use std::marker::PhantomData;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker, ready};

use http::HeaderMap;
use http::header::CONTENT_TYPE;
use http_body::{Body as HttpBody, Frame};
use pin_project_lite::pin_project;
use prost::Message as _;
use prost::bytes::Bytes;
use tonic::body::Body;
use tonic::codec::{Codec, EncodeBody, SingleMessageCompressionOverride};
use tonic::codegen::tokio_stream::{self, Stream};
use tonic::metadata::{GRPC_CONTENT_TYPE, MetadataMap};
use tonic::{Extensions, Response, Status};

use super::compression::{self, Encodings};
use super::recovery::{recovered_next, recovers};
use super::rpc::Answered;
use crate::arity::{Many, One, ResponseArity};
use crate::codec::Fitting;
use crate::deadline::{Deadline, Until};
use crate::interceptor::{AnyMessage, Handle, Interceptor, OwnedCall, Server};
use crate::limits::Limits;
use crate::metadata::{self, sanitized, trailers_of, trailers_of_ok};

/// How to send a response.
pub struct Outgoing<C> {
    pub(super) codec: C,
    pub(super) encodings: Encodings,
    pub(super) limits: Limits,
    pub(super) deadline: Option<Deadline>,
}

impl<C: Codec> Outgoing<C> {
    /// Body of these messages.
    fn encode<R>(&mut self, messages: R) -> EncodeBody<C::Encoder, R>
    where
        R: Stream<Item = Result<C::Encode, Status>>,
    {
        EncodeBody::new_server(
            self.codec.encoder(),
            messages,
            self.encodings.response,
            SingleMessageCompressionOverride::default(),
            self.limits.encoding,
        )
    }
}

/// Response of an rpc, as a server sends it.
pub trait ServerResponse: ResponseArity {
    /// HTTP response of a call that a handler answered.
    fn respond<I, K, C>(
        call: Option<K>,
        answer: Answered<Self>,
        outgoing: Outgoing<C>,
    ) -> http::Response<Body>
    where
        Self: Sized,
        I: Interceptor<Server> + 'static,
        K: OwnedCall<Server, I>,
        C: Codec<Encode = Self::Message>;

    /// HTTP response of a call that failed before its response began.
    fn failure<I: Interceptor<Server>>(
        call: impl Handle<Server, I>,
        status: Status,
    ) -> http::Response<Body>;
}

impl<M: AnyMessage> ServerResponse for One<M> {
    fn respond<I, K, C>(
        call: Option<K>,
        answer: Answered<Self>,
        outgoing: Outgoing<C>,
    ) -> http::Response<Body>
    where
        I: Interceptor<Server> + 'static,
        K: OwnedCall<Server, I>,
        C: Codec<Encode = M>,
    {
        let (Answered::Handler(response) | Answered::Hooked(response)) = answer;
        one(call, response, outgoing)
    }

    fn failure<I: Interceptor<Server>>(
        mut call: impl Handle<Server, I>,
        mut status: Status,
    ) -> http::Response<Body> {
        call.fail_call(&mut status);
        failed(status)
    }
}

impl<M, S> ServerResponse for Many<M, S>
where
    M: AnyMessage,
    S: Stream<Item = Result<M, Status>> + Send + 'static,
{
    fn respond<I, K, C>(
        call: Option<K>,
        answer: Answered<Self>,
        outgoing: Outgoing<C>,
    ) -> http::Response<Body>
    where
        I: Interceptor<Server> + 'static,
        K: OwnedCall<Server, I>,
        C: Codec<Encode = M>,
    {
        match answer {
            Answered::Handler(response) => many(call, response, outgoing),
            Answered::Hooked(response) => many(call, response, outgoing),
        }
    }

    fn failure<I: Interceptor<Server>>(
        mut call: impl Handle<Server, I>,
        mut status: Status,
    ) -> http::Response<Body> {
        call.complete_call(&mut status);
        failed(status)
    }
}

fn failed(status: Status) -> http::Response<Body> {
    let mut response = status.into_http();
    metadata::make_readable(response.headers_mut());
    response
}

/// Response of one message. The message is encoded here, so that the status is known when the call ends.
fn one<I, K, C>(
    mut call: Option<K>,
    response: Response<C::Encode>,
    mut outgoing: Outgoing<C>,
) -> http::Response<Body>
where
    I: Interceptor<Server> + 'static,
    K: OwnedCall<Server, I>,
    C: Codec<Encode: AnyMessage>,
{
    let (mut headers, mut message, extensions) = response.into_parts();
    let passed = call.pass(|call| {
        call.refusal()?;
        call.response_headers(&mut headers)?;
        let bytes = message.encoded_len();
        call.response_message(&mut message, bytes)
    });
    if let Err(status) = passed {
        return One::<C::Encode>::failure(call, status);
    }
    let encoder = Fitting {
        bytes: message.encoded_len(),
        encoder: outgoing.codec.encoder(),
    };
    let encoded = EncodeBody::new_server(
        encoder,
        tokio_stream::once(Ok(message)),
        outgoing.encodings.response,
        extensions.get().copied().unwrap_or_default(),
        outgoing.limits.encoding,
    );
    // The message is there, so that the body is ready at once.
    let frame = pin!(encoded).poll_frame(&mut Context::from_waker(Waker::noop()));
    let (data, trailers) = match frame.map_ok(Frame::into_data) {
        Poll::Ready(Some(Ok(Ok(data)))) => (Some(data), Trailers::Ok),
        Poll::Ready(Some(Ok(Err(frame)))) => {
            (None, Trailers::Failed(status_of(frame.trailers_ref())))
        }
        Poll::Ready(Some(Err(status))) => (None, Trailers::Failed(status)),
        Poll::Ready(None) | Poll::Pending => (None, Trailers::Ok),
    };
    let body = OneMessage {
        call,
        data,
        trailers,
        interceptors: PhantomData,
    };
    http_response(headers, extensions, outgoing.encodings, Body::new(body))
}

/// Response that is a stream of messages.
fn many<I, K, R, C>(
    mut call: Option<K>,
    response: Response<R>,
    mut outgoing: Outgoing<C>,
) -> http::Response<Body>
where
    I: Interceptor<Server> + 'static,
    K: OwnedCall<Server, I>,
    C: Codec<Encode: AnyMessage>,
    R: Stream<Item = Result<C::Encode, Status>> + Send + 'static,
{
    let (mut headers, stream, extensions) = response.into_parts();
    let passed = call.pass(|call| {
        call.refusal()?;
        call.response_headers(&mut headers)
    });
    if let Err(status) = passed {
        return Many::<C::Encode, R>::failure(call, status);
    }
    let body = match call {
        None => {
            let body = outgoing.encode(stream);
            match outgoing.deadline {
                None => Body::new(body),
                deadline => Body::new(Until::new(body, deadline, trailers_of)),
            }
        }
        Some(call) => {
            let (call, end) = call.divide();
            let body = outgoing.encode(InterceptedStream::new(stream, call));
            Body::new(CompletingBody {
                body: Until::new(body, outgoing.deadline, trailers_of),
                call: end,
                interceptors: PhantomData,
            })
        }
    };
    http_response(headers, extensions, outgoing.encodings, body)
}

fn http_response(
    headers: MetadataMap,
    extensions: Extensions,
    encodings: Encodings,
    body: Body,
) -> http::Response<Body> {
    let mut response = http::Response::new(body);
    *response.version_mut() = http::Version::HTTP_2;
    *response.extensions_mut() = extensions;
    let mut headers = sanitized(headers);
    headers.insert(CONTENT_TYPE, GRPC_CONTENT_TYPE);
    if let Some(encoding) = encodings.response
        && let Ok(name) = encoding.to_string().try_into()
    {
        headers.insert(compression::ENCODING.clone(), name);
    }
    *response.headers_mut() = headers;
    response
}

fn status_of(trailers: Option<&HeaderMap>) -> Status {
    let status = trailers.and_then(metadata::status_of);
    status.unwrap_or_else(|| Status::unknown("the response ends without a status"))
}

/// Trailers of a response of one message.
enum Trailers {
    Ok,
    Failed(Status),
    Sent,
}

pin_project! {
    /// Body of a response of one message: the message, unless it failed, and the trailers.
    struct OneMessage<I, K> {
        call: Option<K>,
        data: Option<Bytes>,
        trailers: Trailers,
        interceptors: PhantomData<fn() -> I>,
    }
}

impl<I, K> HttpBody for OneMessage<I, K>
where
    I: Interceptor<Server>,
    K: Handle<Server, I>,
{
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let this = self.project();
        if let Some(data) = this.data.take() {
            return Poll::Ready(Some(Ok(Frame::data(data))));
        }
        let status = match std::mem::replace(this.trailers, Trailers::Sent) {
            Trailers::Sent => return Poll::Ready(None),
            Trailers::Ok if this.call.is_none() => {
                return Poll::Ready(Some(Ok(trailers_of_ok())));
            }
            Trailers::Ok => {
                let mut status = Status::ok("");
                this.call.complete_call(&mut status);
                status
            }
            Trailers::Failed(mut status) => {
                this.call.fail_call(&mut status);
                status
            }
        };
        Poll::Ready(Some(trailers_of(&status)))
    }

    fn is_end_stream(&self) -> bool {
        matches!(self.trailers, Trailers::Sent)
    }
}

pin_project! {
    /// Messages of a response that streams. Runs their hooks.
    pub(super) struct InterceptedStream<R, I, K> {
        #[pin]
        stream: R,
        call: K,
        recovers: bool,
        interceptors: PhantomData<fn() -> I>,
    }
}

impl<R, I: Interceptor<Server>, K: Handle<Server, I>> InterceptedStream<R, I, K> {
    pub(super) fn new(stream: R, mut call: K) -> Self {
        Self {
            stream,
            recovers: recovers(&mut call),
            call,
            interceptors: PhantomData,
        }
    }
}

impl<R, M, I, K> Stream for InterceptedStream<R, I, K>
where
    R: Stream<Item = Result<M, Status>>,
    M: AnyMessage,
    I: Interceptor<Server>,
    K: Handle<Server, I>,
{
    type Item = Result<M, Status>;

    // Always inlined, and the message is changed in place: this runs for each message, and a move costs more than all
    // that is done here.
    #[inline(always)]
    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.project();
        let mut next = if *this.recovers {
            ready!(recovered_next(this.stream, context, this.call))
        } else {
            ready!(this.stream.poll_next(context))
        };
        if let Some(Ok(message)) = &mut next {
            let bytes = message.encoded_len();
            let passed = this.call.pass(|call| {
                call.refusal()?;
                call.response_message(message, bytes)
            });
            if let Err(status) = passed {
                next = Some(Err(status));
            }
        }
        Poll::Ready(next)
    }
}

pin_project! {
    /// Body of a response that streams. Ends the call at its trailers, which have the status.
    pub(super) struct CompletingBody<B, I, K> {
        // It is dropped first, which gives a lent call back.
        #[pin]
        pub(super) body: Until<B>,
        pub(super) call: K,
        pub(super) interceptors: PhantomData<fn() -> I>,
    }
}

impl<B, I, K> HttpBody for CompletingBody<B, I, K>
where
    B: HttpBody<Data = Bytes, Error = Status>,
    I: Interceptor<Server>,
    K: Handle<Server, I>,
{
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let mut this = self.project();
        let (mut status, is_error) = match ready!(this.body.as_mut().poll_frame(context)) {
            Some(Ok(frame)) if frame.is_trailers() => (status_of(frame.trailers_ref()), false),
            Some(Err(status)) => (status, true),
            frame => return Poll::Ready(frame),
        };
        this.body.set(Until::Over);
        this.call.complete_call(&mut status);
        Poll::Ready(Some(if is_error {
            Err(status)
        } else {
            trailers_of(&status)
        }))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }
}
