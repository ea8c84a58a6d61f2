//! Messages without `Debug`, which interceptors want to print, and errors.

use std::collections::BTreeSet;

use super::errors::Catalog;
use super::select::Selection;
use crate::descriptor::File;
use crate::diagnostics::Diagnostic;
use crate::input::Input;
use crate::options::{Options, Stubs};
use crate::pattern;

/// A warning for each message that `skip_debug` leaves without `Debug` and that an rpc of ours takes
/// or gives, or an error has as a detail.
pub(super) fn warnings(
    input: &Input,
    options: &Options,
    selection: &Selection,
    catalog: &Catalog,
) -> Vec<Diagnostic> {
    if options.skip_debug.0.is_empty() {
        return Vec::new();
    }
    let is_bare = |name: &str| pattern::any(&options.skip_debug.0, name);
    let mut seen = BTreeSet::new();
    let mut warnings = Vec::new();
    if options.effective_stubs() == Stubs::Svc {
        for (file, path, types) in input.files.iter().flat_map(|file| rpcs(file, selection)) {
            for name in types.into_iter().filter(|name| is_bare(name)) {
                if seen.insert(name) {
                    let place = file.place(&path);
                    warnings.push(rpc_warning(name).with_label(place, "used here"));
                }
            }
        }
    }
    for of in catalog.enums.values() {
        let file = input.files.iter().find(|file| file.name == of.file);
        let details: BTreeSet<_> = catalog.details_of(&of.full_name).collect();
        for name in details.into_iter().filter(|name| is_bare(name)) {
            let place = file.map(|file| file.place(&of.path));
            let warning = error_warning(name);
            warnings.push(match place {
                Some(place) => warning.with_label(place, "a detail of an error here"),
                None => warning,
            });
        }
    }
    warnings
}

fn rpc_warning(name: &str) -> Diagnostic {
    let name = name.trim_start_matches('.');
    let message = format!("`{name}` has no `Debug`, which interceptors may print messages with");
    Diagnostic::warning(message).with_help(format!(
        "implement it by hand, or show no contents by `debug_redact=.{name}` in place of `skip_debug`, or generate with `stubs=tonic`"
    ))
}

fn error_warning(name: &str) -> Diagnostic {
    let name = name.trim_start_matches('.');
    let message = format!("`{name}` has no `Debug`, which every error in Rust has");
    Diagnostic::warning(message).with_help(format!(
        "implement it by hand, or show no contents by `debug_redact=.{name}` in place of `skip_debug`, or generate with `errors=false`"
    ))
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
