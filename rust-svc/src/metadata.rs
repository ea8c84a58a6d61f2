//! What tonic does to metadata without letting others do it.

use http::{HeaderMap, HeaderName, HeaderValue};
use http_body::Frame;
use prost::bytes::Bytes;
use tonic::metadata::MetadataMap;
use tonic::{Code, Status};

/// What gRPC itself puts into headers, so that nobody else may.
const RESERVED: [HeaderName; 5] = [
    HeaderName::from_static("te"),
    HeaderName::from_static("content-type"),
    HeaderName::from_static("grpc-message"),
    HeaderName::from_static("grpc-message-type"),
    HeaderName::from_static("grpc-status"),
];

/// Metadata as headers to send.
pub(crate) fn sanitized(metadata: MetadataMap) -> HeaderMap {
    let mut headers = metadata.into_headers();
    if !headers.is_empty() {
        for name in &RESERVED {
            headers.remove(name);
        }
    }
    headers
}

/// Adds all of `more`, in place of what has the same names.
pub(crate) fn merge(metadata: &mut MetadataMap, more: MetadataMap) {
    let mut headers = std::mem::take(metadata).into_headers();
    headers.extend(more.into_headers());
    *metadata = MetadataMap::from_headers(headers);
}

/// Adds a status as headers or trailers have it.
///
/// # Errors
///
/// A message that no header can have.
pub(crate) fn add_status(headers: &mut HeaderMap, status: &Status) -> Result<(), Status> {
    let is_plain =
        status.message().is_empty() && status.details().is_empty() && status.metadata().is_empty();
    // tonic copies maps for it.
    if status.code() == Code::Ok && is_plain {
        headers.insert(Status::GRPC_STATUS, OK);
        return Ok(());
    }
    status.add_header(headers)
}

const OK: HeaderValue = HeaderValue::from_static("0");

/// The trailers that a body ends with.
///
/// # Errors
///
/// Those of [`add_status`].
pub(crate) fn trailers_of(status: &Status) -> Result<Frame<Bytes>, Status> {
    let mut trailers = HeaderMap::with_capacity(3 + status.metadata().len());
    add_status(&mut trailers, status)?;
    Ok(Frame::trailers(trailers))
}

/// The same for a status that is OK and says nothing else.
pub(crate) fn trailers_of_ok() -> Frame<Bytes> {
    let mut trailers = HeaderMap::with_capacity(1);
    trailers.insert(Status::GRPC_STATUS, OK);
    Frame::trailers(trailers)
}
