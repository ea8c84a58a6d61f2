//! A call that is lent to the stream of its responses.

use std::sync::{Arc, Mutex};

use super::{Handle, Intercepted};
use crate::interceptor::{Interceptor, Side};
use crate::sync::lock;

/// Call that a stream has for itself, until the stream is dropped.
pub struct Lent<S: Side, I: Interceptor<S>> {
    call: Option<Intercepted<S, I>>,
    lender: Arc<Mutex<Option<Intercepted<S, I>>>>,
}

impl<S: Side, I: Interceptor<S>> Lent<S, I> {
    /// Lends a call. The [`Lender`] has it once the [`Lent`] is dropped.
    pub(super) fn new(call: Intercepted<S, I>) -> (Self, Lender<S, I>) {
        let lender = Arc::new(Mutex::new(None));
        let lent = Self {
            call: Some(call),
            lender: Arc::clone(&lender),
        };
        (lent, Lender(lender))
    }
}

impl<S: Side, I: Interceptor<S>> Drop for Lent<S, I> {
    fn drop(&mut self) {
        let mut lender = lock(&self.lender);
        *lender = self.call.take();
    }
}

impl<S: Side, I: Interceptor<S>> Handle<S, I> for Lent<S, I> {
    #[inline]
    fn with<R>(&mut self, access: impl FnOnce(&mut Intercepted<S, I>) -> R) -> Option<R> {
        self.call.with(access)
    }
}

/// Holder of a call that was [`Lent`], after that.
pub struct Lender<S: Side, I: Interceptor<S>>(Arc<Mutex<Option<Intercepted<S, I>>>>);

impl<S: Side, I: Interceptor<S>> Handle<S, I> for Lender<S, I> {
    fn with<R>(&mut self, access: impl FnOnce(&mut Intercepted<S, I>) -> R) -> Option<R> {
        let mut call = lock(&self.0);
        call.with(access)
    }
}
