//! Generated mocks.

use std::sync::Arc;
use std::time::Duration;

use runtime_tests::svc::kinds_api::{KindsApi, KindsMock};
use runtime_tests::svc::kinds_client::KindsClient;
use runtime_tests::svc::kinds_server::KindsServer;
use runtime_tests::svc::{Request as Message, Response as Reply};
use rust_svc::RequestStream;
use rust_svc::testing::TestServer;
use tokio_stream::StreamExt as _;
use tonic::transport::Channel;
use tonic::{Code, Request, Response, Status};

use crate::echo::{KINDS, Kind, call, call_api, message};

fn reply(text: &str) -> Reply {
    Reply {
        text: text.to_owned(),
    }
}

#[tokio::test]
async fn returns_what_is_set() {
    let mock = KindsMock::new();
    mock.unary().returns(reply("a"));
    mock.client_streaming().returns(reply("b"));
    mock.server_streaming().returns([reply("c"), reply("d")]);
    mock.bidi_streaming().returns([reply("e"), reply("f")]);
    let api: &dyn KindsApi = &mock;
    for kind in KINDS {
        let got = call_api(api, kind, &["1", "2"]).await;
        let (replies, asked): (&[&str], &[&str]) = match kind {
            Kind::Unary => (&["a"], &["1,2"]),
            Kind::ClientStreaming => (&["b"], &["1", "2"]),
            Kind::ServerStreaming => (&["c", "d"], &["1,2"]),
            Kind::BidiStreaming => (&["e", "f"], &["1", "2"]),
        };
        assert_eq!(got.replies, replies, "{kind:?}");
        assert!(got.end.is_ok());
        let requests = match kind {
            Kind::Unary => mock.unary().requests(),
            Kind::ClientStreaming => mock.client_streaming().requests(),
            Kind::ServerStreaming => mock.server_streaming().requests(),
            Kind::BidiStreaming => mock.bidi_streaming().requests(),
        };
        let asked: Vec<_> = asked.iter().map(|text| message(text)).collect();
        assert_eq!(requests, asked, "{kind:?}");
    }
}

#[tokio::test]
async fn fails_as_is_set() {
    let mock = KindsMock::new();
    let status = || {
        let mut status = Status::with_details(Code::Aborted, "no", vec![1, 2].into());
        status.metadata_mut().insert("x", "y".parse().unwrap());
        status
    };
    mock.unary().fails(status());
    mock.client_streaming().fails(status());
    mock.server_streaming().fails(status());
    mock.bidi_streaming().fails(status());
    for kind in KINDS {
        let got = call_api(&mock, kind, &["1"]).await.end.unwrap_err();
        assert_eq!((got.code(), got.message()), (Code::Aborted, "no"));
        assert_eq!(got.details(), [1, 2]);
        assert_eq!(got.metadata().get("x").unwrap(), "y");
    }
}

#[tokio::test]
async fn the_first_answer_that_fits_is_given() {
    let mock = KindsMock::new();
    mock.unary().once().fails(Status::unavailable("later"));
    mock.unary().with(message("ada")).returns(reply("Ada"));
    mock.unary()
        .when(|request| request.text.starts_with('g'))
        .times(2)
        .returns(reply("Grace"));
    mock.unary().returns(reply("nobody"));
    let mut texts = Vec::new();
    for text in ["ada", "ada", "grace", "ada", "g", "grace", "eve"] {
        let got = mock.call_unary(message(text)).await;
        texts.push(got.map_or_else(
            |status| status.message().to_owned(),
            |reply| reply.into_inner().text,
        ));
    }
    assert_eq!(
        texts,
        ["later", "Ada", "Grace", "Ada", "Grace", "nobody", "nobody"]
    );
}

#[tokio::test]
async fn answers_as_a_handler_does() {
    let mock = KindsMock::new();
    mock.unary()
        .answers(|request: Request<Message>| async move {
            let name = request.metadata().get("name").cloned();
            let mut response = Response::new(reply(&request.into_inner().text.to_uppercase()));
            response.metadata_mut().insert("hello", name.unwrap());
            Ok(response)
        });
    mock.client_streaming()
        .answers(|request: Request<RequestStream<Message>>| async {
            let texts: Vec<_> = request
                .into_inner()
                .map(|message| message.text)
                .collect()
                .await;
            Ok(Response::new(reply(&texts.concat())))
        });
    // One answer for each message, while the client still sends.
    mock.bidi_streaming()
        .answers(|request: Request<RequestStream<Message>>| async {
            let replies = request.into_inner().map(|message| Ok(reply(&message.text)));
            Ok(Response::new(replies))
        });
    let response = mock.call_unary(message("ada")).metadata("name", "x");
    let response = response.await.unwrap();
    assert_eq!(response.metadata().get("hello").unwrap(), "x");
    assert_eq!(response.into_inner().text, "ADA");
    let got = call_api(&mock, Kind::ClientStreaming, &["a", "b"]).await;
    assert_eq!(got.replies, ["ab"]);

    let (sender, receiver) = tokio::sync::mpsc::channel(1);
    let requests = RequestStream::new(tokio_stream::wrappers::ReceiverStream::new(receiver));
    let mut replies = mock
        .call_bidi_streaming(requests)
        .await
        .unwrap()
        .into_inner();
    for text in ["1", "2"] {
        sender.send(message(text)).await.unwrap();
        assert_eq!(replies.message().await.unwrap(), Some(reply(text)));
        assert!(!mock.bidi_streaming().calls()[0].is_complete);
    }
    drop(sender);
    assert_eq!(replies.message().await.unwrap(), None);
    assert!(mock.bidi_streaming().calls()[0].is_complete);
}

#[tokio::test]
async fn says_what_nobody_set() {
    let mock = KindsMock::new();
    let status = mock.call_unary(message("eve")).await.unwrap_err();
    assert_eq!(status.code(), Code::Unimplemented);
    assert_eq!(
        status.message(),
        r#"the mock of four_kinds.v1.Kinds.Unary was asked Request { text: "eve" }, and nothing is set"#
    );

    let ada = message("ada");
    let line = line!() + 1;
    mock.unary().once().with(ada).returns(reply("Ada"));
    mock.unary().when(|_| false).returns(reply("nobody"));
    mock.unary().times(0).fails(Status::aborted(""));
    mock.call_unary(message("ada")).await.unwrap();
    let status = mock.call_unary(message("ada")).await.unwrap_err();
    let place = |line| format!("from {}:{line}:", file!());
    let expected = [
        r#"the mock of four_kinds.v1.Kinds.Unary was asked Request { text: "ada" }, and nothing is set for that; set are"#.to_owned(),
        r#"- an answer to Request { text: "ada" }, used 1 of 1 times, "#.to_owned() + &place(line),
        "- an answer to what fits a condition, used 0 times, ".to_owned() + &place(line + 1),
        "- an answer to anything, used 0 of 0 times, ".to_owned() + &place(line + 2),
    ];
    let told: Vec<_> = status.message().lines().collect();
    assert_eq!(told.len(), expected.len(), "{told:#?}");
    for (told, expected) in told.iter().zip(expected) {
        // The column is where the method's name is.
        assert!(told.starts_with(&expected), "{told}\n{expected}");
    }

    for kind in [Kind::ClientStreaming, Kind::BidiStreaming] {
        let status = call_api(&mock, kind, &["1"]).await.end.unwrap_err();
        let name = format!("{kind:?}");
        assert_eq!(
            status.message(),
            format!(
                "the mock of four_kinds.v1.Kinds.{name} was asked a stream of `Request`, and nothing is set"
            )
        );
    }
}

#[tokio::test]
async fn streams_end_early_and_fail_midway() {
    let mock = KindsMock::new();
    let failing = || {
        [
            Ok(reply("1")),
            Err(Status::data_loss("gone")),
            Ok(reply("never")),
        ]
    };
    mock.server_streaming().once().streams(failing());
    mock.server_streaming().returns([]);
    mock.bidi_streaming().once().streams(failing());
    mock.bidi_streaming().returns([]);
    for kind in [Kind::ServerStreaming, Kind::BidiStreaming] {
        let got = call_api(&mock, kind, &["1"]).await;
        assert_eq!(got.replies, ["1"]);
        assert_eq!(got.end.unwrap_err().code(), Code::DataLoss);
        let got = call_api(&mock, kind, &["1"]).await;
        assert!(got.replies.is_empty() && got.end.is_ok());
    }
}

/// A response that never ends, and one that never begins.
#[tokio::test]
async fn never_ends() {
    let mock = KindsMock::new();
    mock.server_streaming().answers(|_| async {
        let replies = tokio_stream::once(Ok(reply("1"))).chain(tokio_stream::pending());
        Ok(Response::new(replies))
    });
    mock.unary().answers(|_| std::future::pending());
    let stream = mock.call_server_streaming(message("")).await.unwrap();
    let mut stream = stream.into_inner();
    assert_eq!(stream.message().await.unwrap(), Some(reply("1")));
    let next = tokio::time::timeout(Duration::from_millis(20), stream.message());
    assert!(next.await.is_err());

    let call = mock
        .call_unary(message(""))
        .timeout(Duration::from_millis(20));
    assert_eq!(call.await.unwrap_err().code(), Code::DeadlineExceeded);
    assert_eq!(mock.unary().calls().len(), 1);
}

/// A client that always has something to say keeps nobody else from running.
#[tokio::test]
async fn endless_requests_can_be_given_up() {
    let mock = KindsMock::new();
    mock.client_streaming().returns(reply("never"));
    mock.bidi_streaming().returns([reply("1")]);
    let endless = || RequestStream::new(tokio_stream::iter(std::iter::repeat(message("more"))));
    let call = mock
        .call_client_streaming(endless())
        .timeout(Duration::from_millis(20));
    assert_eq!(call.await.unwrap_err().code(), Code::DeadlineExceeded);
    let mut replies = mock
        .call_bidi_streaming(endless())
        .await
        .unwrap()
        .into_inner();
    assert_eq!(replies.message().await.unwrap(), Some(reply("1")));
    assert_eq!(replies.message().await.unwrap(), None);
}

#[tokio::test]
async fn a_client_dropped_midway_leaves_what_it_sent() {
    let mock = KindsMock::new();
    mock.client_streaming().returns(reply("never"));
    let messages = tokio_stream::iter([message("1"), message("2")]).chain(tokio_stream::pending());
    let call = mock.call_client_streaming(RequestStream::new(messages));
    let waiting = tokio::time::timeout(Duration::from_millis(20), call.into_future());
    assert!(waiting.await.is_err());
    let [call] = &mock.client_streaming().calls()[..] else {
        panic!("one call")
    };
    assert_eq!(call.messages, [message("1"), message("2")]);
    assert!(!call.is_complete);
}

/// A call that was never awaited was never made.
#[tokio::test]
async fn what_is_not_awaited_is_not_asked() {
    let mock = KindsMock::new();
    mock.unary().once().returns(reply("a"));
    drop(mock.call_unary(message("1")));
    assert!(mock.unary().calls().is_empty());
    assert!(mock.call_unary(message("2")).await.is_ok());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn calls_in_any_order_at_once() {
    let mock = KindsMock::new();
    mock.unary().times(50).returns(reply("first"));
    mock.unary().returns(reply("then"));
    mock.server_streaming().returns([reply("1"), reply("2")]);
    let api: Arc<dyn KindsApi> = Arc::new(mock.clone());
    let tasks: Vec<_> = (0..100)
        .map(|number: u32| {
            let api = Arc::clone(&api);
            tokio::spawn(async move {
                let kind =
                    [Kind::Unary, Kind::ServerStreaming][usize::from(number.is_multiple_of(5))];
                call_api(&*api, kind, &[&number.to_string()]).await.replies
            })
        })
        .collect();
    let mut texts = Vec::new();
    for task in tasks {
        texts.extend(task.await.unwrap());
    }
    let count = |text: &str| texts.iter().filter(|known| *known == text).count();
    assert_eq!(
        [count("first"), count("then"), count("1"), count("2")],
        [50, 30, 20, 20]
    );
    assert_eq!(mock.unary().requests().len(), 80);
    assert_eq!(mock.server_streaming().requests().len(), 20);
}

/// For code that takes a client, and no trait: a mock is a service as well.
#[tokio::test]
async fn serves_clients() {
    let mock = KindsMock::new();
    mock.unary().with(message("ada")).returns(reply("Ada"));
    mock.client_streaming().returns(reply("all"));
    mock.server_streaming()
        .streams([Ok(reply("1")), Err(Status::data_loss("gone"))]);
    mock.bidi_streaming()
        .answers(|request: Request<RequestStream<Message>>| async {
            let replies = request.into_inner().map(|message| Ok(reply(&message.text)));
            Ok(Response::new(replies))
        });
    let server = TestServer::start(KindsServer::new(mock.clone()))
        .await
        .unwrap();
    let mut client: KindsClient<Channel> = KindsClient::new(server.channel());

    let mut request = Request::new(message("ada"));
    request.metadata_mut().insert("x", "y".parse().unwrap());
    assert_eq!(
        client.unary(request).await.unwrap().into_inner(),
        reply("Ada")
    );
    assert_eq!(mock.unary().calls()[0].metadata.get("x").unwrap(), "y");
    let status = client.unary(message("eve")).await.unwrap_err();
    assert!(status.message().contains("was asked"), "{status:?}");
    let got = call(&mut client, Kind::ClientStreaming, &["1", "2"]).await;
    assert_eq!(got.replies, ["all"]);
    assert_eq!(
        mock.client_streaming().requests(),
        [message("1"), message("2")]
    );
    let got = call(&mut client, Kind::ServerStreaming, &["1"]).await;
    assert_eq!(got.replies, ["1"]);
    assert_eq!(got.end.unwrap_err().code(), Code::DataLoss);
    let got = call(&mut client, Kind::BidiStreaming, &["1", "2"]).await;
    assert_eq!(got.replies, ["1", "2"]);
    assert!(mock.bidi_streaming().calls()[0].is_complete);
}
