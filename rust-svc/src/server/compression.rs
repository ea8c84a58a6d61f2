//! Choice of a compression, by the rules of tonic, which does not export them.

use http::{HeaderMap, HeaderName, HeaderValue};
use tonic::Status;
use tonic::codec::{CompressionEncoding, EnabledCompressionEncodings};
use tonic::metadata::MetadataMap;

use super::Settings;
use crate::metadata::find;

/// Compression of a call.
#[derive(Clone, Copy)]
pub(super) struct Encodings {
    pub(super) request: Option<CompressionEncoding>,
    pub(super) response: Option<CompressionEncoding>,
}

impl Encodings {
    /// Chooses the encodings by the headers of a request.
    ///
    /// # Errors
    ///
    /// The errors of [`request_encoding`].
    pub(super) fn negotiate(headers: &HeaderMap, settings: &Settings) -> Result<Self, Status> {
        Ok(Self {
            request: request_encoding(headers, settings.accepted)?,
            response: response_encoding(headers, settings.sent),
        })
    }
}

pub(super) static ENCODING: HeaderName = HeaderName::from_static("grpc-encoding");
static ACCEPT_ENCODING: HeaderName = HeaderName::from_static("grpc-accept-encoding");

/// Encoding of a request.
///
/// # Errors
///
/// `UNIMPLEMENTED` for an encoding that the server does not accept, with a list of those that it accepts.
fn request_encoding(
    headers: &HeaderMap,
    accepted: EnabledCompressionEncodings,
) -> Result<Option<CompressionEncoding>, Status> {
    let Some(value) = find(headers, &ENCODING) else {
        return Ok(None);
    };
    if value.as_bytes() == b"identity" {
        return Ok(None);
    }
    let known = list(accepted);
    let found = known
        .iter()
        .find(|encoding| encoding.to_string().as_bytes() == value.as_bytes());
    match found {
        Some(encoding) => Ok(Some(*encoding)),
        None => Err(refusal(value, &known)),
    }
}

fn refusal(value: &HeaderValue, accepted: &[CompressionEncoding]) -> Status {
    let name = match std::str::from_utf8(value.as_bytes()) {
        Ok(name) => name.to_owned(),
        Err(_) => format!("{:?}", value.as_bytes()),
    };
    let mut status = Status::unimplemented(format!(
        "Content is compressed with `{name}` which isn't supported"
    ));
    let names = accepted.iter().map(|encoding| format!("{encoding},"));
    let names = names.collect::<String>() + "identity";
    let mut headers = HeaderMap::new();
    if let Ok(names) = HeaderValue::try_from(names) {
        headers.insert(ACCEPT_ENCODING.clone(), names);
    }
    *status.metadata_mut() = MetadataMap::from_headers(headers);
    status
}

/// Encoding of a response: the first that the client accepts and the server offers.
fn response_encoding(
    headers: &HeaderMap,
    offered: EnabledCompressionEncodings,
) -> Option<CompressionEncoding> {
    if offered.is_empty() {
        return None;
    }
    let accepted = find(headers, &ACCEPT_ENCODING)?.to_str().ok()?;
    let offered = list(offered);
    accepted.split(',').map(str::trim).find_map(|name| {
        let mut offered = offered.iter();
        offered
            .find(|encoding| encoding.to_string() == name)
            .copied()
    })
}

/// Enabled encodings, in the order in which they were enabled.
fn list(mut enabled: EnabledCompressionEncodings) -> Vec<CompressionEncoding> {
    let mut list: Vec<_> = std::iter::from_fn(|| enabled.pop()).collect();
    list.reverse();
    list
}
