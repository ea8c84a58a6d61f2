//! How much a status may say.

use prost_types::Any;
use tonic::Status;
use tonic::metadata::{KeyAndValueRef, MetadataMap};

use super::details::{pack, type_name, unpack};

/// How much is taken by those who take the least: nghttp2, Envoy and others begin with 8 KiB of
/// trailers, counted as HTTP/2 counts them (RFC 9113, section 6.5.2).
const LIMIT: usize = 8 * 1024;

/// What HTTP/2 counts for a header besides its name and value.
const OVERHEAD: usize = 32;

/// At least so much is left of a message.
const SHORTEST: usize = 256;

/// What names the error stays longest.
const INFO: &str = "google.rpc.ErrorInfo";

pub(super) fn fit(status: Status) -> Status {
    if largest_size(&status) <= LIMIT || size(&status) <= LIMIT {
        return status;
    }
    let status = fit_details(status, |detail| type_name(detail) != INFO);
    let status = fit_message(fit_metadata(status));
    let status = fit_details(status, |_| true);
    tracing::warn!(
        rpc.response.status_code = crate::code::name(status.code()),
        "a status did not fit into 8 KiB of header, and was cut"
    );
    status
}

/// Without its last details of some kind, as many as it takes.
fn fit_details(mut status: Status, may_go: impl Fn(&Any) -> bool) -> Status {
    let mut details = unpack(&status);
    if details.is_empty() && !status.details().is_empty() {
        // Nobody can read those.
        status = pack(&status, status.message(), Vec::new());
    }
    while size(&status) > LIMIT
        && let Some(last) = details.iter().rposition(&may_go)
    {
        let detail = details.remove(last);
        tracing::warn!(
            detail = type_name(&detail),
            "a detail was taken out of a status"
        );
        status = pack(&status, status.message(), details.clone());
    }
    status
}

/// Without its last metadata.
fn fit_metadata(mut status: Status) -> Status {
    while size(&status) > LIMIT
        && let Some(key) = last_key(status.metadata())
    {
        tracing::warn!(key, "metadata were taken out of a status");
        let mut headers = std::mem::take(status.metadata_mut()).into_headers();
        headers.remove(&key);
        *status.metadata_mut() = MetadataMap::from_headers(headers);
    }
    status
}

fn last_key(metadata: &MetadataMap) -> Option<String> {
    let last = metadata.iter().last()?;
    Some(match last {
        KeyAndValueRef::Ascii(key, _) => key.as_str().to_owned(),
        KeyAndValueRef::Binary(key, _) => key.as_str().to_owned(),
    })
}

/// With the beginning of its message.
fn fit_message(status: Status) -> Status {
    let details = unpack(&status);
    let mut message = status.message();
    let mut fitted = status.clone();
    while size(&fitted) > LIMIT && message.len() > SHORTEST {
        let mut half = message.len() / 2;
        while !message.is_char_boundary(half) {
            half -= 1;
        }
        message = &message[..half];
        fitted = pack(&status, &format!("{message}…"), details.clone());
    }
    fitted
}

/// As trailers of HTTP/2.
fn size(status: &Status) -> usize {
    size_with(status, percent_encoded(status.message()))
}

/// What the size cannot be beyond, without a look at each byte of the message.
fn largest_size(status: &Status) -> usize {
    size_with(status, 3 * status.message().len())
}

fn size_with(status: &Status, message: usize) -> usize {
    let header = |name: &str, value: usize| name.len() + value + OVERHEAD;
    let mut size = header("grpc-status", 2);
    if message > 0 {
        size += header("grpc-message", message);
    }
    if !status.details().is_empty() {
        size += header("grpc-status-details-bin", base64(status.details().len()));
    }
    let headers = status.metadata().as_ref();
    let headers = headers.iter();
    size + headers
        .map(|(name, value)| header(name.as_str(), value.len()))
        .sum::<usize>()
}

/// Whatever is not visible ASCII takes three bytes.
fn percent_encoded(message: &str) -> usize {
    let is_plain = |byte: u8| (b' '..=b'~').contains(&byte) && byte != b'%';
    message
        .bytes()
        .map(|byte| if is_plain(byte) { 1 } else { 3 })
        .sum()
}

fn base64(bytes: usize) -> usize {
    (bytes * 4).div_ceil(3)
}
