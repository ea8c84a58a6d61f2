//! Generates a gRPC service in Rust from a proto tree: prost messages, tonic clients and servers,
//! method descriptors. No `protoc` is needed.
//!
//! This is the engine, and the helper for `build.rs`:
//!
//! ```no_run
//! // build.rs
//! fn main() -> Result<(), rust_svc_build::Error> {
//!     rust_svc_build::configure().compile(&["proto/user/v1/user_service.proto"], &["proto"])
//! }
//! ```
//!
//! ```text
//! // src/main.rs
//! mod proto {
//!     rust_svc::include_protos!();
//! }
//! use proto::user::v1::user_service_server::{UserService, UserServiceServer};
//! ```
//!
//! # Features
//!
//! All are off by default.
//!
//! - `prost-build`: the option `messages = prost`.
//! - `tonic-build`: the option `stubs = tonic`, and clients and servers with `runtime = false`.
//! - `prost-types`: `compile_fds`, which takes descriptors of that crate.
//!
//! The binary `protoc-gen-rust-svc` is the same engine as a plugin of protoc and buf, and as a
//! command. All write the same bytes for the same protos and options.

mod builder;
mod components;
mod descriptor;
mod diagnostics;
mod emit;
mod fnv;
mod folder;
mod generate;
mod input;
mod model;
mod options;
mod output;
mod pattern;
mod plugin;
mod symbols;
mod text;
mod watch;
mod wire;

#[cfg(feature = "prost-types")]
pub use builder::compile_fds;
pub use builder::{Builder, compile_protos, configure};
pub use diagnostics::{Diagnostic, Error, Label, Place, Severity};
pub use folder::{Change, Changes, Folder};
pub use generate::{Generated, generate};
pub use input::{Input, embedded_protos};
pub use options::{DescriptorSet, Imports, Messages, OptionDoc, Options, Stubs};
pub use output::{Files, HEADER};
pub use plugin::{Response, respond};
