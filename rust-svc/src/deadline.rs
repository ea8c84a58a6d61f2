//! Deadlines of calls: one instant for a call, on both sides, from before its first `await` to its last frame.
//!
//! [`Deadlines`] are the settings of a client or a server. A [`Deadline`] is what they, the metadata and the [`Current`] call
//! make of one call. [`Within`] limits a future by it, and [`Until`] the body of a response.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;
use tonic::metadata::MetadataMap;
use tonic::{Code, Status, TimeoutExpired};

use crate::{Method, clock, timeout};

mod current;
mod settings;
mod timer;
mod until;
mod within;

pub(crate) use current::{Alone, Inheritance};
pub use current::{Current, CurrentScope};
pub use settings::Deadlines;
use timer::Timer;
pub(crate) use until::Until;
pub(crate) use within::Within;

/// Time in nanoseconds by which a server ends a call early. `tonic::transport::Server` has a timer for the same deadline, and ends the
/// call with `CANCELLED` if its timer is the first.
const LEAD: u32 = 1_000_000;

/// Deadline of one call.
#[allow(
    unreachable_pub,
    reason = "a method of a public trait takes it with the feature `testing`"
)]
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Deadline {
    at: Instant,
    /// Nanoseconds from the start of the call to its deadline. Small, as all of this: each future of a call has it.
    timeout: u64,
    /// Nanoseconds before the deadline at which this side ends the call.
    lead: u32,
    /// Rpc of the call, if it is a generated one.
    method: Option<&'static Method>,
}

impl Deadline {
    /// Deadline of a call that a server receives: the minimum of `grpc-timeout` and of its settings.
    pub(crate) fn of_server(
        method: &'static Method,
        metadata: &MetadataMap,
        deadlines: &Deadlines,
    ) -> Option<Self> {
        let timeout = deadlines.timeout(method, timeout::from_metadata(metadata))?;
        Some(Self {
            at: clock::now()?.checked_add(timeout)?,
            timeout: nanos(timeout),
            // Less than `LEAD`, which a `u32` can have.
            lead: (nanos(timeout) / 2).min(LEAD.into()) as u32,
            method: Some(method),
        })
    }

    /// Deadline of a call that a client makes: the minimum of `grpc-timeout`, of the settings, and of the deadline that it
    /// inherits. Writes it to `grpc-timeout`.
    pub(crate) fn of_client(
        method: Option<&'static Method>,
        metadata: &mut MetadataMap,
        deadlines: &Deadlines,
        inherited: Option<Self>,
    ) -> Option<Self> {
        let asked = match metadata.is_empty() {
            true => None,
            false => timeout::from_metadata(metadata),
        };
        let own = match method {
            Some(method) => deadlines.timeout(method, asked),
            None => asked,
        };
        if own.is_none() && inherited.is_none() {
            return None;
        }
        let now = clock::now();
        let left = inherited
            .zip(now)
            .map(|(inherited, now)| inherited.at.saturating_duration_since(now));
        let timeout = own.into_iter().chain(left).min()?;
        if asked != Some(timeout) {
            timeout::set(metadata, timeout);
        }
        let at = match inherited {
            // Exactly the deadline that is inherited, not one that was computed from what is left of it.
            Some(inherited) if left == Some(timeout) => inherited.at,
            _ => now?.checked_add(timeout)?,
        };
        Some(Self {
            at,
            timeout: nanos(timeout),
            lead: 0,
            method,
        })
    }

    /// Deadline that this side keeps to the instant: no transport has a timer of its own.
    #[cfg(feature = "testing")]
    pub(crate) fn without_lead(self) -> Self {
        Self { lead: 0, ..self }
    }

    /// Time until the deadline, or zero.
    pub(crate) fn remaining(&self) -> Duration {
        self.at.saturating_duration_since(Instant::now())
    }

    /// Time from the start of the call to its deadline.
    fn timeout(&self) -> Duration {
        Duration::from_nanos(self.timeout)
    }

    /// Instant of the deadline.
    pub(crate) fn at(&self) -> std::time::Instant {
        self.at.into_std()
    }

    /// Instant at which this side ends the call.
    fn expires(&self) -> Instant {
        let lead = Duration::from_nanos(self.lead.into());
        self.at.checked_sub(lead).unwrap_or(self.at)
    }

    /// Checks that the call may go on.
    ///
    /// # Errors
    ///
    /// `DEADLINE_EXCEEDED` if this side has to end it.
    pub(crate) fn check(&self) -> Result<(), Status> {
        match Instant::now() < self.expires() {
            true => Ok(()),
            false => Err(self.exceeded()),
        }
    }

    /// Takes the time that has passed off `grpc-timeout`, before a request is sent. Less than a millisecond is no change.
    ///
    /// # Errors
    ///
    /// `DEADLINE_EXCEEDED` if no time is left.
    pub(crate) fn take_off(&self, metadata: &mut MetadataMap) -> Result<(), Status> {
        let remaining = self.remaining();
        if remaining.is_zero() {
            return Err(self.exceeded());
        }
        let passed = self.timeout().saturating_sub(remaining);
        if passed < Duration::from_millis(1) {
            return Ok(());
        }
        // An interceptor may have changed or removed it.
        if let Some(timeout) = timeout::from_metadata(metadata) {
            timeout::set(metadata, timeout.saturating_sub(passed));
        }
        Ok(())
    }

    /// Status of a call that was not over in time. Its source has the type that a transport of tonic sets.
    pub(crate) fn exceeded(&self) -> Status {
        let subject = self.method.map_or("the call", Method::path);
        let message = format!("{subject} was not over in {:?}", self.timeout());
        let mut status = Status::deadline_exceeded(message);
        status.set_source(Arc::new(TimeoutExpired(())));
        status
    }
}

/// Replaces `CANCELLED`, which timers of tonic's transports report, with the code of the gRPC specification.
///
/// It is theirs if its source says so, or if the call has a deadline that has expired.
pub(crate) fn mended(status: Status, deadline: Option<&Deadline>) -> Status {
    if status.code() != Code::Cancelled {
        return status;
    }
    let is_timer = expired_in_transport(&status);
    if !is_timer && deadline.is_none_or(|deadline| deadline.check().is_ok()) {
        return status;
    }
    let mut exceeded = Status::deadline_exceeded(status.message());
    *exceeded.metadata_mut() = status.metadata().clone();
    exceeded.set_source(Arc::new(TimeoutExpired(())));
    exceeded
}

/// Nanoseconds of a duration, at most 584 years.
fn nanos(duration: Duration) -> u64 {
    duration.as_nanos().try_into().unwrap_or(u64::MAX)
}

fn expired_in_transport(status: &Status) -> bool {
    let source = std::error::Error::source(status);
    let mut chain = std::iter::successors(source, |error| (*error).source());
    chain.any(|error| error.is::<TimeoutExpired>())
}
