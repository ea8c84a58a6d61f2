//! What breaks one of tonic's own rules, such as a limit, ends a call with a status that interceptors
//! see as it is.

use std::convert::Infallible;

use http_body_util::Full;
use prost::bytes::Bytes;
use runtime_tests::svc::kinds_client::KindsClient;
use runtime_tests::svc::kinds_server::KindsServer;
use rust_svc::Outcome;
use tonic::Code;
use tonic::body::Body;

use super::{Ended, Ends, Witness, changing, witness};
use crate::echo::{Echo, Got, KINDS, Kind, Transport, call};

/// In bytes: `"1"` is below it, and [`LONG`] above.
const LIMIT: usize = 10;
const LONG: &str = "0123456789";

type Server = KindsServer<Echo, Witness>;

/// Calls a server that is limited in some way.
async fn limited_server(kind: Kind, limit: fn(Server) -> Server) -> (Got, Ends) {
    let (witness, ends) = witness();
    let server = limit(KindsServer::new(Echo::default()).intercept(witness));
    let got = call(&mut KindsClient::new(server), kind, &["1", LONG]).await;
    (got, ends)
}

/// The caller gets the status that `end` saw.
fn assert_same(kind: Kind, got: Got, ended: &Ended) {
    let status = got.end.expect_err("a call above the limit");
    let seen = &ended.status;
    assert_eq!(ended.outcome, Outcome::Completed, "{kind:?} {status:?}");
    assert_eq!(status.code(), seen.code(), "{kind:?}");
    assert_eq!(status.message(), seen.message(), "{kind:?}");
}

/// The messages of a response that came before the one that is too large. A client that reads
/// whatever it got in one piece may learn of the error first.
fn assert_before(kind: Kind, got: &Got) {
    if kind == Kind::BidiStreaming {
        assert_eq!(got.replies, ["1"]);
    }
}

#[tokio::test]
async fn a_response_too_large_to_send() {
    for kind in KINDS {
        let limit = |server: Server| server.max_encoding_message_size(LIMIT);
        let (got, ends) = limited_server(kind, limit).await;
        assert_before(kind, &got);
        let ended = ends.only().await;
        assert_eq!(ended.status.code(), Code::OutOfRange, "{kind:?}");
        assert_same(kind, got, &ended);
    }
}

#[tokio::test]
async fn a_request_too_large_to_receive() {
    for kind in KINDS {
        let limit = |server: Server| server.max_decoding_message_size(LIMIT);
        let (got, ends) = limited_server(kind, limit).await;
        assert_before(kind, &got);
        let ended = ends.only().await;
        assert_eq!(ended.status.code(), Code::OutOfRange, "{kind:?}");
        assert_same(kind, got, &ended);
    }
}

type Caller<T> = KindsClient<T, Witness>;

/// Calls with a client that is limited in some way.
async fn limited_client<T: Transport>(
    transport: T,
    kind: Kind,
    limit: fn(Caller<T>) -> Caller<T>,
) -> (Got, Ends) {
    let (witness, ends) = witness();
    let mut client = limit(KindsClient::new(transport).intercept(witness));
    let got = call(&mut client, kind, &["1", LONG]).await;
    (got, ends)
}

#[tokio::test]
async fn a_request_too_large_to_send() {
    for kind in KINDS {
        let server = KindsServer::new(Echo::default());
        let limit = |client: Caller<_>| client.max_encoding_message_size(LIMIT);
        let (got, ends) = limited_client(server, kind, limit).await;
        assert_same(kind, got, &ends.only().await);
    }
}

async fn too_large_to_receive(kind: Kind) {
    let server = KindsServer::new(Echo::default());
    let limit = |client: Caller<_>| client.max_decoding_message_size(LIMIT);
    let (got, ends) = limited_client(server, kind, limit).await;
    let ended = ends.only().await;
    assert_eq!(super::code(&got), Code::OutOfRange, "{kind:?}");
    assert_same(kind, got, &ended);
}

#[tokio::test]
async fn a_response_too_large_to_receive() {
    too_large_to_receive(Kind::Unary).await;
    too_large_to_receive(Kind::ClientStreaming).await;
}

/// tonic finds that out where nobody can look: interceptors see that the stream broke off.
#[tokio::test]
async fn a_message_too_large_to_receive_in_a_stream_of_responses() {
    for kind in [Kind::ServerStreaming, Kind::BidiStreaming] {
        let server = KindsServer::new(Echo::default());
        let limit = |client: Caller<_>| client.max_decoding_message_size(LIMIT);
        let (got, ends) = limited_client(server, kind, limit).await;
        assert_eq!(super::code(&got), Code::OutOfRange, "{kind:?}");
        assert_eq!(ends.only().await.outcome, Outcome::Dropped, "{kind:?}");
    }
}

/// Answers each call with one message that is none.
async fn garbage(_: http::Request<Body>) -> Result<http::Response<Full<Bytes>>, Infallible> {
    let frame: &[u8] = &[0, 0, 0, 0, 2, 0xff, 0xff];
    Ok(http::Response::new(Full::new(Bytes::from_static(frame))))
}

async fn undecodable(kind: Kind) {
    let server = tower::service_fn(garbage);
    let (got, ends) = limited_client(server, kind, |client| client).await;
    let ended = ends.only().await;
    assert_eq!(super::code(&got), Code::Internal, "{kind:?}");
    assert_same(kind, got, &ended);
}

#[tokio::test]
async fn a_response_that_cannot_be_decoded() {
    undecodable(Kind::Unary).await;
    undecodable(Kind::ClientStreaming).await;
}

#[tokio::test]
async fn a_message_that_cannot_be_decoded_in_a_stream_of_responses() {
    undecodable(Kind::ServerStreaming).await;
    undecodable(Kind::BidiStreaming).await;
}

/// What `end` makes of the status goes on the wire in place of tonic's.
#[tokio::test]
async fn end_may_replace_the_status_of_a_limit() {
    for kind in KINDS {
        let (witness, ends) = changing(|end| {
            let status = tonic::Status::resource_exhausted("said kindly");
            end.set_status(status);
            let value = "of end".parse().unwrap();
            end.trailers_mut().insert("x-trailer", value);
        });
        let server = KindsServer::new(Echo::default());
        let server = server.max_encoding_message_size(LIMIT).intercept(witness);
        let got = call(&mut KindsClient::new(server), kind, &["1", LONG]).await;
        let status = got.end.expect_err("a call above the limit");
        assert_eq!(status.code(), Code::ResourceExhausted, "{kind:?}");
        assert_eq!(status.message(), "said kindly", "{kind:?}");
        assert_eq!(status.metadata().get("x-trailer").unwrap(), "of end");
        assert_eq!(ends.only().await.status.code(), Code::OutOfRange);
    }
}
