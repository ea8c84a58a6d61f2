//! Policies in the options of services and rpcs, with the place of each value.

use super::written::{
    Placed, Span, WrittenHedging, WrittenPolicy, WrittenRetry, WrittenThrottling,
};
use crate::descriptor::File;
use crate::diagnostics::Place;
use crate::model::own_options::{
    Duration, HedgingPolicy, NUMBER, PolicyOptions, RetryPolicy, RetryThrottling,
};
use crate::model::status_code::StatusCode;

/// A field of an option: its number, and its name.
type Step<'n> = (i32, &'n str);

const THROTTLING: Step<'_> = (2, "retry_throttling");
const TIMEOUT: Step<'_> = (3, "timeout");
const RETRY: Step<'_> = (4, "retry");
const HEDGING: Step<'_> = (5, "hedging");
const MAX_ATTEMPTS: Step<'_> = (1, "max_attempts");

/// Our option on a declaration.
pub(super) struct Declared<'a> {
    file: &'a File,
    /// The path of the extension.
    path: Vec<i32>,
}

impl<'a> Declared<'a> {
    /// The option of a service, by the path of the service.
    pub(super) fn of_service(file: &'a File, path: &[i32]) -> Self {
        let path = [path, &[3, NUMBER]].concat();
        Self { file, path }
    }

    /// The option of an rpc, by the path of the rpc.
    pub(super) fn of_method(file: &'a File, path: &[i32]) -> Self {
        let path = [path, &[4, NUMBER]].concat();
        Self { file, path }
    }

    pub(super) fn policy(&self, options: &PolicyOptions) -> WrittenPolicy {
        let retry = options.retry.as_ref().map(|retry| self.retry(retry));
        let hedging = options.hedging.as_ref();
        let hedging = hedging.map(|hedging| self.hedging(hedging));
        WrittenPolicy {
            timeout: self.span(options.timeout, &[TIMEOUT]),
            retry: self.placed(retry, &[RETRY]),
            hedging: self.placed(hedging, &[HEDGING]),
            wait_for_ready: options.wait_for_ready,
            max_request_bytes: options.max_request_bytes,
            max_response_bytes: options.max_response_bytes,
        }
    }

    pub(super) fn throttling(&self, options: &RetryThrottling) -> Placed<WrittenThrottling> {
        // The shortest decimals that are this number: 0.1, and not 0.100000001.
        let ratio = options.token_ratio.map(|ratio| ratio.to_string());
        let ratio = ratio.and_then(|ratio| ratio.parse().ok());
        let value = WrittenThrottling {
            max_tokens: self.placed(options.max_tokens, &[THROTTLING, (1, "max_tokens")]),
            token_ratio: self.placed(ratio, &[THROTTLING, (2, "token_ratio")]),
        };
        let place = self.place(&[THROTTLING]);
        Placed { value, place }
    }

    fn retry(&self, options: &RetryPolicy) -> WrittenRetry {
        let initial = [RETRY, (2, "initial_backoff")];
        let max = [RETRY, (3, "max_backoff")];
        let multiplier = [RETRY, (4, "backoff_multiplier")];
        let codes = [RETRY, (5, "retryable_status_codes")];
        WrittenRetry {
            max_attempts: self.placed(options.max_attempts, &[RETRY, MAX_ATTEMPTS]),
            initial_backoff: self.span(options.initial_backoff, &initial),
            max_backoff: self.span(options.max_backoff, &max),
            backoff_multiplier: self.placed(options.backoff_multiplier, &multiplier),
            codes: self.codes(&options.retryable_status_codes, codes),
        }
    }

    fn hedging(&self, options: &HedgingPolicy) -> WrittenHedging {
        let codes = [HEDGING, (3, "non_fatal_status_codes")];
        WrittenHedging {
            max_attempts: self.placed(options.max_attempts, &[HEDGING, MAX_ATTEMPTS]),
            delay: self.span(options.hedging_delay, &[HEDGING, (2, "hedging_delay")]),
            non_fatal_codes: self.codes(&options.non_fatal_status_codes, codes),
        }
    }

    fn codes(&self, codes: &[i32], field: [Step<'_>; 2]) -> Vec<Placed<i32>> {
        let codes = codes.iter().zip(0..);
        let codes = codes.map(|(&code, index)| {
            let name = StatusCode::name_of(code).map_or_else(|| code.to_string(), str::to_owned);
            let place = self.place(&[field[0], field[1], (index, &name)]);
            Placed { value: code, place }
        });
        codes.collect()
    }

    fn span(&self, duration: Option<Duration>, field: &[Step<'_>]) -> Option<Placed<Span>> {
        let span = duration.map(|Duration { seconds, nanos }| Span { seconds, nanos });
        self.placed(span, field)
    }

    fn placed<T>(&self, value: Option<T>, field: &[Step<'_>]) -> Option<Placed<T>> {
        let value = value?;
        let place = self.place(field);
        Some(Placed { value, place })
    }

    fn place(&self, field: &[Step<'_>]) -> Place {
        self.file.place_of_option(&self.path, field)
    }
}
