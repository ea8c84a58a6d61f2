//! What generated code calls, and nobody else.
//!
//! Checked-in code may be older than the runtime that it is built with. So what stands in a
//! version stays as it is: functions are added, never changed, and a new shape is a new version
//! beside the old one.

/// What code from generators 0.1 on calls.
pub mod v1 {
    pub use crate::__needs as needs;
    pub use crate::arity::{Many, One, RequestArity, ResponseArity};
    pub use crate::client::{
        ClientCore, ClientRpc, MessageCodec, SharedCodec, SharedCore, SharedTransport, Transport,
        Wire, Wired, boxed,
    };
    pub use crate::context::{Admits, Here, In, Needs, Supplies};
    #[cfg(feature = "errors")]
    use crate::errors::ErrorKind;
    #[cfg(feature = "errors")]
    pub use crate::errors::typed::{ErrorReader, ErrorWriter, Shown, message};
    pub use crate::hooks::Answer;
    pub use crate::interceptor::{BoxStart, BoxState};
    #[cfg(feature = "testing")]
    pub use crate::server::in_process;
    pub use crate::server::{
        Handler, Hook, HttpAnswer, HttpResponse, RequestBody, Rpc, ServerCore, not_implemented,
        serve, unimplemented,
    };
    #[cfg(feature = "testing")]
    pub use crate::testing::{Mock, MockMethod};
    pub use crate::{
        Client, ClientCall, ClientNext, Idempotency, Interceptor, Method, MethodKind, NeedsContext,
        Next, RequestStream, ResponseStream, Server, Service,
    };

    /// What methods return, of either side.
    pub type Result<T> = std::result::Result<tonic::Response<T>, tonic::Status>;

    /// A method with nothing but what every method has; the functions below add the rest.
    #[must_use]
    pub const fn method(
        service: &'static str,
        name: &'static str,
        path: &'static str,
        kind: MethodKind,
    ) -> Method {
        Method::new(service, name, path, kind)
    }

    /// Declares its `idempotency_level`.
    #[must_use]
    pub const fn idempotency(method: Method, level: Idempotency) -> Method {
        method.with_idempotency(level)
    }

    /// Marks it as deprecated.
    #[must_use]
    pub const fn deprecated(method: Method) -> Method {
        method.with_deprecated()
    }

    /// Adds its encoded `google.protobuf.MethodOptions`.
    #[must_use]
    pub const fn options(method: Method, raw: &'static [u8]) -> Method {
        method.with_options(raw)
    }

    /// A service and its methods, in the order of the proto file.
    #[must_use]
    pub const fn service(name: &'static str, methods: &'static [Method]) -> Service {
        Service::new(name, methods)
    }

    /// An error of a catalogue; the functions below add what not every one has.
    #[cfg(feature = "errors")]
    #[must_use]
    pub const fn error(domain: &'static str, reason: &'static str, code: tonic::Code) -> ErrorKind {
        ErrorKind::new(domain, reason, code)
    }

    /// The call can be sent again.
    #[cfg(feature = "errors")]
    #[must_use]
    pub const fn retryable(kind: ErrorKind) -> ErrorKind {
        kind.with_retry(None)
    }

    /// The call can be sent again after this time.
    #[cfg(feature = "errors")]
    #[must_use]
    pub const fn retryable_after(kind: ErrorKind, seconds: u64, nanos: u32) -> ErrorKind {
        kind.with_retry(Some(std::time::Duration::new(seconds, nanos)))
    }

    /// A page that helps.
    #[cfg(feature = "errors")]
    #[must_use]
    pub const fn help(kind: ErrorKind, description: &'static str, url: &'static str) -> ErrorKind {
        kind.with_help(description, url)
    }
}
