//! Requests, from HTTP to the handler.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use http_body::{Body as HttpBody, Frame, SizeHint};
use pin_project_lite::pin_project;
use tonic::codec::{Codec, Streaming};
use tonic::metadata::MetadataMap;
use tonic::{Extensions, Request, Status};

use super::compression::Encodings;
use super::{RequestBody, Settings, whole};
use crate::Method;
use crate::arity::{Many, One, RequestArity};
use crate::codec::{Measured, Watched};
use crate::deadline::{Current, Deadline, Deadlines};
use crate::interceptor::{
    AnyMessage, Handle as _, Intercepted, Interceptor, OwnedCall, Owner, Server, Shared,
};
use crate::limits::Limits;
use crate::metadata::merge;

/// Head of a request. Encodings are read from it after the hook `start`, which may refuse the call.
///
/// Functions borrow it: a future that took it would be larger by it.
pub struct Head {
    metadata: MetadataMap,
    extensions: Extensions,
}

/// Splits a request into its head and its body.
pub(super) fn split<B>(request: http::Request<B>) -> (Head, B) {
    let (parts, body) = request.into_parts();
    let head = Head {
        metadata: MetadataMap::from_headers(parts.headers),
        extensions: parts.extensions,
    };
    (head, body)
}

impl Head {
    /// The call, if it has a deadline, which the handler finds in the extensions of its request.
    pub(super) fn current(
        &mut self,
        method: &'static Method,
        deadlines: &Deadlines,
    ) -> Option<Current> {
        let deadline = Deadline::of_server(method, &self.metadata, deadlines)?;
        self.extensions.insert(deadline);
        Some(Current::of(deadline))
    }

    /// Runs the hook `start`, and chooses the encodings.
    ///
    /// # Errors
    ///
    /// The status of an interceptor that refuses the call, or the errors of [`Encodings::negotiate`].
    pub(super) async fn start<I: Interceptor<Server>>(
        &mut self,
        call: &mut Option<impl OwnedCall<Server, I>>,
        settings: &Settings,
    ) -> Result<Encodings, Status> {
        if let Some(call) = call {
            let (metadata, extensions) = (&mut self.metadata, &mut self.extensions);
            call.unshared().start(metadata, extensions).await?;
        }
        Encodings::negotiate(self.metadata.as_ref(), settings)
    }

    /// Takes what the handler gets. The head is empty after that.
    fn request<M>(&mut self, message: M) -> Request<M> {
        let metadata = std::mem::take(&mut self.metadata);
        let extensions = std::mem::take(&mut self.extensions);
        Request::from_parts(metadata, extensions, message)
    }
}

/// Body of a request, and how to decode it.
pub struct Incoming<'a, B, C> {
    pub(super) body: B,
    pub(super) codec: &'a mut C,
    pub(super) encodings: Encodings,
    pub(super) limits: Limits,
}

/// Request of an rpc, as a server receives it.
pub trait ServerRequest: RequestArity {
    /// Call while the handler runs: shared if the request streams.
    type Call<I: Interceptor<Server> + 'static>: OwnedCall<Server, I>;

    /// Makes the request that the handler takes.
    ///
    /// # Errors
    ///
    /// The status of an interceptor that refuses the message, or the errors of the body and the decoder. A request
    /// that streams gives them to the handler.
    fn receive<I, B, C>(
        head: &mut Head,
        incoming: Incoming<'_, B, C>,
        call: &mut Option<Self::Call<I>>,
    ) -> impl Future<Output = Result<Request<Self::Received>, Status>> + Send
    where
        I: Interceptor<Server> + 'static,
        B: RequestBody,
        C: Codec<Decode = Self::Message> + Send;
}

impl<M: AnyMessage> ServerRequest for One<M> {
    type Call<I: Interceptor<Server> + 'static> = Intercepted<Server, I>;

    async fn receive<I, B, C>(
        head: &mut Head,
        incoming: Incoming<'_, B, C>,
        call: &mut Option<Intercepted<Server, I>>,
    ) -> Result<Request<M>, Status>
    where
        I: Interceptor<Server> + 'static,
        B: RequestBody,
        C: Codec<Decode = M> + Send,
    {
        let Incoming {
            body,
            codec,
            encodings,
            limits,
        } = incoming;
        let decoder = Measured(codec.decoder());
        let body = whole::one(body);
        let mut stream = Streaming::new_request(decoder, body, encodings.request, limits.decoding);
        let (mut message, bytes) = stream
            .message()
            .await
            .map_err(whole::explained)?
            .ok_or_else(|| Status::internal("Missing request message."))?;
        call.pass(|call| call.request_message(&mut message, bytes))?;
        let trailers = stream.trailers().await.map_err(whole::explained)?;
        if let Some(trailers) = trailers {
            merge(&mut head.metadata, trailers);
        }
        call.pass(Intercepted::half_close)?;
        Ok(head.request(message))
    }
}

impl<M: AnyMessage> ServerRequest for Many<M> {
    type Call<I: Interceptor<Server> + 'static> = Owner<Server, I>;

    async fn receive<I, B, C>(
        head: &mut Head,
        incoming: Incoming<'_, B, C>,
        call: &mut Option<Owner<Server, I>>,
    ) -> Result<Request<Streaming<M>>, Status>
    where
        I: Interceptor<Server> + 'static,
        B: RequestBody,
        C: Codec<Decode = M> + Send,
    {
        let (encoding, limit) = (incoming.encodings.request, incoming.limits.decoding);
        let (body, decoder) = whole::many(incoming.body, incoming.codec.decoder(), limit);
        let stream = match call {
            None => Streaming::new_request(decoder, body, encoding, limit),
            Some(owner) => {
                let body = HalfClosingBody {
                    body,
                    call: owner.share(),
                };
                let mut call = owner.share();
                let hook = move |message: &mut M, bytes| {
                    call.pass(|call| call.request_message(message, bytes))
                };
                // The handler reads the error and decides how the call ends.
                let failed = |_: &mut Status| {};
                let decoder = Watched {
                    decoder,
                    hook,
                    failed,
                };
                Streaming::new_request(decoder, body, encoding, limit)
            }
        };
        Ok(head.request(stream))
    }
}

pin_project! {
    /// Body of a request that streams. Runs the hook `half_close` at its end.
    struct HalfClosingBody<B, I: Interceptor<Server>> {
        #[pin]
        body: B,
        call: Shared<Server, I>,
    }
}

impl<B: HttpBody, I: Interceptor<Server>> HttpBody for HalfClosingBody<B, I> {
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
            let _ = this.call.pass(Intercepted::half_close);
        }
        Poll::Ready(frame)
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
