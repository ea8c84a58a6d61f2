//! Warnings for calls that are sent again though nobody says that they may be.

use std::collections::{BTreeSet, HashMap};

use super::{AttemptsKind, Policies, Unproven};
use crate::diagnostics::Diagnostic;
use crate::options::Options;
use crate::pattern;

impl Policies {
    /// What is to be said about the rpcs of these services: one warning for each policy that sends calls again whose
    /// `idempotency_level` is unknown, and those about options themselves.
    pub(crate) fn warnings(
        &self,
        options: &Options,
        services: &BTreeSet<String>,
    ) -> Vec<Diagnostic> {
        let told = self.unproven.iter().filter(|unproven| {
            let is_meant = pattern::any(&options.allow_retry.0, &unproven.rpc);
            services.contains(&unproven.service) && !is_meant
        });
        let mut groups: Vec<Vec<&Unproven>> = Vec::new();
        let mut known = HashMap::new();
        for unproven in told {
            // One policy can be for many rpcs: its place tells which.
            let place = (&unproven.said.file, unproven.said.position);
            let group = *known.entry(place).or_insert(groups.len());
            match groups.get_mut(group) {
                Some(group) => group.push(unproven),
                None => groups.push(vec![unproven]),
            }
        }
        let own = self.warnings.iter().cloned();
        own.chain(groups.iter().map(|group| warning(group)))
            .collect()
    }
}

/// The warning for rpcs of one policy.
fn warning(group: &[&Unproven]) -> Diagnostic {
    let first = group[0];
    let [name, others] = [&first.rpc[1..], &(group.len() - 1).to_string()].map(str::to_owned);
    let rpcs = match group.len() {
        1 => format!("`{name}`"),
        2 => format!("`{name}` and another rpc"),
        _ => format!("`{name}` and {others} others"),
    };
    let policy = match first.kind {
        AttemptsKind::Retry => "retry",
        AttemptsKind::Hedging => "hedging",
    };
    let message = format!(
        "the {policy} policy sends calls of {rpcs} again, whose `idempotency_level` is unknown"
    );
    let is_of_one = group.iter().all(|other| other.service == first.service);
    let paths: Vec<_> = match group {
        [_, _, ..] if is_of_one => vec![format!("`allow_retry={}`", first.service)],
        _ => group
            .iter()
            .map(|one| format!("`allow_retry={}`", one.rpc))
            .collect(),
    };
    let help = format!(
        "say that a call may come twice by `option idempotency_level = IDEMPOTENT;` in the rpc, or that it is meant by {}",
        paths.join(", ")
    );
    Diagnostic::warning(message)
        .with_label(first.said.clone(), "")
        .with_label(first.declared.clone(), "the rpc")
        .with_help(help)
}
