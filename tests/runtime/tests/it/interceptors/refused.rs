//! Refusing a call in `start` costs next to nothing.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use http_body::Frame;
use prost::Message as _;
use prost::bytes::{BufMut as _, Bytes};
use runtime_tests::svc::kinds_server::KindsServer;
use rust_svc::{Interceptor, Server};
use tonic::{Code, Status};
use tower::ServiceExt as _;

use super::recorder;
use crate::echo::{Echo, KINDS, Kind, message};
use crate::recorder::{Act, Log};

/// A request of 3 MB that counts how often somebody wants to have it.
struct Large {
    data: Option<Bytes>,
    polls: Arc<AtomicUsize>,
}

impl Large {
    fn new(polls: &Arc<AtomicUsize>) -> Self {
        let message = message(&"3".repeat(3_000_000));
        let mut data = vec![0];
        data.put_u32(message.encoded_len().try_into().unwrap());
        message.encode(&mut data).unwrap();
        Self {
            data: Some(data.into()),
            polls: Arc::clone(polls),
        }
    }
}

impl http_body::Body for Large {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.polls.fetch_add(1, Ordering::Relaxed);
        Poll::Ready(self.data.take().map(|data| Ok(Frame::data(data))))
    }
}

fn path(kind: Kind) -> &'static str {
    match kind {
        Kind::Unary => "/four_kinds.v1.Kinds/Unary",
        Kind::ClientStreaming => "/four_kinds.v1.Kinds/ClientStreaming",
        Kind::ServerStreaming => "/four_kinds.v1.Kinds/ServerStreaming",
        Kind::BidiStreaming => "/four_kinds.v1.Kinds/BidiStreaming",
    }
}

/// How often the body is polled until there are the headers of a response, and the status in these.
async fn ask<I>(server: KindsServer<Echo, I>, kind: Kind) -> (usize, Option<Status>)
where
    I: Interceptor<Server> + 'static,
{
    let polls = Arc::default();
    let request = http::Request::post(path(kind)).body(Large::new(&polls));
    let response = server.oneshot(request.unwrap()).await.unwrap();
    let status = Status::from_header_map(response.headers());
    drop(response);
    (polls.load(Ordering::Relaxed), status)
}

#[tokio::test]
async fn nothing_of_a_refused_request_is_read() {
    for kind in KINDS {
        let log = Log::default();
        let echo = Echo { log: log.clone() };
        let server = KindsServer::new(echo).intercept(recorder('a', Act::RefuseStart, &log));
        let (polls, status) = ask(server, kind).await;
        assert_eq!(polls, 0, "{kind:?}");
        let status = status.expect("a status in the headers");
        assert_eq!(status.code(), Code::PermissionDenied, "{kind:?}");
        assert_eq!(status.message(), "refused by a", "{kind:?}");
        assert_eq!(log.events(), ["aS"], "{kind:?}");
    }
}

/// A request that is not refused is read by the kinds that read before they answer: so it is the refusal
/// that saves the reading.
#[tokio::test]
async fn all_of_a_request_is_read_that_is_not_refused() {
    for kind in [Kind::Unary, Kind::ClientStreaming, Kind::ServerStreaming] {
        let log = Log::default();
        let server = KindsServer::new(Echo::default());
        let server = server.intercept(recorder('a', Act::Nothing, &log));
        let (polls, status) = ask(server, kind).await;
        assert_ne!(polls, 0, "{kind:?}");
        assert!(status.is_none(), "{kind:?}: {status:?}");
    }
}
