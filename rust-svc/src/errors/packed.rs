//! Messages packed in `google.protobuf.Any` and in `google.rpc.Status`.

use prost::Message;
use prost_types::Any;
use tonic::codegen::Bytes;
use tonic::{Code, Status};
use tonic_types::pb;

/// Prefix of type URLs, as the libraries of gRPC write it.
const TYPE_URL_PREFIX: &str = "type.googleapis.com/";

/// Packs a message.
pub(super) fn packed(type_name: &str, message: &impl Message) -> Any {
    Any {
        type_url: [TYPE_URL_PREFIX, type_name].concat(),
        value: message.encode_to_vec(),
    }
}

/// Name of the type: the part of the type URL after its last slash.
pub(super) fn type_name(any: &Any) -> &str {
    match any.type_url.rsplit_once('/') {
        Some((_, name)) => name,
        None => &any.type_url,
    }
}

/// Whether a detail has this type.
pub(super) fn is_of_type(any: &Any, name: &str) -> bool {
    type_name(any) == name
}

/// Details of a status. Empty if the bytes are not a `google.rpc.Status`.
pub(super) fn unpack(status: &Status) -> Vec<Any> {
    let unpacked = pb::Status::decode(status.details());
    unpacked
        .map(|unpacked| unpacked.details)
        .unwrap_or_default()
}

/// Status with other details and another message.
pub(super) fn pack(status: &Status, message: &str, details: Vec<Any>) -> Status {
    let details = encoded(status.code(), message, details);
    let metadata = status.metadata().clone();
    Status::with_details_and_metadata(status.code(), message, details, metadata)
}

/// Value of `grpc-status-details-bin`. Empty without details.
pub(super) fn encoded(code: Code, message: &str, details: Vec<Any>) -> Bytes {
    if details.is_empty() {
        return Bytes::new();
    }
    let status = pb::Status {
        code: code as i32,
        message: message.to_owned(),
        details,
    };
    status.encode_to_vec().into()
}
