//! The call that a task works for.

use std::cell::Cell;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use pin_project_lite::pin_project;
use tonic::Extensions;

use super::Deadline;

thread_local! {
    static CURRENT: Cell<Current> = const { Cell::new(Current::none()) };
}

/// Call that the current task works for, and whose deadline the calls of generated clients inherit.
///
/// Handlers, typed hooks, interceptors and streams of responses run inside of it, so that what they call ends at their own
/// deadline, and is cancelled when they are dropped.
///
/// # Spawned tasks
///
/// A spawned task does not belong to the call: it goes on when the call ends, and its own calls inherit nothing. That is
/// what work in the background wants. A task that works for the call has to say so:
///
/// ```
/// # async fn load() {}
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// use rust_svc::Current;
///
/// // Calls in `load` inherit the deadline.
/// let task = tokio::spawn(Current::capture().scope(load()));
/// # task.await.unwrap();
/// # }
/// ```
///
/// If `capture` is forgotten, the calls of the task have no deadline but their own. If it is called inside of the spawned task,
/// it captures nothing: the task has no current call.
#[derive(Clone, Copy)]
pub struct Current {
    limit: Option<Deadline>,
}

impl Current {
    /// Call of the current task. Outside of one this is [`none`](Self::none).
    #[must_use]
    pub fn capture() -> Self {
        CURRENT.get()
    }

    /// No call: calls in its [`scope`](Self::scope) inherit nothing.
    #[must_use]
    pub const fn none() -> Self {
        Self { limit: None }
    }

    pub(crate) const fn of(deadline: Deadline) -> Self {
        Self {
            limit: Some(deadline),
        }
    }

    /// Future that works for this call. Its own calls inherit the deadline.
    ///
    /// The future itself is not ended at the deadline.
    pub fn scope<F: Future>(self, future: F) -> CurrentScope<F> {
        CurrentScope {
            current: self,
            future,
        }
    }

    /// Deadline of the call. `None` if it has none.
    #[must_use]
    pub fn deadline(&self) -> Option<Instant> {
        Some(self.limit?.at())
    }

    /// Time until the deadline, zero after it. `None` if there is none.
    #[must_use]
    pub fn remaining(&self) -> Option<Duration> {
        Some(self.limit?.remaining())
    }

    pub(crate) fn limit(&self) -> Option<Deadline> {
        self.limit
    }

    /// Deadline of the call that this thread works for.
    pub(crate) fn limit_of_thread() -> Option<Deadline> {
        Self::capture().limit
    }

    /// Runs `run` inside of this call.
    pub(super) fn enter<R>(&self, run: impl FnOnce() -> R) -> R {
        let _left = Left(CURRENT.replace(*self));
        run()
    }
}

impl fmt::Debug for Current {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Current")
            .field("deadline", &self.deadline())
            .finish()
    }
}

/// Call that was left for another one, and comes back when this is dropped, also by a panic.
struct Left(Current);

impl Drop for Left {
    fn drop(&mut self) {
        CURRENT.set(self.0);
    }
}

pin_project! {
    /// Future of [`Current::scope`].
    #[must_use = "futures do nothing unless polled"]
    pub struct CurrentScope<F> {
        #[pin]
        future: F,
        current: Current,
    }
}

impl<F: Future> Future for CurrentScope<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        this.current.enter(|| this.future.poll(context))
    }
}

impl<F> fmt::Debug for CurrentScope<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CurrentScope")
            .field("current", &self.current)
            .finish_non_exhaustive()
    }
}

/// What a call takes over from the current one.
pub(crate) struct Inheritance {
    pub(crate) limit: Option<Deadline>,
    /// Whether the task works for a call, so that the call that begins has to replace it.
    is_inside: bool,
}

impl Inheritance {
    /// Inheritance of a call whose request has these extensions.
    pub(crate) fn new(extensions: &Extensions) -> Self {
        let limit = Current::limit_of_thread();
        let is_alone = limit.is_some() && extensions.get::<Alone>().is_some();
        Self {
            limit: limit.filter(|_| !is_alone),
            is_inside: limit.is_some(),
        }
    }

    /// Call to run with this deadline. `None` if nothing changes.
    pub(crate) fn current(&self, limit: Option<Deadline>) -> Option<Current> {
        (self.is_inside || limit.is_some()).then_some(Current { limit })
    }
}

/// Mark, in the extensions of a request, of a call that inherits nothing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Alone;
