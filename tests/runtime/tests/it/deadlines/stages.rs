//! Each kind of rpc, at each stage, with the deadline on the client, on the server and on both, with and without
//! interceptors.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use http_body::Frame;
use runtime_tests::svc::kinds_client::KindsClient;
use runtime_tests::svc::kinds_server::KindsServer;
use tokio::time::Instant;
use tokio_stream::StreamExt as _;
use tonic::body::Body;
use tonic::{Code, Status};
use tower::Service;

use super::{LATE, Slow, Stage, TIMEOUT, timeout_of_200ms};
use crate::echo::{KINDS, Kind, message};
use crate::interceptors::{Ended, Ends, witness};
use rust_svc::{Client, Interceptor, Outcome};

/// Side that has the deadline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Limited {
    Client,
    Server,
    Both,
}

const STAGES: [Stage; 5] = [
    Stage::NotReady,
    Stage::BeforeHeaders,
    Stage::MidStream,
    Stage::BeforeTrailers,
    Stage::LastFrame,
];

/// Whether there is such a call.
fn exists(kind: Kind, stage: Stage, limited: Limited) -> bool {
    match stage {
        // A server does not know of a call that is not sent.
        Stage::NotReady => limited == Limited::Client,
        Stage::MidStream => kind != Kind::Unary,
        // Generated servers send the status right behind a single message, so that only another server can wait there.
        Stage::BeforeTrailers => {
            matches!(kind, Kind::ServerStreaming | Kind::BidiStreaming)
                || limited == Limited::Client
        }
        Stage::BeforeHeaders | Stage::LastFrame => true,
    }
}

/// Transport in front of a server: without HTTP/2, so that all is dropped that a call does not hold any more.
#[derive(Clone)]
struct Wire<S> {
    server: S,
    stage: Stage,
    /// Whether the server does not see `grpc-timeout`.
    hides_timeout: bool,
}

impl<S> Service<http::Request<Body>> for Wire<S>
where
    S: Service<http::Request<Body>, Response = http::Response<Body>, Error = Infallible>,
{
    type Response = http::Response<Trickle>;
    type Error = Infallible;
    type Future = Answered<S::Future>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        match self.stage {
            Stage::NotReady => Poll::Pending,
            _ => Poll::Ready(Ok(())),
        }
    }

    fn call(&mut self, mut request: http::Request<Body>) -> Self::Future {
        if self.hides_timeout {
            request.headers_mut().remove("grpc-timeout");
        }
        Answered {
            future: Box::pin(self.server.call(request)),
            withholds: self.stage == Stage::BeforeTrailers,
        }
    }
}

struct Answered<F> {
    future: Pin<Box<F>>,
    withholds: bool,
}

impl<F: Future<Output = Result<http::Response<Body>, Infallible>>> Future for Answered<F> {
    type Output = Result<http::Response<Trickle>, Infallible>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let response = ready!(self.future.as_mut().poll(context))?;
        let withholds = self.withholds;
        Poll::Ready(Ok(response.map(|body| Trickle { body, withholds })))
    }
}

/// Body that may withhold an OK in its trailers.
struct Trickle {
    body: Body,
    withholds: bool,
}

impl http_body::Body for Trickle {
    type Data = prost::bytes::Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Status>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        let trailers = frame.as_ref().and_then(|frame| frame.as_ref().ok());
        let status = trailers
            .and_then(Frame::trailers_ref)
            .and_then(|trailers| trailers.get("grpc-status"));
        match status.is_some_and(|status| status == "0") && self.withholds {
            true => Poll::Pending,
            false => Poll::Ready(frame),
        }
    }
}

/// Makes a call, and reads its response. The status is that of its end.
pub(super) async fn make<T, I>(
    client: &mut KindsClient<T, I>,
    kind: Kind,
    stage: Stage,
) -> Result<(), Status>
where
    T: crate::echo::Transport,
    I: Interceptor<Client> + 'static,
{
    let first = tokio_stream::once(message("1"));
    let requests = rest(stage, kind == Kind::ClientStreaming);
    let mut replies = match kind {
        Kind::Unary => return client.unary(message("1")).await.map(drop),
        Kind::ClientStreaming => {
            let requests = first.chain(requests);
            return client.client_streaming(requests).await.map(drop);
        }
        Kind::ServerStreaming => client.server_streaming(message("1")).await?.into_inner(),
        Kind::BidiStreaming => client.bidi_streaming(first).await?.into_inner(),
    };
    while replies.message().await?.is_some() {}
    Ok(())
}

/// Rest of a request that streams.
fn rest(
    stage: Stage,
    stalls: bool,
) -> impl tokio_stream::Stream<Item = runtime_tests::svc::Request> {
    let wait = match stage == Stage::MidStream && stalls {
        true => LATE,
        false => std::time::Duration::ZERO,
    };
    tokio_stream::once(()).then(move |()| async move {
        tokio::time::sleep(wait).await;
        message("2")
    })
}

/// Result of a call, and what the interceptors of both sides saw, where there are some.
struct Seen {
    status: Status,
    took: std::time::Duration,
    client: Option<Ended>,
    server: Option<Ended>,
}

async fn plain(kind: Kind, stage: Stage, limited: Limited, slow: &Slow) -> Seen {
    let server = KindsServer::new(slow.clone()).deadlines(match limited {
        Limited::Server => timeout_of_200ms(),
        _ => Default::default(),
    });
    let client = KindsClient::new(wire(server, stage, limited));
    let start = Instant::now();
    let status = make(&mut limit(client, limited), kind, stage)
        .await
        .unwrap_err();
    Seen {
        status,
        took: start.elapsed(),
        client: None,
        server: None,
    }
}

async fn intercepted(kind: Kind, stage: Stage, limited: Limited, slow: &Slow) -> Seen {
    let (of_server, server_ends) = witness();
    let (of_client, client_ends) = witness();
    let server = KindsServer::new(slow.clone()).deadlines(match limited {
        Limited::Server => timeout_of_200ms(),
        _ => Default::default(),
    });
    let server = server.intercept(of_server);
    let client = KindsClient::new(wire(server, stage, limited)).intercept(of_client);
    let start = Instant::now();
    let mut client = limit(client, limited);
    let status = make(&mut client, kind, stage).await.unwrap_err();
    let took = start.elapsed();
    drop(client);
    Seen {
        status,
        took,
        client: end_of(client_ends).await,
        server: end_of(server_ends).await,
    }
}

/// The one end, if there is one.
async fn end_of(mut ends: Ends) -> Option<Ended> {
    let end = ends.next().await;
    assert!(ends.next().await.is_none(), "a second after {end:?}");
    end
}

fn wire<S>(server: S, stage: Stage, limited: Limited) -> Wire<S> {
    Wire {
        server,
        stage,
        hides_timeout: limited != Limited::Both,
    }
}

fn limit<T, I>(client: KindsClient<T, I>, limited: Limited) -> KindsClient<T, I> {
    match limited {
        Limited::Server => client,
        _ => client.deadlines(timeout_of_200ms()),
    }
}

fn is_exceeded(ended: Option<&Ended>) -> bool {
    ended.is_some_and(|end| {
        end.status.code() == Code::DeadlineExceeded && end.outcome == Outcome::Completed
    })
}

#[tokio::test(start_paused = true)]
async fn every_kind_at_every_stage() {
    let mut cases = 0;
    for kind in KINDS {
        for stage in STAGES {
            for limited in [Limited::Client, Limited::Server, Limited::Both] {
                if !exists(kind, stage, limited) {
                    continue;
                }
                cases += 2;
                let about = format!("{kind:?}, {stage:?}, {limited:?}");
                let slow = Slow::new(stage);
                let seen = plain(kind, stage, limited, &slow).await;
                expect(&seen, limited, &about);
                assert_eq!(Arc::strong_count(&slow.guard), 1, "runs on: {about}");

                let seen = intercepted(kind, stage, limited, &slow).await;
                expect(&seen, limited, &about);
                assert_eq!(Arc::strong_count(&slow.guard), 1, "runs on: {about}");
                assert!(
                    is_exceeded(seen.client.as_ref()),
                    "{about}: {:?}",
                    seen.client
                );
                let of_server = seen.server.as_ref();
                match (stage, limited) {
                    (Stage::NotReady, _) => assert!(of_server.is_none(), "{about}"),
                    // The client goes away, and the server has no deadline of its own.
                    (_, Limited::Client) => {
                        let outcome = of_server.map(|end| end.outcome);
                        let is_over = matches!(kind, Kind::Unary | Kind::ClientStreaming)
                            && stage == Stage::BeforeTrailers;
                        let expected = match is_over {
                            true => Outcome::Completed,
                            false => Outcome::Dropped,
                        };
                        assert_eq!(outcome, Some(expected), "{about}");
                    }
                    _ => assert!(is_exceeded(of_server), "{about}: {of_server:?}"),
                }
            }
        }
    }
    assert_eq!(cases, 90);
}

fn expect(seen: &Seen, limited: Limited, about: &str) {
    assert_eq!(
        seen.status.code(),
        Code::DeadlineExceeded,
        "{about}: {:?}",
        seen.status
    );
    let message = seen.status.message();
    assert!(message.ends_with("was not over in 200ms"), "{message}");
    // A server is a millisecond early.
    let earliest = match limited {
        Limited::Client => TIMEOUT,
        _ => TIMEOUT - std::time::Duration::from_millis(1),
    };
    assert!(
        (earliest..=TIMEOUT).contains(&seen.took),
        "{about}: {:?}",
        seen.took
    );
}
