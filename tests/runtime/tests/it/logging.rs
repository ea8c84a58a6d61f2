//! What `Logging` logs.

use runtime_tests::svc::kinds_api::KindsApi;
use runtime_tests::svc::kinds_client::KindsClient;
use runtime_tests::svc::kinds_server::KindsServer;
use rust_svc::testing::TestServer;
use rust_svc::{Logging, PanicRecovery};
use tracing::Level;

use crate::captured::{Captured, Fields, Logged};
use crate::echo::{Echo, KINDS, Kind, call_api, message};

fn message_of(logged: &Logged) -> &str {
    &logged.fields["message"]
}

/// Level and message of each event.
fn lines(captured: &Captured) -> Vec<(Level, String)> {
    let events = captured.events();
    let line = |event: &Logged| (event.level, message_of(event).to_owned());
    events.iter().map(line).collect()
}

/// Fields of the end of the only call.
fn end(captured: &Captured) -> Logged {
    let events = captured.events();
    let mut ends = events
        .iter()
        .filter(|event| message_of(event) == "the call ends");
    let end = ends.next().unwrap().clone();
    assert!(ends.next().is_none());
    end
}

fn assert_fields(fields: &Fields, expected: &[(&str, &str)]) {
    for (name, value) in expected {
        assert_eq!(
            fields.get(*name).map(String::as_str),
            Some(*value),
            "{name}: {fields:#?}"
        );
    }
}

#[tokio::test]
async fn a_call_is_a_span_with_its_events() {
    for kind in KINDS {
        let (captured, _guard) = Captured::start();
        let server = KindsServer::new(Echo::default()).intercept(Logging::new());
        call_api(&server, kind, &["1", "2"]).await;
        let name = format!("four_kinds.v1.Kinds/{kind:?}");
        let [span] = &captured.spans()[..] else {
            panic!("one call, one span")
        };
        assert_fields(
            span,
            &[
                ("otel.name", &name),
                ("otel.kind", "server"),
                ("rpc.system.name", "grpc"),
                ("rpc.method", &name),
                ("rpc.response.status_code", "OK"),
            ],
        );
        assert!(!span.contains_key("error.type") && !span.contains_key("otel.status_code"));
        let (starts, asks, half, answers, ends) = (
            (Level::INFO, "the call starts"),
            (Level::DEBUG, "request message"),
            (Level::TRACE, "the requests end"),
            (Level::DEBUG, "response message"),
            (Level::INFO, "the call ends"),
        );
        let expected = match kind {
            Kind::Unary => vec![starts, asks, half, answers, ends],
            Kind::ClientStreaming => vec![starts, asks, asks, half, answers, ends],
            Kind::ServerStreaming => vec![starts, asks, half, answers, answers, ends],
            Kind::BidiStreaming => vec![starts, asks, answers, asks, answers, half, ends],
        };
        let expected: Vec<_> = expected
            .into_iter()
            .map(|(level, text)| (level, text.to_owned()))
            .collect();
        assert_eq!(lines(&captured), expected, "{kind:?}");
        assert!(captured.events().iter().all(|event| event.span == Some(0)));
    }
}

#[tokio::test]
async fn sizes_and_numbers_are_logged_and_no_contents() {
    let (captured, _guard) = Captured::start();
    let server = KindsServer::new(Echo::default()).intercept(Logging::new());
    let call = server
        .call_server_streaming(message("secret,confidential"))
        .metadata("authorization", "Bearer password");
    let mut replies = call.await.unwrap().into_inner();
    while replies.message().await.unwrap().is_some() {}
    let messages: Vec<_> = captured
        .events()
        .iter()
        .filter(|event| event.level == Level::DEBUG)
        .map(|event| {
            (
                event.fields["number"].clone(),
                event.fields["bytes"].clone(),
            )
        })
        .collect();
    let sizes = [("1", "21"), ("1", "8"), ("2", "14")];
    assert_eq!(
        messages,
        sizes.map(|(number, bytes)| (number.to_owned(), bytes.to_owned()))
    );
    assert_fields(
        &end(&captured).fields,
        &[
            ("requests", "1"),
            ("request_bytes", "21"),
            ("responses", "2"),
            ("response_bytes", "22"),
        ],
    );
    assert!(end(&captured).fields["duration"].parse::<f64>().unwrap() < 10.0);
    for secret in ["secret", "confidential", "authorization", "password"] {
        assert!(!captured.text().contains(secret), "{}", captured.text());
    }
}

#[tokio::test]
async fn contents_are_logged_on_request() {
    let (captured, _guard) = Captured::start();
    let logging = Logging::new().with_contents();
    let server = KindsServer::new(Echo::default()).intercept(logging);
    server.call_unary(message("hello")).await.unwrap();
    let contents: Vec<_> = captured
        .events()
        .iter()
        .filter_map(|event| event.fields.get("contents").cloned())
        .collect();
    assert_eq!(
        contents,
        [
            r#"Request { text: "hello" }"#,
            r#"Response { text: "hello" }"#
        ]
    );
}

/// What a client did wrong is no error of the server; for the client everything is one.
#[tokio::test]
async fn errors_have_the_level_of_whose_they_are() {
    let (captured, _guard) = Captured::start();
    let server = KindsServer::new(Echo::default()).intercept(Logging::new());
    call_api(&server, Kind::Unary, &["fail"]).await;
    let logged = end(&captured);
    assert_eq!(logged.level, Level::INFO);
    assert_fields(
        &logged.fields,
        &[
            ("rpc.response.status_code", "NOT_FOUND"),
            ("otel.status_description", "told to fail"),
        ],
    );
    assert!(!captured.spans()[0].contains_key("error.type"));

    let (captured, _guard) = Captured::start();
    let server = KindsServer::new(Echo::default()).intercept((Logging::new(), PanicRecovery));
    call_api(&server, Kind::Unary, &["panic"]).await;
    assert_eq!(end(&captured).level, Level::ERROR);
    assert_fields(
        &captured.spans()[0],
        &[
            ("rpc.response.status_code", "INTERNAL"),
            ("error.type", "INTERNAL"),
            ("otel.status_code", "ERROR"),
            ("otel.status_description", "internal error"),
        ],
    );
    // The text of the panic is there, and nowhere else.
    let panic = captured
        .events()
        .into_iter()
        .find(|event| message_of(event) == "the handler panicked");
    let panic = panic.unwrap();
    assert_eq!(panic.level, Level::ERROR);
    assert_fields(&panic.fields, &[("exception.message", "told to panic")]);

    let (captured, _guard) = Captured::start();
    let client = KindsClient::new(KindsServer::new(Echo::default())).intercept(Logging::new());
    call_api(&client, Kind::Unary, &["fail"]).await;
    assert_eq!(end(&captured).level, Level::WARN);
    assert_fields(
        &captured.spans()[0],
        &[("otel.kind", "client"), ("error.type", "NOT_FOUND")],
    );
}

#[tokio::test]
async fn calls_that_nobody_waits_for_say_so() {
    let (captured, _guard) = Captured::start();
    let server = KindsServer::new(Echo::default()).intercept(Logging::new());
    let mut call = Box::pin(server.call_unary(message("wait")).into_future());
    let polled =
        std::future::poll_fn(|context| std::task::Poll::Ready(call.as_mut().poll(context)));
    assert!(polled.await.is_pending());
    drop(call);
    let logged = end(&captured);
    assert_eq!(logged.level, Level::INFO);
    assert_fields(
        &logged.fields,
        &[
            ("outcome", "Dropped"),
            ("rpc.response.status_code", "CANCELLED"),
        ],
    );
}

#[tokio::test]
async fn a_server_knows_who_is_calling() {
    let (captured, _guard) = Captured::start();
    let server = KindsServer::new(Echo::default()).intercept(Logging::new());
    let client = KindsClient::new(TestServer::start(server).await.unwrap().channel());
    client.call_unary(message("1")).await.unwrap();
    let span = &captured.spans()[0];
    assert_fields(span, &[("network.peer.address", "127.0.0.1")]);
    assert!(span["network.peer.port"].parse::<u16>().is_ok());
}

/// No span is there if nobody reads it.
#[tokio::test]
async fn nothing_happens_where_nobody_listens() {
    let server = KindsServer::new(Echo::default()).intercept(Logging::new());
    for kind in KINDS {
        assert!(call_api(&server, kind, &["1"]).await.end.is_ok());
    }
}
