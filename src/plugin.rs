//! The protocol of protoc plugins: a request in, a response out.

use crate::diagnostics::{Diagnostic, Error};
use crate::generate::{Generated, generate};
use crate::input::Input;
use crate::options::Options;
use crate::wire;

/// The answer of a plugin.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Response {
    /// The encoded `google.protobuf.compiler.CodeGeneratorResponse`, for standard output.
    pub bytes: Vec<u8>,
    /// Warnings for standard error, which protoc and buf pass on.
    pub warnings: Vec<Diagnostic>,
}

/// Answers the encoded `CodeGeneratorRequest` of protoc or buf.
///
/// Mistakes of the user are in the response, as the protocol wants it, with file, line and column.
///
/// # Errors
///
/// A request that is none: for standard error and an exit status other than 0.
pub fn respond(request: &[u8]) -> Result<Response, Error> {
    let (parameter, input) = Input::read_request(request)?;
    // Errors of the options and of the input are reported together.
    let options = Options::parse(parameter.as_deref().unwrap_or_default());
    let generated = match (options, input) {
        (Ok(options), Ok(input)) => generate(&input, &options).map(|made| (made, options)),
        (Err(mut problems), Err(more)) => {
            problems.append(more);
            Err(problems)
        }
        (Err(problems), _) | (_, Err(problems)) => Err(problems),
    };
    let mut bytes = Vec::new();
    let mut warnings = Vec::new();
    // The fields of `google.protobuf.compiler.CodeGeneratorResponse` by number: `error`, `supported_features`,
    // `minimum_edition`, `maximum_edition` and `file`.
    if let Err(error) = &generated {
        wire::put_delimited(1, error.to_lines().as_bytes(), &mut bytes);
    }
    wire::put_varint(2, PROTO3_OPTIONAL | SUPPORTS_EDITIONS, &mut bytes);
    let (first, last) = rust_svc_compiler::edition::SUPPORTED;
    wire::put_varint(3, first as u64, &mut bytes);
    wire::put_varint(4, last as u64, &mut bytes);
    if let Ok((generated, options)) = generated {
        put_files(&generated, &options, &mut bytes);
        warnings = generated.warnings;
    }
    Ok(Response { bytes, warnings })
}

/// `FEATURE_PROTO3_OPTIONAL` of `CodeGeneratorResponse.Feature`.
const PROTO3_OPTIONAL: u64 = 1;

/// `FEATURE_SUPPORTS_EDITIONS` of `CodeGeneratorResponse.Feature`.
const SUPPORTS_EDITIONS: u64 = 2;

fn put_files(generated: &Generated, options: &Options, bytes: &mut Vec<u8>) {
    let folder = options.out_folder();
    for (path, content) in generated.files.iter() {
        let mut file = Vec::with_capacity(content.len() + 64);
        wire::put_delimited(1, format!("{folder}{path}").as_bytes(), &mut file);
        wire::put_delimited(15, content.as_bytes(), &mut file);
        wire::put_delimited(15, &file, bytes);
    }
}
