//! Clients, over a transport that answers what it is told to, so that responses can be as wrong as
//! one likes.

use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use http_body::Body as _;
use http_body_util::BodyExt as _;
use tonic::body::Body;
use tonic::codegen::{BoxFuture, GrpcMethod, StdError};
use tonic::metadata::MetadataMap;
use tonic::{Code, Extensions, Request, Response, Status, Streaming};
use tower::Service;

use super::{
    Chunk, Differences, Failure, Mark, NoHooks, Nothing, Settings, body, headers, lines, ours,
    tonics,
};
use crate::echo::{KINDS, Kind};

/// What is asked of a client and what its transport answers, and how tonic's client ends the call.
/// The code makes sure that a case is about what its name says.
#[derive(Clone, Debug)]
pub(super) struct Case {
    name: &'static str,
    code: Code,
    kinds: Vec<Kind>,
    settings: Settings,
    texts: Vec<&'static str>,
    timeout: Option<Duration>,
    answer: Answer,
}

/// What a transport does.
#[derive(Clone, Debug)]
pub(super) enum Answer {
    Responds(http::StatusCode, http::HeaderMap, Vec<Chunk>),
    /// Fails with a status, or with any other error.
    Fails(Result<Status, &'static str>),
    IsNotReady(&'static str),
}

/// A response whose HTTP status is 200.
pub(super) fn responds(said: &[(&str, &str)], chunks: impl Into<Vec<Chunk>>) -> Answer {
    responds_with(200, said, chunks)
}

pub(super) fn responds_with(
    status: u16,
    said: &[(&str, &str)],
    chunks: impl Into<Vec<Chunk>>,
) -> Answer {
    let mut all = headers(said);
    all.insert("content-type", "application/grpc".parse().unwrap());
    all.insert("x-header", "of the server".parse().unwrap());
    let status = http::StatusCode::from_u16(status).unwrap();
    Answer::Responds(status, all, chunks.into())
}

impl Case {
    pub(super) fn new(name: &'static str, code: Code, answer: Answer) -> Self {
        Self {
            name,
            code,
            kinds: KINDS.to_vec(),
            settings: Settings::default(),
            texts: vec!["hello"],
            timeout: None,
            answer,
        }
    }

    /// Only for some kinds: others end otherwise.
    pub(super) fn only(mut self, kinds: &[Kind]) -> Self {
        self.kinds = kinds.to_vec();
        self
    }

    pub(super) fn settings(mut self, settings: Settings) -> Self {
        self.settings = settings;
        self
    }

    pub(super) fn texts(mut self, texts: &[&'static str]) -> Self {
        self.texts = texts.to_vec();
        self
    }

    pub(super) fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    fn request<M>(&self, message: M) -> Request<M> {
        let mut request = Request::new(message);
        if let Some(timeout) = self.timeout {
            request.set_timeout(timeout);
        }
        request.extensions_mut().insert(Mark(3));
        let metadata = request.metadata_mut();
        metadata.insert("x-request", "of the caller".parse().unwrap());
        metadata.append("x-request", "again".parse().unwrap());
        // What gRPC says itself.
        for name in ["te", "content-type", "grpc-status", "user-agent"] {
            metadata.insert(name, "of the caller".parse().unwrap());
        }
        request
    }

    fn transport(&self) -> Fake {
        Fake {
            answer: self.answer.clone(),
            asked: Arc::default(),
        }
    }
}

/// A transport.
#[derive(Clone, Debug)]
struct Fake {
    answer: Answer,
    asked: Arc<Mutex<Vec<Asked>>>,
}

/// All that a transport is asked.
#[derive(Debug, PartialEq)]
struct Asked {
    method: http::Method,
    uri: http::Uri,
    version: http::Version,
    headers: Vec<String>,
    mark: Option<Mark>,
    grpc_method: Option<String>,
    extensions: usize,
    is_empty: bool,
    data: Vec<Vec<u8>>,
    error: Option<Failure>,
}

impl Fake {
    /// What was asked since the last time.
    fn asked(&self) -> Vec<Asked> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }
}

impl Service<http::Request<Body>> for Fake {
    type Response = http::Response<Body>;
    type Error = StdError;
    type Future = BoxFuture<http::Response<Body>, StdError>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), StdError>> {
        Poll::Ready(match self.answer {
            Answer::IsNotReady(why) => Err(why.into()),
            _ => Ok(()),
        })
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let Self { answer, asked } = self.clone();
        Box::pin(async move {
            let (seen, error) = Asked::of(request).await;
            asked.lock().unwrap().push(seen);
            if let Some(error) = error {
                return Err(error.into());
            }
            match answer {
                Answer::Responds(status, headers, chunks) => {
                    let mut response = http::Response::new(body(&chunks));
                    *response.status_mut() = status;
                    *response.headers_mut() = headers;
                    response.extensions_mut().insert(Mark(4));
                    Ok(response)
                }
                Answer::Fails(Ok(status)) => Err(status.into()),
                Answer::Fails(Err(why)) | Answer::IsNotReady(why) => Err(why.into()),
            }
        })
    }
}

impl Asked {
    /// With the error of its body, if there is one.
    async fn of(request: http::Request<Body>) -> (Self, Option<Status>) {
        let (head, mut body) = request.into_parts();
        let method: Option<&GrpcMethod> = head.extensions.get();
        let mut asked = Self {
            method: head.method,
            uri: head.uri,
            version: head.version,
            headers: lines(&head.headers),
            mark: head.extensions.get().copied(),
            grpc_method: method.map(|method| format!("{method:?}")),
            extensions: head.extensions.len(),
            is_empty: body.is_end_stream(),
            data: Vec::new(),
            error: None,
        };
        while let Some(frame) = body.frame().await {
            match frame {
                Ok(frame) => asked.data.push(frame.into_data().unwrap().to_vec()),
                Err(status) => {
                    asked.error = Some(status.clone().into());
                    return (asked, Some(status));
                }
            }
        }
        (asked, None)
    }
}

/// A message of either kind of stubs.
pub(super) trait Text {
    fn text(self) -> String;
}

impl Text for runtime_tests::svc::Response {
    fn text(self) -> String {
        self.text
    }
}

impl Text for runtime_tests::tonic_build::Response {
    fn text(self) -> String {
        self.text
    }
}

/// All that a caller gets.
#[derive(Debug, Default, PartialEq)]
struct Got {
    headers: Option<Vec<String>>,
    mark: Option<Mark>,
    messages: Vec<Result<String, Failure>>,
    trailers: Option<Vec<String>>,
    failure: Option<Failure>,
    /// What comes of a stream when one asks again after its end.
    afterwards: Vec<Option<Result<String, Failure>>>,
}

impl Got {
    fn code(&self) -> Code {
        let failed = self
            .messages
            .iter()
            .find_map(|message| message.as_ref().err());
        failed
            .or(self.failure.as_ref())
            .map_or(Code::Ok, |failure| failure.code)
    }

    fn failed(status: Status) -> Self {
        Self {
            failure: Some(status.into()),
            ..Self::default()
        }
    }

    fn started(metadata: &MetadataMap, extensions: &Extensions) -> Self {
        Self {
            headers: Some(lines(metadata.as_ref())),
            mark: extensions.get().copied(),
            ..Self::default()
        }
    }
}

fn one<M: Text>(response: Result<Response<M>, Status>) -> Got {
    match response {
        Ok(response) => {
            let (metadata, message, extensions) = response.into_parts();
            let mut got = Got::started(&metadata, &extensions);
            got.messages.push(Ok(message.text()));
            got
        }
        Err(status) => Got::failed(status),
    }
}

async fn many<M: Text>(response: Result<Response<Streaming<M>>, Status>) -> Got {
    let (metadata, mut stream, extensions) = match response {
        Ok(response) => response.into_parts(),
        Err(status) => return Got::failed(status),
    };
    let mut got = Got::started(&metadata, &extensions);
    while let Some(message) = next(&mut stream).await {
        let is_error = message.is_err();
        got.messages.push(message);
        if is_error {
            break;
        }
    }
    for _ in 0..3 {
        got.afterwards.push(next(&mut stream).await);
    }
    match stream.trailers().await {
        Ok(trailers) => got.trailers = trailers.map(|trailers| lines(trailers.as_ref())),
        Err(status) => got.failure = Some(status.into()),
    }
    got
}

async fn next<M: Text>(stream: &mut Streaming<M>) -> Option<Result<String, Failure>> {
    let message = stream.message().await.transpose()?;
    Some(message.map(Text::text).map_err(Failure::from))
}

/// Makes one call. A macro, since clients share no trait.
macro_rules! call {
    ($client:expr, $message:path, $case:expr, $kind:expr) => {{
        let (mut client, case) = ($client, $case);
        let first = || case.request($message(&case.texts.join(",")));
        let all: Vec<_> = case.texts.iter().map(|text| $message(text)).collect();
        let all = || case.request(tokio_stream::iter(all));
        match $kind {
            Kind::Unary => one(client.unary(first()).await),
            Kind::ClientStreaming => one(client.client_streaming(all()).await),
            Kind::ServerStreaming => many(client.server_streaming(first()).await).await,
            Kind::BidiStreaming => many(client.bidi_streaming(all()).await).await,
        }
    }};
}

/// Has all clients make the same calls.
pub(super) async fn compare(cases: impl IntoIterator<Item = Case>) {
    let mut differences = Differences::default();
    for case in cases {
        for kind in &case.kinds {
            compare_one(&mut differences, &case, *kind).await;
        }
    }
}

async fn compare_one(differences: &mut Differences, case: &Case, kind: Kind) {
    let name = format!("{}, {kind:?}", case.name);
    let transport = case.transport();
    let client = tonics::client(transport.clone(), case.settings);
    let expected = call!(client, tonics::message, case, kind);
    let expected_asked = transport.asked();
    differences.compare(&format!("{name}: code"), &expected.code(), &case.code);

    macro_rules! check {
        ($how:literal, |$client:ident| $intercepted:expr) => {
            let transport = case.transport();
            let $client = ours::client(transport.clone(), case.settings);
            let got = call!($intercepted, ours::message, case, kind);
            differences.compare(&format!("{name}, {}", $how), &got, &expected);
            let what = format!("{name}, asked by {}", $how);
            differences.compare(&what, &transport.asked(), &expected_asked);
        };
    }
    check!("plain", |client| client);
    check!("an interceptor", |client| client.intercept(Nothing));
    check!("two interceptors", |client| client
        .intercept((Nothing, Nothing)));
    check!("hooks", |client| client.with_hooks(NoHooks));
    check!("all", |client| client
        .with_hooks(NoHooks)
        .intercept(Nothing));
}
