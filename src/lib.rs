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
pub use diagnostics::{Diagnostic, Error, Place, Severity};
pub use folder::{Change, Changes, Folder};
pub use input::{Input, embedded_protos};
pub use options::{DescriptorSet, Imports, Messages, OptionDoc, Options, Stubs};
pub use output::{Files, HEADER};
pub use plugin::{Response, respond};

/// What a run makes.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Generated {
    /// The files to write.
    pub files: Files,
    /// What may surprise about them.
    pub warnings: Vec<Diagnostic>,
}

/// Generates code: the pure function that all ways to use this crate come down to.
///
/// It reads no file, no clock and no environment. The stages are those of the data: what is to be
/// generated and what it is called ([`model`](Input) is built, which is where a user's mistakes are
/// found), then text.
///
/// # Errors
///
/// Everything that is wrong with the input or does not fit the options, not only the first thing.
pub fn generate(input: &Input, options: &Options) -> Result<Generated, Error> {
    let mut model = model::build(input, options)?;
    // What the model says of an import says more than that it is not used.
    let told: Vec<_> = model.warnings.iter().map(Diagnostic::place).collect();
    let own = input.warnings.iter();
    let own = own.filter(|warning| warning.place().is_none() || !told.contains(&warning.place()));
    let mut warnings: Vec<_> = own.cloned().collect();
    warnings.append(&mut model.warnings);
    let files = emit::emit(model, options)?;
    Ok(Generated { files, warnings })
}
