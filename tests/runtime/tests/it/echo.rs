//! A service that does what it is told, and how to call it.

use std::pin::Pin;

use hyper_util::rt::TokioIo;
use runtime_tests::svc::kinds_api::KindsApi;
use runtime_tests::svc::kinds_client::{KindsClient, KindsClientHooks};
use runtime_tests::svc::kinds_server::Kinds;
use runtime_tests::svc::{Request as Message, Response as Reply};
use rust_svc::{Client, Interceptor};
use tokio_stream::{Stream, StreamExt as _};
use tonic::metadata::MetadataMap;
use tonic::transport::server::Router;
use tonic::transport::{Channel, Endpoint, Uri};
use tonic::{Request, Response, Status, Streaming};

use crate::recorder::Log;

/// Says back what it hears, unless that is an order: `fail`, `panic` or `wait`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Echo {
    pub(crate) log: Log,
}

impl Echo {
    async fn obey(&self, text: String) -> Result<Reply, Status> {
        match text.as_str() {
            "fail" => {
                let mut status = Status::not_found("told to fail");
                let value = "of the handler".parse().unwrap();
                status.metadata_mut().insert("x-trailer", value);
                Err(status)
            }
            "panic" => panic!("told to panic"),
            "wait" => {
                self.log.push("waits");
                std::future::pending().await
            }
            _ => Ok(Reply { text }),
        }
    }
}

pub(crate) type Replies = Pin<Box<dyn Stream<Item = Result<Reply, Status>> + Send>>;

#[tonic::async_trait]
impl Kinds for Echo {
    async fn unary(&self, request: Request<Message>) -> Result<Response<Reply>, Status> {
        self.log.push("*");
        self.obey(request.into_inner().text)
            .await
            .map(Response::new)
    }

    async fn client_streaming(
        &self,
        request: Request<Streaming<Message>>,
    ) -> Result<Response<Reply>, Status> {
        self.log.push("*");
        let mut messages = request.into_inner();
        let mut text = Vec::new();
        while let Some(message) = messages.message().await? {
            text.push(self.obey(message.text).await?.text);
        }
        let text = text.join(",");
        Ok(Response::new(Reply { text }))
    }

    type ServerStreamingStream = Replies;

    async fn server_streaming(
        &self,
        request: Request<Message>,
    ) -> Result<Response<Replies>, Status> {
        self.log.push("*");
        let text = request.into_inner().text;
        let texts: Vec<_> = text.split(',').map(str::to_owned).collect();
        let echo = self.clone();
        let texts = tokio_stream::iter(texts);
        let replies = texts.then(move |text| {
            let echo = echo.clone();
            async move { echo.obey(text).await }
        });
        Ok(Response::new(Box::pin(replies)))
    }

    type BidiStreamingStream = Replies;

    async fn bidi_streaming(
        &self,
        request: Request<Streaming<Message>>,
    ) -> Result<Response<Replies>, Status> {
        self.log.push("*");
        let echo = self.clone();
        let replies = request.into_inner().then(move |message| {
            let echo = echo.clone();
            async move { echo.obey(message?.text).await }
        });
        Ok(Response::new(Box::pin(replies)))
    }
}

/// A channel to a server, over HTTP/2 but without a socket.
pub(crate) async fn connect(router: Router) -> Channel {
    connect_with(router, |endpoint| endpoint).await
}

/// A channel with settings of its own.
pub(crate) async fn connect_with(
    router: Router,
    set: impl FnOnce(Endpoint) -> Endpoint,
) -> Channel {
    let (near, far) = tokio::io::duplex(1 << 16);
    let incoming = tokio_stream::once(Ok::<_, std::io::Error>(far));
    tokio::spawn(router.serve_with_incoming(incoming.chain(tokio_stream::pending())));
    let mut near = Some(TokioIo::new(near));
    set(Endpoint::from_static("http://in.process"))
        .connect_with_connector(tower::service_fn(move |_: Uri| {
            let near = near.take();
            async move { near.ok_or_else(|| std::io::Error::other("connects once")) }
        }))
        .await
        .unwrap()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Unary,
    ClientStreaming,
    ServerStreaming,
    BidiStreaming,
}

/// What a caller got.
#[derive(Debug)]
pub(crate) struct Got {
    pub(crate) replies: Vec<String>,
    pub(crate) end: Result<MetadataMap, Status>,
}

impl Got {
    pub(crate) fn failed(status: Status) -> Self {
        Self {
            replies: Vec::new(),
            end: Err(status),
        }
    }
}

pub(crate) fn message(text: &str) -> Message {
    Message {
        text: text.to_owned(),
    }
}

/// Makes a call that asks for these texts, and reads all of the answer.
pub(crate) async fn call<T, I, H>(
    client: &mut KindsClient<T, I, H>,
    kind: Kind,
    texts: &[&str],
) -> Got
where
    T: Transport,
    I: Interceptor<Client> + 'static,
    H: KindsClientHooks,
{
    let messages: Vec<_> = texts.iter().map(|text| message(text)).collect();
    match kind {
        Kind::Unary => one(client.unary(message(&texts.join(","))).await),
        Kind::ClientStreaming => one(client.client_streaming(tokio_stream::iter(messages)).await),
        Kind::ServerStreaming => {
            many(client.server_streaming(message(&texts.join(","))).await).await
        }
        Kind::BidiStreaming => ping_pong(client, messages).await,
    }
}

/// Makes a call through a client trait. Requests that stream are sent one after the other.
pub(crate) async fn call_api(api: &dyn KindsApi, kind: Kind, texts: &[&str]) -> Got {
    let messages: Vec<_> = texts.iter().map(|text| message(text)).collect();
    match kind {
        Kind::Unary => one(api.call_unary(message(&texts.join(","))).await),
        Kind::ClientStreaming => one(api.call_client_streaming(messages.into()).await),
        Kind::ServerStreaming => {
            many(api.call_server_streaming(message(&texts.join(","))).await).await
        }
        Kind::BidiStreaming => many(api.call_bidi_streaming(messages.into()).await).await,
    }
}

pub(crate) const KINDS: [Kind; 4] = [
    Kind::Unary,
    Kind::ClientStreaming,
    Kind::ServerStreaming,
    Kind::BidiStreaming,
];

/// As tonic's clients want it.
pub(crate) trait Transport: rust_svc::__private::v1::Transport {}
impl<T: rust_svc::__private::v1::Transport> Transport for T {}

fn one(response: Result<Response<Reply>, Status>) -> Got {
    match response {
        Ok(response) => Got {
            end: Ok(response.metadata().clone()),
            replies: vec![response.into_inner().text],
        },
        Err(status) => Got::failed(status),
    }
}

async fn many(response: Result<Response<Streaming<Reply>>, Status>) -> Got {
    let mut stream = match response {
        Ok(response) => response.into_inner(),
        Err(status) => return Got::failed(status),
    };
    let mut replies = Vec::new();
    loop {
        match stream.message().await {
            Ok(Some(reply)) => replies.push(reply.text),
            Ok(None) => break,
            Err(status) => {
                let end = Err(status);
                return Got { replies, end };
            }
        }
    }
    let trailers = stream.trailers().await.unwrap_or_default();
    let end = Ok(trailers.unwrap_or_default());
    Got { replies, end }
}

/// Sends the next message when the last was answered, so that the order of all is known.
async fn ping_pong<T, I, H>(client: &mut KindsClient<T, I, H>, messages: Vec<Message>) -> Got
where
    T: Transport,
    I: Interceptor<Client> + 'static,
    H: KindsClientHooks,
{
    let (sender, receiver) = tokio::sync::mpsc::channel(1);
    let requests = tokio_stream::wrappers::ReceiverStream::new(receiver);
    let mut stream = match client.bidi_streaming(requests).await {
        Ok(response) => response.into_inner(),
        Err(status) => return Got::failed(status),
    };
    let mut replies = Vec::new();
    for message in messages {
        if sender.send(message).await.is_err() {
            break;
        }
        match stream.message().await {
            Ok(Some(reply)) => replies.push(reply.text),
            Ok(None) => break,
            Err(status) => {
                let end = Err(status);
                return Got { replies, end };
            }
        }
    }
    drop(sender);
    let end = match stream.message().await {
        Ok(None) => Ok(stream.trailers().await.unwrap().unwrap_or_default()),
        Ok(Some(_)) => panic!("an answer to nothing"),
        Err(status) => Err(status),
    };
    Got { replies, end }
}
