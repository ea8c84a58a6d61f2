//! From an HTTP request to what a handler takes.

use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};

use http_body::{Body as HttpBody, Frame, SizeHint};
use pin_project_lite::pin_project;
use tonic::codec::{Codec, CompressionEncoding, Streaming};
use tonic::codegen::StdError;
use tonic::metadata::MetadataMap;
use tonic::{Extensions, Request, Status};

use super::{Settings, compression};
use crate::codec::{Measured, Watched};
use crate::interceptor::{AnyMessage, Handle, Intercepted, Interceptor, Owner, Server, Shared};
use crate::metadata::merge;

/// A request that interceptors let pass, and of whose body nothing was read.
pub(super) struct Opened<B> {
    metadata: MetadataMap,
    extensions: Extensions,
    body: B,
    compression: Option<CompressionEncoding>,
    limit: Option<usize>,
    /// How the response may be compressed.
    accepted: Option<CompressionEncoding>,
}

/// Starts a call.
pub(super) async fn open<I: Interceptor<Server>, B>(
    call: &mut Option<Intercepted<Server, I>>,
    request: http::Request<B>,
    settings: &Settings,
) -> Result<Opened<B>, Status> {
    let (parts, body) = request.into_parts();
    let mut metadata = MetadataMap::from_headers(parts.headers);
    let mut extensions = parts.extensions;
    if let Some(call) = call {
        call.start(&mut metadata, &mut extensions).await?;
    }
    Ok(Opened {
        accepted: compression::of_response(metadata.as_ref(), settings.sent),
        compression: compression::of_request(metadata.as_ref(), settings.accepted)?,
        limit: settings.max_decoding_message_size,
        metadata,
        extensions,
        body,
    })
}

impl<B> Opened<B>
where
    B: HttpBody<Error: Into<StdError> + Send> + Send + 'static,
{
    /// Reads the one message.
    pub(super) async fn message<I, C>(
        self,
        call: &mut Option<Intercepted<Server, I>>,
        codec: &mut C,
    ) -> Result<(Request<C::Decode>, Option<CompressionEncoding>), Status>
    where
        I: Interceptor<Server>,
        C: Codec<Decode: AnyMessage>,
    {
        let mut metadata = self.metadata;
        let decoder = Measured(codec.decoder());
        let mut stream = pin!(Streaming::new_request(
            decoder,
            self.body,
            self.compression,
            self.limit
        ));
        let (mut message, bytes) = stream
            .message()
            .await?
            .ok_or_else(|| Status::internal("Missing request message."))?;
        call.with(|call| call.request_message(&mut message, bytes))?;
        if let Some(trailers) = stream.trailers().await? {
            merge(&mut metadata, trailers);
        }
        call.with(Intercepted::half_close)?;
        let request = Request::from_parts(metadata, self.extensions, message);
        Ok((request, self.accepted))
    }

    /// Lets the handler read the messages.
    pub(super) fn stream<I, C>(
        self,
        call: &mut Option<Owner<Server, I>>,
        codec: &mut C,
    ) -> (Request<Streaming<C::Decode>>, Option<CompressionEncoding>)
    where
        I: Interceptor<Server> + 'static,
        C: Codec<Decode: AnyMessage>,
    {
        let (decoder, body) = (codec.decoder(), self.body);
        let (compression, limit) = (self.compression, self.limit);
        let stream = match call {
            None => Streaming::new_request(decoder, body, compression, limit),
            Some(Owner(call)) => {
                let body = Requests {
                    body,
                    call: call.clone(),
                };
                let mut call = call.clone();
                let hook = move |message: &mut C::Decode, bytes| {
                    call.with(|call| call.request_message(message, bytes))
                };
                Streaming::new_request(Watched { decoder, hook }, body, compression, limit)
            }
        };
        let request = Request::from_parts(self.metadata, self.extensions, stream);
        (request, self.accepted)
    }
}

pin_project! {
    /// The body of a request that streams: sees its end.
    struct Requests<B, I: Interceptor<Server>> {
        #[pin]
        body: B,
        call: Shared<Server, I>,
    }
}

impl<B: HttpBody, I: Interceptor<Server>> HttpBody for Requests<B, I> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        let this = self.project();
        let frame = ready!(this.body.poll_frame(context));
        let is_end = match &frame {
            None => true,
            Some(Ok(frame)) => frame.is_trailers(),
            Some(Err(_)) => false,
        };
        if is_end {
            let _ = this.call.with(Intercepted::half_close);
        }
        Poll::Ready(frame)
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
