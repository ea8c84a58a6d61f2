//! Deadlines: of clients and servers, for each kind of rpc, at each stage of a call. The clock is paused, so that time passes
//! only where a call waits for it.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use runtime_tests::svc::kinds_server::Kinds;
use runtime_tests::svc::{Request as Message, Response as Reply};
use rust_svc::Deadlines;
use tokio::time::sleep;
use tokio_stream::{Stream, StreamExt as _};
use tonic::{Request, Response, Status, Streaming};

use crate::echo::Replies;

mod chains;
mod headers;
mod in_process;
mod policies;
mod settings;
mod stages;
mod transports;

/// Timeout of the calls of these tests.
const TIMEOUT: Duration = Duration::from_millis(200);

/// Long after every deadline of these tests.
const LATE: Duration = Duration::from_secs(3600);

fn timeout_of_200ms() -> Deadlines {
    Deadlines::new().default_timeout(TIMEOUT)
}

/// Place at which a call waits for longer than its deadline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// The transport is not ready.
    NotReady,
    /// The handler has not answered.
    BeforeHeaders,
    /// A stream stops after its first message: that of the response, or that of the request where only it streams.
    MidStream,
    /// All messages are there, and the status is not.
    BeforeTrailers,
    /// The end comes in the instant of the deadline.
    LastFrame,
}

/// Service that waits at a stage. Whatever runs for a call holds the guard.
#[derive(Clone, Debug)]
struct Slow {
    stage: Stage,
    guard: Arc<()>,
}

impl Slow {
    fn new(stage: Stage) -> Self {
        let guard = Arc::default();
        Self { stage, guard }
    }

    /// Waits before there is an answer.
    async fn wait(&self) {
        let _guard = Arc::clone(&self.guard);
        match self.stage {
            Stage::BeforeHeaders => sleep(LATE).await,
            Stage::LastFrame => sleep(TIMEOUT).await,
            _ => {}
        }
    }

    fn replies(&self) -> Replies {
        let guard = Arc::clone(&self.guard);
        let (messages, wait) = match self.stage {
            Stage::MidStream => (1, LATE),
            Stage::BeforeTrailers => (2, LATE),
            Stage::LastFrame => (2, TIMEOUT),
            _ => (2, Duration::ZERO),
        };
        let end = tokio_stream::once(()).then(move |()| {
            let guard = Arc::clone(&guard);
            async move {
                sleep(wait).await;
                drop(guard);
                None
            }
        });
        let messages = tokio_stream::iter(vec![Some(Ok(reply("1"))); messages]);
        Box::pin(messages.chain(end).filter_map(|message| message))
    }
}

fn reply(text: &str) -> Reply {
    Reply {
        text: text.to_owned(),
    }
}

#[tonic::async_trait]
impl Kinds for Slow {
    async fn unary(&self, _: Request<Message>) -> Result<Response<Reply>, Status> {
        self.wait().await;
        Ok(Response::new(reply("1")))
    }

    async fn client_streaming(
        &self,
        request: Request<Streaming<Message>>,
    ) -> Result<Response<Reply>, Status> {
        let _guard = Arc::clone(&self.guard);
        let mut messages = request.into_inner();
        while messages.message().await?.is_some() {}
        self.wait().await;
        Ok(Response::new(reply("1")))
    }

    type ServerStreamingStream = Replies;

    async fn server_streaming(&self, _: Request<Message>) -> Result<Response<Replies>, Status> {
        if self.stage == Stage::BeforeHeaders {
            self.wait().await;
        }
        Ok(Response::new(self.replies()))
    }

    type BidiStreamingStream = Replies;

    async fn bidi_streaming(
        &self,
        request: Request<Streaming<Message>>,
    ) -> Result<Response<Replies>, Status> {
        if self.stage == Stage::BeforeHeaders {
            self.wait().await;
        }
        // The request is read beside the response, as long as that lasts.
        let requests = request.into_inner().filter_map(|_| None);
        let replies: Pin<Box<dyn Stream<Item = _> + Send>> = self.replies();
        Ok(Response::new(Box::pin(replies.merge(requests))))
    }
}
