//! Policies as somebody wrote them: nothing is checked, and each value has its place.

use crate::diagnostics::Place;

/// A value and where it is written.
pub(super) struct Placed<T> {
    pub(super) value: T,
    pub(super) place: Place,
}

impl<T> Placed<T> {
    pub(super) fn map<U>(self, map: impl FnOnce(T) -> U) -> Placed<U> {
        Placed {
            value: map(self.value),
            place: self.place,
        }
    }
}

/// A policy for an rpc, a service, or everything.
#[derive(Default)]
pub(super) struct WrittenPolicy {
    pub(super) timeout: Option<Placed<Span>>,
    pub(super) retry: Option<Placed<WrittenRetry>>,
    pub(super) hedging: Option<Placed<WrittenHedging>>,
    pub(super) wait_for_ready: Option<bool>,
    pub(super) max_request_bytes: Option<u32>,
    pub(super) max_response_bytes: Option<u32>,
}

pub(super) struct WrittenRetry {
    pub(super) max_attempts: Option<Placed<u32>>,
    pub(super) initial_backoff: Option<Placed<Span>>,
    pub(super) max_backoff: Option<Placed<Span>>,
    pub(super) backoff_multiplier: Option<Placed<f32>>,
    pub(super) codes: Vec<Placed<i32>>,
}

pub(super) struct WrittenHedging {
    pub(super) max_attempts: Option<Placed<u32>>,
    pub(super) delay: Option<Placed<Span>>,
    pub(super) non_fatal_codes: Vec<Placed<i32>>,
}

pub(super) struct WrittenThrottling {
    pub(super) max_tokens: Option<Placed<u32>>,
    pub(super) token_ratio: Option<Placed<f64>>,
}

/// `google.protobuf.Duration`.
#[derive(Clone, Copy)]
pub(super) struct Span {
    pub(super) seconds: i64,
    pub(super) nanos: i32,
}

/// The language that a policy is written in: what its fields are called, and how a value is spelled.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    /// Options of a proto, in text format.
    Proto,
    /// A service config, in JSON.
    Json,
}

impl Dialect {
    /// The name of a field, given as protos have it.
    pub(super) fn name(self, field: &str) -> String {
        match self {
            Self::Proto => field.to_owned(),
            Self::Json => match field {
                "retry" => "retryPolicy".to_owned(),
                "hedging" => "hedgingPolicy".to_owned(),
                field => camel(field),
            },
        }
    }

    /// A field with a duration, as an example.
    pub(super) fn duration(self, field: &str, seconds: u32) -> String {
        let field = self.name(field);
        match self {
            Self::Proto => format!("{field}: {{seconds: {seconds}}}"),
            Self::Json => format!("\"{field}\": \"{seconds}s\""),
        }
    }

    /// A field with a value that is spelled alike in both.
    pub(super) fn number(self, field: &str, value: &str) -> String {
        let field = self.name(field);
        match self {
            Self::Proto => format!("{field}: {value}"),
            Self::Json => format!("\"{field}\": {value}"),
        }
    }

    /// A field with a list of one code.
    pub(super) fn codes(self, field: &str) -> String {
        match self {
            Self::Proto => self.number(field, "[UNAVAILABLE]"),
            Self::Json => self.number(field, "[\"UNAVAILABLE\"]"),
        }
    }
}

/// `maxAttempts` of `max_attempts`.
fn camel(snake: &str) -> String {
    let mut words = snake.split('_');
    let mut name = words.next().unwrap_or_default().to_owned();
    for word in words {
        let (first, rest) = word.split_at(1);
        name += &first.to_ascii_uppercase();
        name += rest;
    }
    name
}
