//! Clients and servers: of two kinds, with the same names.

use crate::model::Service;
use crate::options::{Options, Stubs};

mod svc;
mod tonic;

/// Writes the client module and the server module of a service.
pub(super) struct Emitter {
    /// Of our own kind; without them tonic-build writes.
    templates: Option<svc::Templates>,
}

impl Emitter {
    pub(super) fn new(options: &Options) -> Self {
        let is_ours = options.effective_stubs() == Stubs::Svc;
        Self {
            templates: is_ours.then(|| svc::Templates::new(options)),
        }
    }

    pub(super) fn emit(&self, service: &Service, options: &Options) -> String {
        match &self.templates {
            Some(templates) => templates.fill(service, options),
            None => tonic::stubs(service, options),
        }
    }
}

/// `rpc search_log` has `type search_logStream`, which users of tonic-build have in their code.
fn is_camel(name: &str) -> bool {
    name.starts_with(char::is_uppercase) && !name.contains('_')
}
