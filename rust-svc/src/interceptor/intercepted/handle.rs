//! Access to a call from the places that run its hooks.

use tonic::{Code, Status};

use super::Intercepted;
use crate::interceptor::{Interceptor, Side};

/// Access to a call, which others may share.
pub trait Handle<S: Side, I: Interceptor<S>> {
    /// Runs `access` on the call. `None` if there is no call.
    fn with<R>(&mut self, access: impl FnOnce(&mut Intercepted<S, I>) -> R) -> Option<R>;

    /// Runs hooks of the call. Without a call, everything passes.
    ///
    /// # Errors
    ///
    /// The status of a hook that refuses.
    #[inline]
    fn pass(
        &mut self,
        hooks: impl FnOnce(&mut Intercepted<S, I>) -> Result<(), Status>,
    ) -> Result<(), Status> {
        self.with(hooks).unwrap_or(Ok(()))
    }

    /// Ends the call with this status, which interceptors may change.
    fn complete_call(&mut self, status: &mut Status) {
        self.with(|call| call.complete(status));
    }

    /// Ends a call that owes a message and has none. Interceptors may change the status, but not to OK.
    fn fail_call(&mut self, status: &mut Status) {
        let before = status.code();
        self.complete_call(status);
        if status.code() == Code::Ok && before != Code::Ok {
            *status = Status::internal("an interceptor made OK of a call that has no response");
        }
    }
}

impl<S: Side, I: Interceptor<S>> Handle<S, I> for Intercepted<S, I> {
    #[inline]
    fn with<R>(&mut self, access: impl FnOnce(&mut Self) -> R) -> Option<R> {
        Some(access(self))
    }
}

impl<S: Side, I: Interceptor<S>, K: Handle<S, I>> Handle<S, I> for Option<K> {
    #[inline]
    fn with<R>(&mut self, access: impl FnOnce(&mut Intercepted<S, I>) -> R) -> Option<R> {
        self.as_mut()?.with(access)
    }
}

impl<S: Side, I: Interceptor<S>, K: Handle<S, I>> Handle<S, I> for &mut K {
    #[inline]
    fn with<R>(&mut self, access: impl FnOnce(&mut Intercepted<S, I>) -> R) -> Option<R> {
        (**self).with(access)
    }
}
