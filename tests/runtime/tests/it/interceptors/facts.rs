//! What interceptors are told of a call.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use prost::Message as _;
use runtime_tests::svc::kinds_client::KindsClient;
use runtime_tests::svc::kinds_methods;
use runtime_tests::svc::kinds_server::{KindsServer, KindsServerHooks};
use runtime_tests::svc::{Request as Question, Response as Reply};
use rust_svc::{
    Call, End, Interceptor, Message, Method, Next, ResponseStream, Side, Start, Traffic,
};
use tokio::time::Instant;
use tonic::codec::CompressionEncoding;
use tonic::metadata::{Ascii, MetadataValue};
use tonic::{Request, Response, Status, Streaming};

use super::{On, call_on, call_server, everywhere, recorder, witness};
use crate::echo::{Echo, KINDS, Kind, call, message};
use crate::recorder::{Act, Log};

/// Messages with these texts.
fn traffic(texts: &[&str]) -> Traffic {
    let mut traffic = Traffic::default();
    traffic.messages = texts.len() as u64;
    traffic.bytes = texts
        .iter()
        .map(|text| message(text).encoded_len() as u64)
        .sum();
    traffic
}

#[tokio::test]
async fn messages_and_their_bytes_are_counted_both_ways() {
    for (on, kind) in everywhere() {
        let (witness, ends) = witness();
        call_on(on, witness, kind, &["1", "22", "333"]).await;
        let (one, many) = (traffic(&["1,22,333"]), traffic(&["1", "22", "333"]));
        let expected = match kind {
            Kind::Unary => (one, one),
            Kind::ClientStreaming => (many, one),
            Kind::ServerStreaming => (one, many),
            Kind::BidiStreaming => (many, many),
        };
        let ended = ends.only().await;
        let counted = (ended.requests, ended.responses);
        assert_eq!(counted, expected, "{on:?} {kind:?}");
    }
}

#[tokio::test]
async fn a_refused_message_is_counted() {
    for (on, kind) in everywhere() {
        let (witness, ends) = witness();
        let refusing = recorder('b', Act::RefuseRequest(1), &Log::default());
        call_on(on, (witness, refusing), kind, &["1"]).await;
        let ended = ends.only().await;
        let counted = (ended.requests, ended.responses);
        assert_eq!(counted, (traffic(&["1"]), traffic(&[])), "{on:?} {kind:?}");
    }
}

/// The bytes are those received, or those of what was to be sent.
#[tokio::test]
async fn what_hooks_change_does_not_count() {
    for (on, kind) in everywhere() {
        let (witness, ends) = witness();
        let changing = recorder('b', Act::ChangeMessages, &Log::default());
        call_on(on, (witness, changing), kind, &["1"]).await;
        let ended = ends.only().await;
        assert_eq!(ended.requests, traffic(&["1"]), "{on:?} {kind:?}");
        // The server answers with what it was asked, to which a letter was added.
        assert_eq!(ended.responses, traffic(&["1b"]), "{on:?} {kind:?}");
    }
}

/// Compressed, a long text is much smaller than this.
#[tokio::test]
async fn bytes_are_counted_without_compression() {
    let long = "x".repeat(10_000);
    let gzip = CompressionEncoding::Gzip;
    for kind in KINDS {
        let (served, server_ends) = witness();
        let (called, client_ends) = witness();
        let server = KindsServer::new(Echo::default()).intercept(served);
        let server = server.accept_compressed(gzip).send_compressed(gzip);
        let client = KindsClient::new(server).intercept(called);
        let mut client = client.accept_compressed(gzip).send_compressed(gzip);
        call(&mut client, kind, &[&long]).await;
        drop(client);
        for ends in [server_ends, client_ends] {
            let ended = ends.only().await;
            let counted = (ended.requests, ended.responses);
            let long = traffic(&[&long]);
            assert_eq!(counted, (long, long), "{kind:?}");
        }
    }
}

/// Writes down, at each message, how many there were.
#[derive(Clone, Default)]
struct Counts(Arc<Mutex<Vec<(u64, u64)>>>);

impl Counts {
    fn note<T>(&self, call: &Call<'_, T>) {
        let counts = (call.requests().messages, call.responses().messages);
        self.0.lock().unwrap().push(counts);
    }
}

impl<S: Side> Interceptor<S> for Counts {
    type State = ();

    async fn start(&self, _: &mut Start<'_, S>) -> Result<(), Status> {
        Ok(())
    }

    fn request_message<M: Message + ?Sized>(
        &self,
        call: &mut Call<'_, ()>,
        _: &mut M,
    ) -> Result<(), Status> {
        self.note(call);
        Ok(())
    }

    fn response_message<M: Message + ?Sized>(
        &self,
        call: &mut Call<'_, ()>,
        _: &mut M,
    ) -> Result<(), Status> {
        self.note(call);
        Ok(())
    }
}

#[tokio::test]
async fn a_message_is_counted_when_its_hook_runs() {
    for on in super::SIDES {
        let counts = Counts::default();
        call_on(on, counts.clone(), Kind::BidiStreaming, &["1", "2"]).await;
        let counts = counts.0.lock().unwrap().clone();
        assert_eq!(counts, [(1, 0), (1, 1), (2, 1), (2, 2)], "{on:?}");
    }
}

#[tokio::test]
async fn the_method_is_the_generated_constant() {
    for (on, kind) in everywhere() {
        let (witness, ends) = witness();
        call_on(on, witness, kind, &["1"]).await;
        let method: &Method = match kind {
            Kind::Unary => &kinds_methods::UNARY,
            Kind::ClientStreaming => &kinds_methods::CLIENT_STREAMING,
            Kind::ServerStreaming => &kinds_methods::SERVER_STREAMING,
            Kind::BidiStreaming => &kinds_methods::BIDI_STREAMING,
        };
        assert_eq!(ends.only().await.method, method, "{on:?}");
    }
}

/// Lets time pass, and compares it with the time that interceptors see.
struct Clock;

impl<S: Side> Interceptor<S> for Clock {
    type State = ();

    async fn start(&self, call: &mut Start<'_, S>) -> Result<(), Status> {
        assert_eq!(call.elapsed(), Duration::ZERO);
        tokio::time::sleep(Duration::from_millis(30)).await;
        assert_eq!(call.elapsed(), Duration::from_millis(30));
        Ok(())
    }

    fn end(&self, call: &mut Call<'_, ()>, _: &mut End<'_>) {
        assert_eq!(call.elapsed(), Duration::from_millis(30));
    }
}

#[tokio::test(start_paused = true)]
async fn time_is_taken_from_the_start_of_the_call() {
    for (on, kind) in everywhere() {
        let got = call_on(on, Clock, kind, &["1"]).await;
        assert!(got.end.is_ok());
    }
}

/// When a call started, how long the client is ready to wait, and until when.
#[derive(Clone, Default)]
struct Deadline(Arc<Mutex<Option<Timing>>>);

type Timing = (
    std::time::Instant,
    Option<Duration>,
    Option<std::time::Instant>,
);

impl<S: Side> Interceptor<S> for Deadline {
    type State = ();

    async fn start(&self, call: &mut Start<'_, S>) -> Result<(), Status> {
        let timing = (Instant::now().into_std(), call.timeout(), call.deadline());
        *self.0.lock().unwrap() = Some(timing);
        Ok(())
    }
}

/// What interceptors of one side are told where a unary request has this `grpc-timeout`.
async fn timing(on: On, value: Option<&[u8]>) -> Timing {
    let deadline = Deadline::default();
    let mut request = Request::new(message("1"));
    if let Some(value) = value {
        let value = MetadataValue::<Ascii>::try_from(value).unwrap();
        request.metadata_mut().insert("grpc-timeout", value);
    }
    let server = KindsServer::new(Echo::default());
    let answered = match on {
        On::Server => {
            let server = server.intercept(deadline.clone());
            KindsClient::new(server).unary(request).await
        }
        On::Client => {
            let client = KindsClient::new(server);
            client.intercept(deadline.clone()).unary(request).await
        }
    };
    answered.unwrap();
    deadline.0.lock().unwrap().take().expect("a start")
}

#[tokio::test(start_paused = true)]
async fn the_deadline_is_that_of_grpc_timeout() {
    let valid: [(&[u8], Duration); 4] = [
        (b"1H", Duration::from_secs(3600)),
        (b"20S", Duration::from_secs(20)),
        (b"99999999m", Duration::from_millis(99_999_999)),
        (b"7000000n", Duration::from_millis(7)),
    ];
    for on in super::SIDES {
        for (value, expected) in valid {
            let (started, timeout, deadline) = timing(on, Some(value)).await;
            assert_eq!(timeout, Some(expected));
            assert_eq!(deadline, Some(started + expected));
        }
    }
}

/// As tonic and others have it, a call with a timeout that is none has none.
#[tokio::test]
async fn a_malformed_grpc_timeout_is_none() {
    let malformed: [&[u8]; 9] = [
        b"",
        b"5",
        b"S",
        b"5X",
        b"5s",
        b"-5S",
        b"1.5S",
        b"123456789S",
        b"5\xffS",
    ];
    for on in super::SIDES {
        for value in malformed {
            let (_, timeout, deadline) = timing(on, Some(value)).await;
            let value = value.escape_ascii();
            assert_eq!((timeout, deadline), (None, None), "{on:?} {value}");
        }
        let (_, timeout, deadline) = timing(on, None).await;
        assert_eq!((timeout, deadline), (None, None), "{on:?}");
    }
}

/// Eleven thousand years: whether there is an instant for that is up to the platform.
#[tokio::test]
async fn the_longest_timeout_is_one() {
    let (_, timeout, _) = timing(On::Server, Some(b"99999999H")).await;
    assert_eq!(timeout, Some(Duration::from_secs(99_999_999 * 3600)));
}

/// The client's own way of saying it arrives at the server.
#[tokio::test]
async fn the_timeout_of_a_request_is_seen() {
    let deadline = Deadline::default();
    let server = KindsServer::new(Echo::default()).intercept(deadline.clone());
    let mut request = Request::new(message("1"));
    request.set_timeout(Duration::from_secs(5));
    KindsClient::new(server).unary(request).await.unwrap();
    let (_, timeout, _) = deadline.0.lock().unwrap().take().unwrap();
    assert_eq!(timeout, Some(Duration::from_secs(5)));
}

/// A service that still asks for messages when there are no more.
struct AsksAgain;

async fn ask_again(request: Request<Streaming<Question>>) -> Result<(), Status> {
    let mut messages = request.into_inner();
    while messages.message().await?.is_some() {}
    assert!(messages.message().await?.is_none());
    assert!(messages.trailers().await?.is_none());
    Ok(())
}

impl KindsServerHooks for AsksAgain {
    async fn client_streaming(
        &self,
        request: Request<Streaming<Question>>,
        _: Next<Streaming<Question>, Reply>,
    ) -> Result<Response<Reply>, Status> {
        ask_again(request).await?;
        Ok(Response::new(Reply::default()))
    }

    async fn bidi_streaming(
        &self,
        request: Request<Streaming<Question>>,
        _: Next<Streaming<Question>, ResponseStream<Reply>>,
    ) -> Result<Response<ResponseStream<Reply>>, Status> {
        ask_again(request).await?;
        Ok(Response::new(ResponseStream::new(tokio_stream::empty())))
    }
}

#[tokio::test]
async fn half_close_is_seen_once() {
    let log = Log::default();
    let server = KindsServer::new(Echo::default()).with_hooks(AsksAgain);
    let server = server.intercept(recorder('a', Act::Nothing, &log));
    let mut client = KindsClient::new(server);
    let messages = || tokio_stream::once(message("1"));
    client.client_streaming(messages()).await.unwrap();
    assert_eq!(log.events(), ["aS", "aQ", "aH", "aD", "aR", "aE=Ok"]);
    let response = client.bidi_streaming(messages()).await.unwrap();
    assert!(response.into_inner().message().await.unwrap().is_none());
    assert_eq!(log.events()[6..], ["aS", "aQ", "aH", "aD", "aE=Ok"]);
}

/// A call that no interceptor is told of: its path is of no method.
#[tokio::test]
async fn unknown_methods_are_not_seen() {
    use tower::ServiceExt as _;
    let log = Log::default();
    let server = KindsServer::new(Echo::default());
    let server = server.intercept(recorder('a', Act::Nothing, &log));
    let request = http::Request::post("/four_kinds.v1.Kinds/Other");
    let request = request.body(tonic::body::Body::empty()).unwrap();
    let response = server.oneshot(request).await.unwrap();
    assert_eq!(response.headers().get("grpc-status").unwrap(), "12");
    assert!(log.events().is_empty());
    // Whereas the same interceptor sees those that there are.
    let recorder = recorder('a', Act::Nothing, &log);
    call_server(recorder, Kind::Unary, &["1"]).await;
    assert!(!log.events().is_empty());
}
