//! The protocol of protoc plugins: a request in, a response out.

use prost::Message as _;
use prost_types::compiler::{CodeGeneratorResponse, code_generator_response};

use crate::diagnostics::{Diagnostic, Error};
use crate::input::Input;
use crate::options::Options;
use crate::{Generated, generate, wire};

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
    /// `FEATURE_SUPPORTS_EDITIONS`, which prost-types does not know.
    const EDITIONS: u64 = 2;
    let features = code_generator_response::Feature::Proto3Optional as u64 | EDITIONS;
    let mut response = CodeGeneratorResponse {
        supported_features: Some(features),
        ..Default::default()
    };
    let mut warnings = Vec::new();
    match generated {
        Ok((generated, options)) => {
            response.file = files(&generated, &options);
            warnings = generated.warnings;
        }
        Err(error) => response.error = Some(error.to_lines()),
    }
    let mut bytes = response.encode_to_vec();
    let (first, last) = rust_svc_compiler::edition::SUPPORTED;
    // `minimum_edition` and `maximum_edition`, which it does not know either.
    wire::put_varint(3, first as u64, &mut bytes);
    wire::put_varint(4, last as u64, &mut bytes);
    Ok(Response { bytes, warnings })
}

fn files(generated: &Generated, options: &Options) -> Vec<code_generator_response::File> {
    let folder = options.out_folder();
    let file = |(path, content): (&str, &str)| code_generator_response::File {
        name: Some(format!("{folder}{path}")),
        content: Some(content.to_owned()),
        ..Default::default()
    };
    generated.files.iter().map(file).collect()
}
