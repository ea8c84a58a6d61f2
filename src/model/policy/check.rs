//! The rules of policies: those of gRFC A6 and of `google.protobuf.Duration`.

use std::collections::BTreeMap;
use std::time::Duration;

use super::written::{
    Dialect, Placed, Span, WrittenHedging, WrittenPolicy, WrittenRetry, WrittenThrottling,
};
use super::{Attempts, HedgingPolicy, Policy, RetryPolicy, RetryThrottling};
use crate::diagnostics::{Diagnostic, Place};
use crate::model::status_code::StatusCode;

/// gRPC takes more attempts as these.
const MOST_ATTEMPTS: u32 = 5;

/// A policy that was checked, and where it says how calls are sent again.
#[derive(Clone, Default)]
pub(super) struct Said {
    pub(super) policy: Policy,
    pub(super) attempts_at: Option<Place>,
}

impl Said {
    /// This policy, and of another one what this does not say.
    pub(super) fn over(self, other: Self) -> Self {
        let attempts_at = match self.policy.attempts {
            Some(_) => self.attempts_at,
            None => other.attempts_at,
        };
        Self {
            policy: self.policy.over(other.policy),
            attempts_at,
        }
    }
}

/// Everything that was found.
#[derive(Default)]
pub(super) struct Found {
    pub(super) errors: Vec<Diagnostic>,
    pub(super) warnings: Vec<Diagnostic>,
}

/// Checks policies of one dialect.
pub(super) struct Checking<'f> {
    pub(super) dialect: Dialect,
    pub(super) found: &'f mut Found,
}

impl Checking<'_> {
    fn error(&mut self, place: &Place, message: impl Into<String>, help: impl Into<String>) {
        let error = Diagnostic::error(message).with_label(place.clone(), "");
        self.found.errors.push(error.with_help(help));
    }

    fn warning(&mut self, place: &Place, message: impl Into<String>, help: impl Into<String>) {
        let warning = Diagnostic::warning(message).with_label(place.clone(), "");
        self.found.warnings.push(warning.with_help(help));
    }

    pub(super) fn policy(&mut self, written: &WrittenPolicy) -> Said {
        if let (Some(retry), Some(hedging)) = (&written.retry, &written.hedging) {
            let [one, other] = ["retry", "hedging"].map(|field| self.dialect.name(field));
            let error = Diagnostic::error(format!("`{one}` and `{other}` exclude each other"))
                .with_label(hedging.place.clone(), "the second")
                .with_label(retry.place.clone(), "the first")
                .with_help(
                    "leave out one of them: a call is sent again after it failed, or before",
                );
            self.found.errors.push(error);
        }
        let timeout = written.timeout.as_ref();
        let timeout = timeout.and_then(|timeout| self.positive("timeout", timeout));
        let retry = written.retry.as_ref().and_then(|retry| {
            let place = retry.place.clone();
            Some((Attempts::Retry(self.retry(retry)?), place))
        });
        let hedging = written.hedging.as_ref().map(|hedging| {
            let place = hedging.place.clone();
            (Attempts::Hedging(self.hedging(hedging)), place)
        });
        let (attempts, attempts_at) = retry.or(hedging).unzip();
        let policy = Policy {
            timeout,
            attempts,
            wait_for_ready: written.wait_for_ready,
            max_request_bytes: written.max_request_bytes,
            max_response_bytes: written.max_response_bytes,
        };
        Said {
            policy,
            attempts_at,
        }
    }

    /// The policy; none if there is no code with which a call is sent again.
    fn retry(&mut self, retry: &Placed<WrittenRetry>) -> Option<RetryPolicy> {
        let Placed { value, place } = retry;
        let max_attempts = self.attempts("retry", place, value.max_attempts.as_ref());
        let initial_backoff = value.initial_backoff.as_ref();
        let initial_backoff = self.backoff("initial_backoff", place, initial_backoff);
        let max_backoff = self.backoff("max_backoff", place, value.max_backoff.as_ref());
        let backoff_multiplier = self.multiplier(place, value.backoff_multiplier.as_ref());
        let codes = self.codes("retryable_status_codes", &value.codes);
        if value.codes.is_empty() {
            self.no_codes(place);
        }
        (!codes.is_empty()).then_some(RetryPolicy {
            max_attempts,
            initial_backoff,
            max_backoff,
            backoff_multiplier,
            codes,
        })
    }

    /// A retry policy has no codes. Many service configs are so, for generators that take it as no retries.
    fn no_codes(&mut self, place: &Place) {
        const FIELD: &str = "retryable_status_codes";
        let [around, field] = ["retry", FIELD].map(|name| self.dialect.name(name));
        let example = self.dialect.codes(FIELD);
        match self.dialect {
            Dialect::Proto => self.missing(("retry", FIELD), place, &example),
            Dialect::Json => {
                let message = format!("`{around}` has no `{field}`: no call is sent again");
                let help = format!("add `{example}`, or leave out the whole: gRPC refuses it");
                self.warning(place, message, help);
            }
        }
    }

    fn hedging(&mut self, hedging: &Placed<WrittenHedging>) -> HedgingPolicy {
        let Placed { value, place } = hedging;
        let delay = value.delay.as_ref();
        let delay = delay.and_then(|delay| self.duration("hedging_delay", delay));
        HedgingPolicy {
            max_attempts: self.attempts("hedging", place, value.max_attempts.as_ref()),
            delay: delay.unwrap_or_default(),
            non_fatal_codes: self.codes("non_fatal_status_codes", &value.non_fatal_codes),
        }
    }

    pub(super) fn throttling(&mut self, throttling: &Placed<WrittenThrottling>) -> RetryThrottling {
        let Placed { value, place } = throttling;
        let field = "max_tokens";
        let max_tokens = match &value.max_tokens {
            None => {
                let example = self.dialect.number(field, "10");
                self.missing(("retry_throttling", field), place, &example);
                1
            }
            Some(tokens) if (1..=1000).contains(&tokens.value) => tokens.value,
            Some(tokens) => {
                let name = self.dialect.name(field);
                let message = format!("`{name}` is {}, which is out of range", tokens.value);
                let help = "gRPC takes 1 to 1000 tokens; leave out the whole for no throttling";
                self.error(&tokens.place, message, help);
                1
            }
        };
        RetryThrottling {
            max_tokens,
            token_ratio_thousandths: self.thousandths(place, value.token_ratio.as_ref()),
        }
    }

    /// The ratio times 1000. gRPC does not count decimals beyond three.
    fn thousandths(&mut self, place: &Place, ratio: Option<&Placed<f64>>) -> u32 {
        const FIELD: &str = "token_ratio";
        let name = self.dialect.name(FIELD);
        let Some(Placed { value, place }) = ratio else {
            let example = self.dialect.number(FIELD, "0.1");
            self.missing(("retry_throttling", FIELD), place, &example);
            return 1;
        };
        let text = value.to_string();
        let (whole, decimals) = text.split_once('.').unwrap_or((&text, ""));
        let counted = format!("{decimals:0<3}");
        let thousandths = format!("{whole}{}", &counted[..3]);
        match thousandths.parse() {
            Ok(thousandths @ 1..=1_000_000) => {
                if decimals.len() > 3 {
                    let message =
                        format!("`{name}` is {text}, of which gRPC counts three decimals");
                    let help = format!("write {whole}.{}", &counted[..3]);
                    self.warning(place, message, help);
                }
                thousandths
            }
            _ => {
                let message = format!("`{name}` is {text}, which is out of range");
                let help = "write 0.001 to 1000: what a successful call gives back of a token";
                self.error(place, message, help);
                1
            }
        }
    }

    fn attempts(&mut self, around: &str, place: &Place, attempts: Option<&Placed<u32>>) -> u32 {
        const FIELD: &str = "max_attempts";
        let name = self.dialect.name(FIELD);
        let Some(Placed { value, place }) = attempts else {
            let example = self.dialect.number(FIELD, "3");
            // Many service configs are so, for generators that count no attempts.
            if self.dialect == Dialect::Json && around == "retry" {
                let around = self.dialect.name(around);
                let message =
                    format!("`{around}` has no `{name}`, and is taken with {MOST_ATTEMPTS}");
                let help = format!("add `{example}`: gRPC requires it");
                self.warning(place, message, help);
            } else {
                self.missing((around, FIELD), place, &example);
            }
            return MOST_ATTEMPTS;
        };
        if *value < 2 {
            let message = format!("`{name}` is {value}, and the first attempt counts");
            let help = "write 2 to 5, or leave out the whole, and no call is sent again";
            self.error(place, message, help);
        } else if *value > MOST_ATTEMPTS {
            let message = format!("`{name}` is {value}, which gRPC takes as {MOST_ATTEMPTS}");
            self.warning(place, message, format!("write {MOST_ATTEMPTS}"));
        }
        (*value).clamp(2, MOST_ATTEMPTS)
    }

    fn backoff(&mut self, field: &str, place: &Place, span: Option<&Placed<Span>>) -> Duration {
        let Some(span) = span else {
            let example = self.dialect.duration(field, 1);
            self.missing(("retry", field), place, &example);
            return Duration::ZERO;
        };
        self.positive(field, span).unwrap_or_default()
    }

    fn multiplier(&mut self, place: &Place, multiplier: Option<&Placed<f32>>) -> f32 {
        const FIELD: &str = "backoff_multiplier";
        let Some(Placed { value, place }) = multiplier else {
            let example = self.dialect.number(FIELD, "2");
            self.missing(("retry", FIELD), place, &example);
            return 1.0;
        };
        if !value.is_finite() || *value <= 0.0 {
            let name = self.dialect.name(FIELD);
            let message = format!("`{name}` is {value}, which is out of range");
            let help = "write more than 0, such as 2: each delay is so many times the one before";
            self.error(place, message, help);
        }
        *value
    }

    /// Codes in ascending order, each once.
    fn codes(&mut self, field: &str, codes: &[Placed<i32>]) -> Vec<StatusCode> {
        let mut known = BTreeMap::new();
        for Placed { value, place } in codes {
            match StatusCode::from_number(*value) {
                Some(code) => {
                    known.insert(*value, code);
                }
                None => {
                    let (message, help) = match value {
                        0 => {
                            let name = self.dialect.name(field);
                            (
                                format!("`{name}` has OK, which is no failure"),
                                "leave it out",
                            )
                        }
                        _ => (format!("the code {value} does not exist"), StatusCode::HELP),
                    };
                    self.error(place, message, help);
                }
            }
        }
        known.into_values().collect()
    }

    fn missing(&mut self, (around, field): (&str, &str), place: &Place, example: &str) {
        let [around, field] = [around, field].map(|name| self.dialect.name(name));
        let message = format!("`{around}` has no `{field}`, which gRPC requires");
        self.error(place, message, format!("add `{example}`"));
    }

    /// A duration of more than 0.
    fn positive(&mut self, field: &str, span: &Placed<Span>) -> Option<Duration> {
        let duration = self.duration(field, span)?;
        if duration.is_zero() {
            let name = self.dialect.name(field);
            let (message, otherwise) = match field {
                "timeout" => (
                    "the timeout is 0, with which every call fails".to_owned(),
                    ", or leave it out, and calls have no deadline",
                ),
                _ => (format!("`{name}` is 0, which gRPC refuses"), ""),
            };
            let example = self.dialect.duration(field, 1);
            let help = format!("write more than 0, such as `{example}`{otherwise}");
            self.error(&span.place, message, help);
            return None;
        }
        Some(duration)
    }

    /// A duration in the range of `google.protobuf.Duration`, and not negative.
    fn duration(&mut self, field: &str, span: &Placed<Span>) -> Option<Duration> {
        const MOST_SECONDS: u64 = 315_576_000_000;
        let Span { seconds, nanos } = span.value;
        if let (Ok(seconds @ 0..=MOST_SECONDS), Ok(nanos @ 0..=999_999_999)) =
            (u64::try_from(seconds), u32::try_from(nanos))
        {
            return Some(Duration::new(seconds, nanos));
        }
        let name = self.dialect.name(field);
        let is_negative = seconds <= 0 && nanos <= 0;
        let problem = if is_negative {
            "negative"
        } else {
            "out of range"
        };
        let example = self.dialect.duration(field, 1);
        let help = format!(
            "write `{example}`, for example: up to 315576000000 seconds, and 0 to 999999999 nanoseconds"
        );
        self.error(&span.place, format!("`{name}` is {problem}"), help);
        None
    }
}
