//! Reads the policies of all rpcs of an input.

use std::collections::HashSet;

use super::check::{Checking, Found, Said};
use super::configs::{Configs, wire_name};
use super::proto::Declared;
use super::written::Dialect;
use super::{Attempts, AttemptsKind, Policies, Throttled, Unproven};
use crate::descriptor::{File, Method, Service};
use crate::diagnostics::Error;
use crate::input::Input;
use crate::model::own_options::Reader;
use crate::options::Options;
use crate::symbols::Symbols;

impl Policies {
    /// # Errors
    ///
    /// Everything that is wrong with policies, in the order of the files.
    pub(crate) fn read(
        input: &Input,
        symbols: &Symbols<'_>,
        options: &Options,
    ) -> Result<Self, Error> {
        let mut found = Found::default();
        let mut reading = Reading {
            reader: Reader::new(symbols),
            options,
            configs: Configs::read(input, options, &mut found),
            found,
            policies: Self::default(),
        };
        for file in &input.files {
            for (service, index) in file.service.iter().zip(0..) {
                reading.service(file, &[6, index], service);
            }
        }
        let Reading {
            found, policies, ..
        } = reading;
        if !found.errors.is_empty() {
            return Err(Error::new(found.errors));
        }
        let names = policies.unproven.iter().map(|unproven| &unproven.rpc);
        let unproven_names: HashSet<_> = names.cloned().collect();
        Ok(Self {
            unproven_names,
            warnings: found.warnings,
            ..policies
        })
    }
}

struct Reading<'a> {
    reader: Reader<'a>,
    options: &'a Options,
    configs: Configs,
    found: Found,
    policies: Policies,
}

impl Reading<'_> {
    fn service(&mut self, file: &File, path: &[i32], service: &Service) {
        let full_name = file.full_name(&service.name);
        let options = self.reader.service(&service.options);
        let declared = Declared::of_service(file, path);
        let mut checking = Checking {
            dialect: Dialect::Proto,
            found: &mut self.found,
        };
        let of_service = checking.policy(&declared.policy(&options.policy));
        let throttled = options.retry_throttling.as_ref().map(|throttling| {
            let written = declared.throttling(throttling);
            Throttled {
                throttling: checking.throttling(&written),
                place: written.place,
            }
        });
        let wire_name = wire_name(file, &service.name, self.options);
        let of_config = self.configs.throttling(&wire_name).cloned();
        if let Some(throttled) = of_config.or(throttled) {
            let throttling = &mut self.policies.throttling;
            throttling.insert(full_name.clone(), throttled);
        }
        for (method, index) in service.method.iter().zip(0..) {
            let path = [path, &[2, index]].concat();
            let rpc = Rpc {
                file,
                path: &path,
                service: &full_name,
                wire_name: &wire_name,
                method,
            };
            self.rpc(&rpc, &of_service);
        }
    }

    fn rpc(&mut self, rpc: &Rpc<'_>, of_service: &Said) {
        let own = self.reader.method(&rpc.method.options).policy;
        let written = Declared::of_method(rpc.file, rpc.path).policy(&own);
        let mut checking = Checking {
            dialect: Dialect::Proto,
            found: &mut self.found,
        };
        let of_proto = checking.policy(&written).over(of_service.clone());
        let of_config = self.configs.of(rpc.wire_name, &rpc.method.name);
        let said = match of_config {
            Some(said) => said.clone().over(of_proto),
            None => of_proto,
        };
        if said.policy.is_empty() {
            return;
        }
        self.policies.unproven.extend(rpc.unproven(&said));
        let name = format!("{}.{}", rpc.service, rpc.method.name);
        self.policies.methods.insert(name, said.policy);
    }
}

struct Rpc<'a> {
    file: &'a File,
    path: &'a [i32],
    /// The full name of its service.
    service: &'a str,
    /// The name of its service in paths of requests.
    wire_name: &'a str,
    method: &'a Method,
}

impl Rpc<'_> {
    /// The rpc as one whose calls are sent again, if nobody says that they may be.
    fn unproven(&self, said: &Said) -> Option<Unproven> {
        let kind = match said.policy.attempts.as_ref()? {
            Attempts::Retry(_) => AttemptsKind::Retry,
            Attempts::Hedging(_) => AttemptsKind::Hedging,
        };
        let is_known = matches!(self.method.idempotency_level(), 1 | 2);
        (!is_known).then(|| Unproven {
            service: self.service.to_owned(),
            rpc: format!("{}.{}", self.service, self.method.name),
            declared: self.file.place(self.path),
            said: said
                .attempts_at
                .clone()
                .expect("has a place with its attempts"),
            kind,
        })
    }
}
