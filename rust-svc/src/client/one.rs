//! Calls that are answered by one message.

use http::uri::PathAndQuery;
use tonic::codec::{Encoder, Streaming};
use tonic::codegen::tokio_stream::{self, Stream};
use tonic::{Code, Request, Response, Status};

use super::many::{Requests, announcing};
use super::{Call, MessageCodec, Transport, Wire};
use crate::codec::{Measured, Once};
use crate::hooks::RequestStream;
use crate::interceptor::{Client, Handle, Intercepted, Interceptor, Owner, Shared};
use crate::received::{conclude, receive};

pub(super) async fn around_unary<'a, T, I, C, F, R>(
    mut intercepted: Intercepted<Client, I>,
    mut call: Call<'a, Wire<T, I>, C>,
    request: Request<C::Encode>,
    hook: F,
) -> Result<Response<C::Decode>, Status>
where
    T: Transport,
    I: Interceptor<Client> + 'static,
    C: MessageCodec,
    F: FnOnce(Request<C::Encode>, Call<'a, Wire<T, I>, C>) -> R,
    R: Future<Output = Result<Response<C::Decode>, Status>>,
{
    let request = match intercepted.open(request).await {
        Ok(request) => request,
        Err(status) => return conclude::<_, _, C::Decode>(intercepted, Err(status)),
    };
    let mut owner = Owner(Shared::new(intercepted));
    call.watch = Some(owner.0.clone());
    let received = match hook(request, call).await {
        Ok(response) => receive(&mut owner, response),
        Err(status) => Err(status),
    };
    conclude(owner, received)
}

pub(super) async fn around_client_streaming<'a, T, I, C, F, R>(
    mut intercepted: Intercepted<Client, I>,
    mut call: Call<'a, Wire<T, I>, C>,
    mut request: Request<RequestStream<C::Encode>>,
    hook: F,
) -> Result<Response<C::Decode>, Status>
where
    T: Transport,
    I: Interceptor<Client> + 'static,
    C: MessageCodec,
    F: FnOnce(Request<RequestStream<C::Encode>>, Call<'a, Wire<T, I>, C>) -> R,
    R: Future<Output = Result<Response<C::Decode>, Status>>,
{
    if let Err(status) = intercepted.start_request(&mut request).await {
        return conclude::<_, _, C::Decode>(intercepted, Err(status));
    }
    let mut owner = Owner(Shared::new(intercepted));
    call.watch = Some(owner.0.clone());
    let received = match hook(request, call).await {
        Ok(response) => receive(&mut owner, response),
        Err(status) => Err(status),
    };
    conclude(owner, received)
}

impl<T: Transport, I: Interceptor<Client> + 'static> Wire<T, I> {
    pub(super) async fn watched_unary<C: MessageCodec>(
        &mut self,
        watch: Shared<Client, I>,
        mut codec: C,
        request: Request<C::Encode>,
        path: PathAndQuery,
    ) -> Result<Response<C::Decode>, Status> {
        let encoder = codec.encoder();
        let request = request.map(tokio_stream::once);
        self.one(watch, codec, encoder, request, path).await
    }

    pub(super) async fn watched_client_streaming<C: MessageCodec>(
        &mut self,
        watch: Shared<Client, I>,
        mut codec: C,
        request: Request<RequestStream<C::Encode>>,
        path: PathAndQuery,
    ) -> Result<Response<C::Decode>, Status> {
        let encoder = announcing(&watch, codec.encoder());
        let request = request.map(|stream| Requests::new(stream, &watch));
        self.one(watch, codec, encoder, request, path).await
    }

    /// Reads the one message, and leaves with the call what else came with it.
    async fn one<C, E, R>(
        &mut self,
        mut watch: Shared<Client, I>,
        mut codec: C,
        encoder: E,
        request: Request<R>,
        path: PathAndQuery,
    ) -> Result<Response<C::Decode>, Status>
    where
        C: MessageCodec,
        E: Encoder<Item = C::Encode, Error = Status> + Send + 'static,
        R: Stream<Item = C::Encode> + Send + 'static,
    {
        let codec = Once::new(encoder, Measured(codec.decoder()));
        let response = self.grpc.streaming(request, path, codec).await?;
        let (headers, mut stream, extensions): (_, Streaming<(C::Decode, usize)>, _) =
            response.into_parts();
        let message = stream.message().await.map_err(|mut status| {
            // As tonic has it: whoever gets an error gets the headers with it.
            crate::metadata::merge(status.metadata_mut(), headers.clone());
            status
        })?;
        let (message, bytes) =
            message.ok_or_else(|| Status::internal("Missing response message."))?;
        let trailers = stream.trailers().await?;
        // A server that said in its headers that all is well may leave it out of the trailers.
        let status = trailers.map_or_else(
            || Status::ok(""),
            |trailers| {
                let status = crate::metadata::status_of(trailers.as_ref());
                status.unwrap_or_else(|| Status::with_metadata(Code::Ok, "", trailers))
            },
        );
        watch.with(|call| {
            call.received = Some((bytes, status));
            Ok(())
        })?;
        Ok(Response::from_parts(headers, message, extensions))
    }
}
