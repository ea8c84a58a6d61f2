//! A call that several places hold.

use std::sync::{Arc, Mutex, PoisonError};

use super::{Handle, Intercepted};
use crate::interceptor::{Interceptor, Side};
use crate::sync::lock;

/// Call whose request and response go on at the same time.
pub struct Shared<S: Side, I: Interceptor<S>>(Arc<Mutex<Intercepted<S, I>>>);

impl<S: Side, I: Interceptor<S>> Shared<S, I> {
    pub(super) fn new(call: Intercepted<S, I>) -> Self {
        Self(Arc::new(Mutex::new(call)))
    }

    /// The call, if nobody else holds it.
    pub(super) fn get_mut(&mut self) -> Option<&mut Intercepted<S, I>> {
        let call = Arc::get_mut(&mut self.0)?;
        Some(call.get_mut().unwrap_or_else(PoisonError::into_inner))
    }

    /// Ends a call that its owner has released as one that was dropped.
    pub(crate) fn abandon(&self) {
        self.abandon_if(|call| call.is_released);
    }

    pub(super) fn abandon_if(&self, condition: impl FnOnce(&Intercepted<S, I>) -> bool) {
        self.clone().with(|call| {
            if condition(call) {
                call.abandon();
            }
        });
    }
}

impl<S: Side, I: Interceptor<S>> Clone for Shared<S, I> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<S: Side, I: Interceptor<S>> Handle<S, I> for Shared<S, I> {
    #[inline]
    fn with<R>(&mut self, access: impl FnOnce(&mut Intercepted<S, I>) -> R) -> Option<R> {
        // A hook that panicked has unwound already.
        let mut call = lock(&self.0);
        Some(access(&mut call))
    }
}
