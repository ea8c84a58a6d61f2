//! How calls of each rpc are made: timeouts, retries, hedging, limits. Plain data that was checked.
//!
//! [`Policies::read`] takes it from options of protos and from service configs, in which gRFC A2 and A6 have the same.
//! A service config wins over an rpc's options, and those over the options of its service, field by field.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::Duration;

use super::status_code::StatusCode;
use crate::diagnostics::{Diagnostic, Place};

mod check;
mod configs;
mod idempotency;
mod json;
mod proto;
mod reading;
mod service_config;
mod written;
mod written_out;

/// The policies of all rpcs of an input, and what is to be said about them.
#[derive(Default)]
pub(crate) struct Policies {
    /// Policies that say something, by the full name of the rpc.
    methods: HashMap<String, Policy>,
    /// By the full name of the service.
    throttling: BTreeMap<String, Throttled>,
    /// Rpcs whose calls are sent again though nobody says that they may be, in the order of the files.
    unproven: Vec<Unproven>,
    /// The full names of these rpcs.
    unproven_names: HashSet<String>,
    /// Warnings about the options themselves.
    warnings: Vec<Diagnostic>,
}

/// The policy of an rpc. What is `None` was not said.
#[derive(Clone, Default, PartialEq)]
pub(crate) struct Policy {
    pub(crate) timeout: Option<Duration>,
    pub(crate) attempts: Option<Attempts>,
    pub(crate) wait_for_ready: Option<bool>,
    pub(crate) max_request_bytes: Option<u32>,
    pub(crate) max_response_bytes: Option<u32>,
}

/// How a call gets more than one attempt.
#[derive(Clone, PartialEq)]
pub(crate) enum Attempts {
    Retry(RetryPolicy),
    Hedging(HedgingPolicy),
}

#[derive(Clone, PartialEq)]
pub(crate) struct RetryPolicy {
    /// 2 to 5.
    pub(crate) max_attempts: u32,
    pub(crate) initial_backoff: Duration,
    pub(crate) max_backoff: Duration,
    pub(crate) backoff_multiplier: f32,
    /// In ascending order, each once.
    pub(crate) codes: Vec<StatusCode>,
}

#[derive(Clone, PartialEq)]
pub(crate) struct HedgingPolicy {
    /// 2 to 5.
    pub(crate) max_attempts: u32,
    pub(crate) delay: Duration,
    /// In ascending order, each once.
    pub(crate) non_fatal_codes: Vec<StatusCode>,
}

/// When a client stops sending calls again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RetryThrottling {
    pub(crate) max_tokens: u32,
    /// The ratio times 1000, which is what gRPC counts in.
    pub(crate) token_ratio_thousandths: u32,
}

/// The throttling of a service, and where it is said.
#[derive(Clone)]
struct Throttled {
    throttling: RetryThrottling,
    place: Place,
}

/// An rpc whose calls are sent again, and whose `idempotency_level` is unknown.
struct Unproven {
    /// The full name of the service, with a leading dot.
    service: String,
    /// The full name of the rpc, with a leading dot.
    rpc: String,
    /// Where the rpc is declared.
    declared: Place,
    /// Where the policy is said, which can be for many rpcs.
    said: Place,
    kind: AttemptsKind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum AttemptsKind {
    Retry,
    Hedging,
}

impl Policy {
    /// Whether it says anything.
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// This policy, and of another one what this does not say.
    fn over(self, other: Self) -> Self {
        Self {
            timeout: self.timeout.or(other.timeout),
            attempts: self.attempts.or(other.attempts),
            wait_for_ready: self.wait_for_ready.or(other.wait_for_ready),
            max_request_bytes: self.max_request_bytes.or(other.max_request_bytes),
            max_response_bytes: self.max_response_bytes.or(other.max_response_bytes),
        }
    }
}

impl Policies {
    /// The policy of an rpc, by its full name.
    pub(crate) fn of(&self, rpc: &str) -> Policy {
        self.methods.get(rpc).cloned().unwrap_or_default()
    }

    /// The throttling of a service, by its full name.
    pub(crate) fn throttling(&self, service: &str) -> Option<RetryThrottling> {
        Some(self.throttling.get(service)?.throttling)
    }

    /// Whether calls of an rpc are sent again though its `idempotency_level` is unknown.
    pub(crate) fn is_unproven(&self, rpc: &str) -> bool {
        self.unproven_names.contains(rpc)
    }
}
