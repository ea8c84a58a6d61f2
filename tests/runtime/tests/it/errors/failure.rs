//! What became of a call that failed: a server said so, or the connection or the time came to an end.

use std::time::Duration;

use runtime_tests::svc::kinds_client::KindsClient;
use runtime_tests::svc::kinds_server::KindsServer;
use rust_svc::errors::Failure;
use rust_svc::testing::TestServer;
use tonic::transport::Endpoint;
use tonic::{Code, Status};

use super::over_a_socket;
use crate::echo::{Echo, KINDS, call_api, message};

/// A port that nobody listens on.
async fn closed_port() -> std::net::SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    listener.local_addr().unwrap()
}

#[tokio::test]
async fn what_the_server_said_is_told_from_what_became_of_the_connection() {
    let client = over_a_socket(|| Status::unavailable("closed for today")).await;
    for kind in KINDS {
        let status = call_api(&client, kind, &["1"]).await.end.unwrap_err();
        assert_eq!(
            Failure::from_status(&status),
            Failure::Answered,
            "{kind:?}: {status:?}"
        );
    }

    // Nobody is there: lazily, and from the start.
    let address = closed_port().await;
    let endpoint = Endpoint::from_shared(format!("http://{address}")).unwrap();
    let client = KindsClient::new(endpoint.connect_lazy());
    for kind in KINDS {
        let status = call_api(&client, kind, &["1"]).await.end.unwrap_err();
        assert_eq!(status.code(), Code::Unavailable);
        assert_eq!(
            Failure::from_status(&status),
            Failure::NotConnected,
            "{status:?}"
        );
        assert!(Failure::from_status(&status).is_safe_to_retry());
    }
    let error = endpoint.connect().await.unwrap_err();
    assert_eq!(
        Failure::from_status(&Status::from_error(error.into())),
        Failure::NotConnected
    );
}

#[tokio::test]
async fn a_time_that_is_up_here_is_not_an_answer() {
    let silent = TestServer::start(KindsServer::new(Echo::default()))
        .await
        .unwrap();
    let endpoint = Endpoint::from_shared(format!("http://{}", silent.address())).unwrap();
    let channel = endpoint
        .timeout(Duration::from_millis(30))
        .connect()
        .await
        .unwrap();
    let status = KindsClient::new(channel)
        .unary(message("wait"))
        .await
        .unwrap_err();
    assert_eq!(
        Failure::from_status(&status),
        Failure::TimedOut,
        "{status:?}"
    );
}
