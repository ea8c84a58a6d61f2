//! A response of one message, as whoever called gets it: of a server, or in process.

use tonic::metadata::MetadataMap;
use tonic::{Code, Extensions, Response, Status};

use crate::interceptor::{AnyMessage, Handle, Interceptor, Side};

/// A response of one message, and how the call ended.
pub(crate) struct Received<M> {
    headers: MetadataMap,
    message: M,
    extensions: Extensions,
    status: Status,
}

/// Shows the response to interceptors: that of the server, or one that a typed hook gave.
pub(crate) fn receive<S: Side, I: Interceptor<S>, M: AnyMessage>(
    call: &mut impl Handle<S, I>,
    response: Response<M>,
) -> Result<Received<M>, Status> {
    let (mut headers, mut message, extensions) = response.into_parts();
    let mut status = Status::ok("");
    call.with(|call| {
        let mut bytes = None;
        if let Some((received, of_server)) = call.received.take() {
            (bytes, status) = (Some(received), of_server);
        }
        call.response_headers(&mut headers)?;
        let bytes = bytes.unwrap_or_else(|| message.encoded_len());
        call.response_message(&mut message, bytes)
    })?;
    Ok(Received {
        headers,
        message,
        extensions,
        status,
    })
}

/// Ends the call.
pub(crate) fn conclude<S: Side, I: Interceptor<S>, M>(
    mut call: impl Handle<S, I>,
    received: Result<Received<M>, Status>,
) -> Result<Response<M>, Status> {
    let mut received = received.map_err(|mut status| {
        call.fail(&mut status);
        match status.code() {
            // As tonic's clients say where a server does that.
            Code::Ok => Status::internal("Missing response message."),
            _ => status,
        }
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
