//! Interceptor that has started, while others start.

use tonic::Status;

use super::call::Facts;
use super::contained::{contained, resume};
use super::{Call, End, Interceptor, Outcome, Side};

/// Interceptor that has started. Runs its `end` if another interceptor refuses the call, or if the call is dropped before
/// all have started.
pub(super) struct Started<'a, S: Side, I: Interceptor<S>> {
    interceptor: &'a I,
    state: Option<I::State>,
    facts: &'a Facts,
}

impl<'a, S: Side, I: Interceptor<S>> Started<'a, S, I> {
    pub(super) fn new(interceptor: &'a I, state: I::State, facts: &'a Facts) -> Self {
        Self {
            interceptor,
            state: Some(state),
            facts,
        }
    }

    /// State of the interceptor, once all have started.
    pub(super) fn into_state(mut self) -> I::State {
        self.state.take().expect("taken only here and at the end")
    }

    /// Ends the interceptor with the status of another that refused the call. Returns the status, which `end` may change.
    pub(super) fn refused(mut self, mut status: Status) -> Status {
        self.end_interceptor(&mut status, Outcome::Completed);
        status
    }

    /// Status and outcome of a call that is dropped now. A call whose deadline has expired was dropped for that, and ends
    /// with the status of that.
    fn end_by_drop(&self) -> (Status, Outcome) {
        let expired = self
            .facts
            .deadline
            .map_or(Ok(()), |deadline| deadline.check());
        match (Outcome::on_drop(), expired) {
            (Outcome::Dropped, Err(exceeded)) => (exceeded, Outcome::Completed),
            (outcome, _) => (outcome.status(), outcome),
        }
    }

    fn end_interceptor(&mut self, status: &mut Status, outcome: Outcome) {
        if let Some(mut state) = self.state.take() {
            let mut call = Call {
                state: &mut state,
                facts: self.facts,
            };
            self.interceptor
                .end(&mut call, &mut End::new(status, outcome));
        }
    }
}

impl<S: Side, I: Interceptor<S>> Drop for Started<'_, S, I> {
    fn drop(&mut self) {
        if self.state.is_some() {
            let (mut status, outcome) = self.end_by_drop();
            resume(contained(|| self.end_interceptor(&mut status, outcome)));
        }
    }
}
