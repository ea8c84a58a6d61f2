//! Service with an rpc of each kind, and its client, without a connection: the equivalent of generated code.

use std::convert::Infallible;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll};

use tonic::body::Body;
use tonic::codegen::Service;
use tonic::codegen::tokio_stream::{self, Stream, StreamExt as _};
use tonic::metadata::{MetadataMap, MetadataValue};
use tonic::{Code, Request, Response, Status, Streaming};
use tonic_prost::ProstCodec;

use crate::arity::{Many, One};
use crate::client::{ClientCore, ClientRpc};
use crate::hooks::{ClientNext, RequestStream, ResponseStream};
use crate::interceptor::{Call, Client, End, Interceptor, InterceptorList, Server, Side, Start};
use crate::server::{HttpAnswer, HttpResponse, Rpc, ServerCore, serve, unimplemented};
use crate::sync::lock;
use crate::{Method, MethodKind};

const SERVICE: &str = "rust_svc.testing.Suite";

/// Rpc of each kind.
pub(super) const METHODS: [&Method; 4] = [
    &UNARY,
    &CLIENT_STREAMING,
    &SERVER_STREAMING,
    &BIDI_STREAMING,
];

static UNARY: Method = Method::new(
    SERVICE,
    "Unary",
    "/rust_svc.testing.Suite/Unary",
    MethodKind::Unary,
);
static CLIENT_STREAMING: Method = Method::new(
    SERVICE,
    "ClientStreaming",
    "/rust_svc.testing.Suite/ClientStreaming",
    MethodKind::ClientStreaming,
);
static SERVER_STREAMING: Method = Method::new(
    SERVICE,
    "ServerStreaming",
    "/rust_svc.testing.Suite/ServerStreaming",
    MethodKind::ServerStreaming,
);
static BIDI_STREAMING: Method = Method::new(
    SERVICE,
    "BidiStreaming",
    "/rust_svc.testing.Suite/BidiStreaming",
    MethodKind::BidiStreaming,
);

/// Behavior of the handler.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    /// Returns its messages.
    Echo,
    /// Answers without reading a request that streams.
    Ignore,
    /// Fails before its first message.
    Fail(Code),
    /// Fails after its first message.
    FailMidway,
    /// Answers with its first message, if it streams, and then hangs.
    Hang,
    Panic,
}

/// Status of a handler that fails.
pub(super) fn failure(code: Code) -> Status {
    let metadata = marked("x-trailer");
    let details = vec![8, 10, 0, 255].into();
    Status::with_details_and_metadata(code, "failed: ä % \n", details, metadata)
}

pub(super) const PANIC: &str = "the handler panics";

/// ASCII and binary metadata, which must be passed on.
pub(super) fn marked(key: &'static str) -> MetadataMap {
    let mut metadata = MetadataMap::new();
    metadata.insert(key, MetadataValue::from_static("one"));
    metadata.append(key, MetadataValue::from_static("two"));
    metadata.insert_bin("x-mark-bin", MetadataValue::from_bytes(&[0, 1, 254, 255]));
    metadata
}

/// Call that a handler received.
#[derive(Clone, Debug, Default)]
pub(super) struct Heard {
    pub(super) metadata: MetadataMap,
    pub(super) messages: Vec<String>,
}

/// Service. Clones share the state.
#[derive(Clone, Debug)]
pub(super) struct Handler(Arc<Mutex<(Act, Vec<Heard>)>>);

impl Handler {
    pub(super) fn new() -> Self {
        Self(Arc::new(Mutex::new((Act::Echo, Vec::new()))))
    }

    fn lock(&self) -> MutexGuard<'_, (Act, Vec<Heard>)> {
        lock(&self.0)
    }

    /// Sets the behavior.
    pub(super) fn set(&self, act: Act) {
        self.lock().0 = act;
    }

    /// Takes the calls since the last time.
    pub(super) fn take(&self) -> Vec<Heard> {
        std::mem::take(&mut self.lock().1)
    }

    /// Begins a call. Returns the behavior, and the index of the call.
    fn begin<M>(&self, request: &Request<M>) -> (Act, usize) {
        let mut this = self.lock();
        this.1.push(Heard {
            metadata: request.metadata().clone(),
            messages: Vec::new(),
        });
        (this.0, this.1.len() - 1)
    }

    fn hear(&self, call: usize, message: &str) {
        if let Some(heard) = self.lock().1.get_mut(call) {
            heard.messages.push(message.to_owned());
        }
    }

    async fn unary(&self, request: Request<String>) -> Result<Response<String>, Status> {
        let (act, call) = self.begin(&request);
        let text = request.into_inner();
        self.hear(call, &text);
        act.perform().await?;
        Ok(response(text))
    }

    async fn client_streaming(
        &self,
        request: Request<Streaming<String>>,
    ) -> Result<Response<String>, Status> {
        let (act, call) = self.begin(&request);
        let mut messages = request.into_inner();
        let mut texts = Vec::new();
        if act == Act::Ignore {
            return Ok(response(String::new()));
        }
        while let Some(text) = messages.message().await? {
            self.hear(call, &text);
            texts.push(text);
        }
        act.perform().await?;
        Ok(response(texts.concat()))
    }

    async fn server_streaming(
        &self,
        request: Request<String>,
    ) -> Result<Response<ResponseStream<String>>, Status> {
        let (act, call) = self.begin(&request);
        let text = request.into_inner();
        self.hear(call, &text);
        // Each part is a message.
        let texts: Vec<_> = text.split_terminator(',').map(str::to_owned).collect();
        answers(act, tokio_stream::iter(texts.into_iter().map(Ok)))
    }

    async fn bidi_streaming(
        &self,
        request: Request<Streaming<String>>,
    ) -> Result<Response<ResponseStream<String>>, Status> {
        let (act, call) = self.begin(&request);
        let this = self.clone();
        let texts = request
            .into_inner()
            .map(move |text| text.inspect(|text| this.hear(call, text)));
        answers(act, texts)
    }
}

impl Act {
    async fn perform(self) -> Result<(), Status> {
        match self {
            Self::Echo | Self::Ignore => {
                // Lets concurrent calls interleave.
                tokio::task::yield_now().await;
                Ok(())
            }
            Self::Fail(code) => Err(failure(code)),
            Self::FailMidway => Err(failure(Code::Aborted)),
            Self::Hang => std::future::pending().await,
            Self::Panic => std::panic::panic_any(PANIC),
        }
    }
}

fn response<T>(answer: T) -> Response<T> {
    let mut response = Response::new(answer);
    *response.metadata_mut() = marked("x-header");
    response
}

/// Returns the messages, or the first one if the behavior is to fail or to hang.
fn answers(
    act: Act,
    texts: impl Stream<Item = Result<String, Status>> + Send + 'static,
) -> Result<Response<ResponseStream<String>>, Status> {
    // Performs when it is polled, and yields no message but an error.
    let performance = tokio_stream::once(())
        .then(move |()| act.perform())
        .filter_map(|performed| performed.err().map(Err));
    match act {
        Act::Fail(code) => Err(failure(code)),
        Act::Ignore => Ok(response(ResponseStream::new(tokio_stream::empty()))),
        Act::Echo => Ok(response(ResponseStream::new(texts))),
        Act::Panic => Ok(response(ResponseStream::new(performance))),
        Act::FailMidway | Act::Hang => Ok(response(ResponseStream::new(
            texts.take(1).chain(performance),
        ))),
    }
}

/// Extension that others add to a call.
#[derive(Clone, Debug, Default)]
pub(super) struct Mark(pub(super) Arc<()>);

/// Interceptor outside or inside of the one under test.
#[derive(Clone, Debug, Default)]
pub(super) struct Probe {
    /// Extension that it adds.
    pub(super) mark: Option<Mark>,
    /// Set to whether there is a mark.
    pub(super) looks: Option<Arc<AtomicBool>>,
    pub(super) refuses: Option<At>,
    /// Barrier that calls wait at.
    pub(super) meeting: Option<Arc<tokio::sync::Barrier>>,
    pub(super) adds_trailers: bool,
}

/// Hook that refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum At {
    Start,
    Request,
    Response,
}

pub(super) fn refusal() -> Status {
    Status::with_details_and_metadata(
        Code::PermissionDenied,
        "refused",
        vec![1].into(),
        marked("x-trailer"),
    )
}

impl Probe {
    fn pass(&self, at: At) -> Result<(), Status> {
        if self.refuses == Some(at) {
            return Err(refusal());
        }
        Ok(())
    }
}

impl<S: Side> Interceptor<S> for Probe {
    type State = ();

    async fn start(&self, call: &mut Start<'_, S>) -> Result<(), Status> {
        if let Some(mark) = &self.mark {
            call.extensions_mut().insert(mark.clone());
        }
        if let Some(found) = &self.looks {
            let is_there = call.extensions().get::<Mark>().is_some();
            found.store(is_there, Ordering::Relaxed);
        }
        // Waits, like real interceptors.
        tokio::task::yield_now().await;
        if let Some(meeting) = &self.meeting {
            meeting.wait().await;
        }
        self.pass(At::Start)
    }

    fn request_message<M: crate::Message + ?Sized>(
        &self,
        _: &mut Call<'_, ()>,
        _: &mut M,
    ) -> Result<(), Status> {
        self.pass(At::Request)
    }

    fn response_message<M: crate::Message + ?Sized>(
        &self,
        _: &mut Call<'_, ()>,
        _: &mut M,
    ) -> Result<(), Status> {
        self.pass(At::Response)
    }

    fn end(&self, _: &mut Call<'_, ()>, end: &mut End<'_>) {
        if self.adds_trailers && end.status().code() == Code::Ok {
            let mut headers = std::mem::take(end.trailers_mut()).into_headers();
            headers.extend(marked("x-trailer").into_headers());
            *end.trailers_mut() = MetadataMap::from_headers(headers);
        }
    }
}

/// Server as the transport of the client.
#[derive(Clone, Debug)]
pub(super) struct ServerTransport(ServerCore<Handler, InterceptorList<Server>, ()>);

impl ServerTransport {
    pub(super) fn new(handler: Handler, interceptors: InterceptorList<Server>) -> Self {
        Self(ServerCore::new(Arc::new(handler)).intercept(interceptors))
    }
}

impl Service<http::Request<Body>> for ServerTransport {
    type Response = HttpResponse;
    type Error = Infallible;
    type Future = HttpAnswer;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> HttpAnswer {
        let codec = ProstCodec::<String, String>::default;
        let path = request.uri().path();
        let method = METHODS.into_iter().find(|method| method.path() == path);
        match method.map(Method::kind) {
            Some(MethodKind::Unary) => {
                let rpc = Rpc::<_, (), One<String>, One<String>>::new(
                    &UNARY,
                    |handler: &Arc<Handler>, request| Box::pin(handler.unary(request)),
                    |(), request, next| next.run(request),
                );
                serve(&self.0, request, codec(), rpc)
            }
            Some(MethodKind::ClientStreaming) => {
                let rpc = Rpc::<_, (), Many<String>, One<String>>::new(
                    &CLIENT_STREAMING,
                    |handler: &Arc<Handler>, request| Box::pin(handler.client_streaming(request)),
                    |(), request, next| next.run(request),
                );
                serve(&self.0, request, codec(), rpc)
            }
            Some(MethodKind::ServerStreaming) => {
                let rpc = Rpc::<_, (), One<String>, Many<String, ResponseStream<String>>>::new(
                    &SERVER_STREAMING,
                    |handler: &Arc<Handler>, request| Box::pin(handler.server_streaming(request)),
                    |(), request, next| next.run(request),
                );
                serve(&self.0, request, codec(), rpc)
            }
            Some(MethodKind::BidiStreaming) => {
                let rpc = Rpc::<_, (), Many<String>, Many<String, ResponseStream<String>>>::new(
                    &BIDI_STREAMING,
                    |handler: &Arc<Handler>, request| Box::pin(handler.bidi_streaming(request)),
                    |(), request, next| next.run(request),
                );
                serve(&self.0, request, codec(), rpc)
            }
            None => unimplemented(),
        }
    }
}

/// Result of a call.
#[derive(Debug, Default)]
pub(super) struct Got {
    /// Headers, with the trailers of a response of one message.
    pub(super) headers: MetadataMap,
    pub(super) messages: Vec<String>,
    /// Trailers, or the status of a failed call.
    pub(super) end: Option<Result<MetadataMap, Status>>,
}

/// Client.
pub(super) type Caller = ClientCore<ServerTransport, InterceptorList<Client>, ()>;

/// Makes a call, and reads the whole response.
pub(super) async fn call(
    client: &mut Caller,
    method: &'static Method,
    metadata: MetadataMap,
    messages: Vec<String>,
) -> Got {
    let codec = ProstCodec::<String, String>::default;
    match method.kind() {
        MethodKind::Unary => {
            let request = with(metadata, messages.concat());
            let rpc = ClientRpc::<One<String>, One<String>, _>::new(method, codec());
            let call = client.run(rpc, request, |(), request, call| call.run(request));
            one(call.await)
        }
        MethodKind::ClientStreaming => {
            let request = with(metadata, RequestStream::from(messages));
            let rpc = ClientRpc::<Many<String>, One<String>, _>::new(method, codec());
            let call = client.run(rpc, request, |(), request, call| call.run(request));
            one(call.await)
        }
        MethodKind::ServerStreaming => {
            // Each message ends with a comma, so that an empty one counts as well.
            let text = messages.iter().map(|text| format!("{text},")).collect();
            let request = with(metadata, text);
            let rpc = ClientRpc::<One<String>, Many<String>, _>::new(method, codec());
            let call = client.run(rpc, request, |(), request, call| call.run(request));
            many(call.await).await
        }
        MethodKind::BidiStreaming => {
            let request = with(metadata, RequestStream::from(messages));
            let rpc = ClientRpc::<Many<String>, Many<String>, _>::new(method, codec());
            let call = client.run(rpc, request, |(), request, call| call.run(request));
            many(call.await).await
        }
    }
}

fn with<M>(metadata: MetadataMap, message: M) -> Request<M> {
    Request::from_parts(metadata, tonic::Extensions::new(), message)
}

fn one(response: Result<Response<String>, Status>) -> Got {
    match response {
        Ok(response) => Got {
            end: Some(Ok(response.metadata().clone())),
            headers: response.metadata().clone(),
            messages: vec![response.into_inner()],
        },
        Err(status) => Got {
            end: Some(Err(status)),
            ..Got::default()
        },
    }
}

async fn many(response: Result<Response<Streaming<String>>, Status>) -> Got {
    let mut got = Got::default();
    let mut stream = match response {
        Ok(response) => {
            got.headers = response.metadata().clone();
            response.into_inner()
        }
        Err(status) => {
            got.end = Some(Err(status));
            return got;
        }
    };
    let end = loop {
        match stream.message().await {
            Ok(Some(message)) => got.messages.push(message),
            Ok(None) => break stream.trailers().await.map(Option::unwrap_or_default),
            Err(status) => break Err(status),
        }
    };
    got.end = Some(end);
    got
}
