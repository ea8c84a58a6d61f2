//! Policies of methods: how calls are made, as proto files and service configs say it.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::time::Duration;

use tonic::Code;

/// Policy of a method: how its calls are made.
///
/// It is what the options of `rust_svc/v1/options.proto` say of an rpc or its service, and what a service config says that
/// was given to the generator. Each part is `None` where neither says anything. [`Method::policy`](crate::Method::policy)
/// has the policy of a method.
///
/// The parts are those of `MethodConfig` in `grpc.service_config`, whose rules are in gRFC A2 and A6.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Policy {
    timeout: Option<Duration>,
    attempts: Option<Attempts>,
    wait_for_ready: Option<bool>,
    max_request_bytes: Option<u32>,
    max_response_bytes: Option<u32>,
}

/// More than one attempt: retries and hedging exclude each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Attempts {
    Retry(RetryPolicy),
    Hedging(HedgingPolicy),
}

impl Policy {
    /// Says nothing.
    pub(crate) const NONE: Self = Self {
        timeout: None,
        attempts: None,
        wait_for_ready: None,
        max_request_bytes: None,
        max_response_bytes: None,
    };

    pub(crate) const fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    pub(crate) const fn with_retry(mut self, retry: RetryPolicy) -> Self {
        self.attempts = Some(Attempts::Retry(retry));
        self
    }

    pub(crate) const fn with_hedging(mut self, hedging: HedgingPolicy) -> Self {
        self.attempts = Some(Attempts::Hedging(hedging));
        self
    }

    pub(crate) const fn with_wait_for_ready(mut self, wait: Option<bool>) -> Self {
        self.wait_for_ready = wait;
        self
    }

    pub(crate) const fn with_max_request_bytes(mut self, bytes: u32) -> Self {
        self.max_request_bytes = Some(bytes);
        self
    }

    pub(crate) const fn with_max_response_bytes(mut self, bytes: u32) -> Self {
        self.max_response_bytes = Some(bytes);
        self
    }

    /// How long a call may take, from its beginning to its last message, with all of its attempts. More than zero.
    pub const fn timeout(&self) -> Option<Duration> {
        self.timeout
    }

    /// How a call that failed is sent again. `None` if there is [`hedging`](Self::hedging).
    pub const fn retry(&self) -> Option<&RetryPolicy> {
        match &self.attempts {
            Some(Attempts::Retry(retry)) => Some(retry),
            _ => None,
        }
    }

    /// How a call is sent again before it failed. `None` if there is [`retry`](Self::retry).
    pub const fn hedging(&self) -> Option<&HedgingPolicy> {
        match &self.attempts {
            Some(Attempts::Hedging(hedging)) => Some(hedging),
            _ => None,
        }
    }

    /// Whether a call waits where there is no connection (`true`), or fails with `UNAVAILABLE` (`false`).
    pub const fn wait_for_ready(&self) -> Option<bool> {
        self.wait_for_ready
    }

    /// Largest request in bytes, as protobuf encodes it and before it is compressed. Zero admits empty messages only.
    pub const fn max_request_bytes(&self) -> Option<usize> {
        bytes(self.max_request_bytes)
    }

    /// Largest response in bytes, as protobuf encodes it and after it is decompressed. Zero admits empty messages only.
    pub const fn max_response_bytes(&self) -> Option<usize> {
        bytes(self.max_response_bytes)
    }
}

const fn bytes(bytes: Option<u32>) -> Option<usize> {
    match bytes {
        Some(bytes) => Some(bytes as usize),
        None => None,
    }
}

/// Retry policy: how a call that failed is sent again. `RetryPolicy` of gRFC A6.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RetryPolicy {
    max_attempts: u32,
    codes: Codes,
    initial_backoff: Duration,
    max_backoff: Duration,
    backoff_multiplier: Multiplier,
}

impl RetryPolicy {
    pub(crate) const fn new(max_attempts: u32, codes: Codes) -> Self {
        Self {
            max_attempts,
            codes,
            initial_backoff: Duration::ZERO,
            max_backoff: Duration::ZERO,
            backoff_multiplier: Multiplier(1.0),
        }
    }

    pub(crate) const fn with_backoff(
        mut self,
        initial: Duration,
        max: Duration,
        multiplier: f32,
    ) -> Self {
        self.initial_backoff = initial;
        self.max_backoff = max;
        self.backoff_multiplier = Multiplier(multiplier);
        self
    }

    /// Number of attempts, the first one included: 2 to 5.
    pub const fn max_attempts(&self) -> u32 {
        self.max_attempts
    }

    /// Delay before the second attempt, without its random part. More than zero.
    ///
    /// The delay before attempt n + 1 is `initial_backoff * backoff_multiplier^(n-1)`, at most
    /// [`max_backoff`](Self::max_backoff), times a random number from 0.8 to 1.2.
    pub const fn initial_backoff(&self) -> Duration {
        self.initial_backoff
    }

    /// Longest delay before an attempt, without its random part. More than zero.
    pub const fn max_backoff(&self) -> Duration {
        self.max_backoff
    }

    /// How many times longer each delay is than the one before. Finite, and more than zero.
    pub const fn backoff_multiplier(&self) -> f32 {
        self.backoff_multiplier.0
    }

    /// Codes with which a call is sent again. Never empty, and without `OK`.
    pub const fn retryable_codes(&self) -> Codes {
        self.codes
    }
}

/// Hedging policy: how a call is sent again before it failed, where the first answer counts. `HedgingPolicy` of gRFC A6.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct HedgingPolicy {
    max_attempts: u32,
    non_fatal_codes: Codes,
    delay: Duration,
}

impl HedgingPolicy {
    pub(crate) const fn new(max_attempts: u32, non_fatal_codes: Codes, delay: Duration) -> Self {
        Self {
            max_attempts,
            non_fatal_codes,
            delay,
        }
    }

    /// Number of attempts, the first one included: 2 to 5.
    pub const fn max_attempts(&self) -> u32 {
        self.max_attempts
    }

    /// Time between an attempt and the next. Zero sends all at once.
    pub const fn hedging_delay(&self) -> Duration {
        self.delay
    }

    /// Codes after which other attempts go on, and the next is sent at once. Any other code ends the call. Without `OK`,
    /// and possibly empty.
    pub const fn non_fatal_codes(&self) -> Codes {
        self.non_fatal_codes
    }
}

/// Throttling of retries and hedging: when a client stops sending calls again. `RetryThrottlingPolicy` of gRFC A6.
///
/// A client begins with [`max_tokens`](Self::max_tokens). A call that fails with a code of its policy takes one token, and one that
/// succeeds gives back [`token_ratio`](Self::token_ratio). Nothing is sent again with half of the tokens or fewer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RetryThrottling {
    max_tokens: u32,
    token_ratio_thousandths: u32,
}

impl RetryThrottling {
    pub(crate) const fn new(max_tokens: u32, token_ratio_thousandths: u32) -> Self {
        Self {
            max_tokens,
            token_ratio_thousandths,
        }
    }

    /// Number of tokens of a client: 1 to 1000.
    pub const fn max_tokens(&self) -> u32 {
        self.max_tokens
    }

    /// Tokens that a successful call gives back: 0.001 to 1000.
    pub const fn token_ratio(&self) -> f64 {
        self.token_ratio_thousandths as f64 / 1000.0
    }

    /// [`token_ratio`](Self::token_ratio) times 1000, which is a whole number: gRPC counts three decimals.
    pub const fn token_ratio_thousandths(&self) -> u32 {
        self.token_ratio_thousandths
    }
}

/// Set of status codes.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Codes {
    /// A bit for each code, by its number.
    bits: u32,
}

impl Codes {
    /// Number of codes of gRPC: 0 to 16.
    const COUNT: i32 = 17;

    pub(crate) const fn new(codes: &[Code]) -> Self {
        let mut bits = 0;
        let mut rest = codes;
        while let [code, behind @ ..] = rest {
            bits |= 1 << *code as u32;
            rest = behind;
        }
        Self { bits }
    }

    /// Whether a code is in the set.
    pub const fn contains(self, code: Code) -> bool {
        self.bits & (1 << code as u32) != 0
    }

    /// Whether there is no code in the set.
    pub const fn is_empty(self) -> bool {
        self.bits == 0
    }

    /// Codes in the set, in the order of their numbers.
    pub fn iter(self) -> impl Iterator<Item = Code> {
        let all = (0..Self::COUNT).map(Code::from_i32);
        all.filter(move |code| self.contains(*code))
    }
}

impl fmt::Debug for Codes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

/// A finite number, which is equal to itself and has a hash. There is no second zero: it is more than zero.
#[derive(Clone, Copy, PartialEq)]
struct Multiplier(f32);

impl Eq for Multiplier {}

impl Hash for Multiplier {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.to_bits().hash(state);
    }
}

impl fmt::Debug for Multiplier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::__private::v1;

    const NONE: Policy = v1::no_policy();

    const FULL: Policy = v1::max_response_bytes(
        v1::max_request_bytes(
            v1::wait_for_ready(v1::retry(
                v1::timeout(NONE, v1::duration(5, 1)),
                v1::backoff(
                    v1::retry_policy(3, v1::codes(&[Code::Unavailable, Code::Aborted])),
                    v1::duration(0, 100_000_000),
                    v1::duration(1, 0),
                    1.5,
                ),
            )),
            1024,
        ),
        0,
    );

    #[test]
    fn says_nothing_unless_told() {
        assert_eq!(NONE, Policy::default());
        assert_eq!(NONE.timeout(), None);
        assert_eq!(NONE.retry(), None);
        assert_eq!(NONE.hedging(), None);
        assert_eq!(NONE.wait_for_ready(), None);
        assert_eq!(NONE.max_request_bytes(), None);
        assert_eq!(NONE.max_response_bytes(), None);
    }

    #[test]
    fn parts_are_what_was_said() {
        assert_eq!(FULL.timeout(), Some(Duration::new(5, 1)));
        assert_eq!(FULL.wait_for_ready(), Some(true));
        assert_eq!(v1::fail_fast(NONE).wait_for_ready(), Some(false));
        assert_eq!(FULL.max_request_bytes(), Some(1024));
        assert_eq!(FULL.max_response_bytes(), Some(0));
        let retry = FULL.retry().unwrap();
        assert_eq!(retry.max_attempts(), 3);
        assert_eq!(retry.initial_backoff(), Duration::from_millis(100));
        assert_eq!(retry.max_backoff(), Duration::from_secs(1));
        assert_eq!(retry.backoff_multiplier(), 1.5);
        assert_eq!(FULL.hedging(), None);
    }

    #[test]
    fn the_last_of_retry_and_hedging_counts() {
        const HEDGED: Policy = v1::hedging(
            FULL,
            v1::hedging_policy(2, v1::codes(&[Code::Internal]), v1::duration(0, 5)),
        );
        assert_eq!(HEDGED.retry(), None);
        let hedging = HEDGED.hedging().unwrap();
        assert_eq!(hedging.max_attempts(), 2);
        assert_eq!(hedging.hedging_delay(), Duration::from_nanos(5));
        assert!(hedging.non_fatal_codes().contains(Code::Internal));
        assert_eq!(HEDGED.timeout(), FULL.timeout());
    }

    #[test]
    fn codes_are_a_set() {
        let all: Vec<_> = (0..Codes::COUNT).map(Code::from_i32).collect();
        assert_eq!(all.last(), Some(&Code::Unauthenticated));
        assert!(Codes::new(&all).iter().eq(all.iter().copied()));
        let codes = Codes::new(&[Code::Unavailable, Code::Aborted, Code::Aborted]);
        assert_eq!(format!("{codes:?}"), "{Aborted, Unavailable}");
        for code in all {
            let is_in = [Code::Unavailable, Code::Aborted].contains(&code);
            assert_eq!(codes.contains(code), is_in, "{code:?}");
        }
        assert!(Codes::default().is_empty() && !codes.is_empty());
    }

    #[test]
    fn token_ratios_are_thousandths() {
        const THROTTLING: RetryThrottling = RetryThrottling::new(10, 1_234);
        assert_eq!(THROTTLING.max_tokens(), 10);
        assert_eq!(THROTTLING.token_ratio(), 1.234);
        assert_eq!(THROTTLING.token_ratio_thousandths(), 1_234);
    }
}
