//! The user service of the gRPC guide, in memory.
//!
//! [`proto`] is what was generated, [`Users`] is what was written by hand, and [`server`] puts
//! them together with reflection.

use tonic::transport::server::{Router, Server};
use tonic_reflection::server::{Builder, Error};

use crate::proto::user::v1::user_service_server::UserServiceServer;

#[allow(missing_docs, reason = "a proto package has no comment")]
pub mod proto {
    rust_svc::include_protos!();
}

mod users;

pub use users::Users;

/// A server with an empty [`Users`], and with reflection, so that tools such as grpcurl can call it
/// without the proto file.
///
/// # Errors
///
/// Reflection refuses a broken descriptor set, which generated code does not have.
pub fn server() -> Result<Router, Error> {
    let reflection = Builder::configure()
        .register_encoded_file_descriptor_set(proto::FILE_DESCRIPTOR_SET)
        .build_v1()?;
    let users = UserServiceServer::new(Users::default());
    Ok(Server::builder().add_service(reflection).add_service(users))
}
