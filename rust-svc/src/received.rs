//! Responses of one message, as a caller receives them.

use tonic::metadata::MetadataMap;
use tonic::{Code, Extensions, Response, Status};

use crate::interceptor::{AnyMessage, Handle, Interceptor, Side};

/// Response of one message, and the status that the call ended with.
pub(crate) struct Received<M> {
    headers: MetadataMap,
    message: M,
    extensions: Extensions,
    status: Status,
}

/// Runs the hooks of a response, which is that of the server or of a typed hook.
///
/// # Errors
///
/// The status of a hook that refuses.
pub(crate) fn receive<S: Side, I: Interceptor<S>, M: AnyMessage>(
    call: &mut impl Handle<S, I>,
    response: Response<M>,
) -> Result<Received<M>, Status> {
    let (mut headers, mut message, extensions) = response.into_parts();
    let mut status = Status::ok("");
    call.pass(|call| {
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
///
/// # Errors
///
/// The status of the call, if it is not OK.
pub(crate) fn conclude<S: Side, I: Interceptor<S>, M>(
    mut call: impl Handle<S, I>,
    received: Result<Received<M>, Status>,
) -> Result<Response<M>, Status> {
    let mut received = received.map_err(|mut status| {
        call.fail_call(&mut status);
        match status.code() {
            // The error of tonic's clients for a server that does that.
            Code::Ok => Status::internal("Missing response message."),
            _ => status,
        }
    })?;
    call.complete_call(&mut received.status);
    if received.status.code() != Code::Ok {
        return Err(received.status);
    }
    // tonic merges trailers into headers if there is one message.
    let mut headers = received.headers.into_headers();
    crate::metadata::add_status(&mut headers, &received.status)?;
    Ok(Response::from_parts(
        MetadataMap::from_headers(headers),
        received.message,
        received.extensions,
    ))
}
