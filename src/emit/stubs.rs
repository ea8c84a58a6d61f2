//! Clients and servers: of two kinds, with the same names.

use crate::model::Service;
use crate::options::{Options, Stubs};

mod api;
mod bindings;
mod svc;
mod templates;
#[cfg(feature = "tonic-build")]
mod tonic;
#[cfg(not(feature = "tonic-build"))]
mod tonic {
    use crate::model::Service;
    use crate::options::Options;

    pub(super) fn stubs(_: &Service, _: &Options) -> String {
        unreachable!("the model refuses what needs the feature `tonic-build`")
    }
}

/// Writes the modules of a service: client, server, client trait.
pub(super) struct Emitter {
    templates: Vec<syn::File>,
}

impl Emitter {
    pub(super) fn new(options: &Options) -> Self {
        let mut templates = match options.effective_stubs() {
            Stubs::Svc => svc::templates(options),
            // tonic-build writes those.
            Stubs::Tonic => Vec::new(),
        };
        templates.extend(api::template(options));
        Self { templates }
    }

    pub(super) fn emit(&self, service: &Service, options: &Options) -> String {
        let ours = templates::fill(&self.templates, service, options);
        match options.effective_stubs() {
            Stubs::Svc => ours,
            Stubs::Tonic => tonic::stubs(service, options) + &ours,
        }
    }
}

/// `rpc search_log` has `type search_logStream`, which users of tonic-build have in their code.
fn is_camel(name: &str) -> bool {
    name.starts_with(char::is_uppercase) && !name.contains('_')
}
