//! Interceptors behind a pointer, in an `Option` or in a `Vec`.

use std::any::Any;
use std::sync::Arc;

use tonic::{Status, metadata::MetadataMap};

use super::call::Facts;
use super::contained::{contained, resume};
use super::forward::forward_hooks;
use super::{Call, End, Interceptor, Message, Outcome, Side, Start};

macro_rules! behind_a_pointer {
    ([$($lifetime:lifetime)?] $pointer:ty) => {
        impl<$($lifetime,)? S: Side, I: Interceptor<S> + ?Sized> Interceptor<S> for $pointer {
            type State = I::State;

            async fn start(&self, call: &mut Start<'_, S>) -> Result<Self::State, Status> {
                (**self).start(call).await
            }

            forward_hooks!(self => **self);
        }
    };
}

behind_a_pointer!(['a] &'a I);
behind_a_pointer!([] Arc<I>);
behind_a_pointer!([] Box<I>);

/// An interceptor that may be missing.
impl<S: Side, I: Interceptor<S>> Interceptor<S> for Option<I> {
    type State = Option<I::State>;

    async fn start(&self, call: &mut Start<'_, S>) -> Result<Self::State, Status> {
        match self {
            Some(interceptor) => interceptor.start(call).await.map(Some),
            None => Ok(None),
        }
    }

    fn request_message<M: Message + ?Sized>(
        &self,
        call: &mut Call<'_, Self::State>,
        message: &mut M,
    ) -> Result<(), Status> {
        maybe(self.as_ref(), call, |interceptor, call| {
            interceptor.request_message(call, message)
        })
    }

    fn half_close(&self, call: &mut Call<'_, Self::State>) {
        maybe(self.as_ref(), call, |interceptor, call| {
            interceptor.half_close(call);
        });
    }

    fn response_headers(
        &self,
        call: &mut Call<'_, Self::State>,
        headers: &mut MetadataMap,
    ) -> Result<(), Status> {
        maybe(self.as_ref(), call, |interceptor, call| {
            interceptor.response_headers(call, headers)
        })
    }

    fn response_message<M: Message + ?Sized>(
        &self,
        call: &mut Call<'_, Self::State>,
        message: &mut M,
    ) -> Result<(), Status> {
        maybe(self.as_ref(), call, |interceptor, call| {
            interceptor.response_message(call, message)
        })
    }

    fn recovers(&self) -> bool {
        self.as_ref().is_some_and(Interceptor::recovers)
    }

    fn recover(
        &self,
        call: &mut Call<'_, Self::State>,
        panic: &(dyn Any + Send),
    ) -> Option<Status> {
        maybe(self.as_ref(), call, |interceptor, call| {
            interceptor.recover(call, panic)
        })
    }

    fn end(&self, call: &mut Call<'_, Self::State>, end: &mut End<'_>) {
        maybe(self.as_ref(), call, |interceptor, call| {
            interceptor.end(call, end);
        });
    }
}

/// Runs a hook if there is an interceptor, and it has started for the call.
pub(super) fn maybe<I, T, R: Passed>(
    interceptor: Option<&I>,
    call: &mut Call<'_, Option<T>>,
    hook: impl FnOnce(&I, &mut Call<'_, T>) -> R,
) -> R {
    let facts = call.facts;
    match (interceptor, call.state.as_mut()) {
        (Some(interceptor), Some(state)) => hook(interceptor, &mut Call { state, facts }),
        _ => R::PASSED,
    }
}

/// Result of a hook that does nothing.
pub(super) trait Passed {
    const PASSED: Self;
}

impl Passed for () {
    const PASSED: Self = ();
}

impl Passed for Option<Status> {
    const PASSED: Self = None;
}

impl Passed for Result<(), Status> {
    const PASSED: Self = Ok(());
}

/// The first of a list is outermost, like in a tuple.
impl<S: Side, I: Interceptor<S>> Interceptor<S> for Vec<I> {
    type State = Vec<I::State>;

    async fn start(&self, call: &mut Start<'_, S>) -> Result<Self::State, Status> {
        let mut started = StartedList {
            interceptors: self,
            states: Vec::with_capacity(self.len()),
            facts: call.facts,
        };
        for interceptor in self {
            match interceptor.start(call).await {
                Ok(state) => started.states.push(state),
                Err(mut status) => {
                    started.end_interceptors(&mut status, Outcome::Completed);
                    return Err(status);
                }
            }
        }
        Ok(std::mem::take(&mut started.states))
    }

    fn request_message<M: Message + ?Sized>(
        &self,
        call: &mut Call<'_, Self::State>,
        message: &mut M,
    ) -> Result<(), Status> {
        let facts = call.facts;
        let mut each = self.iter().zip(call.state.iter_mut());
        each.try_for_each(|(interceptor, state)| {
            interceptor.request_message(&mut Call { state, facts }, message)
        })
    }

    fn half_close(&self, call: &mut Call<'_, Self::State>) {
        let facts = call.facts;
        for (interceptor, state) in self.iter().zip(call.state.iter_mut()) {
            interceptor.half_close(&mut Call { state, facts });
        }
    }

    fn response_headers(
        &self,
        call: &mut Call<'_, Self::State>,
        headers: &mut MetadataMap,
    ) -> Result<(), Status> {
        let facts = call.facts;
        let mut each = self.iter().zip(call.state.iter_mut()).rev();
        each.try_for_each(|(interceptor, state)| {
            interceptor.response_headers(&mut Call { state, facts }, headers)
        })
    }

    fn response_message<M: Message + ?Sized>(
        &self,
        call: &mut Call<'_, Self::State>,
        message: &mut M,
    ) -> Result<(), Status> {
        let facts = call.facts;
        let mut each = self.iter().zip(call.state.iter_mut()).rev();
        each.try_for_each(|(interceptor, state)| {
            interceptor.response_message(&mut Call { state, facts }, message)
        })
    }

    fn recovers(&self) -> bool {
        self.iter().any(Interceptor::recovers)
    }

    fn recover(
        &self,
        call: &mut Call<'_, Self::State>,
        panic: &(dyn Any + Send),
    ) -> Option<Status> {
        let facts = call.facts;
        let mut each = self.iter().zip(call.state.iter_mut()).rev();
        each.find_map(|(interceptor, state)| interceptor.recover(&mut Call { state, facts }, panic))
    }

    fn end(&self, call: &mut Call<'_, Self::State>, end: &mut End<'_>) {
        end_all(self, call.state, call.facts, end);
    }
}

/// Runs the hook `end` of all, innermost first.
fn end_all<S: Side, I: Interceptor<S>>(
    interceptors: &[I],
    states: &mut [I::State],
    facts: &Facts,
    end: &mut End<'_>,
) {
    // All of them run, even if one panics.
    let mut result = Ok(());
    for (interceptor, state) in interceptors.iter().zip(states).rev() {
        result = result.and(contained(|| {
            interceptor.end(&mut Call { state, facts }, end)
        }));
    }
    resume(result);
}

/// Interceptors of a list that have started, while others start.
struct StartedList<'a, S: Side, I: Interceptor<S>> {
    interceptors: &'a [I],
    states: Vec<I::State>,
    facts: &'a Facts,
}

impl<S: Side, I: Interceptor<S>> StartedList<'_, S, I> {
    fn end_interceptors(&mut self, status: &mut Status, outcome: Outcome) {
        let mut states = std::mem::take(&mut self.states);
        let started = &self.interceptors[..states.len()];
        end_all(
            started,
            &mut states,
            self.facts,
            &mut End::new(status, outcome),
        );
    }
}

impl<S: Side, I: Interceptor<S>> Drop for StartedList<'_, S, I> {
    fn drop(&mut self) {
        if !self.states.is_empty() {
            let outcome = Outcome::on_drop();
            resume(contained(|| {
                self.end_interceptors(&mut outcome.status(), outcome)
            }));
        }
    }
}
