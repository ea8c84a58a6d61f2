//! Client traits, of clients.

use std::sync::Arc;
use std::time::Duration;

use runtime_tests::svc::kinds_api::KindsApi;
use runtime_tests::svc::kinds_client::KindsClient;
use runtime_tests::svc::kinds_server::{Kinds, KindsServer};
use runtime_tests::svc::{Request as Message, Response as Reply};
use rust_svc::ClientCall;
use rust_svc::testing::TestServer;
use tonic::metadata::MetadataMap;
use tonic::service::interceptor::InterceptedService;
use tonic::transport::Channel;
use tonic::{Code, Request, Response, Status, Streaming};

use crate::echo::{Echo, KINDS, Kind, Replies, call_api, message};
use crate::recorder::{Act, Log, Recorder};

async fn channel() -> Channel {
    let server = KindsServer::new(Echo::default());
    TestServer::start(server).await.unwrap().channel()
}

/// What every implementation for the echo does.
async fn echoes(api: Arc<dyn KindsApi>) {
    for kind in KINDS {
        let got = call_api(&*api, kind, &["1", "2"]).await;
        let replies: &[&str] = match kind {
            Kind::Unary | Kind::ClientStreaming => &["1,2"],
            Kind::ServerStreaming | Kind::BidiStreaming => &["1", "2"],
        };
        assert_eq!(got.replies, replies, "{kind:?}");
        assert!(got.end.is_ok(), "{kind:?}: {got:?}");

        let status = call_api(&*api, kind, &["fail"]).await.end.unwrap_err();
        assert_eq!(status.code(), Code::NotFound, "{kind:?}");
        assert_eq!(
            status.metadata().get("x-trailer").unwrap(),
            "of the handler"
        );
    }
}

#[tokio::test]
async fn of_a_client() {
    echoes(Arc::new(KindsClient::new(channel().await))).await;
}

#[tokio::test]
async fn of_a_client_with_interceptors() {
    let log = Log::default();
    let recorder = Recorder {
        name: 'a',
        act: Act::Nothing,
        log: log.clone(),
    };
    let client = KindsClient::new(channel().await).intercept((recorder.clone(), recorder));
    client.call_unary(message("1")).await.unwrap();
    assert_eq!(
        log.events(),
        [
            "aS", "aS", "aQ", "aQ", "aH", "aH", "aD", "aD", "aR", "aR", "aE=Ok", "aE=Ok"
        ]
    );
    echoes(Arc::new(client)).await;
}

/// Any transport that can be cloned and shared is as good as a channel.
#[tokio::test]
async fn of_a_client_over_another_transport() {
    echoes(Arc::new(KindsClient::new(
        KindsServer::new(Echo::default()),
    )))
    .await;
    let with_header = |mut request: Request<()>| {
        request.metadata_mut().insert("x", "y".parse().unwrap());
        Ok(request)
    };
    let transport = InterceptedService::new(channel().await, with_header);
    echoes(Arc::new(KindsClient::new(transport))).await;
}

/// The client trait is also there for the client that tonic-build makes.
#[tokio::test]
async fn of_a_client_of_tonic_build() {
    use runtime_tests::tonic_build::kinds_api::KindsApi;
    use runtime_tests::tonic_build::kinds_client::KindsClient;
    use runtime_tests::tonic_build::{Request as Message, Response as Reply};

    let client = KindsClient::new(channel().await);
    let api: Arc<dyn KindsApi> = Arc::new(client);
    let one = || Message { text: "1".into() };
    let reply = Reply { text: "1".into() };
    assert_eq!(api.call_unary(one()).await.unwrap().into_inner(), reply);
    let call = api.call_client_streaming([one()].into());
    assert_eq!(call.await.unwrap().into_inner(), reply);
    for call in [
        api.call_server_streaming(one()).into_future(),
        api.call_bidi_streaming([one()].into()).into_future(),
    ] {
        let mut stream = call.await.unwrap().into_inner();
        assert_eq!(stream.message().await.unwrap(), Some(reply.clone()));
        assert_eq!(stream.message().await.unwrap(), None);
    }
}

/// With the trait in scope, as it is here, a client's own methods are what they were.
#[tokio::test]
async fn hides_nothing() {
    let mut client = KindsClient::new(channel().await);
    let request = Request::new(message("1"));
    let reply: Response<Reply> = client.unary(request).await.unwrap();
    assert_eq!(reply.get_ref().text, "1");
}

/// A call borrows nothing.
#[tokio::test]
async fn calls_run_in_tasks() {
    let api: Arc<dyn KindsApi> = Arc::new(KindsClient::new(channel().await));
    let calls: Vec<_> = (0..20)
        .map(|number| tokio::spawn(api.call_unary(message(&number.to_string())).into_future()))
        .collect();
    drop(api);
    for (number, call) in calls.into_iter().enumerate() {
        let reply = call.await.unwrap().unwrap().into_inner();
        assert_eq!(reply.text, number.to_string());
    }
}

/// Answers with the metadata that it got, as text.
#[derive(Debug)]
struct Mirror;

fn shown(metadata: &MetadataMap) -> Reply {
    let text = |key: &str| format!("{:?}", metadata.get_all(key).iter().collect::<Vec<_>>());
    let bytes = metadata
        .get_bin("x-bin")
        .map(|value| value.to_bytes().unwrap());
    Reply {
        text: format!("{} {bytes:?} {}", text("x"), text("grpc-timeout")),
    }
}

#[tonic::async_trait]
impl Kinds for Mirror {
    async fn unary(&self, request: Request<Message>) -> Result<Response<Reply>, Status> {
        Ok(Response::new(shown(request.metadata())))
    }

    async fn client_streaming(
        &self,
        request: Request<Streaming<Message>>,
    ) -> Result<Response<Reply>, Status> {
        Ok(Response::new(shown(request.metadata())))
    }

    type ServerStreamingStream = Replies;

    async fn server_streaming(&self, _: Request<Message>) -> Result<Response<Replies>, Status> {
        std::future::pending().await
    }

    type BidiStreamingStream = Replies;

    async fn bidi_streaming(
        &self,
        _: Request<Streaming<Message>>,
    ) -> Result<Response<Replies>, Status> {
        std::future::pending().await
    }
}

/// Over a socket, and in process.
async fn mirrors() -> [Arc<dyn KindsApi>; 2] {
    let server = TestServer::start(KindsServer::new(Mirror)).await.unwrap();
    [
        Arc::new(KindsClient::new(server.channel())),
        Arc::new(KindsServer::new(Mirror)),
    ]
}

#[tokio::test]
async fn options_are_of_one_call_in_process_and_over_a_socket() {
    for api in mirrors().await {
        let call = api
            .call_unary(message(""))
            .metadata("x", "1")
            .metadata("x", String::from("2"))
            .metadata_bin("x-bin", &[0, 255])
            .timeout(Duration::from_secs(20));
        let text = call.await.unwrap().into_inner().text;
        assert_eq!(text, r#"["1", "2"] Some(b"\0\xff") ["20000000u"]"#);
        let plain = api.call_client_streaming([].into()).await.unwrap();
        assert_eq!(plain.into_inner().text, "[] None []");
    }
}

#[tokio::test]
async fn what_takes_too_long_is_over_in_process_and_over_a_socket() {
    for api in mirrors().await {
        let short = Duration::from_millis(30);
        let unary = api.call_server_streaming(message("")).timeout(short);
        assert_eq!(unary.await.unwrap_err().code(), Code::DeadlineExceeded);
        let stream = api.call_bidi_streaming([].into()).timeout(short);
        assert_eq!(stream.await.unwrap_err().code(), Code::DeadlineExceeded);
    }
}

/// What the server cancels for reasons of its own stays what it is.
#[tokio::test]
async fn what_is_cancelled_in_time_is_cancelled() {
    let call = ClientCall::<(), ()>::new((), |_| async { Err(Status::cancelled("tired")) });
    let status = call.timeout(Duration::from_secs(60)).await.unwrap_err();
    assert_eq!(
        (status.code(), status.message()),
        (Code::Cancelled, "tired")
    );
}

#[tokio::test]
async fn what_no_header_can_have_is_not_sent() {
    let call = || ClientCall::<(), ()>::new((), |_| async { panic!("was made") });
    let cases = [
        (
            call().metadata("x y", "1"),
            r#"the metadata key "x y" is invalid"#,
        ),
        (
            call().metadata("x-bin", "1"),
            r#"the metadata key "x-bin" is invalid"#,
        ),
        (
            call().metadata("x", "\n"),
            r#"the metadata value of "x" is invalid"#,
        ),
        (
            call().metadata_bin("x", b"1"),
            r#"the binary metadata key "x" is invalid"#,
        ),
        (
            call().metadata("é", "1").metadata("x", "\n"),
            r#"the metadata key "é" is invalid"#,
        ),
    ];
    for (call, message) in cases {
        let status = call.await.unwrap_err();
        assert_eq!((status.code(), status.message()), (Code::Internal, message));
    }
}
