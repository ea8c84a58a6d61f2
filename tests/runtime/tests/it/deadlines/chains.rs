//! Calls of handlers: they inherit the deadline of the call that they work for, and end with it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use runtime_tests::svc::kinds_api::KindsApi;
use runtime_tests::svc::kinds_client::KindsClient;
use runtime_tests::svc::kinds_server::{Kinds, KindsServer};
use runtime_tests::svc::{Request as Message, Response as Reply};
use rust_svc::{Current, Deadlines, RequestExt as _};
use tokio::time::{Instant, sleep};
use tokio_stream::StreamExt as _;
use tonic::{Code, Request, Response, Status, Streaming};

use super::{LATE, Slow, Stage, TIMEOUT, reply, timeout_of_200ms};
use crate::echo::{Echo, Replies, connect, message};

/// How a handler makes its own call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Calls {
    /// In the handler.
    Inside,
    /// In a task that captured the call.
    CapturedTask,
    /// In a task that did not.
    Task,
    /// In a task that captured the call when it was running already.
    CapturedTooLate,
    /// In the handler, without inheritance.
    Alone,
}

/// Service that works for a while, calls another, and says how much time that had.
#[derive(Clone)]
struct Relay {
    next: Arc<dyn KindsApi>,
    calls: Calls,
    work: Duration,
}

impl Relay {
    async fn ask(&self) -> Result<Response<Reply>, Status> {
        sleep(self.work).await;
        let call = self.next.call_unary(message("1"));
        match self.calls {
            Calls::Inside => call.await,
            Calls::Alone => call.without_inheritance().await,
            Calls::Task => joined(tokio::spawn(call.into_future())).await,
            Calls::CapturedTask => {
                let call = Current::capture().scope(call.into_future());
                joined(tokio::spawn(call)).await
            }
            Calls::CapturedTooLate => {
                let call = async { Current::capture().scope(call.into_future()).await };
                joined(tokio::spawn(call)).await
            }
        }
    }
}

async fn joined<T>(task: tokio::task::JoinHandle<T>) -> T {
    task.await.unwrap()
}

#[tonic::async_trait]
impl Kinds for Relay {
    async fn unary(&self, _: Request<Message>) -> Result<Response<Reply>, Status> {
        self.ask().await
    }

    async fn client_streaming(
        &self,
        request: Request<Streaming<Message>>,
    ) -> Result<Response<Reply>, Status> {
        let mut messages = request.into_inner();
        while messages.message().await?.is_some() {}
        self.ask().await
    }

    type ServerStreamingStream = Replies;

    async fn server_streaming(&self, _: Request<Message>) -> Result<Response<Replies>, Status> {
        // The call is made while the response streams.
        let relay = self.clone();
        let replies = tokio_stream::once(()).then(move |()| {
            let relay = relay.clone();
            async move { relay.ask().await.map(Response::into_inner) }
        });
        Ok(Response::new(Box::pin(replies)))
    }

    type BidiStreamingStream = Replies;

    async fn bidi_streaming(
        &self,
        _: Request<Streaming<Message>>,
    ) -> Result<Response<Replies>, Status> {
        self.server_streaming(Request::new(message(""))).await
    }
}

/// Service that says how much time is left, in milliseconds.
#[derive(Clone, Debug)]
struct Left;

impl Left {
    fn reply<M>(request: &Request<M>) -> Reply {
        let remaining = request.remaining();
        assert_eq!(remaining.is_some(), request.deadline().is_some());
        // A handler and what it runs see the same.
        assert_eq!(remaining, Current::capture().remaining());
        reply(&remaining.map_or_else(|| "none".into(), |left| left.as_millis().to_string()))
    }
}

#[tonic::async_trait]
impl Kinds for Left {
    async fn unary(&self, request: Request<Message>) -> Result<Response<Reply>, Status> {
        Ok(Response::new(Self::reply(&request)))
    }

    async fn client_streaming(
        &self,
        request: Request<Streaming<Message>>,
    ) -> Result<Response<Reply>, Status> {
        Ok(Response::new(Self::reply(&request)))
    }

    type ServerStreamingStream = Replies;

    async fn server_streaming(
        &self,
        request: Request<Message>,
    ) -> Result<Response<Replies>, Status> {
        let reply = Self::reply(&request);
        Ok(Response::new(Box::pin(tokio_stream::once(Ok(reply)))))
    }

    type BidiStreamingStream = Replies;

    async fn bidi_streaming(
        &self,
        request: Request<Streaming<Message>>,
    ) -> Result<Response<Replies>, Status> {
        let reply = Self::reply(&request);
        Ok(Response::new(Box::pin(tokio_stream::once(Ok(reply)))))
    }
}

fn relay(next: impl KindsApi + 'static, calls: Calls) -> Relay {
    Relay {
        next: Arc::new(next),
        calls,
        work: Duration::from_millis(50),
    }
}

/// What each kind of rpc answers, if all have 200 ms.
async fn answers(server: KindsServer<Relay>) -> Vec<String> {
    let mut client = KindsClient::new(server).deadlines(timeout_of_200ms());
    let mut answers = vec![client.unary(message("1")).await.unwrap().into_inner().text];
    let requests = || tokio_stream::iter([message("1")]);
    let answer = client.client_streaming(requests()).await.unwrap();
    answers.push(answer.into_inner().text);
    let mut stream = client
        .server_streaming(message("1"))
        .await
        .unwrap()
        .into_inner();
    answers.push(stream.message().await.unwrap().unwrap().text);
    let mut stream = client
        .bidi_streaming(requests())
        .await
        .unwrap()
        .into_inner();
    answers.push(stream.message().await.unwrap().unwrap().text);
    answers
}

#[tokio::test(start_paused = true)]
async fn a_call_of_a_handler_has_what_is_left() {
    for (calls, expected) in [
        (Calls::Inside, "150"),
        (Calls::CapturedTask, "150"),
        (Calls::Task, "none"),
        (Calls::CapturedTooLate, "none"),
        (Calls::Alone, "none"),
    ] {
        let over_http = KindsClient::new(KindsServer::new(Left));
        let in_process = KindsServer::new(Left);
        for relay in [relay(over_http, calls), relay(in_process, calls)] {
            let answers = answers(KindsServer::new(relay)).await;
            assert_eq!(answers, [expected; 4], "{calls:?}");
        }
    }
}

/// A calls B, which calls C, which calls D.
#[tokio::test(start_paused = true)]
async fn a_chain_of_three_has_what_is_left() {
    let last = KindsClient::new(KindsServer::new(Left));
    let middle = KindsClient::new(KindsServer::new(relay(last, Calls::Inside)));
    let first = KindsServer::new(relay(middle, Calls::Inside));
    assert_eq!(answers(first).await, ["100"; 4]);
}

/// The shorter one of what a call says, and of what it inherits.
#[tokio::test(start_paused = true)]
async fn a_call_of_a_handler_may_have_less() {
    for (own, expected) in [(100, "100"), (1000, "150")] {
        let own = Deadlines::new().default_timeout(Duration::from_millis(own));
        let next = KindsClient::new(KindsServer::new(Left)).deadlines(own);
        let server = KindsServer::new(relay(next, Calls::Inside));
        assert_eq!(answers(server).await, [expected; 4]);
    }
}

#[tokio::test(start_paused = true)]
async fn the_last_of_a_chain_ends_with_the_first() {
    let slow = Slow::new(Stage::BeforeHeaders);
    let next = KindsClient::new(KindsServer::new(slow.clone()));
    let server = KindsServer::new(relay(next, Calls::Inside));
    let mut client = KindsClient::new(server).deadlines(timeout_of_200ms());
    let start = Instant::now();
    let status = client.unary(message("1")).await.unwrap_err();
    assert_eq!(status.code(), Code::DeadlineExceeded);
    assert!(start.elapsed() <= TIMEOUT);
    drop(client);
    assert_eq!(Arc::strong_count(&slow.guard), 1);
}

/// Over two connections: the caller goes away, and the last of the chain is told.
#[tokio::test(start_paused = true)]
async fn a_cancelled_call_cancels_those_that_it_made() {
    let slow = Slow::new(Stage::BeforeHeaders);
    let router = tonic::transport::Server::builder().add_service(KindsServer::new(slow.clone()));
    let next = KindsClient::new(connect(router).await);
    let first = KindsServer::new(relay(next, Calls::Inside));
    let router = tonic::transport::Server::builder().add_service(first);
    let mut client = KindsClient::new(connect(router).await);
    let idle = Arc::strong_count(&slow.guard);
    let mut call = Box::pin(client.unary(message("1")));
    assert!(tokio::time::timeout(TIMEOUT, &mut call).await.is_err());
    assert_eq!(Arc::strong_count(&slow.guard), idle + 1);
    drop(call);
    // A reset takes its way through both connections.
    sleep(TIMEOUT).await;
    assert_eq!(Arc::strong_count(&slow.guard), idle);
}

/// A task that works for a call goes on after it, and its own calls end at the deadline.
#[tokio::test(start_paused = true)]
async fn a_captured_task_goes_on_and_its_calls_end() {
    let ended = Arc::new(Mutex::new(None));
    let slow = KindsServer::new(Slow::new(Stage::BeforeHeaders));
    let current = Arc::new(Mutex::new(Current::none()));
    let captured = Arc::clone(&current);
    let hook = Capturing(captured);
    KindsClient::new(KindsServer::new(Echo::default()).intercept(hook))
        .deadlines(timeout_of_200ms())
        .unary(message("1"))
        .await
        .unwrap();
    let current = *current.lock().unwrap();
    assert_eq!(current.remaining(), Some(TIMEOUT));
    let result = Arc::clone(&ended);
    let start = Instant::now();
    let task = tokio::spawn(current.scope(async move {
        let status = slow.call_unary(message("1")).await.unwrap_err();
        *result.lock().unwrap() = Some((status.code(), start.elapsed()));
        sleep(LATE).await;
    }));
    task.await.unwrap();
    let ended = ended.lock().unwrap().take();
    assert_eq!(ended, Some((Code::DeadlineExceeded, TIMEOUT)));
}

/// Captures the call that its `start` runs in: interceptors run inside of the call, like handlers.
struct Capturing(Arc<Mutex<Current>>);

impl rust_svc::Interceptor<rust_svc::Server> for Capturing {
    type State = ();

    async fn start(&self, _: &mut rust_svc::Start<'_, rust_svc::Server>) -> Result<(), Status> {
        *self.0.lock().unwrap() = Current::capture();
        Ok(())
    }
}

/// Nothing of a call stays on the thread.
#[tokio::test(start_paused = true)]
async fn a_task_is_in_no_call_after_one() {
    let mut client = KindsClient::new(KindsServer::new(Echo::default()));
    let mut limited = client.clone().deadlines(timeout_of_200ms());
    limited.unary(message("1")).await.unwrap();
    assert_eq!(Current::capture().deadline(), None);
    let panicked = tokio::spawn(async move { limited.unary(message("panic")).await });
    assert!(panicked.await.unwrap_err().is_panic());
    assert_eq!(Current::capture().deadline(), None);
    client.unary(message("1")).await.unwrap();
}
