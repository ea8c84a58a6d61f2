//! Calls that a server did not process, as it says by HTTP/2, and calls of which it only seems so.

use std::task::{Context, Poll};

use h2::Reason;
use http_body_util::Empty;
use hyper_util::rt::{TokioExecutor, TokioIo};
use prost::bytes::Bytes;
use runtime_tests::svc::kinds_client::KindsClient;
use rust_svc::Logging;
use rust_svc::errors::Failure;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream};
use tonic::body::Body;
use tonic::codegen::Service;
use tonic::transport::Channel;
use tonic::{Code, Status};

use super::{Headers, channel_to, channel_to_answers, framed, response};
use crate::echo::{KINDS, Kind, call, message};

/// Asserts what a call of each kind comes to, without interceptors and with one.
async fn assert_failure<F>(channel: impl Fn() -> F, kinds: &[Kind], failure: Failure, is_safe: bool)
where
    F: Future<Output = Channel>,
{
    for kind in kinds {
        let mut plain = KindsClient::new(channel().await);
        let mut watched = KindsClient::new(channel().await).intercept(Logging::new());
        let plain = call(&mut plain, *kind, &["1"]).await.end;
        let watched = call(&mut watched, *kind, &["1"]).await.end;
        for end in [plain, watched] {
            let status = end.unwrap_err();
            assert_eq!(
                Failure::from_status(&status),
                failure,
                "{kind:?} {status:?}"
            );
            assert_eq!(Failure::from_status(&status).is_safe_to_retry(), is_safe);
        }
    }
}

#[tokio::test]
async fn a_refused_stream_was_not_processed() {
    let refuses = || channel_to_answers(|answer| answer.send_reset(Reason::REFUSED_STREAM));
    assert_failure(refuses, &KINDS, Failure::NotProcessed, true).await;
}

#[tokio::test]
async fn any_other_reset_is_no_such_thing() {
    for reason in [
        Reason::CANCEL,
        Reason::INTERNAL_ERROR,
        Reason::ENHANCE_YOUR_CALM,
        Reason::NO_ERROR,
    ] {
        let resets = || channel_to_answers(move |answer| answer.send_reset(reason));
        assert_failure(resets, &KINDS, Failure::Interrupted, false).await;
    }
}

/// A server that has begun to answer has processed the call.
#[tokio::test]
async fn a_stream_that_is_refused_after_its_headers_was_processed() {
    let begins = || {
        channel_to_answers(|answer| {
            let mut body = answer.send_response(response(&vec![]), false).unwrap();
            body.send_data(framed("1").into(), false).unwrap();
            tokio::spawn(async move {
                // The headers and the message are sent in the meantime.
                for _ in 0..20 {
                    tokio::task::yield_now().await;
                }
                body.send_reset(Reason::REFUSED_STREAM);
            });
        })
    };
    let kinds = [Kind::ServerStreaming, Kind::BidiStreaming, Kind::Unary];
    assert_failure(begins, &kinds, Failure::Interrupted, false).await;
}

/// A frame of HTTP/2 that is about the connection and has no flags.
fn frame(kind: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = (payload.len() as u32).to_be_bytes()[1..].to_vec();
    frame.extend([kind, 0, 0, 0, 0, 0]);
    frame.extend(payload);
    frame
}

/// Reads up to the headers of the first request.
async fn read_request(socket: &mut DuplexStream) {
    const HEADERS: u8 = 1;
    const SETTINGS: u8 = 4;
    let mut preface = [0; 24];
    socket.read_exact(&mut preface).await.unwrap();
    socket.write_all(&frame(SETTINGS, &[])).await.unwrap();
    loop {
        let mut header = [0; 9];
        socket.read_exact(&mut header).await.unwrap();
        let length = u32::from_be_bytes([0, header[0], header[1], header[2]]);
        let mut payload = vec![0; length as usize];
        socket.read_exact(&mut payload).await.unwrap();
        if header[3] == HEADERS {
            return;
        }
    }
}

/// Reads the first request, says `GOAWAY`, and hangs up.
async fn goes_away(mut socket: DuplexStream, last_stream: u32) {
    const GOAWAY: u8 = 7;
    read_request(&mut socket).await;
    let payload = [last_stream.to_be_bytes(), [0; 4]].concat();
    socket.write_all(&frame(GOAWAY, &payload)).await.unwrap();
    socket.flush().await.unwrap();
}

#[tokio::test]
async fn a_stream_above_a_goaway_was_not_processed() {
    let leaves = || channel_to(|socket| goes_away(socket, 0));
    assert_failure(leaves, &KINDS, Failure::NotProcessed, true).await;
}

#[tokio::test]
async fn a_stream_below_a_goaway_may_have_been() {
    let leaves = || channel_to(|socket| goes_away(socket, 1));
    assert_failure(leaves, &KINDS, Failure::Interrupted, false).await;
}

#[tokio::test]
async fn a_connection_that_is_gone_may_have_brought_the_call() {
    let hangs_up = || channel_to(|mut socket| async move { read_request(&mut socket).await });
    assert_failure(hangs_up, &KINDS, Failure::Interrupted, false).await;
}

/// hyper's "canceled": the connection closed while the request waited to be sent.
#[tokio::test]
async fn what_was_never_sent_was_not_processed() {
    let (near, far) = tokio::io::duplex(1024);
    let (mut sender, connection) = hyper::client::conn::http2::handshake::<_, _, Empty<Bytes>>(
        TokioExecutor::new(),
        TokioIo::new(near),
    )
    .await
    .unwrap();
    drop((connection, far));
    let request = http::Request::post("http://in.process/").body(Empty::new());
    let error = sender.send_request(request.unwrap()).await.unwrap_err();
    assert!(error.is_canceled(), "{error:?}");
    let status = Status::from_error(Box::new(error));
    assert_eq!(Failure::from_status(&status), Failure::NotProcessed);
    assert!(Failure::from_status(&status).is_safe_to_retry());
}

/// A transport that is never ready.
#[derive(Clone)]
struct NeverReady;

impl Service<http::Request<Body>> for NeverReady {
    type Response = http::Response<Body>;
    type Error = std::io::Error;
    type Future = std::future::Ready<Result<Self::Response, Self::Error>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Err(std::io::Error::other("closed")))
    }

    fn call(&mut self, _: http::Request<Body>) -> Self::Future {
        unreachable!("it is not ready")
    }
}

#[tokio::test]
async fn what_no_transport_took_was_not_sent() {
    for kind in KINDS {
        let mut client = KindsClient::new(NeverReady);
        let status = call(&mut client, kind, &["1"]).await.end.unwrap_err();
        assert_eq!(status.code(), Code::Unknown);
        assert_eq!(status.message(), "Service was not ready: closed");
        assert_eq!(Failure::from_status(&status), Failure::NotConnected);
    }
}

/// A server can send any text.
#[tokio::test]
async fn a_server_that_lies_is_not_believed() {
    for text in [
        "Service was not ready: transport error",
        "tcp connect error",
        "h2 protocol error: http2 error",
        "stream error received: refused stream before processing any application logic",
        "operation was canceled: connection closed",
    ] {
        let lies = || {
            channel_to_answers(|answer| {
                let headers: Headers = vec![
                    ("grpc-status", b"2".to_vec()),
                    ("grpc-message", text.as_bytes().to_vec()),
                ];
                answer.send_response(response(&headers), true).unwrap();
            })
        };
        assert_failure(lies, &KINDS, Failure::Answered, false).await;
    }
}

/// The time that was given to one call is up, in process as over a connection.
#[tokio::test]
async fn a_call_whose_time_is_up_has_timed_out() {
    use runtime_tests::svc::kinds_api::{KindsApi, KindsMock};
    let mock = KindsMock::new();
    mock.unary().answers(|_| std::future::pending());
    let call = mock.call_unary(message("1"));
    let status = call.timeout(std::time::Duration::from_millis(1)).await;
    let status = status.unwrap_err();
    assert_eq!(status.code(), Code::DeadlineExceeded);
    assert_eq!(Failure::from_status(&status), Failure::TimedOut);
}
