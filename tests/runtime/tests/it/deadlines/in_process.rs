//! Deadlines without a connection: servers that are called by their client trait, and mocks.

use std::sync::Arc;

use runtime_tests::svc::kinds_api::{KindsApi, KindsMock};
use runtime_tests::svc::kinds_server::KindsServer;
use tokio::time::Instant;
use tokio_stream::StreamExt as _;
use tonic::{Code, Status};

use super::{LATE, Slow, Stage, TIMEOUT, reply, timeout_of_200ms};
use crate::echo::{KINDS, Kind, message};
use crate::interceptors::witness;
use rust_svc::Outcome;

/// Makes a call that has a deadline if `limited`, and reads its response.
async fn make(api: &dyn KindsApi, kind: Kind, limited: bool) -> Status {
    macro_rules! made {
        ($call:expr) => {{
            let call = $call;
            match limited {
                true => call.timeout(TIMEOUT),
                false => call,
            }
            .await
        }};
    }
    let requests = || [message("1")].into();
    let response = match kind {
        Kind::Unary => return made!(api.call_unary(message("1"))).unwrap_err(),
        Kind::ClientStreaming => {
            return made!(api.call_client_streaming(requests())).unwrap_err();
        }
        Kind::ServerStreaming => made!(api.call_server_streaming(message("1"))),
        Kind::BidiStreaming => made!(api.call_bidi_streaming(requests())),
    };
    let mut stream = match response {
        Ok(response) => response.into_inner(),
        Err(status) => return status,
    };
    loop {
        match stream.message().await {
            Ok(Some(_)) => {}
            Ok(None) => panic!("{kind:?} has an end"),
            Err(status) => return status,
        }
    }
}

fn stages(kind: Kind) -> &'static [Stage] {
    match kind {
        Kind::Unary | Kind::ClientStreaming => &[Stage::BeforeHeaders, Stage::LastFrame],
        _ => &[
            Stage::BeforeHeaders,
            Stage::MidStream,
            Stage::BeforeTrailers,
            Stage::LastFrame,
        ],
    }
}

#[tokio::test(start_paused = true)]
async fn servers_in_process_keep_deadlines() {
    for kind in KINDS {
        for stage in stages(kind) {
            for limited in [true, false] {
                let slow = Slow::new(*stage);
                let server = KindsServer::new(slow.clone());
                let server = match limited {
                    true => server,
                    false => server.deadlines(timeout_of_200ms()),
                };
                let about = format!("{kind:?} {stage:?} {limited}");
                let start = Instant::now();
                let status = make(&server, kind, limited).await;
                assert_eq!(status.code(), Code::DeadlineExceeded, "{about}");
                assert_eq!(start.elapsed(), TIMEOUT, "{about}");

                let (witness, ends) = witness();
                let server = server.intercept(witness);
                let status = make(&server, kind, limited).await;
                drop(server);
                assert_eq!(status.code(), Code::DeadlineExceeded, "{about}");
                let end = ends.only().await;
                assert_eq!(end.status.code(), Code::DeadlineExceeded, "{about}");
                assert_eq!(end.outcome, Outcome::Completed, "{about}");
                assert_eq!(Arc::strong_count(&slow.guard), 1, "runs on: {about}");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn mocks_keep_deadlines() {
    let mock = KindsMock::new();
    mock.unary().answers(|_| async {
        tokio::time::sleep(LATE).await;
        Ok(tonic::Response::new(reply("1")))
    });
    mock.client_streaming().answers(|_| async {
        tokio::time::sleep(LATE).await;
        Ok(tonic::Response::new(reply("1")))
    });
    let stream = || tokio_stream::once(Ok(reply("1"))).chain(tokio_stream::pending());
    mock.server_streaming()
        .answers(move |_| async move { Ok(tonic::Response::new(stream())) });
    mock.bidi_streaming()
        .answers(move |_| async move { Ok(tonic::Response::new(stream())) });
    for kind in KINDS {
        let start = Instant::now();
        let status = make(&mock, kind, true).await;
        assert_eq!(status.code(), Code::DeadlineExceeded, "{kind:?}");
        assert_eq!(start.elapsed(), TIMEOUT, "{kind:?}");
    }
}
