//! Metadata: what tonic does internally, and what it cannot read.

use std::borrow::Cow;
use std::fmt::Write as _;

use http::{HeaderMap, HeaderName, HeaderValue};
use http_body::Frame;
use prost::bytes::Bytes;
use tonic::metadata::MetadataMap;
use tonic::{Code, Status};

/// Headers that gRPC sets, and applications must not.
const RESERVED: [HeaderName; 5] = [
    HeaderName::from_static("te"),
    HeaderName::from_static("content-type"),
    HeaderName::from_static("grpc-message"),
    HeaderName::from_static("grpc-message-type"),
    HeaderName::from_static("grpc-status"),
];

/// Whether gRPC or HTTP uses the header. The name is in lower case.
pub(crate) fn is_reserved(name: &str) -> bool {
    const HTTP: [&str; 17] = [
        "accept",
        "accept-encoding",
        "connection",
        "content-encoding",
        "content-length",
        "content-type",
        "date",
        "expect",
        "host",
        "keep-alive",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "user-agent",
        "via",
    ];
    name.starts_with("grpc-") || name.starts_with(':') || HTTP.contains(&name)
}

/// Converts metadata to headers to send.
pub(crate) fn sanitized(metadata: MetadataMap) -> HeaderMap {
    let mut headers = metadata.into_headers();
    if !headers.is_empty() {
        for name in &RESERVED {
            headers.remove(name);
        }
    }
    headers
}

/// Value of a header. A map with few headers is compared name by name, which is faster than a hash.
pub(crate) fn find<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h HeaderValue> {
    const FEW: usize = 8;
    match headers.keys_len() {
        ..=FEW => headers
            .iter()
            .find_map(|(key, value)| (key == name).then_some(value)),
        _ => headers.get(name),
    }
}

/// Adds `more`, which replaces metadata of the same names.
pub(crate) fn merge(metadata: &mut MetadataMap, more: MetadataMap) {
    let mut headers = std::mem::take(metadata).into_headers();
    headers.extend(more.into_headers());
    *metadata = MetadataMap::from_headers(headers);
}

/// Status in headers or trailers, parts of which may be unreadable.
pub(crate) fn status_of(headers: &HeaderMap) -> Option<Status> {
    headers.get(Status::GRPC_STATUS)?;
    let mut headers = Cow::Borrowed(headers);
    if !has_readable_details(&headers) || mended_message(&headers).is_some() {
        make_readable(headers.to_mut());
    }
    Status::from_header_map(&headers)
}

/// Removes the parts of a status that tonic cannot read. tonic panics at details that are not base64, and replaces the code
/// of a status whose message is not UTF-8. A peer can send both.
pub(crate) fn make_readable(headers: &mut HeaderMap) {
    // Most headers have neither, and comparing a few names is faster than two lookups.
    let is_one = |name| [Status::GRPC_STATUS_DETAILS, Status::GRPC_MESSAGE].contains(name);
    if !headers.keys().any(is_one) {
        return;
    }
    if !has_readable_details(headers) {
        headers.remove(Status::GRPC_STATUS_DETAILS);
        tracing::warn!("the details of a status are not base64 and were removed");
    }
    if let Some(message) = mended_message(headers) {
        headers.insert(Status::GRPC_MESSAGE, message);
    }
}

fn has_readable_details(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(Status::GRPC_STATUS_DETAILS) else {
        return true;
    };
    let mut metadata = HeaderMap::with_capacity(1);
    metadata.insert(Status::GRPC_STATUS_DETAILS, value.clone());
    let metadata = MetadataMap::from_headers(metadata);
    // tonic decodes, since it is tonic that panics.
    let details = metadata.get_bin(Status::GRPC_STATUS_DETAILS.as_str());
    details.is_some_and(|details| details.to_bytes().is_ok())
}

/// Valid message in place of one that is not UTF-8. `None` if it is UTF-8.
fn mended_message(headers: &HeaderMap) -> Option<HeaderValue> {
    let encoded = headers.get(Status::GRPC_MESSAGE)?.as_bytes();
    if encoded.iter().all(|byte| byte.is_ascii() && *byte != b'%') {
        return None;
    }
    match String::from_utf8_lossy(&percent_decoded(encoded)) {
        Cow::Borrowed(_) => None,
        Cow::Owned(message) => HeaderValue::try_from(percent_encoded(&message)).ok(),
    }
}

/// Encodes a text like the message of a status: `%`, and what is not printable ASCII, becomes `%XX`.
pub(crate) fn percent_encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'%' => encoded.push_str("%25"),
            b' '..=b'~' => encoded.push(char::from(byte)),
            _ => {
                // Writing to a string does not fail.
                let _ = write!(encoded, "%{byte:02X}");
            }
        }
    }
    encoded
}

/// Decodes the result of [`percent_encoded`]. A `%` without two digits stays.
fn percent_decoded(encoded: &[u8]) -> Vec<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let mut decoded = Vec::with_capacity(encoded.len());
    let mut rest = encoded;
    while let [first, behind @ ..] = rest {
        let escaped = match *rest {
            [b'%', high, low, ..] => digit(high).zip(digit(low)),
            _ => None,
        };
        match escaped {
            Some((high, low)) => {
                decoded.push((high << 4 | low) as u8);
                rest = &rest[3..];
            }
            None => {
                decoded.push(*first);
                rest = behind;
            }
        }
    }
    decoded
}

/// Adds a status to headers or trailers. Details in its metadata that are not base64 are removed: a peer that reads them
/// may panic, like tonic does.
///
/// # Errors
///
/// A message that is not valid in a header.
pub(crate) fn add_status(headers: &mut HeaderMap, status: &Status) -> Result<(), Status> {
    let is_plain =
        status.message().is_empty() && status.details().is_empty() && status.metadata().is_empty();
    // tonic copies maps for this case.
    if status.code() == Code::Ok && is_plain {
        headers.insert(Status::GRPC_STATUS, OK);
        return Ok(());
    }
    status.add_header(headers)?;
    if status.details().is_empty() {
        make_readable(headers);
    }
    Ok(())
}

const OK: HeaderValue = HeaderValue::from_static("0");

/// Trailers at the end of a body.
///
/// # Errors
///
/// The errors of [`add_status`].
pub(crate) fn trailers_of(status: &Status) -> Result<Frame<Bytes>, Status> {
    let mut trailers = HeaderMap::with_capacity(3 + status.metadata().len());
    add_status(&mut trailers, status)?;
    Ok(Frame::trailers(trailers))
}

/// Trailers of a status OK without a message.
pub(crate) fn trailers_of_ok() -> Frame<Bytes> {
    let mut trailers = HeaderMap::with_capacity(1);
    trailers.insert(Status::GRPC_STATUS, OK);
    Frame::trailers(trailers)
}
