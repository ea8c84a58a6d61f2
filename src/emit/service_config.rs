//! The service config of a tree: the policies of all rpcs as the JSON of gRFC A2 and A6, for clients in other languages.

use std::collections::HashMap;
use std::time::Duration;

use super::json::Json;
use crate::model::{Attempts, Model, Policy, Service, StatusCode};

/// The members of the JSON object.
///
/// Rpcs that share a policy share a method config, in the order of their declarations. Where that is all rpcs of a
/// service, the service is named alone.
pub(super) fn text(model: &Model) -> String {
    let packages = model.packages.iter();
    let services: Vec<_> = packages.flat_map(|package| &package.services).collect();
    let mut groups: Vec<(&Policy, Vec<Json>)> = Vec::new();
    let mut known = HashMap::new();
    for (policy, name) in services.iter().flat_map(|service| names(service)) {
        // What policies say is compared as text: their numbers have no hash.
        let said = method_config(policy, Vec::new()).members();
        let group = *known.entry(said).or_insert(groups.len());
        match groups.get_mut(group) {
            Some((_, names)) => names.push(name),
            None => groups.push((policy, vec![name])),
        }
    }
    let configs = groups.into_iter();
    let configs = configs.map(|(policy, names)| method_config(policy, names));
    let mut members = vec![("methodConfig", Json::List(configs.collect()))];
    // The model has one throttling for all services of a config.
    let mut throttling = services
        .iter()
        .filter_map(|service| service.retry_throttling);
    if let Some(throttling) = throttling.next() {
        let thousandths = f64::from(throttling.token_ratio_thousandths);
        let ratio = Json::Decimal((thousandths / 1000.0).to_string());
        let tokens = Json::Number(throttling.max_tokens as usize);
        let throttling = Json::object([("maxTokens", tokens), ("tokenRatio", ratio)]);
        members.push(("retryThrottling", throttling));
    }
    Json::Object(members).members()
}

/// The names of a service that have a policy: of the service itself, or of its rpcs.
fn names(service: &Service) -> Vec<(&Policy, Json)> {
    let name = || ("service", Json::text(service.full_name()));
    let methods = &service.methods;
    if let Some(first) = methods.first()
        && methods.iter().all(|method| method.policy == first.policy)
    {
        let all = (&first.policy, Json::object([name()]));
        return Some(all)
            .filter(|(policy, _)| !policy.is_empty())
            .into_iter()
            .collect();
    }
    let methods = methods.iter().filter(|method| !method.policy.is_empty());
    let methods = methods.map(|method| {
        let method_name = ("method", Json::text(&method.proto_name));
        (&method.policy, Json::object([name(), method_name]))
    });
    methods.collect()
}

fn method_config(policy: &Policy, names: Vec<Json>) -> Json {
    let mut members = vec![("name", Json::List(names))];
    if let Some(wait) = policy.wait_for_ready {
        members.push(("waitForReady", Json::Bool(wait)));
    }
    if let Some(timeout) = policy.timeout {
        members.push(("timeout", duration(timeout)));
    }
    if let Some(bytes) = policy.max_request_bytes {
        members.push(("maxRequestMessageBytes", Json::Number(bytes as usize)));
    }
    if let Some(bytes) = policy.max_response_bytes {
        members.push(("maxResponseMessageBytes", Json::Number(bytes as usize)));
    }
    match &policy.attempts {
        Some(Attempts::Retry(retry)) => members.push((
            "retryPolicy",
            Json::object([
                ("maxAttempts", Json::Number(retry.max_attempts as usize)),
                ("initialBackoff", duration(retry.initial_backoff)),
                ("maxBackoff", duration(retry.max_backoff)),
                (
                    "backoffMultiplier",
                    Json::Decimal(retry.backoff_multiplier.to_string()),
                ),
                ("retryableStatusCodes", codes(&retry.codes)),
            ]),
        )),
        Some(Attempts::Hedging(hedging)) => members.push((
            "hedgingPolicy",
            Json::object([
                ("maxAttempts", Json::Number(hedging.max_attempts as usize)),
                ("hedgingDelay", duration(hedging.delay)),
                ("nonFatalStatusCodes", codes(&hedging.non_fatal_codes)),
            ]),
        )),
        None => {}
    }
    Json::Object(members)
}

/// `1.5s`, with as many decimals as it takes.
fn duration(duration: Duration) -> Json {
    let nanos = format!(".{:09}", duration.subsec_nanos());
    let decimals = nanos.trim_end_matches('0').trim_end_matches('.');
    Json::Text(format!("{}{decimals}s", duration.as_secs()))
}

fn codes(codes: &[StatusCode]) -> Json {
    Json::List(codes.iter().map(|code| Json::text(code.name())).collect())
}
