//! The plugin: standard input to standard output.

use std::io::{IsTerminal as _, Read as _, Write as _, stderr, stdin, stdout};
use std::process::ExitCode;

/// Answers one request.
pub(crate) fn run() -> ExitCode {
    if stdin().is_terminal() {
        eprintln!(
            "protoc-gen-rust-svc generates gRPC services in Rust from proto files.\n\
             It is started by protoc or buf, which write a request to its standard input.\n\
             To use it by hand: protoc-gen-rust-svc compile -I DIR --out DIR FILE_OR_FOLDER...\n\
             More: protoc-gen-rust-svc --help"
        );
        return ExitCode::FAILURE;
    }
    match answer() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // The reader may be gone: nothing is left to be told to anybody.
            let _ = writeln!(stderr(), "protoc-gen-rust-svc: {error}");
            ExitCode::FAILURE
        }
    }
}

fn answer() -> Result<(), Box<dyn std::error::Error>> {
    let mut request = Vec::new();
    stdin()
        .read_to_end(&mut request)
        .map_err(|error| format!("cannot read the request on standard input: {error}"))?;
    let response = rust_svc_build::respond(&request)?;
    for warning in &response.warnings {
        let _ = writeln!(stderr(), "warning: {}", warning.to_line());
    }
    let mut out = stdout();
    out.write_all(&response.bytes)
        .and_then(|()| out.flush())
        .map_err(|error| format!("cannot write the response to standard output: {error}"))?;
    Ok(())
}
