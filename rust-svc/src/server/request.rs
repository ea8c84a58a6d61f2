//! From an HTTP request to what a handler takes.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use http_body::{Body as HttpBody, Frame, SizeHint};
use pin_project_lite::pin_project;
use tonic::codec::{Codec, Streaming};
use tonic::metadata::MetadataMap;
use tonic::{Extensions, Request, Status};

use super::compression::Encodings;
use super::{RequestBody, Settings, whole};
use crate::codec::{Measured, Watched};
use crate::interceptor::{AnyMessage, Handle, Intercepted, Interceptor, Owner, Server, Shared};
use crate::metadata::merge;

/// What a request says before its body. Nothing of that is read before interceptors let it pass.
///
/// Borrowed by all that works with it: each future that took it would be larger by it.
pub(super) struct Head {
    metadata: MetadataMap,
    extensions: Extensions,
}

pub(super) fn split<B>(request: http::Request<B>) -> (Head, B) {
    let (parts, body) = request.into_parts();
    let head = Head {
        metadata: MetadataMap::from_headers(parts.headers),
        extensions: parts.extensions,
    };
    (head, body)
}

impl Head {
    /// Starts the call.
    pub(super) async fn start<I: Interceptor<Server>>(
        &mut self,
        call: &mut Option<Intercepted<Server, I>>,
        settings: &Settings,
    ) -> Result<Encodings, Status> {
        if let Some(call) = call {
            call.start(&mut self.metadata, &mut self.extensions).await?;
        }
        Encodings::of(self.metadata.as_ref(), settings)
    }

    /// Reads the one message.
    pub(super) async fn message<I, C>(
        &mut self,
        body: impl RequestBody,
        (encodings, settings): (Encodings, &Settings),
        codec: &mut C,
        call: &mut Option<Intercepted<Server, I>>,
    ) -> Result<Request<C::Decode>, Status>
    where
        I: Interceptor<Server>,
        C: Codec<Decode: AnyMessage>,
    {
        let limit = settings.max_decoding_message_size;
        let decoder = Measured(codec.decoder());
        let body = whole::one(body);
        let mut stream = Streaming::new_request(decoder, body, encodings.request, limit);
        let (mut message, bytes) = stream
            .message()
            .await
            .map_err(whole::explained)?
            .ok_or_else(|| Status::internal("Missing request message."))?;
        call.with(|call| call.request_message(&mut message, bytes))?;
        let trailers = stream.trailers().await.map_err(whole::explained)?;
        if let Some(trailers) = trailers {
            merge(&mut self.metadata, trailers);
        }
        call.with(Intercepted::half_close)?;
        Ok(self.request(message))
    }

    /// Lets the handler read the messages.
    pub(super) fn stream<I, C>(
        &mut self,
        body: impl RequestBody,
        (encodings, settings): (Encodings, &Settings),
        codec: &mut C,
        call: &Option<Owner<Server, I>>,
    ) -> Request<Streaming<C::Decode>>
    where
        I: Interceptor<Server> + 'static,
        C: Codec<Decode: AnyMessage>,
    {
        let (encoding, limit) = (encodings.request, settings.max_decoding_message_size);
        let (body, decoder) = whole::many(body, codec.decoder(), limit);
        let stream = match call {
            None => Streaming::new_request(decoder, body, encoding, limit),
            Some(Owner(call)) => {
                let body = Requests {
                    body,
                    call: call.clone(),
                };
                let mut call = call.clone();
                let hook = move |message: &mut C::Decode, bytes| {
                    call.with(|call| call.request_message(message, bytes))
                };
                // The handler reads it, and what it makes of that is how the call ends.
                let failed = |_: &mut Status| {};
                let decoder = Watched {
                    decoder,
                    hook,
                    failed,
                };
                Streaming::new_request(decoder, body, encoding, limit)
            }
        };
        self.request(stream)
    }

    /// What the handler takes. This is left empty.
    fn request<M>(&mut self, message: M) -> Request<M> {
        let metadata = std::mem::take(&mut self.metadata);
        let extensions = std::mem::take(&mut self.extensions);
        Request::from_parts(metadata, extensions, message)
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
