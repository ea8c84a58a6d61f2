//! Generated code does what tonic's does in every other way: servers and clients of both kinds of stubs get
//! the same, and have to answer the same. Ours do so with interceptors, too.

use std::fmt::Debug;

use http::{HeaderMap, HeaderName, HeaderValue};
use http_body::Frame;
use http_body_util::{BodyExt as _, StreamBody};
use prost::bytes::Bytes;
use runtime_tests::svc::kinds_client::KindsClientHooks;
use runtime_tests::svc::kinds_server::KindsServerHooks;
use rust_svc::{Interceptor, Side, Start};
use tonic::body::Body;
use tonic::codec::{Codec as _, CompressionEncoding, EncodeBody};
use tonic::metadata::MetadataMap;
use tonic::{Code, Response, Status};
use tonic_prost::ProstCodec;

/// One user's code, for the stubs of a module.
#[macro_use]
mod user;

mod client_cases;
mod clients;
mod compiles;
mod server_cases;
mod servers;

/// One code over stubs of ours and over tonic-build's.
mod ours {
    users_code!(svc);
}
mod tonics {
    users_code!(tonic_build);
}

/// Runs around every call and does nothing.
struct Nothing;

impl<S: Side> Interceptor<S> for Nothing {
    type State = ();

    async fn start(&self, _: &mut Start<'_, S>) -> Result<(), Status> {
        Ok(())
    }
}

/// Typed hooks that do nothing.
struct NoHooks;

impl KindsServerHooks for NoHooks {}
impl KindsClientHooks for NoHooks {}

/// What the builder methods of servers and clients set.
#[derive(Clone, Copy, Debug, Default)]
struct Settings {
    accept_gzip: bool,
    send_gzip: bool,
    max_decoding: Option<usize>,
    max_encoding: Option<usize>,
}

/// Marks what travels in extensions.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Mark(u32);

/// A part of a body.
#[derive(Clone, Debug)]
enum Chunk {
    Data(Bytes),
    Trailers(HeaderMap),
    Error(Status),
}

fn body(chunks: &[Chunk]) -> Body {
    let frames = chunks.iter().map(|chunk| match chunk.clone() {
        Chunk::Data(data) => Ok(Frame::data(data)),
        Chunk::Trailers(trailers) => Ok(Frame::trailers(trailers)),
        Chunk::Error(status) => Err(status),
    });
    let frames: Vec<_> = frames.collect();
    Body::new(StreamBody::new(tokio_stream::iter(frames)))
}

fn data(bytes: impl Into<Bytes>) -> Chunk {
    Chunk::Data(bytes.into())
}

fn trailers(pairs: &[(&str, &str)]) -> Chunk {
    Chunk::Trailers(headers(pairs))
}

fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
    let pair = |(name, value): &(&str, &str)| {
        let name: HeaderName = name.parse().unwrap();
        // Not every value has to be text.
        (name, HeaderValue::from_bytes(value.as_bytes()).unwrap())
    };
    let mut headers = HeaderMap::new();
    for (name, value) in pairs.iter().map(pair) {
        headers.append(name, value);
    }
    headers
}

/// What precedes the bytes of a message.
fn framed(flag: u8, message: &[u8]) -> Vec<u8> {
    let length = u32::try_from(message.len()).unwrap();
    let mut frame = vec![flag];
    frame.extend(length.to_be_bytes());
    frame.extend(message);
    frame
}

/// Either message, which are alike.
fn encoded(text: &str) -> Vec<u8> {
    let text = text.to_owned();
    prost::Message::encode_to_vec(&runtime_tests::svc::Request { text })
}

fn message(text: &str) -> Chunk {
    data(framed(0, &encoded(text)))
}

/// A message that tonic compresses.
async fn gzipped(text: &str) -> Chunk {
    let text = text.to_owned();
    let messages = tokio_stream::once(Ok(runtime_tests::svc::Request { text }));
    let encoder = ProstCodec::<_, ()>::default().encoder();
    let body = EncodeBody::new_client(encoder, messages, Some(CompressionEncoding::Gzip), None);
    data(body.collect().await.unwrap().to_bytes())
}

/// Headers in an order that does not depend on chance. Values of one name stay in theirs.
fn lines(headers: &HeaderMap) -> Vec<String> {
    let mut pairs: Vec<_> = headers.iter().collect();
    pairs.sort_by_key(|(name, _)| name.as_str());
    let line = |(name, value): (&HeaderName, &HeaderValue)| format!("{name}: {value:?}");
    // A message that says nothing is as good as none, and base64 may be padded.
    let lines = pairs.into_iter().map(line);
    let lines = lines.map(|line| line.replace("==\"", "\""));
    lines.filter(|line| line != "grpc-message: \"\"").collect()
}

/// A status as it can be compared.
#[derive(Debug, PartialEq)]
struct Failure {
    code: Code,
    message: String,
    details: Vec<u8>,
    metadata: Vec<String>,
}

impl From<Status> for Failure {
    fn from(status: Status) -> Self {
        Self {
            code: status.code(),
            message: status.message().to_owned(),
            details: status.details().to_vec(),
            metadata: lines(&said_by_users(status.metadata())),
        }
    }
}

/// Metadata without the names that gRPC keeps for itself, some of which tonic's clients leave in a status.
fn said_by_users(metadata: &MetadataMap) -> http::HeaderMap {
    let mut headers = metadata.clone().into_headers();
    for name in ["content-type", "te"] {
        headers.remove(name);
    }
    headers
}

/// What the user's service fails with: all that a status can have.
fn failure() -> Status {
    let mut metadata = MetadataMap::new();
    metadata.insert("x-why", "told to".parse().unwrap());
    metadata.append("x-why", "twice".parse().unwrap());
    metadata.insert_bin(
        "x-why-bin",
        tonic::metadata::MetadataValue::from_bytes(b"\0\xff"),
    );
    // Nobody but gRPC may say these.
    metadata.insert("content-type", "of the handler".parse().unwrap());
    metadata.insert("grpc-status", "16".parse().unwrap());
    let details = Bytes::from_static(b"more of it");
    Status::with_details_and_metadata(Code::NotFound, "told to fail: 100 %\nü", details, metadata)
}

/// What the user's service answers one message with.
fn obey(text: &str, metadata: &MetadataMap) -> Result<String, Status> {
    match text {
        "fail" => Err(failure()),
        "fail oddly" => Err(Status::ok("an error that is none")),
        "metadata" => Ok(lines(metadata.as_ref()).join("\n")),
        "large" => Ok("large ".repeat(100)),
        _ => Ok(text.to_owned()),
    }
}

/// The response of the user's service, with all that one can have besides messages.
fn respond<T>(metadata: &MetadataMap, message: T) -> Result<Response<T>, Status> {
    if metadata.contains_key("x-refuse") {
        return Err(failure());
    }
    let mut response = Response::new(message);
    let headers = response.metadata_mut();
    headers.insert("x-header", "of the handler".parse().unwrap());
    headers.append("x-header", "again".parse().unwrap());
    headers.insert("te", "of the handler".parse().unwrap());
    headers.insert("grpc-status", "16".parse().unwrap());
    response.extensions_mut().insert(Mark(2));
    if metadata.contains_key("x-uncompressed") {
        response.disable_compression();
    }
    Ok(response)
}

/// Where ours differs from tonic's, all at once: one difference should not hide another.
#[derive(Default)]
struct Differences(Vec<String>);

impl Differences {
    fn compare<T: Debug + PartialEq>(&mut self, what: &str, ours: &T, tonics: &T) {
        if ours != tonics {
            self.0
                .push(format!("{what}\n  ours:   {ours:?}\n  tonic's: {tonics:?}"));
        }
    }
}

impl Drop for Differences {
    fn drop(&mut self) {
        let differences = std::mem::take(&mut self.0);
        if !differences.is_empty() && !std::thread::panicking() {
            panic!("{} differ:\n{}", differences.len(), differences.join("\n"));
        }
    }
}
