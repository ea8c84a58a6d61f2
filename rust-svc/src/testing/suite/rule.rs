//! Rules of interceptors.

use std::fmt;

/// Rule of interceptors that let calls pass. See [`InterceptorSuite`](super::InterceptorSuite).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Rule {
    /// A valid call passes.
    Passes,
    /// All messages are passed on, unchanged and in order.
    Messages,
    /// Metadata of the request is passed on.
    Metadata,
    /// Metadata before the first message of the response is passed on.
    Headers,
    /// Metadata after the last message is passed on.
    Trailers,
    /// Extensions of others stay.
    Extensions,
    /// The status of a failed call is passed on: code, message, details and metadata.
    Status,
    /// No metadata that gRPC reserves is added: `grpc-…`, `content-type`, `te`.
    Reserved,
    /// `grpc-timeout` is not removed or extended.
    Deadline,
    /// The refusal of another interceptor is passed on.
    Refusals,
    /// A call that is dropped at any time ends without a panic, and later calls pass.
    Cancellation,
    /// A panic of the handler goes on, unless the interceptor [recovers](crate::Interceptor::recovers): then the call fails
    /// with an error that does not contain the text of the panic.
    Panics,
    /// Concurrent calls pass, and none waits for the end of another.
    Concurrency,
    /// Unusual metadata does not cause a panic or a delay.
    OddMetadata,
    /// A call without the metadata of the suite is refused before its first message.
    Credentials,
    /// Nothing of a call is kept after its end.
    Release,
    /// Hooks do not panic.
    NoPanic,
    /// Hooks do not block, and `start` ends.
    NoBlocking,
}

impl Rule {
    /// Advice for a broken rule.
    fn help(self) -> &'static str {
        match self {
            Self::Passes => "give the suite the metadata that calls need, by `.metadata(..)`",
            Self::Messages => "change messages for a purpose only, and refuse by an error",
            Self::Metadata | Self::Headers | Self::Trailers => {
                "add to metadata, and take nothing out"
            }
            Self::Extensions => "add to extensions, and take nothing out",
            Self::Status => "change a status in `end` for a purpose only, and all of it",
            Self::Reserved => "leave metadata that begin with `grpc-` to gRPC",
            Self::Deadline => "leave `grpc-timeout` as it is, or make it shorter",
            Self::Refusals => "leave the status in `end` as it is where somebody else refused",
            Self::Cancellation => {
                "expect that `start` is dropped at any of its `.await`s, and `end` runs for a call that is dropped"
            }
            Self::Panics => {
                "leave a call that panicked as it is in `end`, and in `recover` say nothing of the panic to the caller"
            }
            Self::Concurrency => {
                "keep what belongs to one call in its `State`, and hold no lock from `start` to `end`"
            }
            Self::OddMetadata => "expect any bytes in metadata: no `unwrap` of what a caller sends",
            Self::Credentials => "refuse in `start`, by an error with a status that is not OK",
            Self::Release => "keep nothing of a call where it outlives its `State`",
            Self::NoPanic => "return a status instead",
            Self::NoBlocking => {
                "wait in `start` only, by `.await`, and for nothing that may not come"
            }
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Passes => "a call that nothing is wrong with passes",
            Self::Messages => "messages are passed on unchanged and in order",
            Self::Metadata => "metadata of the request are passed on",
            Self::Headers => "headers of the response are passed on",
            Self::Trailers => "trailers are passed on",
            Self::Extensions => "extensions of others stay",
            Self::Status => "a status is passed on as it is",
            Self::Reserved => "no metadata of gRPC's own are added",
            Self::Deadline => "`grpc-timeout` is not taken away or made longer",
            Self::Refusals => "refusals of others are passed on",
            Self::Cancellation => "a dropped call ends cleanly",
            Self::Panics => "panics of handlers stay panics, or become errors that do not tell",
            Self::Concurrency => "calls do not wait for one another",
            Self::OddMetadata => "metadata may be odd",
            Self::Credentials => "a call without credentials is refused, and not seen",
            Self::Release => "nothing of a call is kept",
            Self::NoPanic => "hooks do not panic",
            Self::NoBlocking => "hooks do not block",
        })
    }
}

/// Broken rule.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RuleViolation {
    /// Rule that is broken.
    pub rule: Rule,
    /// Kind of rpc, and check.
    pub place: String,
    /// Observation.
    pub seen: String,
}

/// Report of all broken rules.
#[derive(Clone, Debug)]
pub struct Report(Vec<RuleViolation>);

impl Report {
    pub(super) fn new(mut violations: Vec<RuleViolation>) -> Option<Self> {
        violations.sort_by_key(|violation| violation.rule);
        (!violations.is_empty()).then_some(Self(violations))
    }

    /// Violations, sorted by rule.
    #[must_use]
    pub fn violations(&self) -> &[RuleViolation] {
        &self.0
    }

    /// Broken rules, each once.
    #[must_use]
    pub fn rules(&self) -> Vec<Rule> {
        let mut rules: Vec<_> = self.0.iter().map(|violation| violation.rule).collect();
        rules.dedup();
        rules
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the interceptor breaks rules:")?;
        for rule in self.rules() {
            write!(f, "\n\n{rule:?}: {rule}")?;
            for violation in self.0.iter().filter(|violation| violation.rule == rule) {
                write!(f, "\n  {}: {}", violation.place, violation.seen)?;
            }
            write!(f, "\n  help: {}", rule.help())?;
        }
        Ok(())
    }
}

impl std::error::Error for Report {}
