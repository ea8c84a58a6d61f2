//! Services, their rpcs, and what is called after rpcs.

use super::Decision;
use crate::descriptor::{File, Service};
use crate::model::ident::{camel, snake};
use crate::model::names::scope::{Claim, Holder, HolderKind, Scope};
use crate::model::names::{
    CLIENT_METHODS, NO_SERVICE, SERVICE_MODULES, call_name, last, service_module,
};

/// The rpcs of a service, in the order in which they choose names.
struct Rpcs<'a> {
    file: &'a File,
    /// The index of the service in its file.
    service: usize,
    /// The full name of each rpc, and its index in the service.
    order: Vec<(String, usize)>,
}

impl<'a> Rpcs<'a> {
    /// Rpcs whose names are in camel case go first: their names in Rust are those that their authors expect.
    fn new(file: &'a File, service: &Service, index: usize) -> Self {
        let mut methods: Vec<_> = service.method.iter().enumerate().collect();
        methods.sort_by_key(|(_, method)| camel(&method.name) != method.name);
        let service_name = file.full_name(&service.name);
        let order = methods
            .into_iter()
            .map(|(index, method)| (format!("{service_name}.{}", method.name), index));
        Self {
            file,
            service: index,
            order: order.collect(),
        }
    }

    /// A claim of each rpc.
    fn claims(&self, kind: HolderKind) -> impl Iterator<Item = Claim<'a>> {
        self.order.iter().map(move |(full_name, index)| Claim {
            kind,
            full_name: full_name.clone(),
            file: self.file,
            path: vec![6, self.service as i32, 2, *index as i32],
        })
    }
}

impl<'a> Decision<'a> {
    pub(super) fn services(&mut self, scope: &mut Scope<'a>, file: &'a File) {
        for (index, service) in file.service.iter().enumerate() {
            let path = [6, index as i32];
            let full_name = file.full_name(&service.name);
            let default = camel(&service.name);
            let wanted = self.fixed(&full_name).unwrap_or_else(|| default.clone());
            let claim = Claim {
                kind: HolderKind::Service,
                full_name: full_name.clone(),
                file,
                path: path.to_vec(),
            };
            let name = self.claim_service(scope, &wanted, claim);
            self.keep(&full_name, name, default);
            self.methods(&Rpcs::new(file, service, index));
        }
    }

    /// The methods of a client and of a server trait, and what is called after them.
    fn methods(&mut self, rpcs: &Rpcs<'a>) {
        let mut methods = Scope::default();
        for method in CLIENT_METHODS {
            let what = format!("a method of every generated client, `{method}`");
            methods.taken.insert(method.to_owned(), Holder::Given(what));
        }
        for claim in rpcs.claims(HolderKind::Method) {
            let full_name = claim.full_name.clone();
            let default = snake(last(&full_name));
            let wanted = self.fixed(&full_name).unwrap_or_else(|| default.clone());
            let name = self.claim(&mut methods, &wanted, claim);
            self.keep(&full_name, name, default);
        }
        self.rpc_errors(rpcs);
        if self.options.has_client_trait() {
            self.calls(&mut methods, rpcs);
        }
    }

    /// The types of the errors that rpcs list: in a module of their own.
    fn rpc_errors(&mut self, rpcs: &Rpcs<'a>) {
        let mut scope = Scope::default();
        for claim in rpcs.claims(HolderKind::RpcError) {
            let full_name = claim.full_name.clone();
            if !self.catalog.listed.contains_key(&full_name) {
                continue;
            }
            // After the method, so that whoever renames that has both renamed.
            let stem = camel(self.names.method(&full_name).trim_start_matches("r#"));
            let wanted = format!("{}Error", stem.trim_start_matches("r#"));
            let name = self.claim(&mut scope, &wanted, claim);
            self.names.rpc_errors.insert(full_name, name);
        }
    }

    /// The methods of the client trait, after those of the client.
    fn calls(&mut self, methods: &mut Scope<'a>, rpcs: &Rpcs<'a>) {
        for claim in rpcs.claims(HolderKind::Call) {
            let full_name = claim.full_name.clone();
            let wanted = call_name(&self.names.method(&full_name));
            let name = self.claim(methods, &wanted, claim);
            if name != wanted {
                self.names.calls.insert(full_name, name);
            }
        }
    }

    /// A service's name has to be free in all of its modules' names.
    fn claim_service(&mut self, scope: &mut Scope<'a>, wanted: &str, claim: Claim<'a>) -> String {
        let modules = |name: &str| SERVICE_MODULES.map(|side| service_module(name, side));
        let holder = |name: &str| {
            if NO_SERVICE.contains(&name) {
                Some(Holder::Given("used by generated code itself".to_owned()))
            } else {
                modules(name)
                    .iter()
                    .find_map(|module| scope.taken.get(module).cloned())
            }
        };
        let stem = wanted.trim_end_matches('_');
        let name = std::iter::once(wanted.to_owned())
            .chain((2..).map(|number| format!("{stem}{number}")))
            .find(|name| holder(name).is_none())
            .expect("numbers do not run out");
        if let Some(holder) = holder(wanted) {
            self.warn(&claim, wanted, &name, &holder);
        }
        for module in modules(&name) {
            scope.taken.insert(module, Holder::Declared(claim.clone()));
        }
        name
    }
}
