//! Where typed hooks run: inside of all interceptors, whichever side that is on.

use runtime_tests::svc::kinds_client::{KindsClient, KindsClientHooks};
use runtime_tests::svc::kinds_server::{KindsServer, KindsServerHooks};
use runtime_tests::svc::{Request as Question, Response as Reply};
use rust_svc::{RequestStream, ResponseStream};
use tonic::Streaming;

use super::{Many, One, Received, client_hooks, server_hooks};
use crate::echo::{Echo, KINDS, Kind, call, message};
use crate::interceptors::recorder;
use crate::recorder::{Act, Log};

/// Writes down when it runs, and when what it runs around has answered.
struct Notes(Log);

server_hooks!(Notes, |Notes(log), request, next| {
    log.push("(");
    let answer = next.run(request).await;
    log.push(")");
    answer
});

client_hooks!(Notes, |Notes(log), request, next| {
    log.push("(");
    let answer = next.run(request).await;
    log.push(")");
    answer
});

#[tokio::test]
async fn hooks_of_a_server_run_inside_of_its_interceptors() {
    for kind in KINDS {
        let log = Log::default();
        let echo = Echo { log: log.clone() };
        let server = KindsServer::new(echo).with_hooks(Notes(log.clone()));
        let server = server.intercept(recorder('a', Act::Nothing, &log));
        call(&mut KindsClient::new(server), kind, &["1"]).await;
        let expected = match kind {
            Kind::Unary | Kind::ServerStreaming => "aS aQ aH ( * ) aD aR aE=Ok",
            Kind::ClientStreaming => "aS ( * aQ aH ) aD aR aE=Ok",
            Kind::BidiStreaming => "aS ( * ) aD aQ aR aH aE=Ok",
        };
        assert_eq!(log.events().join(" "), expected, "{kind:?}");
    }
}

/// Messages of a stream pass interceptors where they are encoded and decoded, further in.
#[tokio::test]
async fn hooks_of_a_client_run_inside_of_its_interceptors() {
    for kind in KINDS {
        let log = Log::default();
        let client = KindsClient::new(KindsServer::new(Echo::default()));
        let client = client.with_hooks(Notes(log.clone()));
        let mut client = client.intercept(recorder('a', Act::Nothing, &log));
        call(&mut client, kind, &["1"]).await;
        let expected = match kind {
            Kind::Unary => "aS aQ aH ( ) aD aR aE=Ok",
            Kind::ClientStreaming => "aS ( aQ aH ) aD aR aE=Ok",
            Kind::ServerStreaming => "aS aQ aH ( ) aD aR aE=Ok",
            Kind::BidiStreaming => "aS ( ) aD aQ aR aH aE=Ok",
        };
        assert_eq!(log.events().join(" "), expected, "{kind:?}");
    }
}

/// A call that interceptors refuse does not get to hooks.
#[tokio::test]
async fn refusals_of_interceptors() {
    for kind in KINDS {
        let log = Log::default();
        let server = KindsServer::new(Echo::default()).with_hooks(Notes(log.clone()));
        let server = server.intercept(recorder('a', Act::RefuseStart, &log));
        call(&mut KindsClient::new(server), kind, &["1"]).await;
        assert_eq!(log.events(), ["aS"], "{kind:?}");
    }
    let log = Log::default();
    let client = KindsClient::new(KindsServer::new(Echo::default()));
    let client = client.with_hooks(Notes(log.clone()));
    let mut client = client.intercept(recorder('a', Act::RefuseStart, &log));
    client.unary(message("1")).await.unwrap_err();
    assert_eq!(log.events(), ["aS"]);
}
