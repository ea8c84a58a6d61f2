//! Futures of calls, limited by a deadline.

use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;
use tonic::Status;

use super::{Current, Timer};

pin_project! {
    /// Future of a call that ends with `DEADLINE_EXCEEDED` at its deadline. It runs inside of the [`Current`] call.
    ///
    /// The timer is part of it, so that a deadline needs no allocation.
    pub(crate) struct Within<F> {
        #[pin]
        future: F,
        current: Option<Current>,
        #[pin]
        timer: Timer,
    }
}

impl<F> Within<F> {
    /// Without a `current` call, this is the future alone.
    pub(crate) fn new(current: Option<Current>, future: F) -> Self {
        Self {
            future,
            current,
            timer: Timer::new(),
        }
    }
}

impl<T, F: Future<Output = Result<T, Status>>> Future for Within<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let Some(current) = this.current else {
            return this.future.poll(context);
        };
        let Some(deadline) = current.limit() else {
            return current.enter(|| this.future.poll(context));
        };
        // The deadline comes first where both are ready, so that the result does not depend on the order of wake-ups.
        if this.timer.has_expired() {
            return Poll::Ready(Err(deadline.exceeded()));
        }
        let polled = current.enter(|| this.future.poll(context));
        if polled.is_pending() && this.timer.poll(&deadline, context).is_ready() {
            return Poll::Ready(Err(deadline.exceeded()));
        }
        polled
    }
}
