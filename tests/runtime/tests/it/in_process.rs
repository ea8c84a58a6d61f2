//! Servers that are called through their client trait. The order of hooks is in `hooks`, and options
//! of calls are in `api`.

use runtime_tests::svc::kinds_api::KindsApi;
use runtime_tests::svc::kinds_server::{Kinds, KindsServer, KindsServerHooks};
use runtime_tests::svc::{Request as Message, Response as Reply};
use rust_svc::{Interceptor, Next, RequestStream, Server, Start};
use tokio_stream::StreamExt as _;
use tonic::{Code, Request, Response, Status, Streaming};

use crate::echo::{Echo, KINDS, Kind, Replies, call_api, message};
use crate::recorder::{Act, Log, Recorder};

fn recorder(act: Act) -> Recorder {
    Recorder {
        name: 'a',
        act,
        log: Log::default(),
    }
}

#[tokio::test]
async fn says_what_a_connection_would_say() {
    for kind in KINDS {
        let plain = KindsServer::new(Echo::default());
        let intercepted = KindsServer::new(Echo::default()).intercept(recorder(Act::Nothing));
        for api in [&plain as &dyn KindsApi, &intercepted] {
            let got = call_api(api, kind, &["1", "2"]).await;
            let replies: &[&str] = match kind {
                Kind::Unary | Kind::ClientStreaming => &["1,2"],
                Kind::ServerStreaming | Kind::BidiStreaming => &["1", "2"],
            };
            assert_eq!(got.replies, replies, "{kind:?}");
            assert_eq!(got.end.unwrap().get("grpc-status").unwrap(), "0");

            let texts: &[&str] = match kind {
                Kind::Unary => &["fail"],
                _ => &["1", "fail"],
            };
            let got = call_api(api, kind, texts).await;
            let status = got.end.unwrap_err();
            match kind {
                Kind::Unary | Kind::ClientStreaming => assert!(got.replies.is_empty()),
                Kind::ServerStreaming | Kind::BidiStreaming => assert_eq!(got.replies, ["1"]),
            }
            assert_eq!(
                (status.code(), status.message()),
                (Code::NotFound, "told to fail")
            );
            assert_eq!(
                status.metadata().get("x-trailer").unwrap(),
                "of the handler"
            );
        }
    }
}

/// A stream that never ends is read as far as somebody wants it, and dropped with the caller.
#[tokio::test]
async fn both_directions_are_open_at_once() {
    let server = KindsServer::new(Echo::default()).intercept(recorder(Act::Nothing));
    let (sender, receiver) = tokio::sync::mpsc::channel(1);
    let requests = RequestStream::new(tokio_stream::wrappers::ReceiverStream::new(receiver));
    let mut replies = server
        .call_bidi_streaming(requests)
        .await
        .unwrap()
        .into_inner();
    for text in ["1", "2", "3"] {
        sender.send(message(text)).await.unwrap();
        assert_eq!(replies.message().await.unwrap().unwrap().text, text);
    }
    drop(replies);
    assert!(sender.send(message("4")).await.is_err());
}

/// Puts something into the extensions, as layers and interceptors do.
struct Marks;

#[derive(Clone)]
struct Mark(&'static str);

impl Interceptor<Server> for Marks {
    type State = ();

    async fn start(&self, call: &mut Start<'_, Server>) -> Result<(), Status> {
        assert!(
            call.extensions().get::<Mark>().is_none(),
            "one of the caller's"
        );
        assert!(call.metadata().get("te").is_none());
        call.extensions_mut().insert(Mark("of the server"));
        Ok(())
    }
}

struct Marked;

#[tonic::async_trait]
impl Kinds for Marked {
    async fn unary(&self, request: Request<Message>) -> Result<Response<Reply>, Status> {
        let Mark(mark) = request.extensions().get().unwrap();
        let mut response = Response::new(Reply {
            text: (*mark).to_owned(),
        });
        response.extensions_mut().insert(Mark("of the server"));
        response
            .metadata_mut()
            .insert("x-header", "1".parse().unwrap());
        Ok(response)
    }

    async fn client_streaming(
        &self,
        _: Request<Streaming<Message>>,
    ) -> Result<Response<Reply>, Status> {
        Err(Status::unimplemented(""))
    }

    type ServerStreamingStream = Replies;

    async fn server_streaming(&self, _: Request<Message>) -> Result<Response<Replies>, Status> {
        let mut response = Response::new(Box::pin(tokio_stream::empty()) as Replies);
        response
            .metadata_mut()
            .insert("x-header", "1".parse().unwrap());
        response.extensions_mut().insert(Mark("of the server"));
        Ok(response)
    }

    type BidiStreamingStream = Replies;

    async fn bidi_streaming(
        &self,
        _: Request<Streaming<Message>>,
    ) -> Result<Response<Replies>, Status> {
        Err(Status::unimplemented(""))
    }
}

#[tokio::test]
async fn extensions_stay_on_their_side() {
    let server = KindsServer::new(Marked).intercept(Marks);
    let mut call = server.call_unary(message("")).metadata("te", "trailers");
    let extensions = call.request_mut().extensions_mut();
    extensions.insert(Mark("of the client"));
    let response = call.await.unwrap();
    assert!(response.extensions().get::<Mark>().is_none());
    assert_eq!(response.metadata().get("x-header").unwrap(), "1");
    assert_eq!(response.into_inner().text, "of the server");

    let response = server.call_server_streaming(message("")).await.unwrap();
    assert!(response.extensions().get::<Mark>().is_none());
    assert_eq!(response.metadata().get("x-header").unwrap(), "1");
}

/// Answers itself, and shouts.
struct Loud;

impl KindsServerHooks for Loud {
    async fn unary(
        &self,
        request: Request<Message>,
        next: Next<Message, Reply>,
    ) -> Result<Response<Reply>, Status> {
        let mut response = next.run(request).await?;
        response.get_mut().text.push('!');
        Ok(response)
    }

    async fn bidi_streaming(
        &self,
        request: Request<Streaming<Message>>,
        next: Next<Streaming<Message>, rust_svc::ResponseStream<Reply>>,
    ) -> Result<Response<rust_svc::ResponseStream<Reply>>, Status> {
        let response = next.run(request).await?;
        Ok(response.map(|replies| {
            rust_svc::ResponseStream::new(replies.map(|reply| {
                reply.map(|reply| Reply {
                    text: reply.text + "!",
                })
            }))
        }))
    }
}

#[tokio::test]
async fn typed_hooks_run() {
    let server = KindsServer::new(Echo::default()).with_hooks(Loud);
    assert_eq!(call_api(&server, Kind::Unary, &["1"]).await.replies, ["1!"]);
    let got = call_api(&server, Kind::BidiStreaming, &["1", "2"]).await;
    assert_eq!(got.replies, ["1!", "2!"]);
}

/// An error that interceptors make OK of: a stream of nothing, and where a message is due an error.
#[tokio::test]
async fn ends_as_interceptors_say() {
    struct Fine;
    impl Interceptor<Server> for Fine {
        type State = ();

        async fn start(&self, _: &mut Start<'_, Server>) -> Result<(), Status> {
            Ok(())
        }

        fn end(&self, _: &mut rust_svc::Call<'_, ()>, end: &mut rust_svc::End<'_>) {
            end.set_status(Status::ok(""));
        }
    }
    let refusing = (Fine, recorder(Act::RefuseStart));
    let server = KindsServer::new(Echo::default()).intercept(refusing);
    for kind in KINDS {
        let got = call_api(&server, kind, &["1"]).await;
        match kind {
            Kind::Unary | Kind::ClientStreaming => {
                assert_eq!(got.end.unwrap_err().code(), Code::Internal);
            }
            _ => assert!(got.end.is_ok() && got.replies.is_empty(), "{kind:?}"),
        }
    }
}
