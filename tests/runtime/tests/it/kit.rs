//! What else there is for tests: streams of any origin, and servers on a free port.

use std::time::Duration;

use runtime_tests::svc::kinds_api::KindsApi;
use runtime_tests::svc::kinds_client::KindsClient;
use runtime_tests::svc::kinds_server::{Kinds as _, KindsServer};
use rust_svc::testing::{TestServer, streaming};
use tokio_stream::StreamExt as _;
use tonic::transport::Server;
use tonic::{Code, Request, Status};

use crate::echo::{Echo, KINDS, call_api, message};

#[tokio::test]
async fn a_stream_of_messages_is_streaming() {
    let messages = ["1", "2"].map(|text| Ok(message(text)));
    let mut stream = streaming(tokio_stream::iter(messages));
    assert_eq!(stream.message().await.unwrap(), Some(message("1")));
    assert_eq!(stream.message().await.unwrap(), Some(message("2")));
    for _ in 0..3 {
        assert_eq!(stream.message().await.unwrap(), None);
    }
    // A message of no type that protobuf knows, and none at all.
    let mut stream = streaming(tokio_stream::iter([Ok(())]));
    assert_eq!(stream.message().await.unwrap(), Some(()));
    let mut nothing = streaming::<_, ()>(tokio_stream::empty());
    assert_eq!(nothing.message().await.unwrap(), None);
}

#[tokio::test]
async fn a_stream_ends_at_its_first_error() {
    let error = || {
        let mut status = Status::with_details(Code::Cancelled, "ä%\n", vec![0, 255].into());
        status.metadata_mut().insert("x", "y".parse().unwrap());
        status
    };
    let mut stream = streaming(tokio_stream::iter([Ok(1), Err(error()), Ok(2)]));
    assert_eq!(stream.message().await.unwrap(), Some(1));
    let status = stream.message().await.unwrap_err();
    assert_eq!((status.code(), status.message()), (Code::Cancelled, "ä%\n"));
    assert_eq!(status.details(), [0, 255]);
    assert_eq!(status.metadata().get("x").unwrap(), "y");
    assert_eq!(stream.next().await.map(Result::unwrap), None);
}

/// Nothing is asked for before somebody wants it, and nothing is lost in between.
#[tokio::test]
async fn a_stream_waits() {
    let (sender, receiver) = tokio::sync::mpsc::channel(1);
    let messages = tokio_stream::wrappers::ReceiverStream::new(receiver).map(Ok);
    let mut stream = streaming(messages);
    let waiting = tokio::time::timeout(Duration::from_millis(10), stream.message());
    assert!(waiting.await.is_err());
    sender.send(7).await.unwrap();
    assert_eq!(stream.message().await.unwrap(), Some(7));
    drop(sender);
    assert_eq!(
        stream
            .trailers()
            .await
            .unwrap()
            .unwrap()
            .get("grpc-status")
            .unwrap(),
        "0"
    );
}

/// What it is for: a handler, called as a function.
#[tokio::test]
async fn a_handler_takes_it() {
    let messages = streaming(tokio_stream::iter(["a", "b"].map(|text| Ok(message(text)))));
    let echo = Echo::default();
    let reply = echo.client_streaming(Request::new(messages));
    assert_eq!(reply.await.unwrap().into_inner().text, "a,b");
}

#[tokio::test]
async fn a_server_and_a_client_in_one_line() {
    let client = KindsClient::new(
        TestServer::start(KindsServer::new(Echo::default()))
            .await
            .unwrap()
            .channel(),
    );
    for kind in KINDS {
        assert!(call_api(&client, kind, &["1"]).await.end.is_ok());
    }
}

#[tokio::test]
async fn servers_have_ports_of_their_own() {
    let start = || TestServer::start(KindsServer::new(Echo::default()));
    let (one, other) = (start().await.unwrap(), start().await.unwrap());
    assert_ne!(one.address(), other.address());
    assert!(one.address().ip().is_loopback());
    one.shutdown().await.unwrap();
    let client = KindsClient::new(other.channel());
    assert!(client.call_unary(message("1")).await.is_ok());
}

/// Calls that are under way may end; new ones find nobody.
#[tokio::test]
async fn a_server_shuts_down() {
    let router = Server::builder().add_service(KindsServer::new(Echo::default()));
    let server = TestServer::start_with(|incoming, stop| {
        router.serve_with_incoming_shutdown(incoming, stop)
    });
    let server = server.await.unwrap();
    let client = KindsClient::new(server.channel());
    let (sender, receiver) = tokio::sync::mpsc::channel(1);
    let requests = tokio_stream::wrappers::ReceiverStream::new(receiver);
    let requests = rust_svc::RequestStream::new(requests);
    let mut replies = client
        .call_bidi_streaming(requests)
        .await
        .unwrap()
        .into_inner();

    let address = server.address();
    let stopping = tokio::spawn(server.shutdown());
    tokio::time::sleep(Duration::from_millis(30)).await;
    assert!(!stopping.is_finished());
    sender.send(message("1")).await.unwrap();
    assert_eq!(replies.message().await.unwrap().unwrap().text, "1");
    drop(sender);
    assert_eq!(replies.message().await.unwrap(), None);
    stopping.await.unwrap().unwrap();
    assert!(tokio::net::TcpStream::connect(address).await.is_err());
}

/// A server that ends by itself has said why.
#[tokio::test]
async fn a_server_that_panics_says_so() {
    let server = TestServer::start_with(|_, _| async { panic!("at once") });
    let error = server.await.unwrap().shutdown().await.unwrap_err();
    assert!(error.to_string().contains("panicked"), "{error}");
}
