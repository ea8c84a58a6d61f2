//! Messages without `Debug`, which interceptors want to print.

use std::collections::BTreeSet;

use super::select::Selection;
use crate::descriptor::File;
use crate::diagnostics::Diagnostic;
use crate::input::Input;
use crate::options::{Options, Stubs};
use crate::pattern;

/// A warning for each message that `skip_debug` leaves without `Debug` and that an rpc of ours takes
/// or gives.
pub(super) fn warnings(input: &Input, options: &Options, selection: &Selection) -> Vec<Diagnostic> {
    if options.skip_debug.0.is_empty() || options.effective_stubs() != Stubs::Svc {
        return Vec::new();
    }
    let mut seen = BTreeSet::new();
    let mut warnings = Vec::new();
    for (file, path, types) in input.files.iter().flat_map(|file| rpcs(file, selection)) {
        let bare = types.into_iter();
        for name in bare.filter(|name| pattern::any(&options.skip_debug.0, name)) {
            if seen.insert(name) {
                warnings.push(warning(name).at(input.sources.place(file, &path), "used here"));
            }
        }
    }
    warnings
}

fn warning(name: &str) -> Diagnostic {
    let name = name.trim_start_matches('.');
    let message = format!("`{name}` has no `Debug`, which interceptors may print messages with");
    Diagnostic::warning(message).help("implement it by hand, or generate with `stubs=tonic`")
}

/// The selected rpcs of a file: where each is, what it takes and what it gives.
fn rpcs<'a>(
    file: &'a File,
    selection: &'a Selection,
) -> impl Iterator<Item = (&'a File, [i32; 4], [&'a str; 2])> {
    let services = file.service.iter().zip(0..);
    let services = services.filter(|(service, _)| {
        let name = file.full_name(&service.name);
        selection.services.contains(&name)
    });
    services.flat_map(move |(service, index)| {
        let rpcs = service.method.iter().zip(0..);
        rpcs.map(move |(rpc, position)| {
            let types = [rpc.input_type.as_str(), rpc.output_type.as_str()];
            (file, [6, index, 2, position], types)
        })
    })
}
