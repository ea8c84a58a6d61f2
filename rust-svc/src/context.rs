//! Values that interceptors pass to handlers, by type.

use std::any::type_name;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tonic::{Request, Status};

use crate::deadline::Deadline;
use crate::interceptor::{Interceptor, Server, Start};

/// What a handler asks of its request: the values that interceptors add, and the deadline of the call.
pub trait RequestExt {
    /// Value of type `C` that an interceptor added to the [extensions](crate::Start::extensions_mut) of the call.
    ///
    /// # Errors
    ///
    /// `INTERNAL` if no interceptor did. The type is logged at ERROR. For a service with [`NeedsContext`] the compiler
    /// checks it.
    fn context<C: Send + Sync + 'static>(&self) -> Result<&C, Status>;

    /// Deadline of the call, in the request of a handler. `None` if the call has none.
    ///
    /// It is the minimum of `grpc-timeout` and of what the [`Deadlines`](crate::Deadlines) of the server and the policy of the
    /// method say.
    fn deadline(&self) -> Option<Instant>;

    /// Time until the [`deadline`](Self::deadline), zero after it.
    fn remaining(&self) -> Option<Duration>;
}

impl<T> RequestExt for Request<T> {
    fn context<C: Send + Sync + 'static>(&self) -> Result<&C, Status> {
        self.extensions().get().ok_or_else(|| missing::<C>())
    }

    fn deadline(&self) -> Option<Instant> {
        Some(self.extensions().get::<Deadline>()?.at())
    }

    fn remaining(&self) -> Option<Duration> {
        Some(self.extensions().get::<Deadline>()?.remaining())
    }
}

fn missing<C>() -> Status {
    tracing::error!(
        context = type_name::<C>(),
        "a call has no context: add an interceptor that provides it"
    );
    Status::internal("the server has no interceptor that this call needs")
}

/// Declares the value that a service needs in each request, so that the compiler checks it.
///
/// Its server is made by `with_context` instead of `new`. The server is a tower service only with interceptors, one of which
/// [`Provides`] the context.
///
/// ```
/// use rust_svc::NeedsContext;
/// # struct Users;
///
/// /// Identity of a caller.
/// #[derive(Clone)]
/// struct Identity {
///     user_id: String,
/// }
///
/// impl NeedsContext for Users {
///     type Context = Identity;
/// }
/// ```
pub trait NeedsContext {
    /// Type that handlers get by [`RequestExt::context`].
    type Context: Send + Sync + 'static;
}

/// Interceptor that adds a `C` to the extensions of each call that its `start` passes.
///
/// The compiler does not check that it does: [`RequestExt::context`] fails if it does not.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not provide `{C}`, which the service needs",
    label = "no interceptor here provides `{C}`",
    note = "put in an interceptor that implements `rust_svc::Provides<{C}>`"
)]
pub trait Provides<C> {}

#[diagnostic::do_not_recommend]
impl<C, I: Provides<C> + ?Sized> Provides<C> for &I {}
#[diagnostic::do_not_recommend]
impl<C, I: Provides<C> + ?Sized> Provides<C> for Arc<I> {}
#[diagnostic::do_not_recommend]
impl<C, I: Provides<C> + ?Sized> Provides<C> for Box<I> {}

/// Placeholder for the interceptors of a server whose service [needs a context](NeedsContext).
#[derive(Debug)]
pub struct Needs<C>(PhantomData<fn() -> C>);

impl<C> Needs<C> {
    pub(crate) fn new() -> Self {
        Self(PhantomData)
    }
}

/// Never implemented: the error of the compiler names the context that a server without interceptors needs.
#[diagnostic::on_unimplemented(
    message = "the service needs `{Self}`, and its server has no interceptors yet",
    label = "a server without interceptors",
    note = "a server made by `with_context` needs `.intercept(..)`, with an interceptor that implements `rust_svc::Provides<{Self}>`"
)]
pub trait Supplied {}

/// Never used, since no type is `Supplied`.
impl<C: Supplied> Interceptor<Server> for Needs<C> {
    type State = ();

    async fn start(&self, _: &mut Start<'_, Server>) -> Result<(), Status> {
        Ok(())
    }
}

/// Interceptor, or tuple of interceptors, that provides a `C`. `At` is the position in the tuple.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not provide `{C}`, which the service needs",
    label = "no interceptor here provides `{C}`",
    note = "put in an interceptor that implements `rust_svc::Provides<{C}>`"
)]
pub trait Supplies<C, At> {}

/// The interceptor itself.
#[derive(Debug)]
pub struct Here;

/// In one of a tuple, at a position.
#[derive(Debug)]
pub struct In<const POSITION: usize, At>(PhantomData<At>);

impl<C, I: Provides<C>> Supplies<C, Here> for I {}

macro_rules! supplies {
    ($($name:ident $index:tt)+) => {
        supplies!(($($name)+) $($name $index)+);
    };
    // Everything once for each of the tuple.
    ($all:tt $($name:ident $index:tt)+) => {
        $(supplies!($all => $name $index);)+
    };
    (($($all:ident)+) => $name:ident $index:tt) => {
        #[diagnostic::do_not_recommend]
        impl<Ctx, At, $($all),+> Supplies<Ctx, In<$index, At>> for ($($all,)+)
        where
            $name: Supplies<Ctx, At>,
        {
        }
    };
}

supplies!(A 0);
supplies!(A 0 B 1);
supplies!(A 0 B 1 C 2);
supplies!(A 0 B 1 C 2 D 3);
supplies!(A 0 B 1 C 2 D 3 E 4);
supplies!(A 0 B 1 C 2 D 3 E 4 F 5);
supplies!(A 0 B 1 C 2 D 3 E 4 F 5 G 6);
supplies!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7);

/// What a server or a client with the interceptors `Self` takes in their place.
#[diagnostic::on_unimplemented(
    message = "there are interceptors already",
    label = "the second to be put on",
    note = "put all of them on at once, as a tuple: `.intercept((outer, inner))`"
)]
pub trait Admits<I, At> {}

/// No context is needed.
impl<I> Admits<I, ()> for () {}

impl<C, At, I: Supplies<C, At>> Admits<I, At> for Needs<C> {}

#[cfg(test)]
mod tests {
    use super::*;
    use tonic::Code;

    #[derive(Debug, Clone, PartialEq)]
    struct Identity(&'static str);

    #[test]
    fn a_handler_reads_what_was_put_there() {
        let mut request = Request::new(());
        request.extensions_mut().insert(Identity("ada"));
        assert_eq!(request.context::<Identity>().unwrap(), &Identity("ada"));
    }

    #[test]
    fn callers_are_told_no_type_of_ours() {
        let status = Request::new(()).context::<Identity>().unwrap_err();
        assert_eq!(status.code(), Code::Internal);
        assert!(!status.message().contains("Identity"), "{status}");
    }
}
