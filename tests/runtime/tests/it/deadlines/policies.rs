//! Policies of methods: clients and servers apply their timeouts and limits, unless code says otherwise.

use std::time::Duration;

use runtime_tests::limited::kinds_client::KindsClient;
use runtime_tests::limited::kinds_server::{Kinds, KindsServer};
use runtime_tests::limited::{Request as Message, Response as Reply, kinds_methods};
use rust_svc::Deadlines;
use tokio::time::{Instant, sleep};
use tonic::body::Body;
use tonic::{Code, Request, Response, Status, Streaming};
use tower::ServiceExt as _;

use super::{LATE, TIMEOUT};

type Replies = std::pin::Pin<Box<dyn tokio_stream::Stream<Item = Result<Reply, Status>> + Send>>;

/// Never answers `wait`, and answers a number with a text of that length.
#[derive(Clone, Debug)]
struct Service;

impl Service {
    async fn answer(&self, request: Request<Message>) -> Result<Reply, Status> {
        let text = request.into_inner().text;
        let length = match text.parse() {
            Ok(length) => length,
            Err(_) if text == "wait" => {
                sleep(LATE).await;
                0
            }
            Err(_) => 0,
        };
        Ok(Reply {
            text: "x".repeat(length),
        })
    }
}

#[tonic::async_trait]
impl Kinds for Service {
    async fn unary(&self, request: Request<Message>) -> Result<Response<Reply>, Status> {
        self.answer(request).await.map(Response::new)
    }

    async fn client_streaming(
        &self,
        request: Request<Streaming<Message>>,
    ) -> Result<Response<Reply>, Status> {
        let mut messages = request.into_inner();
        while messages.message().await?.is_some() {}
        Ok(Response::new(Reply::default()))
    }

    type ServerStreamingStream = Replies;

    async fn server_streaming(
        &self,
        request: Request<Message>,
    ) -> Result<Response<Replies>, Status> {
        let reply = self.answer(request).await?;
        Ok(Response::new(Box::pin(tokio_stream::once(Ok(reply)))))
    }

    type BidiStreamingStream = Replies;

    async fn bidi_streaming(
        &self,
        request: Request<Streaming<Message>>,
    ) -> Result<Response<Replies>, Status> {
        let replies = tokio_stream::StreamExt::map(request.into_inner(), |message| {
            message.map(|message| Reply { text: message.text })
        });
        Ok(Response::new(Box::pin(replies)))
    }
}

fn message(text: impl Into<String>) -> Message {
    Message { text: text.into() }
}

/// Hides `grpc-timeout`, so that one side alone has the policy.
fn without_timeout(mut request: http::Request<Body>) -> http::Request<Body> {
    request.headers_mut().remove("grpc-timeout");
    request
}

/// Time after which a call that nobody answers is over.
async fn taken<T, I>(client: &mut KindsClient<T, I>, asked: Option<Duration>) -> Duration
where
    T: crate::echo::Transport,
    I: rust_svc::Interceptor<rust_svc::Client> + 'static,
{
    let mut request = Request::new(message("wait"));
    if let Some(asked) = asked {
        request.set_timeout(asked);
    }
    let start = Instant::now();
    let status = client.unary(request).await.unwrap_err();
    assert_eq!(status.code(), Code::DeadlineExceeded);
    start.elapsed()
}

/// The server ends a call a millisecond early.
const EARLY: Duration = Duration::from_millis(1);

#[tokio::test(start_paused = true)]
async fn the_timeout_of_a_policy_needs_no_code() {
    let policy = kinds_methods::UNARY.policy();
    assert_eq!(policy.timeout(), Some(TIMEOUT));
    let server = KindsServer::new(Service);
    assert_eq!(
        taken(&mut KindsClient::new(server.clone()), None).await,
        TIMEOUT - EARLY
    );
    // With a deadline that is longer than all others, the client has none of its own.
    let patient = Deadlines::new().default_timeout(LATE);
    let client = KindsClient::new(server.map_request(without_timeout)).deadlines(patient);
    assert_eq!(taken(&mut client.clone(), None).await, TIMEOUT - EARLY);
    let server = KindsServer::new(Service).deadlines(patient);
    let client = KindsClient::new(server.map_request(without_timeout));
    assert_eq!(taken(&mut client.clone(), None).await, TIMEOUT);
}

#[tokio::test(start_paused = true)]
async fn a_call_may_have_less_than_its_policy_and_code_decides() {
    let (less, more) = (Duration::from_millis(100), Duration::from_secs(1));
    let server = KindsServer::new(Service);
    let mut client = KindsClient::new(server.clone());
    assert_eq!(taken(&mut client, Some(less)).await, less - EARLY);
    // As in a service config: the minimum of both (gRFC A2).
    assert_eq!(taken(&mut client, Some(more)).await, TIMEOUT - EARLY);

    // Code comes before the policy, on both sides.
    let patient = Deadlines::new().default_timeout(more);
    let mut client = KindsClient::new(server.deadlines(patient)).deadlines(patient);
    assert_eq!(taken(&mut client, None).await, more - EARLY);
    let longer = Duration::from_secs(3);
    assert_eq!(taken(&mut client, Some(longer)).await, longer - EARLY);
    let mut client = client.deadlines(Deadlines::new().max_timeout(less));
    assert_eq!(taken(&mut client, Some(longer)).await, less - EARLY);
}

#[tokio::test(start_paused = true)]
async fn each_method_has_its_own() {
    let mut client = KindsClient::new(KindsServer::new(Service));
    let start = Instant::now();
    let stream = client.server_streaming(message("wait")).await;
    assert_eq!(stream.unwrap_err().code(), Code::DeadlineExceeded);
    assert_eq!(start.elapsed(), Duration::from_secs(2) - EARLY);
}

/// The codes are those of tonic for a message that is too large.
#[tokio::test]
async fn limits_of_messages_hold_on_both_sides() {
    let long = || message("y".repeat(200));
    let server = KindsServer::new(Service);
    let mut client = KindsClient::new(server.clone());
    assert_eq!(
        client.unary(long()).await.unwrap_err().code(),
        Code::OutOfRange
    );
    // The next method has no limit.
    client.server_streaming(long()).await.unwrap();
    assert_eq!(
        client.unary(long()).await.unwrap_err().code(),
        Code::OutOfRange
    );
    client.unary(message("1")).await.unwrap();

    // Limit of the server alone, of the client alone, and of neither.
    let mut unlimited = KindsClient::new(server.clone()).max_encoding_message_size(1000);
    let refused = unlimited.unary(long()).await.unwrap_err();
    assert_eq!(refused.code(), Code::OutOfRange);
    let open = server.clone().max_decoding_message_size(1000);
    let mut client = KindsClient::new(open.clone());
    assert_eq!(
        client.unary(long()).await.unwrap_err().code(),
        Code::OutOfRange
    );
    let mut unlimited = KindsClient::new(open).max_encoding_message_size(1000);
    unlimited.unary(long()).await.unwrap();
}

/// A policy may say more than the limit of tonic's clients, which is 4 MiB, and so may code.
#[tokio::test]
async fn limits_of_responses_may_be_large() {
    let server = KindsServer::new(Service);
    let mut client = KindsClient::new(server.clone());
    let reply = client.unary(message("5000000")).await.unwrap();
    assert_eq!(reply.into_inner().text.len(), 5_000_000);
    let refused = client.unary(message("7000000")).await.unwrap_err();
    assert_eq!(refused.code(), Code::OutOfRange);
    let mut stream = client
        .server_streaming(message("5000000"))
        .await
        .unwrap()
        .into_inner();
    let refused = stream.message().await.unwrap_err();
    assert_eq!(refused.code(), Code::OutOfRange, "{refused:?}");

    let open = server.max_encoding_message_size(8_000_000);
    let mut client = KindsClient::new(open).max_decoding_message_size(8_000_000);
    client.unary(message("7000000")).await.unwrap();
}
