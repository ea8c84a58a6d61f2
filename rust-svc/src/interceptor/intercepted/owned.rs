//! Calls of servers, which are divided between the messages of a response and its end.

use super::lent::{Lender, Lent};
use super::{Handle, Intercepted, Owner, Shared};
use crate::interceptor::{Interceptor, Side};

/// Call that ends when this is dropped: an [`Intercepted`], or an [`Owner`] where the request streams and is read beside
/// the response.
pub trait OwnedCall<S: Side, I: Interceptor<S>>: Handle<S, I> + Send + Sized + 'static {
    /// Handle of the stream of messages.
    type Messages: Handle<S, I> + Send + 'static;

    /// Handle that ends the call, once the stream is dropped.
    type End: Handle<S, I> + Send + 'static;

    /// Takes a call before its `start`.
    fn new(call: Intercepted<S, I>) -> Self;

    /// The call, before the messages of its request are read.
    fn unshared(&mut self) -> &mut Intercepted<S, I>;

    /// Divides a call whose response streams.
    fn divide(self) -> (Self::Messages, Self::End);
}

/// Nothing reads the request any more, so that messages need no lock.
impl<S: Side, I: Interceptor<S> + 'static> OwnedCall<S, I> for Intercepted<S, I> {
    type Messages = Lent<S, I>;
    type End = Lender<S, I>;

    fn new(call: Self) -> Self {
        call
    }

    fn unshared(&mut self) -> &mut Self {
        self
    }

    fn divide(self) -> (Lent<S, I>, Lender<S, I>) {
        Lent::new(self)
    }
}

/// The request is still being read.
impl<S: Side, I: Interceptor<S> + 'static> OwnedCall<S, I> for Owner<S, I> {
    type Messages = Shared<S, I>;
    type End = Self;

    fn new(call: Intercepted<S, I>) -> Self {
        Self::new(call)
    }

    fn unshared(&mut self) -> &mut Intercepted<S, I> {
        self.unshared()
    }

    fn divide(self) -> (Shared<S, I>, Self) {
        (self.share(), self)
    }
}
