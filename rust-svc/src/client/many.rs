//! Calls that are answered by a stream.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use http::uri::PathAndQuery;
use prost::Message as _;
use tonic::codec::{Decoder, Encoder, Streaming};
use tonic::codegen::tokio_stream::{self, Stream};
use tonic::{Request, Response, Status};

use super::tap::{Observe, Observer};
use super::{MessageCodec, Transport, Wire};
use crate::codec::{Announced, Once, Watched};
use crate::hooks::RequestStream;
use crate::interceptor::{
    AnyMessage, Client, Handle, Intercepted, Interceptor, Owner, Shared, contained,
};

impl<T: Transport, I: Interceptor<Client> + 'static> Wire<T, I> {
    pub(super) async fn intercepted_server_streaming<C: MessageCodec>(
        &mut self,
        mut call: Intercepted<Client, I>,
        mut codec: C,
        request: Request<C::Encode>,
    ) -> Result<Response<Streaming<C::Decode>>, Status> {
        let (mut metadata, mut extensions, mut message) = request.into_parts();
        let started = async {
            call.start(&mut metadata, &mut extensions).await?;
            let bytes = message.encoded_len();
            call.request_message(&mut message, bytes)?;
            call.half_close()?;
            self.prepare(call.method(), &mut extensions).await
        };
        let path = started.await.map_err(|status| failure(&mut call, status))?;
        let encoder = codec.encoder();
        let request = Request::from_parts(metadata, extensions, tokio_stream::once(message));
        let call = Owner(Shared::new(call));
        self.stream(call, request, path, (encoder, codec.decoder()))
            .await
    }

    pub(super) async fn intercepted_bidi_streaming<C: MessageCodec>(
        &mut self,
        mut call: Intercepted<Client, I>,
        mut codec: C,
        request: Request<RequestStream<C::Encode>>,
    ) -> Result<Response<Streaming<C::Decode>>, Status> {
        let (mut metadata, mut extensions, stream) = request.into_parts();
        let started = async {
            call.start(&mut metadata, &mut extensions).await?;
            self.prepare(call.method(), &mut extensions).await
        };
        let path = started.await.map_err(|status| failure(&mut call, status))?;
        let call = Owner(Shared::new(call));
        let (stream, encoder) = announced(&call.0, stream, codec.encoder());
        let request = Request::from_parts(metadata, extensions, stream);
        self.stream(call, request, path, (encoder, codec.decoder()))
            .await
    }

    /// Makes the call, and leaves its end to the stream of responses.
    async fn stream<R, E, D>(
        &mut self,
        mut call: Owner<Client, I>,
        mut request: Request<R>,
        path: PathAndQuery,
        (encoder, decoder): (E, D),
    ) -> Result<Response<Streaming<D::Item>>, Status>
    where
        R: Stream<Item = E::Item> + Send + 'static,
        E: Encoder<Error = Status, Item: Send + Sync + 'static> + Send + 'static,
        D: Decoder<Error = Status, Item: AnyMessage + Sync> + Send + 'static,
    {
        let observer = Observer(Arc::new(call.0.clone()));
        request.extensions_mut().insert(observer);
        let (mut seen, mut broken) = (call.0.clone(), call.0.clone());
        let decoder = Watched {
            decoder,
            hook: move |message: &mut D::Item, bytes| {
                seen.with(|call| call.last_response_message(message, bytes))
            },
            failed: move |status: &mut Status| Handle::end(&mut broken, status),
        };
        let codec = Once::new(encoder, decoder);
        let response = self.grpc.streaming(request, path, codec).await;
        let mut response = response.map_err(|status| failure(&mut call, status))?;
        call.with(|call| call.response_headers(response.metadata_mut()))
            .map_err(|status| failure(&mut call, status))?;
        call.release();
        Ok(response)
    }
}

fn failure<I: Interceptor<Client>>(
    call: &mut impl Handle<Client, I>,
    mut status: Status,
) -> Status {
    call.end(&mut status);
    status
}

impl<I: Interceptor<Client>> Observe for Shared<Client, I> {
    fn end(&self, status: &mut Status) {
        Handle::end(&mut self.clone(), status);
    }

    fn abandon(&self) {
        Shared::abandon(self);
    }
}

/// A stream of requests whose messages and end interceptors see.
pub(super) fn announced<I, E>(
    call: &Shared<Client, I>,
    stream: RequestStream<E::Item>,
    encoder: E,
) -> (
    Requests<E::Item, I>,
    impl Encoder<Item = E::Item, Error = Status> + Send + 'static,
)
where
    I: Interceptor<Client> + 'static,
    E: Encoder<Error = Status, Item: AnyMessage> + Send + 'static,
{
    let stream = Requests {
        stream,
        call: call.clone(),
    };
    // Where a refusal breaks the request off: the end of a stream would be taken for all of it.
    let mut call = call.clone();
    let hook = move |message: &mut E::Item| {
        let bytes = message.encoded_len();
        apart(&mut call, |call| call.request_message(message, bytes))
    };
    (stream, Announced { encoder, hook })
}

/// Runs a hook of a request that streams. That is read by a task of the connection, so that whoever
/// waits for the response would never learn of a panic: for them it is an error.
fn apart<I: Interceptor<Client>>(
    call: &mut Shared<Client, I>,
    hook: impl FnOnce(&mut Intercepted<Client, I>) -> Result<(), Status>,
) -> Result<(), Status> {
    contained(|| call.with(hook)).unwrap_or_else(|_| {
        call.with(|call| {
            let status = Status::internal("an interceptor panicked");
            call.refuse(&status);
            Err(status)
        })
    })
}

/// The messages that a client streams: sees their end.
pub(super) struct Requests<M, I: Interceptor<Client>> {
    stream: RequestStream<M>,
    call: Shared<Client, I>,
}

impl<M, I: Interceptor<Client>> Stream for Requests<M, I> {
    type Item = M;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<M>> {
        let message = ready!(self.stream.as_mut().poll_next(context));
        if message.is_none() {
            let _ = apart(&mut self.call, Intercepted::half_close);
        }
        Poll::Ready(message)
    }
}
