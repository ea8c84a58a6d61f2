//! Limit of the size of a status.

use http::HeaderValue;
use prost::Message as _;
use prost_types::Any;
use tonic::Status;
use tonic::metadata::{KeyAndValueRef, MetadataMap};
use tonic_types::pb::BadRequest;
use tonic_types::pb::bad_request::FieldViolation;

use super::json::Json as _;
use super::packed::{is_of_type, pack, type_name, unpack};

/// Maximum size of the trailers in bytes, counted like HTTP/2 does (RFC 9113, section 6.5.2): the smallest default
/// limit of common peers, such as nghttp2 and Envoy.
const LIMIT: usize = 8 * 1024;

/// Size that HTTP/2 counts for a header besides its name and value.
const OVERHEAD: usize = 32;

/// Minimum length of a shortened message in bytes.
const MIN_MESSAGE: usize = 256;

/// Detail that identifies the error, which is removed last.
const ERROR_INFO: &str = "google.rpc.ErrorInfo";

const BAD_REQUEST: &str = "google.rpc.BadRequest";

/// Shortens a status that is too large.
pub(super) fn fit(status: Status) -> Status {
    if largest_size(&status) <= LIMIT || size(&status) <= LIMIT {
        return status;
    }
    let status = fit_details(status, |detail| type_name(detail) != ERROR_INFO);
    let status = fit_message(fit_metadata(status));
    let status = fit_details(status, |_| true);
    tracing::warn!(
        rpc.response.status_code = crate::code::name(status.code()),
        "a status was shortened to 8 KiB"
    );
    status
}

/// Removes the last details that `may_go` accepts, until the status fits.
fn fit_details(mut status: Status, may_go: impl Fn(&Any) -> bool) -> Status {
    let mut details = unpack(&status);
    if details.is_empty() && !status.details().is_empty() {
        // The bytes cannot be decoded.
        status = pack(&status, status.message(), Vec::new());
    }
    while size(&status) > LIMIT
        && let Some(last) = details.iter().rposition(&may_go)
    {
        if let Some(fitted) = fit_violations(&status, &details, last) {
            return fitted;
        }
        let detail = details.remove(last);
        tracing::warn!(
            detail = type_name(&detail),
            "a detail was removed from a status"
        );
        status = pack(&status, status.message(), details.clone());
    }
    status
}

/// Keeps as many violations of a `google.rpc.BadRequest` as fit, and adds one that states how many are missing: in the
/// detail, and in trailers that repeat it as JSON. `None` for another detail, or if not even the added one fits.
fn fit_violations(status: &Status, details: &[Any], at: usize) -> Option<Status> {
    if !is_of_type(&details[at], BAD_REQUEST) {
        return None;
    }
    let all = BadRequest::decode(details[at].value.as_slice()).ok()?;
    let json = all.json();
    let headers = status.metadata().as_ref().iter();
    let repeats = headers.filter(|(_, value)| value.as_bytes() == json.as_bytes());
    let repeats: Vec<_> = repeats.map(|(name, _)| name.clone()).collect();
    let with = |kept: usize| {
        let request = cut(&all, kept);
        let mut details = details.to_vec();
        details[at].value = request.encode_to_vec();
        let mut status = pack(status, status.message(), details);
        let mut headers = std::mem::take(status.metadata_mut()).into_headers();
        if let Ok(json) = HeaderValue::try_from(request.json()) {
            for name in &repeats {
                headers.insert(name, json.clone());
            }
        }
        *status.metadata_mut() = MetadataMap::from_headers(headers);
        status
    };
    let count = all.field_violations.len();
    let kept = most_that_fits(count, |kept| size(&with(kept)) <= LIMIT)?;
    tracing::warn!(
        kept,
        missing = count - kept,
        "violations were removed from a status"
    );
    Some(with(kept))
}

/// Largest number below `count` that fits, if there is one. If a number does not fit, no larger one does.
fn most_that_fits(count: usize, fits: impl Fn(usize) -> bool) -> Option<usize> {
    let (mut low, mut high) = (0, count);
    if count == 0 || !fits(0) {
        return None;
    }
    while low + 1 < high {
        let middle = low.midpoint(high);
        if fits(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    Some(low)
}

/// First violations, and one that states how many are missing.
fn cut(all: &BadRequest, kept: usize) -> BadRequest {
    let violations = &all.field_violations;
    let missing = violations.len() - kept;
    let last = FieldViolation {
        description: match missing {
            1 => "1 more violation is left out, for want of room".to_owned(),
            _ => format!("{missing} more violations are left out, for want of room"),
        },
        ..FieldViolation::default()
    };
    BadRequest {
        field_violations: violations[..kept].iter().cloned().chain([last]).collect(),
    }
}

/// Removes the last metadata, until the status fits.
fn fit_metadata(mut status: Status) -> Status {
    while size(&status) > LIMIT
        && let Some(key) = last_key(status.metadata())
    {
        tracing::warn!(key, "metadata was removed from a status");
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

/// Shortens the message, until the status fits.
fn fit_message(status: Status) -> Status {
    let details = unpack(&status);
    let mut message = status.message();
    let mut fitted = status.clone();
    while size(&fitted) > LIMIT && message.len() > MIN_MESSAGE {
        let mut half = message.len() / 2;
        while !message.is_char_boundary(half) {
            half -= 1;
        }
        message = &message[..half];
        fitted = pack(&status, &format!("{message}…"), details.clone());
    }
    fitted
}

/// Size as trailers of HTTP/2.
fn size(status: &Status) -> usize {
    size_with(status, percent_encoded_len(status.message()))
}

/// Upper bound of the size, without a look at each byte of the message.
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
        size += header(
            "grpc-status-details-bin",
            base64_len(status.details().len()),
        );
    }
    let headers = status.metadata().as_ref();
    let headers = headers.iter();
    size + headers
        .map(|(name, value)| header(name.as_str(), value.len()))
        .sum::<usize>()
}

/// Length of a percent-encoded message: three bytes for each that is not visible ASCII.
fn percent_encoded_len(message: &str) -> usize {
    let is_plain = |byte: u8| (b' '..=b'~').contains(&byte) && byte != b'%';
    message
        .bytes()
        .map(|byte| if is_plain(byte) { 1 } else { 3 })
        .sum()
}

/// Length of bytes in base64 without padding.
fn base64_len(bytes: usize) -> usize {
    (bytes * 4).div_ceil(3)
}
