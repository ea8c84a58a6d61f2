//! Where typed hooks run: next to the code of the project, whichever side that is on. Interceptors
//! are between them and the wire.

use runtime_tests::svc::kinds_client::{KindsClient, KindsClientHooks};
use runtime_tests::svc::kinds_server::{KindsServer, KindsServerHooks};
use runtime_tests::svc::{Request as Question, Response as Reply};
use rust_svc::{RequestStream, ResponseStream};
use tonic::Streaming;

use super::{Many, One, Received, client_hooks, server_hooks};
use crate::echo::{Echo, Kind, call, message};
use crate::interceptors::{KINDS, recorder};
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

/// What a hook calls by `next` is the whole call, its interceptors included.
#[tokio::test]
async fn hooks_of_a_client_run_before_its_interceptors() {
    let log = Log::default();
    let client = KindsClient::new(KindsServer::new(Echo::default()));
    let client = client.with_hooks(Notes(log.clone()));
    let mut client = client.intercept(recorder('a', Act::Nothing, &log));
    client.unary(message("1")).await.unwrap();
    assert_eq!(log.events().join(" "), "( aS aQ aH aD aR aE=Ok )");
    let messages = tokio_stream::once(message("1"));
    client.client_streaming(messages).await.unwrap();
    assert_eq!(log.events()[8..].join(" "), "( aS aQ aH aD aR aE=Ok )");
    let response = client.server_streaming(message("1")).await.unwrap();
    assert_eq!(log.events()[16..].join(" "), "( aS aQ aH aD )");
    drop(response);
    assert_eq!(log.events()[22..].join(" "), "aE=Dropped");
    let messages = tokio_stream::once(message("1"));
    drop(client.bidi_streaming(messages).await.unwrap());
    assert_eq!(log.events()[23..].join(" "), "( aS aD ) aE=Dropped");
}

/// A call that interceptors refuse does not get to a server's hooks, and comes back to a client's.
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
    assert_eq!(log.events(), ["(", "aS", ")"]);
}
