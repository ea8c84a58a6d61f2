//! Timer of a call.

use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;
use tokio::runtime;
use tokio::time::{Sleep, sleep_until};

use super::Deadline;

pin_project! {
    /// Timer of a deadline. It is made when it is first polled, so that a call that never waits has none.
    ///
    /// Without a runtime of tokio it never expires: `grpc-timeout` is all that a deadline is there.
    #[derive(Debug)]
    pub(super) struct Timer {
        #[pin]
        sleep: Option<Sleep>,
    }
}

impl Timer {
    pub(super) const fn new() -> Self {
        Self { sleep: None }
    }

    /// Whether it was polled.
    pub(super) fn is_armed(&self) -> bool {
        self.sleep.is_some()
    }

    /// Whether the deadline has expired, as the runtime knows. An unarmed timer does not know.
    pub(super) fn has_expired(&self) -> bool {
        self.sleep.as_ref().is_some_and(Sleep::is_elapsed)
    }

    /// Waits until this side has to end the call.
    pub(super) fn poll(
        self: Pin<&mut Self>,
        deadline: &Deadline,
        context: &mut Context<'_>,
    ) -> Poll<()> {
        let mut sleep = self.project().sleep;
        if sleep.is_none() {
            if runtime::Handle::try_current().is_err() {
                return Poll::Pending;
            }
            sleep.set(Some(sleep_until(deadline.expires())));
        }
        match sleep.as_pin_mut() {
            Some(sleep) => sleep.poll(context),
            None => Poll::Pending,
        }
    }
}
