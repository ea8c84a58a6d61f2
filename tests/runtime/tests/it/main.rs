//! What generated code does when it runs, in one binary.

mod api;
mod arbitrary;
mod around;
mod auth;
mod by_prost;
mod by_upb;
mod captured;
mod context;
mod echo;
mod editions;
mod errors;
mod hooks;
mod in_process;
mod interceptors;
mod kit;
mod logging;
mod mock;
mod peers;
mod recorder;
mod recovery;
mod same_as_tonic;
mod specified;
mod statuses;
mod suite;
mod typed_errors;
mod typed_hooks;
