//! What generated code does when it runs, in one binary.

mod context;
mod echo;
mod hooks;
mod interceptors;
mod recorder;
mod typed_hooks;
