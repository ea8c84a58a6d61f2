//! The holder of a shared call that ends it.

use super::{Handle, Intercepted, Shared};
use crate::interceptor::{Interceptor, Side};

/// Holder of a shared call that the end of the call depends on: when this is dropped, the call ends, whoever else
/// still holds it.
pub struct Owner<S: Side, I: Interceptor<S>>(Shared<S, I>);

impl<S: Side, I: Interceptor<S>> Owner<S, I> {
    pub(crate) fn new(call: Intercepted<S, I>) -> Self {
        Self(Shared::new(call))
    }

    /// Another holder of the call.
    pub(crate) fn share(&self) -> Shared<S, I> {
        self.0.clone()
    }

    /// The call, before it is shared.
    ///
    /// # Panics
    ///
    /// If it is shared already.
    pub(crate) fn unshared(&mut self) -> &mut Intercepted<S, I> {
        self.0.get_mut().expect("a call is shared after its start")
    }

    /// Leaves the end of the call to [`Shared::abandon`].
    pub(crate) fn release(mut self) {
        self.with(|call| call.is_released = true);
    }
}

impl<S: Side, I: Interceptor<S>> Drop for Owner<S, I> {
    fn drop(&mut self) {
        self.0.abandon_if(|call| !call.is_released);
    }
}

impl<S: Side, I: Interceptor<S>> Handle<S, I> for Owner<S, I> {
    #[inline]
    fn with<R>(&mut self, access: impl FnOnce(&mut Intercepted<S, I>) -> R) -> Option<R> {
        self.0.with(access)
    }
}
