//! Policies of method descriptors: calls of `const fn`s of the runtime.

use std::time::Duration;

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

use crate::model::{Attempts, HedgingPolicy, Policy, RetryPolicy, RetryThrottling, StatusCode};

/// Adds its policy to a method descriptor, if it has one.
///
/// ```text
/// v1::policy(v1::method(…), const { &v1::timeout(v1::no_policy(), v1::duration(5, 0)) })
/// ```
pub(super) fn of_method(method: TokenStream, policy: &Policy) -> TokenStream {
    if policy.is_empty() {
        return method;
    }
    let policy = value(policy);
    quote!(v1::policy(#method, const { &#policy }))
}

/// Adds its throttling to the descriptor of a service, if it has some.
pub(super) fn of_service(service: TokenStream, throttling: Option<RetryThrottling>) -> TokenStream {
    let Some(throttling) = throttling else {
        return service;
    };
    let max_tokens = number(throttling.max_tokens);
    let ratio = number(throttling.token_ratio_thousandths);
    quote!(v1::retry_throttling(#service, #max_tokens, #ratio))
}

fn value(policy: &Policy) -> TokenStream {
    let mut value = quote!(v1::no_policy());
    if let Some(timeout) = policy.timeout {
        let timeout = duration(timeout);
        value = quote!(v1::timeout(#value, #timeout));
    }
    match &policy.attempts {
        Some(Attempts::Retry(retry)) => {
            let retry = self::retry(retry);
            value = quote!(v1::retry(#value, #retry));
        }
        Some(Attempts::Hedging(hedging)) => {
            let hedging = self::hedging(hedging);
            value = quote!(v1::hedging(#value, #hedging));
        }
        None => {}
    }
    match policy.wait_for_ready {
        Some(true) => value = quote!(v1::wait_for_ready(#value)),
        Some(false) => value = quote!(v1::fail_fast(#value)),
        None => {}
    }
    if let Some(bytes) = policy.max_request_bytes {
        let bytes = number(bytes);
        value = quote!(v1::max_request_bytes(#value, #bytes));
    }
    if let Some(bytes) = policy.max_response_bytes {
        let bytes = number(bytes);
        value = quote!(v1::max_response_bytes(#value, #bytes));
    }
    value
}

fn retry(retry: &RetryPolicy) -> TokenStream {
    let max_attempts = number(retry.max_attempts);
    let codes = codes(&retry.codes);
    let initial = duration(retry.initial_backoff);
    let max = duration(retry.max_backoff);
    let multiplier = Literal::f32_unsuffixed(retry.backoff_multiplier);
    quote!(v1::backoff(v1::retry_policy(#max_attempts, #codes), #initial, #max, #multiplier))
}

fn hedging(hedging: &HedgingPolicy) -> TokenStream {
    let max_attempts = number(hedging.max_attempts);
    let codes = codes(&hedging.non_fatal_codes);
    let delay = duration(hedging.delay);
    quote!(v1::hedging_policy(#max_attempts, #codes, #delay))
}

fn codes(codes: &[StatusCode]) -> TokenStream {
    let codes = codes
        .iter()
        .map(|code| format_ident!("{}", code.rust_name()));
    quote!(v1::codes(&[#(v1::Code::#codes),*]))
}

fn duration(duration: Duration) -> TokenStream {
    let seconds = number(duration.as_secs());
    let nanos = number(duration.subsec_nanos());
    quote!(v1::duration(#seconds, #nanos))
}

/// A number as people write it: `1_000_000`. Lints that users turn on want it so.
fn number(number: impl Into<u64>) -> Literal {
    let digits = number.into().to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push('_');
        }
        text.push(digit);
    }
    text.parse().expect("digits are a literal")
}
