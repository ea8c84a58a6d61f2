//! Runtime of the code that `protoc-gen-rust-svc`, or `rust-svc-build` in a `build.rs`, generates.
//!
//! - [`Interceptor`]s run around every rpc of a server or a client. Generated servers and clients take them by
//!   `intercept`. [`selector`] limits one to some methods, [`InterceptorList`] is a list made at run time, and with
//!   [`NeedsContext`] the compiler checks that a server has the interceptors that its handlers need.
//! - [`Logging`], [`PanicRecovery`] and the module [`auth`] are ready-made interceptors.
//! - [`Next`] and [`ClientNext`] are the calls that the generated typed hooks of a service run around.
//! - [`Deadlines`] are the settings for how long calls may take, and [`Current`] is the call whose deadline others inherit.
//! - [`ClientCall`] is the return type of the methods of a generated client trait.
//! - [`Method`] and [`Service`] are descriptors of what proto files declare. Generated code has a constant for each rpc
//!   and each service, in the module `<service>_methods` of its package.
//! - [`Policy`] is what protos and service configs say of how a method is called: its timeout, its retries, its limits.
//! - [`include_protos!`] includes the generated module tree in a crate.
//!
//! ```
//! use rust_svc::{MethodKind, Service};
//! # mod user_service_methods {
//! #     use rust_svc::{MethodKind, __private::v1};
//! #     const NAME: &str = "user.v1.UserService";
//! #     pub const GET_USER: rust_svc::Method =
//! #         v1::method(NAME, "GetUser", "/user.v1.UserService/GetUser", MethodKind::Unary);
//! #     pub const SERVICE: rust_svc::Service = v1::service(NAME, &[GET_USER]);
//! # }
//!
//! // In a project: use proto::user::v1::user_service_methods;
//! const USERS: Service = user_service_methods::SERVICE;
//!
//! let method = USERS.method_by_path("/user.v1.UserService/GetUser").unwrap();
//! assert_eq!(*method, user_service_methods::GET_USER);
//! assert_eq!(method.kind(), MethodKind::Unary);
//! ```
//!
//! Messages, transports, compression and HTTP/2 are those of prost and tonic, so that libraries for these two work with
//! generated code.
//!
//! # Features
//!
//! - `api-key`: `auth::ApiKeys`, authentication by API key.
//! - `errors`: the module `errors` for details of a status, which generated error types need.
//! - `jwt`: `auth::Jwt`, authentication by JSON Web Token, with cryptography in pure Rust.
//! - `jwt-aws-lc-rs`: `auth::Jwt` with AWS-LC, which is used if both features are on.
//! - `server`: `Start::remote_addr`, the address of a client.
//! - `testing`: the module `testing`, which mocks and calls in process need.
//! - `tls`: `Start::peer_certs`, the certificates of a client.

mod arity;
pub mod auth;
mod client;
mod client_call;
mod clock;
mod code;
mod codec;
mod context;
mod deadline;
#[cfg(feature = "errors")]
pub mod errors;
mod hooks;
mod include;
mod interceptor;
mod limits;
mod logging;
mod metadata;
mod method;
mod needs;
mod policy;
mod received;
mod recovery;
mod server;
mod service;
#[cfg(feature = "testing")]
mod streaming;
mod sync;
#[cfg(feature = "testing")]
pub mod testing;
mod timeout;

#[doc(hidden)]
pub mod __private;

pub use client_call::ClientCall;
pub use context::{Needs, NeedsContext, Provides, RequestExt};
pub use deadline::{Current, CurrentScope, Deadlines};
pub use hooks::{Answer, ClientNext, Next, RequestStream, ResponseStream};
pub use interceptor::{
    AnyMessage, Call, Client, DynInterceptor, End, Interceptor, InterceptorList, Matcher, Message,
    Outcome, Selector, Server, Side, Start, Traffic, selector,
};
pub use logging::{CallSpan, Logging};
pub use method::{Idempotency, Method, MethodKind};
pub use policy::{Codes, HedgingPolicy, Policy, RetryPolicy, RetryThrottling};
pub use recovery::PanicRecovery;
pub use service::Service;
