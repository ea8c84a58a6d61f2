//! The service that the README starts with: a server and a client in `src/bin`, in twenty lines each.
//!
//! `cargo run --bin hello-server`, and in a second terminal `cargo run --bin hello-client`.

/// The code of pages of documentation, which is compiled with this crate.
#[cfg(doctest)]
mod pages {
    #[doc = include_str!("../../../docs/authentication.md")]
    struct Authentication;
    #[doc = include_str!("../../../docs/migrating.md")]
    struct Migrating;
    #[doc = include_str!("../../../README.md")]
    struct Readme;
    #[doc = include_str!("../../../docs/serving.md")]
    struct Serving;
}
