//! The stages of a run, in their order.

use crate::diagnostics::{Diagnostic, Error};
use crate::input::Input;
use crate::options::Options;
use crate::output::Files;
use crate::{emit, model};

/// The result of a run.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Generated {
    /// The files to write.
    pub files: Files,
    /// Warnings about the protos, the options and the files.
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
    // The model's warning about an import says more than the compiler's, that it is not used.
    let told: Vec<_> = model.warnings.iter().map(Diagnostic::place).collect();
    let own = input.warnings.iter();
    let own = own.filter(|warning| warning.place().is_none() || !told.contains(&warning.place()));
    let mut warnings: Vec<_> = own.cloned().collect();
    warnings.append(&mut model.warnings);
    let files = emit::emit(model, options)?;
    Ok(Generated { files, warnings })
}
