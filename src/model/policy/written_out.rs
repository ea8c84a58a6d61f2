//! What the service config that is written cannot say, since it is one for all services.

use std::collections::{BTreeMap, BTreeSet};

use super::Policies;
use super::configs::wire_name;
use crate::diagnostics::{Diagnostic, Error};
use crate::input::Input;
use crate::options::Options;

impl Policies {
    /// # Errors
    ///
    /// Services that are throttled differently, and services with one name, if a service config is to be written.
    pub(crate) fn check_written_out(
        &self,
        input: &Input,
        options: &Options,
        services: &BTreeSet<String>,
    ) -> Result<(), Error> {
        if options.service_config_out.0.is_empty() {
            return Ok(());
        }
        let errors: Vec<_> = self
            .differently_throttled(services)
            .chain(one_name(input, options, services))
            .collect();
        if errors.is_empty() {
            Ok(())
        } else {
            Err(Error::new(errors))
        }
    }

    fn differently_throttled(
        &self,
        services: &BTreeSet<String>,
    ) -> impl Iterator<Item = Diagnostic> {
        let mut throttled = self.throttling.iter();
        let is_generated = |(name, _): &(&String, _)| services.contains(*name);
        let first = throttled.find(is_generated);
        let others = throttled.filter(is_generated);
        others.filter_map(move |(name, other)| {
            let (first_name, first) = first?;
            if other.throttling == first.throttling {
                return None;
            }
            let [first_name, name] = [first_name, name].map(|name| &name[1..]);
            let message = format!(
                "`{first_name}` and `{name}` have different throttlings, and the service config of `service_config_out` has one"
            );
            let help = "give both the same, or generate them by two runs with `include`";
            let error = Diagnostic::error(message)
                .with_label(other.place.clone(), "the second")
                .with_label(first.place.clone(), "the first");
            Some(error.with_help(help))
        })
    }
}

/// Without packages in paths, two services can have one name.
fn one_name(input: &Input, options: &Options, services: &BTreeSet<String>) -> Vec<Diagnostic> {
    let mut first = BTreeMap::new();
    let mut errors = Vec::new();
    for file in &input.files {
        for (service, index) in file.service.iter().zip(0..) {
            if !services.contains(&file.full_name(&service.name)) {
                continue;
            }
            let name = wire_name(file, &service.name, options);
            let place = file.place(&[6, index]);
            let Some(other) = first.insert(name.clone(), place.clone()) else {
                continue;
            };
            let message = format!(
                "two services are called `{name}` in the service config of `service_config_out`"
            );
            let error = Diagnostic::error(message)
                .with_label(place, "the second")
                .with_label(other, "the first")
                .with_help(
                    "leave out `emit_package=false`, or generate them by two runs with `include`",
                );
            errors.push(error);
        }
    }
    errors
}
