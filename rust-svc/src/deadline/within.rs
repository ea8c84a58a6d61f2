//! Futures of calls, limited by a deadline.

use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;
use tonic::Status;

use super::{Current, Timer};

pin_project! {
    /// Future of a call that ends with `DEADLINE_EXCEEDED` at its deadline. It runs inside of the [`Current`] call.
    ///
    /// The timer is part of it, so that a deadline needs no allocation. The future is pinned outside: one that is moved
    /// into another is copied whole.
    pub(crate) struct Within<'a, F> {
        future: Pin<&'a mut F>,
        current: Option<&'a Current>,
        #[pin]
        timer: Timer,
    }
}

impl<'a, F> Within<'a, F> {
    /// Without a `current` call, this is the future alone.
    pub(crate) fn new(current: Option<&'a Current>, future: Pin<&'a mut F>) -> Self {
        Self {
            future,
            current,
            timer: Timer::new(),
        }
    }
}

impl<T, F: Future<Output = Result<T, Status>>> Future for Within<'_, F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let Some(current) = this.current else {
            return this.future.as_mut().poll(context);
        };
        let Some(deadline) = current.limit() else {
            return current.enter(|| this.future.as_mut().poll(context));
        };
        // The deadline comes first where both are ready, so that the result does not depend on the order of wake-ups.
        if this.timer.has_expired() {
            return Poll::Ready(Err(deadline.exceeded()));
        }
        let polled = current.enter(|| this.future.as_mut().poll(context));
        if polled.is_pending() && this.timer.poll(&deadline, context).is_ready() {
            return Poll::Ready(Err(deadline.exceeded()));
        }
        polled
    }
}
