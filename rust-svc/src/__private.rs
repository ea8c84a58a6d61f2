//! Interface of generated code. It is not for other code.
//!
//! Checked-in code may be older than the runtime. Once released, a version does not change, except that functions are
//! added: other changes make a new version beside it.

/// Interface of code by generators from 0.1 on.
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
        Client, ClientCall, ClientNext, Deadlines, Idempotency, Interceptor, Method, MethodKind,
        NeedsContext, Next, RequestStream, ResponseStream, Server, Service,
    };
    use crate::{Codes, HedgingPolicy, Policy, RetryPolicy, RetryThrottling};

    use std::time::Duration;
    pub use tonic::Code;

    /// Result of a method, on both sides.
    pub type Result<T> = std::result::Result<tonic::Response<T>, tonic::Status>;

    /// Descriptor of a method. The functions below add optional parts.
    #[must_use]
    pub const fn method(
        service: &'static str,
        name: &'static str,
        path: &'static str,
        kind: MethodKind,
    ) -> Method {
        Method::new(service, name, path, kind)
    }

    /// Sets its `idempotency_level`.
    #[must_use]
    pub const fn idempotency(method: Method, level: Idempotency) -> Method {
        method.with_idempotency(level)
    }

    /// Marks it as deprecated.
    #[must_use]
    pub const fn deprecated(method: Method) -> Method {
        method.with_deprecated()
    }

    /// Sets its encoded `google.protobuf.MethodOptions`.
    #[must_use]
    pub const fn options(method: Method, raw: &'static [u8]) -> Method {
        method.with_options(raw)
    }

    /// Descriptor of a service and its methods, in the order of the proto file.
    #[must_use]
    pub const fn service(name: &'static str, methods: &'static [Method]) -> Service {
        Service::new(name, methods)
    }

    /// Sets its policy.
    #[must_use]
    pub const fn policy(method: Method, policy: &'static Policy) -> Method {
        method.with_policy(policy)
    }

    /// Sets its throttling. The ratio is times 1000.
    #[must_use]
    pub const fn retry_throttling(
        service: Service,
        max_tokens: u32,
        token_ratio_thousandths: u32,
    ) -> Service {
        service.with_retry_throttling(RetryThrottling::new(max_tokens, token_ratio_thousandths))
    }

    /// Policy that says nothing. The functions below add parts.
    #[must_use]
    pub const fn no_policy() -> Policy {
        Policy::NONE
    }

    /// Sets its timeout.
    #[must_use]
    pub const fn timeout(policy: Policy, timeout: Duration) -> Policy {
        policy.with_timeout(timeout)
    }

    /// Sets its retry policy.
    #[must_use]
    pub const fn retry(policy: Policy, retry: RetryPolicy) -> Policy {
        policy.with_retry(retry)
    }

    /// Sets its hedging policy.
    #[must_use]
    pub const fn hedging(policy: Policy, hedging: HedgingPolicy) -> Policy {
        policy.with_hedging(hedging)
    }

    /// Lets calls wait for a connection.
    #[must_use]
    pub const fn wait_for_ready(policy: Policy) -> Policy {
        policy.with_wait_for_ready(Some(true))
    }

    /// Lets calls fail where there is no connection.
    #[must_use]
    pub const fn fail_fast(policy: Policy) -> Policy {
        policy.with_wait_for_ready(Some(false))
    }

    /// Sets the largest request.
    #[must_use]
    pub const fn max_request_bytes(policy: Policy, bytes: u32) -> Policy {
        policy.with_max_request_bytes(bytes)
    }

    /// Sets the largest response.
    #[must_use]
    pub const fn max_response_bytes(policy: Policy, bytes: u32) -> Policy {
        policy.with_max_response_bytes(bytes)
    }

    /// Retry policy. [`backoff`] adds its delays.
    #[must_use]
    pub const fn retry_policy(max_attempts: u32, codes: Codes) -> RetryPolicy {
        RetryPolicy::new(max_attempts, codes)
    }

    /// Sets the delays of a retry policy.
    #[must_use]
    pub const fn backoff(
        policy: RetryPolicy,
        initial: Duration,
        max: Duration,
        multiplier: f32,
    ) -> RetryPolicy {
        policy.with_backoff(initial, max, multiplier)
    }

    /// Hedging policy.
    #[must_use]
    pub const fn hedging_policy(
        max_attempts: u32,
        non_fatal_codes: Codes,
        delay: Duration,
    ) -> HedgingPolicy {
        HedgingPolicy::new(max_attempts, non_fatal_codes, delay)
    }

    /// Set of codes.
    #[must_use]
    pub const fn codes(codes: &[Code]) -> Codes {
        Codes::new(codes)
    }

    /// Seconds and nanoseconds.
    #[must_use]
    pub const fn duration(seconds: u64, nanos: u32) -> Duration {
        Duration::new(seconds, nanos)
    }

    /// Descriptor of an error. The functions below add optional parts.
    #[cfg(feature = "errors")]
    #[must_use]
    pub const fn error(domain: &'static str, reason: &'static str, code: tonic::Code) -> ErrorKind {
        ErrorKind::new(domain, reason, code)
    }

    /// Marks it as retryable.
    #[cfg(feature = "errors")]
    #[must_use]
    pub const fn retryable(kind: ErrorKind) -> ErrorKind {
        kind.with_retry(None)
    }

    /// Marks it as retryable after this delay.
    #[cfg(feature = "errors")]
    #[must_use]
    pub const fn retryable_after(kind: ErrorKind, seconds: u64, nanos: u32) -> ErrorKind {
        kind.with_retry(Some(std::time::Duration::new(seconds, nanos)))
    }

    /// Sets its help page.
    #[cfg(feature = "errors")]
    #[must_use]
    pub const fn help(kind: ErrorKind, description: &'static str, url: &'static str) -> ErrorKind {
        kind.with_help(description, url)
    }
}
