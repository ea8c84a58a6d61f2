//! Details of a status.

use prost::Message;
use prost_types::Any;
use tonic::Status;
use tonic_types::pb;

use super::limit;
use super::packed::{is_of_type, pack, packed, type_name, unpack};

/// Message that can be a detail of a status, such as those of `google.rpc`.
///
/// ```
/// use rust_svc::errors::Detail;
/// # type Quota = String; // some message
/// # struct Mine(Quota);
///
/// /// For a message of your own: `impl Detail for Quota { .. }`.
/// # trait Own {
/// const TYPE_NAME: &'static str = "shop.v1.Quota";
/// # }
/// ```
pub trait Detail: Message + Default {
    /// Full name of the message in proto, such as `google.rpc.BadRequest`.
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

/// Details of a [`Status`], which are in `grpc-status-details-bin`: the richer error model of gRPC.
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
    /// First detail of this type that can be decoded.
    fn detail<D: Detail>(&self) -> Option<D>;

    /// All details, also of unknown types. Empty if the bytes are not a `google.rpc.Status`.
    fn details_as_any(&self) -> Vec<Any>;

    /// Adds a detail, or replaces the detail of the same type: a status has at most one of each type.
    ///
    /// Replaces bytes that are not a `google.rpc.Status`, and drops the source of the status
    /// ([`std::error::Error::source`]).
    #[must_use]
    fn with_detail<D: Detail>(self, detail: D) -> Self;

    /// Adds a detail that is packed in an `Any`.
    #[must_use]
    fn with_any_detail(self, detail: Any) -> Self;

    /// Shortens the status to 8 KiB of headers, the default limit of many clients, servers and proxies. A larger status
    /// breaks the connection.
    ///
    /// Removes the last details first, except `google.rpc.ErrorInfo`, then the last metadata, then the end of the message,
    /// and at last the `ErrorInfo`. A `google.rpc.BadRequest` loses its last violations before it is removed, also in
    /// trailers that repeat it as JSON; a violation without a field then states how many are missing. The code and the
    /// beginning of the message stay. Each removal is logged at WARN, by type or key.
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

mod sealed {
    pub trait Sealed {}
    impl Sealed for tonic::Status {}
}
