//! The user service of the gRPC guide, in memory.
//!
//! [`proto`] is what was generated, [`Users`] is what was written by hand, [`authentication`] says who
//! may call, and [`server`] puts them together with reflection.

use std::error::Error;

use rust_svc::auth::{Authentication, Jwt, KeyError};
use rust_svc::{Logging, PanicRecovery};
use tonic::transport::server::{Router, Server};
use tonic_reflection::server::Builder;

use crate::proto::user::v1::user_service_server::UserServiceServer;

#[allow(missing_docs, reason = "a proto package has no comment")]
pub mod proto {
    rust_svc::include_protos!();
}

/// The service config of clients in other languages: what the proto says of timeouts and retries, as JSON.
pub const SERVICE_CONFIG: &str = include_str!(concat!(env!("OUT_DIR"), "/service_config.json"));

mod auth;
mod users;

pub use auth::{Caller, authentication, token};
pub use users::Users;

/// The secret of those who only want to try this.
pub const ONLY_TO_TRY: &str = "only to try, and for nothing that is of use";

/// The interceptors around each call. The first is outermost, so that refused calls are logged as well.
pub type Interceptors = (Logging, PanicRecovery, Authentication<Jwt<Caller>>);

/// The service, with an empty [`Users`], for those who have a token that was signed with the secret.
///
/// # Errors
///
/// A secret of less than 32 bytes.
pub fn service(secret: &[u8]) -> Result<UserServiceServer<Users, Interceptors>, KeyError> {
    let interceptors = (Logging::new(), PanicRecovery, authentication(secret)?);
    Ok(UserServiceServer::with_context(Users::default()).intercept(interceptors))
}

/// A server with the [`service`], and with reflection for all, so that tools such as grpcurl can call
/// it without the proto file.
///
/// # Errors
///
/// A secret of less than 32 bytes. Reflection refuses a broken descriptor set, which generated code
/// does not have.
pub fn server(secret: &[u8]) -> Result<Router, Box<dyn Error + Send + Sync>> {
    let reflection = Builder::configure()
        .register_encoded_file_descriptor_set(proto::FILE_DESCRIPTOR_SET)
        .build_v1()?;
    Ok(Server::builder()
        .add_service(reflection)
        .add_service(service(secret)?))
}

/// The code of pages of documentation, which is compiled with that of this crate.
#[cfg(doctest)]
mod pages {
    #[doc = include_str!("../../../docs/errors.md")]
    struct Errors;
    #[doc = include_str!("../../../docs/interceptors.md")]
    struct Interceptors;
    #[doc = include_str!("../../../docs/deadlines.md")]
    struct Deadlines;
    #[doc = include_str!("../../../docs/policies.md")]
    struct Policies;
    #[doc = include_str!("../../../docs/testing.md")]
    struct Testing;
}
