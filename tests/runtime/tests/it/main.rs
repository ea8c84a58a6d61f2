//! What generated code does when it runs, in one binary.

mod echo;
mod hooks;
mod recorder;
