//! An interceptor whose `start` was passed, while others still start.

use tonic::Status;

use super::call::Facts;
use super::contained::{contained, go_on};
use super::{Call, End, Interceptor, Outcome, Side};

/// Sees to it that `end` runs if the call does not get to be one: refused by another interceptor, or
/// dropped while that is still thinking.
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

    /// The call goes on.
    pub(super) fn into_state(mut self) -> I::State {
        self.state.take().expect("taken only here and at the end")
    }

    /// Another one refused: this is the status, which may be replaced.
    pub(super) fn refused(mut self, mut status: Status) -> Status {
        self.end_interceptor(&mut status, Outcome::Completed);
        status
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
            let outcome = Outcome::of_drop();
            go_on(contained(|| {
                self.end_interceptor(&mut outcome.stand_in(), outcome)
            }));
        }
    }
}
