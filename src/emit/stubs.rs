//! Clients and servers: of two kinds, with the same names.

use template::Template;

use crate::emit::tokens;
use crate::model::Service;
use crate::options::{Options, Stubs};

mod api;
mod bindings;
mod svc;
mod template;
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
        let ours = self.fill(service, options);
        match options.effective_stubs() {
            Stubs::Svc => ours,
            Stubs::Tonic => tonic::stubs(service, options) + &ours,
        }
    }

    /// The modules of a service that templates stand for.
    fn fill(&self, service: &Service, options: &Options) -> String {
        let bindings = bindings::service(service, options);
        let methods = service.methods.iter();
        let rpcs: Vec<_> = methods
            .map(|method| (method.kind, bindings::rpc(&bindings, service, method)))
            .collect();
        let template = Template {
            service: &bindings,
            rpcs: &rpcs,
        };
        let files = self.templates.iter();
        files
            .map(|file| tokens::print(template.fill(file)))
            .collect()
    }
}
