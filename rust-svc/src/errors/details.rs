//! Details of a status: any messages, packed into `google.rpc.Status`.

use prost::Message;
use prost_types::Any;
use tonic::codegen::Bytes;
use tonic::{Code, Status};
use tonic_types::pb;

use super::limit;

/// What the type URLs begin with of those that gRPC's own libraries write.
const DOMAIN: &str = "type.googleapis.com/";

/// A message that can be a detail of a status: those of `google.rpc` are.
///
/// ```
/// use rust_svc::errors::Detail;
/// # type Quota = String; // some message
/// # struct Mine(Quota);
///
/// /// For one of your own: `impl Detail for Quota { .. }`.
/// # trait Own {
/// const TYPE_NAME: &'static str = "shop.v1.Quota";
/// # }
/// ```
pub trait Detail: Message + Default {
    /// The full name of the message in proto, such as `google.rpc.BadRequest`.
    const TYPE_NAME: &'static str;
}

macro_rules! details {
    ($($name:ident)*) => {$(
        impl Detail for pb::$name {
            const TYPE_NAME: &'static str = concat!("google.rpc.", stringify!($name));
        }
    )*};
}

details! {
    BadRequest DebugInfo ErrorInfo Help LocalizedMessage PreconditionFailure QuotaFailure RequestInfo
    ResourceInfo RetryInfo
}

/// Details of a [`Status`]: the richer error model of gRPC, whose bytes are in `grpc-status-details-bin`.
///
/// ```
/// use rust_svc::errors::{StatusExt, pb};
/// use tonic::Status;
///
/// let status = Status::not_found("there is no such user").with_detail(pb::ResourceInfo {
///     resource_type: "user".to_owned(),
///     resource_name: "users/7".to_owned(),
///     ..Default::default()
/// });
/// let resource: pb::ResourceInfo = status.detail().unwrap();
/// assert_eq!(resource.resource_name, "users/7");
/// ```
pub trait StatusExt: sealed::Sealed + Sized {
    /// The first detail of this type that can be read.
    fn detail<D: Detail>(&self) -> Option<D>;

    /// All details as they came, those of types that nobody here knows included; none where the bytes
    /// are no `google.rpc.Status`.
    fn details_as_any(&self) -> Vec<Any>;

    /// Adds a detail, in place of one of the same type: a status has at most one of each, so that
    /// clients can ask for it by type. What else is there stays as it is.
    ///
    /// Bytes that are no `google.rpc.Status` are replaced. An error that the status was made of
    /// ([`std::error::Error::source`]) is not kept.
    #[must_use]
    fn with_detail<D: Detail>(self, detail: D) -> Self;

    /// Adds a detail that is packed already, of any type.
    #[must_use]
    fn with_any_detail(self, detail: Any) -> Self;

    /// Takes away what does not fit into 8 KiB of header, which is as much as clients, servers and proxies
    /// can be expected to take: a status that is larger comes as a broken connection.
    ///
    /// The last details go first, but for `google.rpc.ErrorInfo`, then the last metadata, the end of the
    /// message, and at the very last the `ErrorInfo`. A `google.rpc.BadRequest` loses its last violations
    /// before it goes itself, also in trailers that repeat it as JSON: its last violation is then one without
    /// a field, which says how many are missing. The code and the beginning of the message stay. The log
    /// names what is taken away, at WARN, by type and key.
    #[must_use]
    fn fitting(self) -> Self;
}

impl StatusExt for Status {
    fn detail<D: Detail>(&self) -> Option<D> {
        let details = unpack(self).into_iter();
        let mut of_type = details.filter(|any| is_of_type(any, D::TYPE_NAME));
        of_type.find_map(|any| D::decode(any.value.as_slice()).ok())
    }

    fn details_as_any(&self) -> Vec<Any> {
        unpack(self)
    }

    fn with_detail<D: Detail>(self, detail: D) -> Self {
        self.with_any_detail(packed(D::TYPE_NAME, &detail))
    }

    fn with_any_detail(self, detail: Any) -> Self {
        let mut details = unpack(&self);
        let name = type_name(&detail);
        match details.iter_mut().find(|any| is_of_type(any, name)) {
            Some(known) => *known = detail,
            None => details.push(detail),
        }
        pack(&self, self.message(), details)
    }

    fn fitting(self) -> Self {
        limit::fit(self)
    }
}

/// A message as a detail.
pub(super) fn packed(type_name: &str, message: &impl Message) -> Any {
    Any {
        type_url: [DOMAIN, type_name].concat(),
        value: message.encode_to_vec(),
    }
}

/// The part of a type URL behind its last slash.
pub(super) fn type_name(any: &Any) -> &str {
    match any.type_url.rsplit_once('/') {
        Some((_, name)) => name,
        None => &any.type_url,
    }
}

pub(super) fn is_of_type(any: &Any, name: &str) -> bool {
    type_name(any) == name
}

pub(super) fn unpack(status: &Status) -> Vec<Any> {
    let unpacked = pb::Status::decode(status.details());
    unpacked
        .map(|unpacked| unpacked.details)
        .unwrap_or_default()
}

/// A status with other details. The code and the message in them agree with its own.
pub(super) fn pack(status: &Status, message: &str, details: Vec<Any>) -> Status {
    let details = encoded(status.code(), message, details);
    let metadata = status.metadata().clone();
    Status::with_details_and_metadata(status.code(), message, details, metadata)
}

/// What `grpc-status-details-bin` has; nothing without details.
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

mod sealed {
    pub trait Sealed {}
    impl Sealed for tonic::Status {}
}
