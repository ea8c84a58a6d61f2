//! Services, their rpcs, and what is called after rpcs.

use super::Decision;
use crate::descriptor::{File, Method, Service};
use crate::model::ident::{camel, snake};
use crate::model::names::scope::{Claim, Holder, HolderKind, Scope};
use crate::model::names::{CLIENT_METHODS, NO_SERVICE, SERVICE_MODULES, call_name, service_module};

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
            self.methods(file, &path, service, &full_name);
        }
    }

    /// The methods of a client and of a server trait, and what is called after them.
    fn methods(&mut self, file: &'a File, path: &[i32], service: &Service, full_name: &str) {
        let mut methods = Scope::default();
        for method in CLIENT_METHODS {
            let what = format!("a method of every generated client, `{method}`");
            methods.taken.insert(method.to_owned(), Holder::Given(what));
        }
        let mut order: Vec<_> = service.method.iter().enumerate().collect();
        order.sort_by_key(|(_, method)| camel(&method.name) != method.name);
        for &(index, method) in &order {
            let method_name = format!("{full_name}.{}", method.name);
            let wanted = self
                .fixed(&method_name)
                .unwrap_or_else(|| snake(&method.name));
            let claim = Claim {
                kind: HolderKind::Method,
                full_name: method_name.clone(),
                file,
                path: [path, &[2, index as i32]].concat(),
            };
            let name = self.claim(&mut methods, &wanted, claim);
            self.keep(&method_name, name, snake(&method.name));
        }
        self.rpc_errors(file, path, full_name, &order);
        if self.options.has_client_trait() {
            self.calls(&mut methods, file, path, full_name, &order);
        }
    }

    /// The types of the errors that rpcs list: in a module of their own.
    fn rpc_errors(
        &mut self,
        file: &'a File,
        path: &[i32],
        service: &str,
        order: &[(usize, &Method)],
    ) {
        let mut scope = Scope::default();
        for (index, method) in order {
            let full_name = format!("{service}.{}", method.name);
            if !self.catalog.listed.contains_key(&full_name) {
                continue;
            }
            // After the method, so that whoever renames that has both renamed.
            let stem = camel(self.names.method(&full_name).trim_start_matches("r#"));
            let wanted = format!("{}Error", stem.trim_start_matches("r#"));
            let claim = Claim {
                kind: HolderKind::RpcError,
                full_name: full_name.clone(),
                file,
                path: [path, &[2, *index as i32]].concat(),
            };
            let name = self.claim(&mut scope, &wanted, claim);
            self.names.rpc_errors.insert(full_name, name);
        }
    }

    /// The methods of the client trait, after those of the client.
    fn calls(
        &mut self,
        methods: &mut Scope<'a>,
        file: &'a File,
        path: &[i32],
        service: &str,
        order: &[(usize, &Method)],
    ) {
        for (index, method) in order {
            let full_name = format!("{service}.{}", method.name);
            let wanted = call_name(&self.names.method(&full_name));
            let claim = Claim {
                kind: HolderKind::Call,
                full_name: full_name.clone(),
                file,
                path: [path, &[2, *index as i32]].concat(),
            };
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
