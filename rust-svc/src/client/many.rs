//! Calls that are answered by a stream.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use http::uri::PathAndQuery;
use prost::Message as _;
use tonic::codec::{Encoder, Streaming};
use tonic::codegen::tokio_stream::{self, Stream};
use tonic::{Request, Response, Status};

use super::tap::{Observe, Observer};
use super::{Call, MessageCodec, Transport, Wire};
use crate::codec::{Announced, Once, Watched};
use crate::hooks::RequestStream;
use crate::interceptor::{
    AnyMessage, Client, Handle, Intercepted, Interceptor, Owner, Shared, contained,
};

pub(super) async fn around_server_streaming<'a, T, I, C, F, R>(
    mut intercepted: Intercepted<Client, I>,
    mut call: Call<'a, Wire<T, I>, C>,
    request: Request<C::Encode>,
    hook: F,
) -> Result<Response<Streaming<C::Decode>>, Status>
where
    T: Transport,
    I: Interceptor<Client> + 'static,
    C: MessageCodec,
    F: FnOnce(Request<C::Encode>, Call<'a, Wire<T, I>, C>) -> R,
    R: Future<Output = Result<Response<Streaming<C::Decode>>, Status>>,
{
    let request = intercepted.open(request).await;
    let request = request.map_err(|status| failure(&mut intercepted, status))?;
    let owner = Owner(Shared::new(intercepted));
    call.watch = Some(owner.0.clone());
    let response = hook(request, call).await;
    begin(owner, response)
}

pub(super) async fn around_bidi_streaming<'a, T, I, C, F, R>(
    mut intercepted: Intercepted<Client, I>,
    mut call: Call<'a, Wire<T, I>, C>,
    mut request: Request<RequestStream<C::Encode>>,
    hook: F,
) -> Result<Response<Streaming<C::Decode>>, Status>
where
    T: Transport,
    I: Interceptor<Client> + 'static,
    C: MessageCodec,
    F: FnOnce(Request<RequestStream<C::Encode>>, Call<'a, Wire<T, I>, C>) -> R,
    R: Future<Output = Result<Response<Streaming<C::Decode>>, Status>>,
{
    let started = intercepted.start_request(&mut request).await;
    started.map_err(|status| failure(&mut intercepted, status))?;
    let owner = Owner(Shared::new(intercepted));
    call.watch = Some(owner.0.clone());
    let response = hook(request, call).await;
    begin(owner, response)
}

/// Shows the headers to interceptors, and leaves the end of the call to the stream of responses.
fn begin<I: Interceptor<Client>, M>(
    mut call: Owner<Client, I>,
    response: Result<Response<Streaming<M>>, Status>,
) -> Result<Response<Streaming<M>>, Status> {
    let mut response = response.map_err(|status| failure(&mut call, status))?;
    call.with(|call| call.response_headers(response.metadata_mut()))
        .map_err(|status| failure(&mut call, status))?;
    call.release();
    Ok(response)
}

impl<T: Transport, I: Interceptor<Client> + 'static> Wire<T, I> {
    pub(super) async fn watched_server_streaming<C: MessageCodec>(
        &mut self,
        watch: Shared<Client, I>,
        mut codec: C,
        request: Request<C::Encode>,
        path: PathAndQuery,
    ) -> Result<Response<Streaming<C::Decode>>, Status> {
        let encoder = codec.encoder();
        let request = request.map(tokio_stream::once);
        self.many(watch, codec, encoder, request, path).await
    }

    pub(super) async fn watched_bidi_streaming<C: MessageCodec>(
        &mut self,
        watch: Shared<Client, I>,
        mut codec: C,
        request: Request<RequestStream<C::Encode>>,
        path: PathAndQuery,
    ) -> Result<Response<Streaming<C::Decode>>, Status> {
        let encoder = announcing(&watch, codec.encoder());
        let request = request.map(|stream| Requests::new(stream, &watch));
        self.many(watch, codec, encoder, request, path).await
    }

    async fn many<C, E, R>(
        &mut self,
        watch: Shared<Client, I>,
        mut codec: C,
        encoder: E,
        mut request: Request<R>,
        path: PathAndQuery,
    ) -> Result<Response<Streaming<C::Decode>>, Status>
    where
        C: MessageCodec,
        E: Encoder<Item = C::Encode, Error = Status> + Send + 'static,
        R: Stream<Item = C::Encode> + Send + 'static,
    {
        let (mut seen, mut broken) = (watch.clone(), watch.clone());
        request.extensions_mut().insert(Observer(Arc::new(watch)));
        let decoder = Watched {
            decoder: codec.decoder(),
            hook: move |message: &mut C::Decode, bytes| {
                seen.with(|call| call.last_response_message(message, bytes))
            },
            failed: move |status: &mut Status| Handle::end(&mut broken, status),
        };
        let codec = Once::new(encoder, decoder);
        self.grpc.streaming(request, path, codec).await
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

/// An encoder of requests whose messages interceptors see. Here a refusal breaks the request off: the
/// end of a stream would be taken for all of it.
pub(super) fn announcing<I, E>(
    call: &Shared<Client, I>,
    encoder: E,
) -> impl Encoder<Item = E::Item, Error = Status> + Send + 'static
where
    I: Interceptor<Client> + 'static,
    E: Encoder<Error = Status, Item: AnyMessage> + Send + 'static,
{
    let mut call = call.clone();
    let hook = move |message: &mut E::Item| {
        let bytes = message.encoded_len();
        apart(&mut call, |call| call.request_message(message, bytes))
    };
    Announced { encoder, hook }
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

impl<M, I: Interceptor<Client>> Requests<M, I> {
    pub(super) fn new(stream: RequestStream<M>, call: &Shared<Client, I>) -> Self {
        let call = call.clone();
        Self { stream, call }
    }
}

impl<M, I: Interceptor<Client>> Stream for Requests<M, I> {
    type Item = M;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<M>> {
        let message = ready!(Pin::new(&mut self.stream).poll_next(context));
        if message.is_none() {
            let _ = apart(&mut self.call, Intercepted::half_close);
        }
        Poll::Ready(message)
    }
}
