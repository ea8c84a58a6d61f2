//! Hooks of servers.

use runtime_tests::svc::kinds_client::KindsClient;
use runtime_tests::svc::kinds_server::{KindsServer, KindsServerHooks};
use runtime_tests::svc::{Request as Question, Response as Reply};
use rust_svc::{Next, Outcome, ResponseStream};
use tokio_stream::StreamExt as _;
use tonic::{Code, Request, Response, Status, Streaming};

use super::{Many, One, call_server, reply, server_hooks};
use crate::echo::{Echo, KINDS, Kind, call};
use crate::interceptors::{code, witness};
use crate::recorder::{Log, PATIENCE};

/// Has only what every hook has.
struct Defaults;

impl KindsServerHooks for Defaults {}

#[tokio::test]
async fn a_hook_that_is_not_written_passes_calls_through() {
    for kind in KINDS {
        let bare = call_server((), kind, &["1", "2", "fail"]).await;
        let hooked = call_server(Defaults, kind, &["1", "2", "fail"]).await;
        assert_eq!(hooked.replies, bare.replies, "{kind:?}");
        assert_eq!(code(&hooked), code(&bare), "{kind:?}");
        let hooked = call_server(Defaults, kind, &["1", "2"]).await;
        let bare = call_server((), kind, &["1", "2"]).await;
        assert_eq!(hooked.replies, bare.replies, "{kind:?}");
        assert!(hooked.end.is_ok(), "{kind:?}");
    }
}

/// Changes what goes in, where it is one message, and what comes out.
struct Changes;

fn ask(mut request: Request<Question>) -> Request<Question> {
    request.get_mut().text.push('?');
    request
}

fn shout(mut reply: Reply) -> Reply {
    reply.text.push('!');
    reply
}

fn shout_all(replies: ResponseStream<Reply>) -> ResponseStream<Reply> {
    ResponseStream::new(replies.map(|reply| reply.map(shout)))
}

impl KindsServerHooks for Changes {
    async fn unary(&self, request: Request<Question>, next: Next<Question, Reply>) -> One {
        Ok(next.run(ask(request)).await?.map(shout))
    }

    async fn client_streaming(
        &self,
        request: Request<Streaming<Question>>,
        next: Next<Streaming<Question>, Reply>,
    ) -> One {
        Ok(next.run(request).await?.map(shout))
    }

    async fn server_streaming(
        &self,
        request: Request<Question>,
        next: Next<Question, ResponseStream<Reply>>,
    ) -> Many {
        Ok(next.run(ask(request)).await?.map(shout_all))
    }

    async fn bidi_streaming(
        &self,
        request: Request<Streaming<Question>>,
        next: Next<Streaming<Question>, ResponseStream<Reply>>,
    ) -> Many {
        Ok(next.run(request).await?.map(shout_all))
    }
}

#[tokio::test]
async fn requests_and_responses_are_changed() {
    for kind in KINDS {
        let got = call_server(Changes, kind, &["1", "2"]).await;
        let replies: &[&str] = match kind {
            Kind::Unary => &["1,2?!"],
            Kind::ClientStreaming => &["1,2!"],
            Kind::ServerStreaming => &["1!", "2?!"],
            Kind::BidiStreaming => &["1!", "2!"],
        };
        assert_eq!(got.replies, replies, "{kind:?}");
    }
}

/// Knows all answers already.
struct Cache;

impl KindsServerHooks for Cache {
    async fn unary(&self, _: Request<Question>, _: Next<Question, Reply>) -> One {
        Ok(Response::new(reply("cached")))
    }

    async fn client_streaming(
        &self,
        _: Request<Streaming<Question>>,
        _: Next<Streaming<Question>, Reply>,
    ) -> One {
        Ok(Response::new(reply("cached")))
    }

    async fn server_streaming(
        &self,
        _: Request<Question>,
        _: Next<Question, ResponseStream<Reply>>,
    ) -> Many {
        Ok(Response::new(ResponseStream::from([reply("cached")])))
    }

    async fn bidi_streaming(
        &self,
        request: Request<Streaming<Question>>,
        _: Next<Streaming<Question>, ResponseStream<Reply>>,
    ) -> Many {
        let messages = request.into_inner();
        let replies = messages.map(|message| message.map(|_| reply("cached")));
        Ok(Response::new(ResponseStream::new(replies)))
    }
}

/// A server that writes down whether its handler runs.
fn watched<H: KindsServerHooks>(hooks: H) -> (KindsServer<Echo, (), H>, Log) {
    let echo = Echo::default();
    let log = echo.log.clone();
    (KindsServer::new(echo).with_hooks(hooks), log)
}

#[tokio::test]
async fn a_hook_answers_and_the_handler_does_not_run() {
    for kind in KINDS {
        let (server, log) = watched(Cache);
        let got = call(&mut KindsClient::new(server), kind, &["1"]).await;
        assert_eq!(got.replies, ["cached"], "{kind:?}");
        assert!(log.events().is_empty(), "{kind:?}");
    }
}

/// Answers every call with an error.
struct Refuses;

server_hooks!(Refuses, |_, _request, _next| {
    Err(Status::failed_precondition("not today"))
});

#[tokio::test]
async fn an_error_of_a_hook_is_the_answer() {
    for kind in KINDS {
        let (server, log) = watched(Refuses);
        let (witness, ends) = witness();
        let server = server.intercept(witness);
        let got = call(&mut KindsClient::new(server), kind, &["1"]).await;
        let status = got.end.unwrap_err();
        assert_eq!(status.code(), Code::FailedPrecondition, "{kind:?}");
        assert_eq!(status.message(), "not today", "{kind:?}");
        assert!(log.events().is_empty(), "{kind:?}");
        let ended = ends.only().await;
        assert_eq!(ended.status.message(), "not today", "{kind:?}");
    }
}

/// Turns every error of a handler into another.
struct Translates;

server_hooks!(Translates, |_, request, next| {
    let answer = next.run(request).await;
    answer.map_err(|status| Status::unavailable(status.message()))
});

/// An error that comes later, in a stream, is no longer that of `next`.
#[tokio::test]
async fn a_hook_sees_the_error_of_a_handler() {
    for kind in KINDS {
        let got = call_server(Translates, kind, &["fail"]).await;
        let expected = match kind {
            Kind::Unary | Kind::ClientStreaming => Code::Unavailable,
            Kind::ServerStreaming | Kind::BidiStreaming => Code::NotFound,
        };
        let status = got.end.unwrap_err();
        assert_eq!(status.code(), expected, "{kind:?}");
        assert_eq!(status.message(), "told to fail", "{kind:?}");
    }
}

/// Metadata of both is a hook's to change.
struct Labels;

server_hooks!(Labels, |_, request, next| {
    let value = "of a hook".parse().unwrap();
    let mut response = next.run(request).await?;
    response.metadata_mut().insert("x-hook", value);
    Ok(response)
});

#[tokio::test]
async fn a_hook_adds_headers() {
    for kind in [Kind::Unary, Kind::ClientStreaming] {
        let got = call_server(Labels, kind, &["1"]).await;
        assert_eq!(got.end.unwrap().get("x-hook").unwrap(), "of a hook");
    }
    let (server, _) = watched(Labels);
    let mut client = KindsClient::new(server);
    let response = client.server_streaming(Question::default()).await.unwrap();
    assert_eq!(response.metadata().get("x-hook").unwrap(), "of a hook");
    let question = tokio_stream::once(Question::default());
    let response = client.bidi_streaming(question).await.unwrap();
    assert_eq!(response.metadata().get("x-hook").unwrap(), "of a hook");
}

/// Answers at once, and lets the handler run on.
struct Detaches;

impl KindsServerHooks for Detaches {
    async fn unary(&self, request: Request<Question>, next: Next<Question, Reply>) -> One {
        tokio::spawn(next.run(request));
        Ok(Response::new(reply("accepted")))
    }
}

#[tokio::test]
async fn a_handler_goes_on_after_the_answer() {
    let (server, log) = watched(Detaches);
    let (witness, ends) = witness();
    let server = server.intercept(witness);
    // This handler never ends.
    let mut client = KindsClient::new(server);
    let calling = call(&mut client, Kind::Unary, &["wait"]);
    let got = tokio::time::timeout(PATIENCE, calling).await;
    assert_eq!(got.expect("an answer").replies, ["accepted"]);
    drop(client);
    assert_eq!(ends.only().await.status.code(), Code::Ok);
    log.wait_for("waits").await;
}

/// Says when it is dropped.
struct Guard(Log);

impl Drop for Guard {
    fn drop(&mut self) {
        self.0.push("dropped");
    }
}

/// Waits for a handler, and has something that has to be given back.
struct Holds(Log);

server_hooks!(Holds, |Holds(log), request, next| {
    let _guard = Guard(log.clone());
    let answer = next.run(request).await;
    log.push("answered");
    std::future::pending::<()>().await;
    answer
});

#[tokio::test]
async fn a_hook_is_dropped_with_its_call() {
    for kind in KINDS {
        let (witness, ends) = witness();
        let log = Log::default();
        let (server, _) = watched(Holds(log.clone()));
        let mut client = KindsClient::new(server.intercept(witness));
        tokio::select! {
            biased;
            _ = call(&mut client, kind, &["1"]) => panic!("an answer"),
            () = log.wait_for("answered") => {}
        }
        drop(client);
        assert_eq!(log.events().last().unwrap(), "dropped", "{kind:?}");
        assert_eq!(ends.only().await.outcome, Outcome::Dropped, "{kind:?}");
    }
}

/// Hooks may be put on before interceptors or after, and twice: then the last are there.
#[tokio::test]
async fn the_order_of_building_does_not_matter() {
    let (before, ends_before) = witness();
    let (after, ends_after) = witness();
    let server = || KindsServer::new(Echo::default());
    let first = server().with_hooks(Cache).intercept(before);
    let last = server().intercept(after);
    let last = last.with_hooks(Refuses).with_hooks(Cache);
    let first = call(&mut KindsClient::new(first), Kind::Unary, &["1"]).await;
    let last = call(&mut KindsClient::new(last), Kind::Unary, &["1"]).await;
    assert_eq!([first.replies, last.replies], [["cached"], ["cached"]]);
    for ends in [ends_before, ends_after] {
        assert_eq!(ends.only().await.responses.messages, 1);
    }
}
