//! Deadlines over transports of others: tonic's `Channel` and `Server`, and clients and servers that are tonic's own.

use std::time::Duration;

use runtime_tests::svc::kinds_client::KindsClient;
use runtime_tests::svc::kinds_server::KindsServer;
use runtime_tests::tonic_build;
use tokio::time::Instant;
use tonic::{Code, Request, Status};

use super::stages::make;
use super::{Slow, Stage, TIMEOUT, timeout_of_200ms};
use crate::echo::{KINDS, Kind, connect, message};

fn router(slow: Slow) -> tonic::transport::server::Router {
    tonic::transport::Server::builder().add_service(KindsServer::new(slow))
}

fn stages(kind: Kind) -> &'static [Stage] {
    match kind {
        Kind::Unary | Kind::ClientStreaming => &[Stage::BeforeHeaders],
        _ => &[
            Stage::BeforeHeaders,
            Stage::MidStream,
            Stage::BeforeTrailers,
        ],
    }
}

#[tokio::test(start_paused = true)]
async fn the_code_is_that_of_grpc_over_tonics_channel_and_server() {
    for kind in KINDS {
        for stage in stages(kind) {
            let channel = connect(router(Slow::new(*stage))).await;
            let mut client = KindsClient::new(channel).deadlines(timeout_of_200ms());
            let start = Instant::now();
            let status = make(&mut client, kind, *stage).await.unwrap_err();
            assert_eq!(
                status.code(),
                Code::DeadlineExceeded,
                "{kind:?} {stage:?}: {status:?}"
            );
            assert!(start.elapsed() <= TIMEOUT, "{kind:?} {stage:?}");
        }
    }
}

/// A client of tonic gets the code of gRPC from a server of ours: tonic's server has a timer as well, which is later.
#[tokio::test(start_paused = true)]
async fn a_client_of_tonic_gets_the_code() {
    let channel = connect(router(Slow::new(Stage::MidStream))).await;
    let mut client = tonic_build::kinds_client::KindsClient::new(channel);
    let mut request = Request::new(tonic_build::Request { text: "1".into() });
    request.set_timeout(TIMEOUT);
    let mut stream = client.server_streaming(request).await.unwrap().into_inner();
    assert!(stream.message().await.unwrap().is_some());
    let status = stream.message().await.unwrap_err();
    assert_eq!(status.code(), Code::DeadlineExceeded);
}

/// The endpoint of a channel may have a timeout of its own, of which a client knows nothing.
#[tokio::test(start_paused = true)]
async fn a_timeout_of_the_channel_has_the_code() {
    let server = KindsServer::new(Slow::new(Stage::BeforeHeaders));
    let channel = crate::echo::connect_with(
        tonic::transport::Server::builder().add_service(server),
        |endpoint| endpoint.timeout(Duration::from_millis(100)),
    )
    .await;
    let start = Instant::now();
    let status: Status = KindsClient::new(channel)
        .unary(message("1"))
        .await
        .unwrap_err();
    assert_eq!(status.code(), Code::DeadlineExceeded, "{status:?}");
    assert!(start.elapsed() < TIMEOUT);
}

/// The deadline begins before there is a connection: the connector never connects.
#[tokio::test(start_paused = true)]
async fn connecting_is_part_of_the_call() {
    let connector = tower::service_fn(|_: tonic::transport::Uri| {
        std::future::pending::<std::io::Result<hyper_util::rt::TokioIo<tokio::io::DuplexStream>>>()
    });
    let endpoint = tonic::transport::Endpoint::from_static("http://in.process");
    let channel = endpoint.connect_with_connector_lazy(connector);
    let mut client = KindsClient::new(channel).deadlines(timeout_of_200ms());
    let start = Instant::now();
    let status = client.unary(message("1")).await.unwrap_err();
    assert_eq!(status.code(), Code::DeadlineExceeded);
    assert_eq!(start.elapsed(), TIMEOUT);
}
