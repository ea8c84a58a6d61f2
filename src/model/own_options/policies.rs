//! What services and rpcs say in options of how a call is made: `RetryPolicy` and its neighbours.

use super::fields::{Duration, Fields};

/// The options that a service and an rpc have both, with the same names and numbers.
#[derive(Default)]
pub(crate) struct PolicyOptions {
    pub(crate) timeout: Option<Duration>,
    pub(crate) retry: Option<RetryPolicy>,
    pub(crate) hedging: Option<HedgingPolicy>,
    pub(crate) wait_for_ready: Option<bool>,
    pub(crate) max_request_bytes: Option<u32>,
    pub(crate) max_response_bytes: Option<u32>,
}

/// A number is none where it is not there or 0, which are the same bytes.
pub(crate) struct RetryPolicy {
    pub(crate) max_attempts: Option<u32>,
    pub(crate) initial_backoff: Option<Duration>,
    pub(crate) max_backoff: Option<Duration>,
    pub(crate) backoff_multiplier: Option<f32>,
    pub(crate) retryable_status_codes: Vec<i32>,
}

pub(crate) struct HedgingPolicy {
    pub(crate) max_attempts: Option<u32>,
    pub(crate) hedging_delay: Option<Duration>,
    pub(crate) non_fatal_status_codes: Vec<i32>,
}

pub(crate) struct RetryThrottling {
    pub(crate) max_tokens: Option<u32>,
    pub(crate) token_ratio: Option<f32>,
}

impl PolicyOptions {
    pub(super) fn read(fields: &Fields<'_>) -> Self {
        Self {
            timeout: fields.message(3, Duration::read),
            retry: fields.message(4, RetryPolicy::read),
            hedging: fields.message(5, HedgingPolicy::read),
            wait_for_ready: fields.number(6).map(|value| value != 0),
            max_request_bytes: fields.number(7).map(|value| value as u32),
            max_response_bytes: fields.number(8).map(|value| value as u32),
        }
    }
}

impl RetryPolicy {
    fn read(fields: &Fields<'_>) -> Self {
        Self {
            max_attempts: fields.number(1).map(|value| value as u32),
            initial_backoff: fields.message(2, Duration::read),
            max_backoff: fields.message(3, Duration::read),
            backoff_multiplier: fields.float(4),
            retryable_status_codes: codes(fields, 5),
        }
    }
}

impl HedgingPolicy {
    fn read(fields: &Fields<'_>) -> Self {
        Self {
            max_attempts: fields.number(1).map(|value| value as u32),
            hedging_delay: fields.message(2, Duration::read),
            non_fatal_status_codes: codes(fields, 3),
        }
    }
}

impl RetryThrottling {
    pub(super) fn read(fields: &Fields<'_>) -> Self {
        Self {
            max_tokens: fields.number(1).map(|value| value as u32),
            token_ratio: fields.float(2),
        }
    }
}

fn codes(fields: &Fields<'_>, number: u32) -> Vec<i32> {
    let numbers = fields.numbers(number).into_iter();
    numbers.map(|number| number as i32).collect()
}
