//! From what a handler answered to an HTTP response.

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

use super::Settings;
use super::compression::{self, Encodings};
use super::recovery::{recovered_next, recovers};
use crate::codec::Fitting;
use crate::interceptor::{AnyMessage, Divide, Handle, Interceptor, Server};
use crate::metadata::{self, sanitized, trailers_of, trailers_of_ok};

/// A call of which one message was due, and that failed before there was one.
pub(super) fn failure_of_one<I: Interceptor<Server>>(
    mut call: impl Handle<Server, I>,
    mut status: Status,
) -> http::Response<Body> {
    call.fail(&mut status);
    failed(status)
}

/// A call that failed before its response began to stream.
pub(super) fn failure<I: Interceptor<Server>>(
    mut call: impl Handle<Server, I>,
    mut status: Status,
) -> http::Response<Body> {
    call.end(&mut status);
    failed(status)
}

fn failed(status: Status) -> http::Response<Body> {
    let mut response = status.into_http();
    metadata::make_readable(response.headers_mut());
    response
}

/// One message. It is encoded right here, so that all that can go wrong has gone wrong when the call
/// ends.
pub(super) fn one<I, K, C>(
    mut call: Option<K>,
    response: Response<C::Encode>,
    mut codec: C,
    (encodings, settings): (Encodings, &Settings),
) -> http::Response<Body>
where
    I: Interceptor<Server> + 'static,
    K: Handle<Server, I> + Send + 'static,
    C: Codec<Encode: AnyMessage>,
{
    let (mut headers, mut message, extensions) = response.into_parts();
    let passed = call.with(|call| {
        call.refusal()?;
        call.response_headers(&mut headers)?;
        let bytes = message.encoded_len();
        call.response_message(&mut message, bytes)
    });
    if let Err(status) = passed {
        return failure_of_one(call, status);
    }
    let encoder = Fitting {
        bytes: message.encoded_len(),
        encoder: codec.encoder(),
    };
    let encoded = EncodeBody::new_server(
        encoder,
        tokio_stream::once(Ok(message)),
        encodings.response,
        extensions.get().copied().unwrap_or_default(),
        settings.max_encoding_message_size,
    );
    // Nothing is waited for: the message is there.
    let frame = pin!(encoded).poll_frame(&mut Context::from_waker(Waker::noop()));
    let (data, end) = match frame.map_ok(Frame::into_data) {
        Poll::Ready(Some(Ok(Ok(data)))) => (Some(data), End::Ok),
        Poll::Ready(Some(Ok(Err(frame)))) => (None, End::Failed(status_of(frame.trailers_ref()))),
        Poll::Ready(Some(Err(status))) => (None, End::Failed(status)),
        Poll::Ready(None) | Poll::Pending => (None, End::Ok),
    };
    let body = OneMessage {
        call,
        data,
        end,
        interceptors: PhantomData,
    };
    http_response(headers, extensions, encodings, Body::new(body))
}

/// A stream of messages.
pub(super) fn many<I, K, R, C>(
    mut call: Option<K>,
    response: Response<R>,
    mut codec: C,
    (encodings, settings): (Encodings, &Settings),
) -> http::Response<Body>
where
    I: Interceptor<Server> + 'static,
    K: Divide<Server, I> + Handle<Server, I>,
    C: Codec<Encode: AnyMessage>,
    R: Stream<Item = Result<C::Encode, Status>> + Send + 'static,
{
    let (mut headers, stream, extensions) = response.into_parts();
    let passed = call.with(|call| {
        call.refusal()?;
        call.response_headers(&mut headers)
    });
    if let Err(status) = passed {
        return failure(call, status);
    }
    let encoder = codec.encoder();
    let choice = SingleMessageCompressionOverride::default();
    let (encoding, limit) = (encodings.response, settings.max_encoding_message_size);
    let body = match call {
        None => Body::new(EncodeBody::new_server(
            encoder, stream, encoding, choice, limit,
        )),
        Some(call) => {
            let (call, end) = call.divide();
            let stream = Responses::new(stream, call);
            let body = EncodeBody::new_server(encoder, stream, encoding, choice, limit);
            Body::new(Ending {
                body: Some(body),
                call: end,
                interceptors: PhantomData,
            })
        }
    };
    http_response(headers, extensions, encodings, body)
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
        headers.insert(compression::ENCODING, name);
    }
    *response.headers_mut() = headers;
    response
}

fn status_of(trailers: Option<&HeaderMap>) -> Status {
    let status = trailers.and_then(metadata::status_of);
    status.unwrap_or_else(|| Status::unknown("the response ends without a status"))
}

/// How a response of one message ends.
enum End {
    Ok,
    Failed(Status),
    /// Its trailers are sent.
    Over,
}

pin_project! {
    /// The body of a response of one message: the message, if there is one, and the trailers.
    struct OneMessage<I, K> {
        call: Option<K>,
        data: Option<Bytes>,
        end: End,
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
        let status = match std::mem::replace(this.end, End::Over) {
            End::Over => return Poll::Ready(None),
            End::Ok if this.call.is_none() => return Poll::Ready(Some(Ok(trailers_of_ok()))),
            End::Ok => {
                let mut status = Status::ok("");
                this.call.end(&mut status);
                status
            }
            End::Failed(mut status) => {
                this.call.fail(&mut status);
                status
            }
        };
        Poll::Ready(Some(trailers_of(&status)))
    }

    fn is_end_stream(&self) -> bool {
        matches!(self.end, End::Over)
    }
}

pin_project! {
    /// The messages of a response, as interceptors see them.
    pub(super) struct Responses<R, I, K> {
        #[pin]
        stream: R,
        call: K,
        recovers: bool,
        interceptors: PhantomData<fn() -> I>,
    }
}

impl<R, I: Interceptor<Server>, K: Handle<Server, I>> Responses<R, I, K> {
    pub(super) fn new(stream: R, mut call: K) -> Self {
        Self {
            stream,
            recovers: recovers(&mut call),
            call,
            interceptors: PhantomData,
        }
    }
}

impl<R, M, I, K> Stream for Responses<R, I, K>
where
    R: Stream<Item = Result<M, Status>>,
    M: AnyMessage,
    I: Interceptor<Server>,
    K: Handle<Server, I>,
{
    type Item = Result<M, Status>;

    // Always inlined, and the message changed in its place: this runs for each message, and to move
    // one costs more than all that is done here.
    #[inline(always)]
    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.project();
        let mut next = match this.recovers {
            false => ready!(this.stream.poll_next(context)),
            true => ready!(recovered_next(this.stream, context, this.call)),
        };
        if let Some(Ok(message)) = &mut next {
            let bytes = message.encoded_len();
            let passed = this.call.with(|call| {
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
    /// The body of a response that streams: sees its trailers, in which its status is.
    pub(super) struct Ending<B, I, K> {
        // There until then; dropped first, so that the call is whole again.
        #[pin]
        pub(super) body: Option<B>,
        pub(super) call: K,
        pub(super) interceptors: PhantomData<fn() -> I>,
    }
}

impl<B, I, K> HttpBody for Ending<B, I, K>
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
        let Some(body) = this.body.as_mut().as_pin_mut() else {
            return Poll::Ready(None);
        };
        let (mut status, is_error) = match ready!(body.poll_frame(context)) {
            Some(Ok(frame)) if frame.is_trailers() => (status_of(frame.trailers_ref()), false),
            Some(Err(status)) => (status, true),
            frame => return Poll::Ready(frame),
        };
        this.body.set(None);
        this.call.end(&mut status);
        Poll::Ready(Some(match is_error {
            true => Err(status),
            false => trailers_of(&status),
        }))
    }

    fn is_end_stream(&self) -> bool {
        match &self.body {
            Some(body) => body.is_end_stream(),
            None => true,
        }
    }
}
