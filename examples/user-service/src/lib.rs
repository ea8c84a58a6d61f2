//! The user service of the gRPC guide, in memory.
//!
//! [`proto`] is what was generated, [`Users`] is what was written by hand, [`Logging`], [`Tokens`] and
//! [`Bearer`] are interceptors, and [`server`] puts them together with reflection.

use tonic::transport::server::{Router, Server};
use tonic_reflection::server::{Builder, Error};

use crate::proto::user::v1::user_service_server::UserServiceServer;

#[allow(missing_docs, reason = "a proto package has no comment")]
pub mod proto {
    rust_svc::include_protos!();
}

mod auth;
mod logging;
mod users;

pub use auth::{Bearer, Caller, Tokens};
pub use logging::Logging;
pub use users::Users;

/// A server with an empty [`Users`] for those who have one of the tokens, and with reflection for all,
/// so that tools such as grpcurl can call it without the proto file.
///
/// # Errors
///
/// Reflection refuses a broken descriptor set, which generated code does not have.
pub fn server(logging: Logging, tokens: Tokens) -> Result<Router, Error> {
    let reflection = Builder::configure()
        .register_encoded_file_descriptor_set(proto::FILE_DESCRIPTOR_SET)
        .build_v1()?;
    // The first is outermost: refused calls are logged as well.
    let users = UserServiceServer::with_context(Users::default()).intercept((logging, tokens));
    Ok(Server::builder().add_service(reflection).add_service(users))
}

/// The code of a page of documentation, which is compiled with that of this crate.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/interceptors.md")]
struct Interceptors;
