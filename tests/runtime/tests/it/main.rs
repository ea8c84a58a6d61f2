//! What generated code does when it runs, in one binary.

mod around;
mod context;
mod echo;
mod hooks;
mod interceptors;
mod recorder;
mod same_as_tonic;
mod typed_hooks;
