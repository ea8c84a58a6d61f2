//! Peers that keep to no rules: HTTP/2 written by hand.

use std::future::Future;

use h2::client::SendRequest;
use h2::server::SendResponse;
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response};
use hyper_util::rt::TokioIo;
use prost::Message as _;
use prost::bytes::Bytes;
use tokio::io::DuplexStream;
use tokio::task::JoinHandle;
use tokio_stream::StreamExt as _;
use tonic::transport::server::Router;
use tonic::transport::{Channel, Endpoint, Uri};

use crate::echo::message;

mod breaks_off;
mod failures;
mod headers;

/// Names and values of headers.
type Headers = Vec<(&'static str, Vec<u8>)>;

fn header_map(headers: &Headers) -> HeaderMap {
    let headers = headers.iter().map(|(name, value)| {
        let name = HeaderName::from_static(name);
        (name, HeaderValue::from_bytes(value).unwrap())
    });
    headers.collect()
}

/// A message as gRPC frames it.
fn framed(text: &str) -> Vec<u8> {
    let message = message(text).encode_to_vec();
    let mut framed = vec![0];
    framed.extend((message.len() as u32).to_be_bytes());
    framed.extend(message);
    framed
}

/// A channel to whatever is at the other end.
async fn channel_to<F>(peer: impl FnOnce(DuplexStream) -> F) -> Channel
where
    F: Future<Output = ()> + Send + 'static,
{
    let (near, far) = tokio::io::duplex(1 << 16);
    tokio::spawn(peer(far));
    let mut near = Some(TokioIo::new(near));
    Endpoint::from_static("http://in.process")
        .connect_with_connector(tower::service_fn(move |_: Uri| {
            let near = near.take();
            async move { near.ok_or_else(|| std::io::Error::other("connects once")) }
        }))
        .await
        .unwrap()
}

/// A channel to a server that answers each request as it is told to.
async fn channel_to_answers(answer: impl Fn(&mut SendResponse<Bytes>) + Send + 'static) -> Channel {
    let server = |socket| async move {
        let mut connection = h2::server::handshake(socket).await.unwrap();
        while let Some(Ok((request, mut response))) = connection.accept().await {
            answer(&mut response);
            // The body is read to its end, whatever becomes of the call.
            tokio::spawn(async move {
                let mut body = request.into_body();
                while let Some(Ok(data)) = body.data().await {
                    let _ = body.flow_control().release_capacity(data.len());
                }
            });
        }
    };
    channel_to(server).await
}

fn response(headers: &Headers) -> Response<()> {
    let mut response = Response::new(());
    *response.headers_mut() = header_map(headers);
    let content_type = HeaderValue::from_static("application/grpc");
    response.headers_mut().insert("content-type", content_type);
    response
}

/// A client by hand, of a server of ours.
async fn client_of(router: Router) -> SendRequest<Bytes> {
    connection_of(router).await.0
}

/// A client by hand, and the task of its connection.
async fn connection_of(router: Router) -> (SendRequest<Bytes>, JoinHandle<()>) {
    let (near, far) = tokio::io::duplex(1 << 16);
    let incoming = tokio_stream::once(Ok::<_, std::io::Error>(far));
    tokio::spawn(router.serve_with_incoming(incoming.chain(tokio_stream::pending())));
    let (client, connection) = h2::client::handshake(near).await.unwrap();
    let connection = tokio::spawn(async move {
        let _ = connection.await;
    });
    (client, connection)
}

fn request(path: &str, headers: &Headers) -> Request<()> {
    let uri = format!("http://in.process{path}");
    let mut request = Request::post(uri).body(()).unwrap();
    *request.headers_mut() = header_map(headers);
    let content_type = HeaderValue::from_static("application/grpc");
    request.headers_mut().insert("content-type", content_type);
    let te = HeaderValue::from_static("trailers");
    request.headers_mut().insert("te", te);
    request
}
