//! `protoc-gen-rust-svc`: a plugin of protoc and buf, and the same as a command.
//!
//! Without arguments it is the plugin: a request on standard input, a response on standard output.

use std::process::ExitCode;

mod args;
mod command;
mod plugin;
mod progress;

fn main() -> ExitCode {
    match args::parse() {
        None => plugin::run(),
        Some(args::Command::Compile(compile)) => command::compile(&compile),
        Some(args::Command::Protos(protos)) => command::protos(&protos),
    }
}
