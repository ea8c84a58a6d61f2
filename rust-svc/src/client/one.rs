//! Calls that are answered by one message.

use std::pin::pin;

use prost::Message as _;
use tonic::codec::Streaming;
use tonic::metadata::MetadataMap;
use tonic::{Code, Extensions, Request, Response, Status};

use super::{MessageCodec, Transport, Wire};
use crate::codec::{Measured, Once};
use crate::hooks::RequestStream;
use crate::interceptor::{AnyMessage, Client, Handle, Intercepted, Interceptor, Owner, Shared};

impl<T: Transport, I: Interceptor<Client> + 'static> Wire<T, I> {
    pub(super) async fn intercepted_unary<C: MessageCodec>(
        &mut self,
        mut call: Intercepted<Client, I>,
        mut codec: C,
        request: Request<C::Encode>,
    ) -> Result<Response<C::Decode>, Status> {
        let (mut metadata, mut extensions, mut message) = request.into_parts();
        let received = async {
            call.start(&mut metadata, &mut extensions).await?;
            let bytes = message.encoded_len();
            call.request_message(&mut message, bytes)?;
            call.half_close()?;
            let path = self.prepare(call.method(), &mut extensions).await?;
            let codec = Once::new(codec.encoder(), Measured(codec.decoder()));
            let request = Request::from_parts(metadata, extensions, message);
            let response = self.grpc.server_streaming(request, path, codec).await?;
            receive(&mut call, response).await
        };
        let received = received.await;
        conclude(call, received)
    }

    pub(super) async fn intercepted_client_streaming<C: MessageCodec>(
        &mut self,
        mut call: Intercepted<Client, I>,
        mut codec: C,
        request: Request<RequestStream<C::Encode>>,
    ) -> Result<Response<C::Decode>, Status> {
        let (mut metadata, mut extensions, stream) = request.into_parts();
        let started = async {
            call.start(&mut metadata, &mut extensions).await?;
            self.prepare(call.method(), &mut extensions).await
        };
        let path = match started.await {
            Ok(path) => path,
            Err(status) => return conclude(call, Err(status)),
        };
        let mut call = Owner(Shared::new(call));
        let (stream, encoder) = super::many::announced(&call.0, stream, codec.encoder());
        let codec = Once::new(encoder, Measured(codec.decoder()));
        let request = Request::from_parts(metadata, extensions, stream);
        let received = match self.grpc.streaming(request, path, codec).await {
            Ok(response) => receive(&mut call, response).await,
            Err(status) => Err(status),
        };
        conclude(call, received)
    }
}

/// A response of one message, and how the call ended.
struct Received<M> {
    headers: MetadataMap,
    message: M,
    extensions: Extensions,
    status: Status,
}

/// Reads the one message and what follows it.
async fn receive<I: Interceptor<Client>, M: AnyMessage>(
    call: &mut impl Handle<Client, I>,
    response: Response<Streaming<(M, usize)>>,
) -> Result<Received<M>, Status> {
    let (mut headers, stream, extensions) = response.into_parts();
    let mut stream = pin!(stream);
    call.with(|call| call.response_headers(&mut headers))?;
    let message = stream.message().await.map_err(|mut status| {
        // As tonic has it: whoever gets an error gets the headers with it.
        crate::metadata::merge(status.metadata_mut(), headers.clone());
        status
    })?;
    let (mut message, bytes) =
        message.ok_or_else(|| Status::internal("Missing response message."))?;
    call.with(|call| call.response_message(&mut message, bytes))?;
    let trailers = stream.trailers().await?;
    let status = trailers.and_then(|trailers| Status::from_header_map(trailers.as_ref()));
    Ok(Received {
        headers,
        message,
        extensions,
        status: status.unwrap_or_else(|| Status::ok("")),
    })
}

/// Ends the call.
fn conclude<I: Interceptor<Client>, M>(
    mut call: impl Handle<Client, I>,
    received: Result<Received<M>, Status>,
) -> Result<Response<M>, Status> {
    let mut received = received.map_err(|mut status| {
        call.fail(&mut status);
        status
    })?;
    call.end(&mut received.status);
    if received.status.code() != Code::Ok {
        return Err(received.status);
    }
    // tonic merges trailers into headers where there is one message.
    let mut headers = received.headers.into_headers();
    crate::metadata::add_status(&mut headers, &received.status)?;
    Ok(Response::from_parts(
        MetadataMap::from_headers(headers),
        received.message,
        received.extensions,
    ))
}
