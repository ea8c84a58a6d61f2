//! Interceptors: what runs around every rpc of a server or a client, whatever its messages are.

use std::any::Any;
use std::future::Future;

use tonic::{Status, metadata::MetadataMap};

mod call;
mod contained;
mod dynamic;
mod forward;
mod intercepted;
mod list;
mod message;
mod peer;
mod selector;
mod start;
mod started;
mod tuple;

pub use call::{Call, End, Outcome, Traffic};
pub(crate) use contained::{Panic, contained};
pub use dynamic::{BoxStart, BoxState, DynInterceptor, InterceptorList};
pub(crate) use intercepted::{Handle, Intercepted, OwnedCall, Owner, Shared, is_none};
pub use message::{AnyMessage, Message};
#[cfg(feature = "server")]
pub(crate) use peer::remote_addr;
pub use selector::{Matcher, Selector, selector};
pub use start::Start;

/// Which side of a call an interceptor is on: [`Server`] or [`Client`].
///
/// There are no others.
pub trait Side: sealed::Sealed + Send + Sync + 'static {
    /// `server` or `client`.
    const NAME: &'static str;
}

/// The side that answers calls.
#[derive(Debug)]
pub enum Server {}

/// The side that makes calls.
#[derive(Debug)]
pub enum Client {}

impl Side for Server {
    const NAME: &'static str = "server";
}

impl Side for Client {
    const NAME: &'static str = "client";
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::Server {}
    impl Sealed for super::Client {}
}

/// Sees every call of a server (`Interceptor<Server>`) or of a client (`Interceptor<Client>`), with
/// its method, metadata and messages, and may change or refuse all of them.
///
/// Generated servers and clients take interceptors by their method `intercept`: one, or a tuple of
/// them, or an [`InterceptorList`] for what is decided at run time, or an `Option`. All of these are
/// interceptors themselves.
///
/// Everything but [`start`](Self::start) does nothing unless it is written, and an interceptor that
/// logs the same on both sides is written once, for `S: Side`:
///
/// ```
/// use rust_svc::{Call, End, Interceptor, Side, Start};
/// use tonic::Status;
///
/// struct Logging;
///
/// impl<S: Side> Interceptor<S> for Logging {
///     type State = ();
///
///     async fn start(&self, call: &mut Start<'_, S>) -> Result<(), Status> {
///         println!("{} starts", call.method());
///         Ok(())
///     }
///
///     fn end(&self, call: &mut Call<'_, ()>, end: &mut End<'_>) {
///         println!("{}: {:?} after {:?}", call.method(), end.status().code(), call.elapsed());
///     }
/// }
/// ```
///
/// # Order
///
/// As with calls of functions, what comes first in a tuple is outermost: it is the first to see
/// what goes to the handler (`start`, `request_message`, `half_close`), and the last to see what
/// comes back (`response_headers`, `response_message`, `end`). For each call:
///
/// 1. `start`, before a byte of a message is decoded or encoded;
/// 2. `request_message` for each message of the request, then `half_close`;
/// 3. `response_headers`, then `response_message` for each message of the response; where both sides
///    stream, these come between and among those of 2;
/// 4. `end`, once.
///
/// An error of 1 to 3 stops the call with that status: nothing further in sees it, and what is
/// further out sees it in its `end`. An interceptor whose own `start` failed gets no other hook.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no interceptor of a `{S}`",
    label = "no `Interceptor<{S}>`",
    note = "servers take what implements `Interceptor<Server>`, clients `Interceptor<Client>`; `impl<S: Side> Interceptor<S>` is for both",
    note = "a tuple holds up to eight; of more, make a tuple of tuples: `(a, (b, c))`",
    note = "tonic's own interceptors go into `with_interceptor` instead"
)]
pub trait Interceptor<S: Side>: Send + Sync {
    /// What one call carries from its `start` to the other hooks: `()` if nothing.
    type State: Send + 'static;

    /// Runs first. On a server no byte of the body was decoded yet, so that refusing costs next to
    /// nothing; on a client nothing was sent.
    ///
    /// What is put into the [extensions](Start::extensions_mut) is what a handler finds in those of
    /// its request.
    ///
    /// # Errors
    ///
    /// A status refuses the call.
    fn start(
        &self,
        call: &mut Start<'_, S>,
    ) -> impl Future<Output = Result<Self::State, Status>> + Send;

    /// Sees each message of the request: on a server when it was decoded, on a client before it is
    /// encoded. Runs inside of that, so it must not block.
    ///
    /// [`Message`] tells which message it is and gives it its type.
    ///
    /// # Errors
    ///
    /// A status stops the call. A handler that reads a stream gets it as the stream's error, and
    /// whatever it makes of that, the call ends with this status.
    fn request_message<M: Message + ?Sized>(
        &self,
        call: &mut Call<'_, Self::State>,
        message: &mut M, // of any type: `message.downcast_mut::<Yours>()`
    ) -> Result<(), Status> {
        let _ = (call, message);
        Ok(())
    }

    /// The client has sent its last message: on a server when the handler has read to the end of
    /// them.
    fn half_close(&self, call: &mut Call<'_, Self::State>) {
        let _ = call;
    }

    /// Sees the metadata that goes before the first message of the response. Calls that fail before
    /// have none.
    ///
    /// # Errors
    ///
    /// A status stops the call.
    fn response_headers(
        &self,
        call: &mut Call<'_, Self::State>,
        headers: &mut MetadataMap,
    ) -> Result<(), Status> {
        let _ = (call, headers);
        Ok(())
    }

    /// Sees each message of the response: on a server before it is encoded, on a client when it was
    /// decoded. Runs inside of that, so it must not block.
    ///
    /// # Errors
    ///
    /// A status stops the call.
    fn response_message<M: Message + ?Sized>(
        &self,
        call: &mut Call<'_, Self::State>,
        message: &mut M, // of any type: `message.downcast_mut::<Yours>()`
    ) -> Result<(), Status> {
        let _ = (call, message);
        Ok(())
    }

    /// Whether [`recover`](Self::recover) is to be asked. Where no interceptor says so, panics are not
    /// caught at all, which costs nothing.
    fn recovers(&self) -> bool {
        false
    }

    /// What was called panicked: on a server the handler or a typed hook, or the stream of responses.
    /// The innermost interceptor that returns a status makes that the end of the call; without one
    /// the panic goes on. Clients are never asked.
    ///
    /// What the handler was doing is half done, whatever it shares with other calls included. The
    /// message has been through the panic hook of the process already.
    fn recover(
        &self,
        call: &mut Call<'_, Self::State>,
        panic: &(dyn Any + Send),
    ) -> Option<Status> {
        let _ = (call, panic);
        None
    }

    /// Runs exactly once for each call whose `start` was passed, whichever way it ends: with a
    /// status, or because the future or the stream of the call was dropped. May run while a task is
    /// dropped, so it must not block.
    fn end(&self, call: &mut Call<'_, Self::State>, end: &mut End<'_>) {
        let _ = (call, end);
    }
}
