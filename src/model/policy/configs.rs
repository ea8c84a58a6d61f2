//! Service configs, checked against the tree: which policy is for which rpc.
//!
//! As in gRFC A2, the config of an rpc is that with its name, or else that of its service, or else that of everything:
//! the whole of it, and nothing of the others.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::Throttled;
use super::check::{Checking, Found, Said};
use super::service_config::{self, Name, ServiceConfig};
use super::written::{Dialect, Placed};
use crate::descriptor::File;
use crate::diagnostics::{Diagnostic, Place, nearest};
use crate::input::Input;
use crate::options::Options;

/// The service configs of a run.
#[derive(Default)]
pub(super) struct Configs {
    said: Vec<Said>,
    /// By service and method, each empty where it is all of them: an index of `said`, and the place of the name.
    names: HashMap<(String, String), (usize, Place)>,
    throttling: Vec<Throttling>,
}

/// The throttling of one file, and the services that the file is about; none are all.
struct Throttling {
    throttled: Throttled,
    services: BTreeSet<String>,
}

/// The services of a tree by the names that paths of requests have.
struct Known<'a> {
    services: BTreeMap<String, Vec<&'a str>>,
    /// Whether other runs may generate the rest of the tree.
    is_part: bool,
}

/// The name of a service in paths of requests.
pub(super) fn wire_name(file: &File, service: &str, options: &Options) -> String {
    if options.emit_package {
        file.full_name(service)[1..].to_owned()
    } else {
        service.to_owned()
    }
}

impl<'a> Known<'a> {
    fn new(input: &'a Input, options: &Options) -> Self {
        let mut services: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for file in &input.files {
            for service in &file.service {
                let methods = service.method.iter().map(|method| method.name.as_str());
                let name = wire_name(file, &service.name, options);
                services.entry(name).or_default().extend(methods);
            }
        }
        Self {
            services,
            is_part: input.is_from_plugin && !options.module_tree,
        }
    }
}

impl Configs {
    /// Reads the service configs of the options; everything that is wrong with them is found.
    pub(super) fn read(input: &Input, options: &Options, found: &mut Found) -> Self {
        let mut configs = Self::default();
        if options.service_config.0.is_empty() {
            return configs;
        }
        let known = Known::new(input, options);
        for file in &options.service_config.0 {
            let errors = found.errors.len();
            let config = service_config::read(file, found);
            let mut adding = Adding {
                known: &known,
                configs: &mut configs,
                found,
            };
            adding.add(config);
            let position = |error: &Diagnostic| error.place().and_then(|place| place.position);
            found.errors[errors..].sort_by_key(position);
        }
        configs
    }

    /// The policy of an rpc.
    pub(super) fn of(&self, service: &str, method: &str) -> Option<&Said> {
        let names = [(service, method), (service, ""), ("", "")];
        let mut names = names
            .map(|(service, method)| (service.to_owned(), method.to_owned()))
            .into_iter();
        let (index, _) = names.find_map(|name| self.names.get(&name))?;
        Some(&self.said[*index])
    }

    /// The throttling of a service.
    pub(super) fn throttling(&self, service: &str) -> Option<&Throttled> {
        let mut throttling = self.throttling.iter();
        let found =
            throttling.find(|one| one.services.is_empty() || one.services.contains(service));
        Some(&found?.throttled)
    }
}

struct Adding<'a, 'b> {
    known: &'a Known<'a>,
    configs: &'b mut Configs,
    found: &'b mut Found,
}

impl Adding<'_, '_> {
    fn add(&mut self, config: ServiceConfig) {
        let names = config.methods.iter().flat_map(|method| &method.names);
        let services = names.map(|name| text(name.value.service.as_ref()).to_owned());
        let mut services: BTreeSet<_> = services.collect();
        // An empty name stands for all services, so the other names add nothing.
        if services.contains("") {
            services.clear();
        }
        if let Some(written) = &config.throttling {
            let throttled = Throttled {
                throttling: self.checking().throttling(written),
                place: written.place.clone(),
            };
            self.throttle(Throttling {
                throttled,
                services,
            });
        }
        for method in &config.methods {
            let said = self.checking().policy(&method.policy);
            self.configs.said.push(said);
            let index = self.configs.said.len() - 1;
            for name in &method.names {
                self.check(&name.value);
                self.name(name, index);
            }
        }
    }

    fn checking(&mut self) -> Checking<'_> {
        Checking {
            dialect: Dialect::Json,
            found: &mut *self.found,
        }
    }

    fn throttle(&mut self, throttling: Throttling) {
        let mut others = self.configs.throttling.iter();
        let is_one = |other: &&Throttling| {
            let is_all = other.services.is_empty() || throttling.services.is_empty();
            is_all || !other.services.is_disjoint(&throttling.services)
        };
        if let Some(other) = others.find(is_one) {
            let error = Diagnostic::error("two service configs throttle one service")
                .with_label(throttling.throttled.place.clone(), "the second")
                .with_label(other.throttled.place.clone(), "the first")
                .with_help("leave out one of them");
            self.found.errors.push(error);
        }
        self.configs.throttling.push(throttling);
    }

    fn name(&mut self, name: &Placed<Name>, index: usize) {
        let Name { service, method } = &name.value;
        let [service, method] = [service, method].map(|name| text(name.as_ref()).to_owned());
        let message = match (service.as_str(), method.as_str()) {
            ("", _) => "two names are for everything".to_owned(),
            (service, "") => format!("the service `{service}` is named twice"),
            (service, method) => format!("the rpc `{service}/{method}` is named twice"),
        };
        let known = (index, name.place.clone());
        let Some((first, place)) = self.configs.names.insert((service, method), known) else {
            return;
        };
        let say = |diagnostic: Diagnostic| {
            let diagnostic = diagnostic.with_label(name.place.clone(), "the second");
            diagnostic.with_label(place, "the first")
        };
        // Both mean one policy if they are in one list.
        if first == index {
            let warning = say(Diagnostic::warning(message)).with_help("leave out one of them");
            self.found.warnings.push(warning);
        } else {
            let help = "leave out one of the names: gRPC refuses both";
            let error = say(Diagnostic::error(message)).with_help(help);
            self.found.errors.push(error);
        }
    }

    /// Whether the tree has what is named. A config may be of another version of the tree, or of more than one.
    fn check(&mut self, name: &Name) {
        let Some(service) = &name.service else {
            return;
        };
        let Some(methods) = self.known.services.get(&service.value) else {
            return self.unknown_service(service);
        };
        let Some(method) = &name.method else {
            return;
        };
        if methods.contains(&method.value.as_str()) {
            return;
        }
        let help = match nearest(&method.value, methods.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("its rpcs are `{}`", methods.join("`, `")),
        };
        let message = format!(
            "a name has no effect: the service `{}` has no rpc `{}`",
            service.value, method.value
        );
        self.warning(&method.place, message, help);
    }

    fn unknown_service(&mut self, service: &Placed<String>) {
        if self.known.is_part {
            return;
        }
        let known = self.known.services.keys().map(String::as_str);
        let help = match nearest(&service.value, known) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "give the full name of a service: the package, a dot, and its name".to_owned(),
        };
        let service_name = &service.value;
        let message = format!("a name has no effect: there is no service `{service_name}`");
        self.warning(&service.place, message, help);
    }

    fn warning(&mut self, place: &Place, message: String, help: String) {
        let warning = Diagnostic::warning(message).with_label(place.clone(), "");
        self.found.warnings.push(warning.with_help(help));
    }
}

fn text(name: Option<&Placed<String>>) -> &str {
    name.map_or("", |name| &name.value)
}
