//! Hooks of clients.

use std::sync::atomic::{AtomicUsize, Ordering};

use runtime_tests::svc::kinds_client::{KindsClient, KindsClientHooks};
use runtime_tests::svc::kinds_server::KindsServer;
use runtime_tests::svc::{Request as Question, Response as Reply};
use rust_svc::{ClientNext, RequestStream};
use tokio_stream::StreamExt as _;
use tonic::transport::Server;
use tonic::{Code, Request, Response, Status, Streaming};

use super::{One, Received, client_hooks, reply};
use crate::echo::{Echo, KINDS, Kind, connect, message};
use crate::recorder::Log;

/// A client of a handler that writes down whether it runs.
fn watched<H: KindsClientHooks>(hooks: H) -> (KindsClient<KindsServer<Echo>, (), H>, Log) {
    let echo = Echo::default();
    let log = echo.log.clone();
    let client = KindsClient::new(KindsServer::new(echo));
    (client.with_hooks(hooks), log)
}

fn messages(texts: &[&str]) -> impl tokio_stream::Stream<Item = Question> + Send + 'static {
    let messages: Vec<_> = texts.iter().map(|text| message(text)).collect();
    tokio_stream::iter(messages)
}

/// Calls each method with these texts. As [`crate::echo::call`], which takes no client with hooks.
async fn call<T, H>(
    client: &mut KindsClient<T, (), H>,
    kind: Kind,
    texts: &[&str],
) -> Result<Vec<String>, Status>
where
    T: crate::echo::Transport,
    H: KindsClientHooks,
{
    let one = message(&texts.join(","));
    let streamed = match kind {
        Kind::Unary => return Ok(vec![client.unary(one).await?.into_inner().text]),
        Kind::ClientStreaming => {
            let response = client.client_streaming(messages(texts)).await?;
            return Ok(vec![response.into_inner().text]);
        }
        Kind::ServerStreaming => client.server_streaming(one).await?,
        Kind::BidiStreaming => client.bidi_streaming(messages(texts)).await?,
    };
    let replies = streamed.into_inner().map(|reply| Ok(reply?.text));
    replies.collect().await
}

/// Has only what every hook has.
struct Defaults;

impl KindsClientHooks for Defaults {}

#[tokio::test]
async fn a_hook_that_is_not_written_passes_calls_through() {
    for kind in KINDS {
        let (mut bare, _) = watched(());
        let (mut hooked, _) = watched(Defaults);
        for texts in [&["1", "2"][..], &["1", "fail"]] {
            let bare = call(&mut bare, kind, texts).await;
            let hooked = call(&mut hooked, kind, texts).await;
            let code = |result: &Result<_, Status>| result.as_ref().map_err(Status::code).err();
            assert_eq!(code(&hooked), code(&bare), "{kind:?}");
            assert_eq!(hooked.ok(), bare.ok(), "{kind:?}");
        }
    }
}

/// Changes what goes out, and what comes back where it is one message.
struct Changes;

fn ask(mut question: Question) -> Question {
    question.text.push('?');
    question
}

fn ask_all(questions: RequestStream<Question>) -> RequestStream<Question> {
    RequestStream::new(questions.map(ask))
}

fn shout(mut reply: Reply) -> Reply {
    reply.text.push('!');
    reply
}

impl KindsClientHooks for Changes {
    async fn unary(
        &self,
        request: Request<Question>,
        next: impl ClientNext<Question, Reply>,
    ) -> One {
        Ok(next.run(request.map(ask)).await?.map(shout))
    }

    async fn client_streaming(
        &self,
        request: Request<RequestStream<Question>>,
        next: impl ClientNext<RequestStream<Question>, Reply>,
    ) -> One {
        Ok(next.run(request.map(ask_all)).await?.map(shout))
    }

    async fn server_streaming(
        &self,
        request: Request<Question>,
        next: impl ClientNext<Question, Streaming<Reply>>,
    ) -> Received {
        next.run(request.map(ask)).await
    }

    async fn bidi_streaming(
        &self,
        request: Request<RequestStream<Question>>,
        next: impl ClientNext<RequestStream<Question>, Streaming<Reply>>,
    ) -> Received {
        next.run(request.map(ask_all)).await
    }
}

#[tokio::test]
async fn requests_and_responses_are_changed() {
    for kind in KINDS {
        let (mut client, _) = watched(Changes);
        let replies: &[&str] = match kind {
            Kind::Unary => &["1,2?!"],
            Kind::ClientStreaming => &["1?,2?!"],
            Kind::ServerStreaming => &["1", "2?"],
            Kind::BidiStreaming => &["1?", "2?"],
        };
        let got = call(&mut client, kind, &["1", "2"]).await.unwrap();
        assert_eq!(got, replies, "{kind:?}");
    }
}

/// Knows all answers already. A stream of responses cannot be made by hand.
struct Cache;

impl KindsClientHooks for Cache {
    async fn unary(&self, _: Request<Question>, _: impl ClientNext<Question, Reply>) -> One {
        Ok(Response::new(reply("cached")))
    }

    async fn client_streaming(
        &self,
        _: Request<RequestStream<Question>>,
        _: impl ClientNext<RequestStream<Question>, Reply>,
    ) -> One {
        Ok(Response::new(reply("cached")))
    }
}

#[tokio::test]
async fn a_hook_answers_and_no_call_is_made() {
    for kind in [Kind::Unary, Kind::ClientStreaming] {
        let (mut client, log) = watched(Cache);
        let got = call(&mut client, kind, &["1"]).await.unwrap();
        assert_eq!(got, ["cached"], "{kind:?}");
        assert!(log.events().is_empty(), "{kind:?}");
    }
}

/// Answers every call with an error.
struct Refuses;

client_hooks!(Refuses, |_, _request, _next| {
    Err(Status::failed_precondition("not today"))
});

#[tokio::test]
async fn an_error_of_a_hook_is_what_the_caller_gets() {
    for kind in KINDS {
        let (mut client, log) = watched(Refuses);
        let status = call(&mut client, kind, &["1"]).await.unwrap_err();
        assert_eq!(status.code(), Code::FailedPrecondition, "{kind:?}");
        assert!(log.events().is_empty(), "{kind:?}");
    }
}

/// Turns every error into another.
struct Translates;

client_hooks!(Translates, |_, request, next| {
    let answer = next.run(request).await;
    answer.map_err(|status| Status::unavailable(status.message()))
});

#[tokio::test]
async fn a_hook_sees_the_error_of_a_call() {
    for kind in [Kind::Unary, Kind::ClientStreaming] {
        let (mut client, _) = watched(Translates);
        let status = call(&mut client, kind, &["fail"]).await.unwrap_err();
        assert_eq!(status.code(), Code::Unavailable, "{kind:?}");
        assert_eq!(status.message(), "told to fail", "{kind:?}");
    }
}

/// State of a hook is that of the client, and of its clones.
#[derive(Default)]
struct Counts(AtomicUsize);

client_hooks!(Counts, |Counts(count), request, next| {
    count.fetch_add(1, Ordering::Relaxed);
    let mut request = request;
    let number = count.load(Ordering::Relaxed).into();
    request.metadata_mut().insert("x-number", number);
    next.run(request).await
});

#[tokio::test]
async fn clones_of_a_client_share_its_hooks() {
    use crate::context::{Look, Mirror};

    /// Says which number it was told.
    struct Number;

    impl Look for Number {
        fn look<T>(&self, request: &Request<T>) -> Result<String, Status> {
            let number = request.metadata().get("x-number").expect("a number");
            Ok(number.to_str().unwrap().to_owned())
        }
    }

    let server = KindsServer::new(Mirror(Number));
    let mut client = KindsClient::new(server).with_hooks(Counts::default());
    assert_eq!(call(&mut client, Kind::Unary, &["1"]).await.unwrap(), ["1"]);
    let mut clone = client.clone();
    for (kind, number) in [(Kind::BidiStreaming, "2"), (Kind::ServerStreaming, "3")] {
        let got = call(&mut clone, kind, &["1"]).await.unwrap();
        assert_eq!(got, [number], "{kind:?}");
    }
    assert_eq!(call(&mut client, Kind::Unary, &["1"]).await.unwrap(), ["4"]);
}

/// A call with hooks goes on in a task, as others do.
#[tokio::test]
async fn calls_with_hooks_go_on_in_tasks() {
    let router = Server::builder().add_service(KindsServer::new(Echo::default()));
    let mut client = KindsClient::new(connect(router).await).with_hooks(Translates);
    let calling = tokio::spawn(async move {
        client.server_streaming(message("1")).await?;
        client.unary(message("1")).await
    });
    let response = calling.await.unwrap().unwrap();
    assert_eq!(response.into_inner().text, "1");
}

/// Says when it is dropped.
struct Guard(Log);

impl Drop for Guard {
    fn drop(&mut self) {
        self.0.push("dropped");
    }
}

struct Holds(Log);

client_hooks!(Holds, |Holds(log), request, next| {
    let _guard = Guard(log.clone());
    let answer = next.run(request).await;
    log.push("answered");
    std::future::pending::<()>().await;
    answer
});

#[tokio::test]
async fn a_hook_is_dropped_with_its_call() {
    for kind in KINDS {
        let log = Log::default();
        let (mut client, _) = watched(Holds(log.clone()));
        tokio::select! {
            biased;
            _ = call(&mut client, kind, &["1"]) => panic!("an answer"),
            () = log.wait_for("answered") => {}
        }
        assert_eq!(log.events(), ["answered", "dropped"], "{kind:?}");
    }
}
