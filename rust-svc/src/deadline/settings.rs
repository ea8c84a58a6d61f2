//! Settings of a client or a server for the deadlines of its calls.

use std::time::Duration;

use crate::Method;

/// Deadlines of the calls of a client, or of a server: `deadlines` of a generated client or server takes them.
///
/// A call has the timeout that it says itself, or else [`default_timeout`](Self::default_timeout). Without a default, the
/// `timeout` of the method's [policy](Method::policy) takes its place, and is a maximum as well, like that of a service config
/// (gRFC A2). [`max_timeout`](Self::max_timeout) limits all of them. A client also keeps to the deadline of the [`Current`]
/// call.
///
/// [`Current`]: crate::Current
///
/// ```
/// use std::time::Duration;
///
/// use rust_svc::Deadlines;
///
/// // Calls that say nothing have 5 s, and none has more than a minute.
/// let deadlines = Deadlines::new()
///     .default_timeout(Duration::from_secs(5))
///     .max_timeout(Duration::from_secs(60));
/// # let _ = deadlines;
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Deadlines {
    default: Option<Duration>,
    max: Option<Duration>,
}

impl Deadlines {
    /// Settings that add nothing to what calls and policies say.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            default: None,
            max: None,
        }
    }

    /// Sets the timeout of calls that say none. It replaces the timeouts of policies, shorter or longer.
    #[must_use]
    pub const fn default_timeout(mut self, timeout: Duration) -> Self {
        self.default = Some(timeout);
        self
    }

    /// Sets the longest timeout of a call, whatever the call or a policy says. Calls that have no timeout otherwise have
    /// this one.
    #[must_use]
    pub const fn max_timeout(mut self, timeout: Duration) -> Self {
        self.max = Some(timeout);
        self
    }

    /// Timeout of a call of this method that asks for `asked`.
    pub(super) fn timeout(
        &self,
        method: &'static Method,
        asked: Option<Duration>,
    ) -> Option<Duration> {
        let timeout = match self.default {
            Some(default) => Some(asked.unwrap_or(default)),
            None => min(asked, method.policy().timeout()),
        };
        min(timeout, self.max)
    }
}

fn min(one: Option<Duration>, other: Option<Duration>) -> Option<Duration> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}
