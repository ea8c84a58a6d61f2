//! Responses of clients.

use std::sync::Arc;

use tonic::codec::{Decoder, Streaming};
use tonic::metadata::MetadataMap;
use tonic::{Code, Extensions, Response, Status};

use super::tap::{Observe, Observer};
use crate::arity::{Many, One, ResponseArity};
use crate::codec::{Measured, Watched};
use crate::interceptor::{AnyMessage, Client, Handle, Interceptor, Owner, Shared};
use crate::metadata::{merge, status_of};
use crate::received::{conclude, receive};

/// Response of an rpc, as a client receives it.
pub trait ClientResponse: ResponseArity {
    /// Decoded message of a call with interceptors.
    type Decoded: Send + Sync + 'static;

    /// Makes the response of a call without interceptors.
    ///
    /// # Errors
    ///
    /// The status of the call, if it ends before its response is complete or begins to stream.
    fn receive(
        response: Response<Streaming<Self::Message>>,
    ) -> impl Future<Output = Result<Response<Self::Received>, Status>> + Send;

    /// Decoder of a call with interceptors.
    fn watched_decoder<I, D>(
        decoder: D,
        watch: &Shared<Client, I>,
    ) -> impl Decoder<Item = Self::Decoded, Error = Status> + Send + 'static
    where
        I: Interceptor<Client> + 'static,
        D: Decoder<Item = Self::Message, Error = Status> + Send + 'static;

    /// Adds what observes the end of the response to the extensions of the request.
    fn observe<I: Interceptor<Client> + 'static>(
        extensions: &mut Extensions,
        watch: &Shared<Client, I>,
    );

    /// Makes the response of a call with interceptors.
    ///
    /// # Errors
    ///
    /// The errors of [`receive`](Self::receive).
    fn receive_watched<I: Interceptor<Client> + 'static>(
        response: Response<Streaming<Self::Decoded>>,
        watch: Shared<Client, I>,
    ) -> impl Future<Output = Result<Response<Self::Received>, Status>> + Send;

    /// Shows the response of a typed hook to interceptors, and ends the call unless its response still streams.
    ///
    /// # Errors
    ///
    /// The status of the call, if it is not OK.
    fn conclude<I: Interceptor<Client>>(
        call: Owner<Client, I>,
        response: Result<Response<Self::Received>, Status>,
    ) -> Result<Response<Self::Received>, Status>;
}

impl<M: AnyMessage> ClientResponse for One<M> {
    /// The message and its encoded size.
    type Decoded = (M, usize);

    async fn receive(response: Response<Streaming<M>>) -> Result<Response<M>, Status> {
        let (mut headers, message, trailers, extensions) = read_one(response).await?;
        if let Some(trailers) = trailers {
            merge(&mut headers, trailers);
        }
        Ok(Response::from_parts(headers, message, extensions))
    }

    fn watched_decoder<I, D>(
        decoder: D,
        _: &Shared<Client, I>,
    ) -> impl Decoder<Item = (M, usize), Error = Status> + Send + 'static
    where
        I: Interceptor<Client> + 'static,
        D: Decoder<Item = M, Error = Status> + Send + 'static,
    {
        Measured(decoder)
    }

    fn observe<I: Interceptor<Client> + 'static>(_: &mut Extensions, _: &Shared<Client, I>) {}

    async fn receive_watched<I: Interceptor<Client> + 'static>(
        response: Response<Streaming<(M, usize)>>,
        mut watch: Shared<Client, I>,
    ) -> Result<Response<M>, Status> {
        let (headers, (message, bytes), trailers, extensions) = read_one(response).await?;
        // A server that sent OK in its headers may leave the status out of the trailers.
        let status = trailers.map_or_else(
            || Status::ok(""),
            |trailers| {
                let status = status_of(trailers.as_ref());
                status.unwrap_or_else(|| Status::with_metadata(Code::Ok, "", trailers))
            },
        );
        watch.with(|call| call.received = Some((bytes, status)));
        Ok(Response::from_parts(headers, message, extensions))
    }

    fn conclude<I: Interceptor<Client>>(
        mut call: Owner<Client, I>,
        response: Result<Response<M>, Status>,
    ) -> Result<Response<M>, Status> {
        let received = response.and_then(|response| receive(&mut call, response));
        conclude(call, received)
    }
}

/// Reads a response of one message: its headers, the message, its trailers and its extensions.
async fn read_one<T>(
    response: Response<Streaming<T>>,
) -> Result<(MetadataMap, T, Option<MetadataMap>, Extensions), Status> {
    let (headers, mut stream, extensions) = response.into_parts();
    let message = stream.message().await.map_err(|mut status| {
        // Like tonic: the error of the message has the headers.
        merge(status.metadata_mut(), headers.clone());
        status
    })?;
    let message = message.ok_or_else(|| Status::internal("Missing response message."))?;
    let trailers = stream.trailers().await?;
    Ok((headers, message, trailers, extensions))
}

impl<M: AnyMessage> ClientResponse for Many<M> {
    type Decoded = M;

    async fn receive(response: Response<Streaming<M>>) -> Result<Response<Streaming<M>>, Status> {
        Ok(response)
    }

    fn watched_decoder<I, D>(
        decoder: D,
        watch: &Shared<Client, I>,
    ) -> impl Decoder<Item = M, Error = Status> + Send + 'static
    where
        I: Interceptor<Client> + 'static,
        D: Decoder<Item = M, Error = Status> + Send + 'static,
    {
        let (mut decoded, mut failed) = (watch.clone(), watch.clone());
        Watched {
            decoder,
            hook: move |message: &mut M, bytes| {
                decoded.pass(|call| call.response_message_or_complete(message, bytes))
            },
            failed: move |status: &mut Status| failed.complete_call(status),
        }
    }

    fn observe<I: Interceptor<Client> + 'static>(
        extensions: &mut Extensions,
        watch: &Shared<Client, I>,
    ) {
        extensions.insert(Observer(Arc::new(watch.clone())));
    }

    async fn receive_watched<I: Interceptor<Client> + 'static>(
        response: Response<Streaming<M>>,
        _: Shared<Client, I>,
    ) -> Result<Response<Streaming<M>>, Status> {
        Ok(response)
    }

    fn conclude<I: Interceptor<Client>>(
        mut call: Owner<Client, I>,
        response: Result<Response<Streaming<M>>, Status>,
    ) -> Result<Response<Streaming<M>>, Status> {
        let begun = response.and_then(|mut response| {
            call.pass(|call| call.response_headers(response.metadata_mut()))?;
            Ok(response)
        });
        match begun {
            Ok(response) => {
                call.release();
                Ok(response)
            }
            Err(mut status) => {
                call.complete_call(&mut status);
                Err(status)
            }
        }
    }
}

impl<I: Interceptor<Client>> Observe for Shared<Client, I> {
    fn response_ended(&self, status: &mut Status) {
        self.clone().complete_call(status);
    }

    fn response_dropped(&self) {
        self.abandon();
    }
}
