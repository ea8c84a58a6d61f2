//! Interceptors, which run around every rpc of a server or a client.

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

/// Side of a call: [`Server`] or [`Client`]. The trait is sealed.
pub trait Side: sealed::Sealed + Send + Sync + 'static {
    /// `server` or `client`.
    const NAME: &'static str;
}

/// Side that answers calls.
#[derive(Debug)]
pub enum Server {}

/// Side that makes calls.
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

/// Hooks around every call of a server (`Interceptor<Server>`) or of a client (`Interceptor<Client>`). They see the method,
/// the metadata and the messages, and may change or refuse them.
///
/// The method `intercept` of generated servers and clients takes an interceptor, a tuple, an [`InterceptorList`] made at run
/// time, or an `Option`. All of these are interceptors.
///
/// Only [`start`](Self::start) is required; the other hooks do nothing by default. An interceptor for both sides is
/// implemented for all `S: Side`:
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
/// The first interceptor of a tuple is outermost: its hooks run first on the way to the handler (`start`,
/// `request_message`, `half_close`), and last on the way back (`response_headers`, `response_message`, `end`). For each call:
///
/// 1. `start`, before a byte of a message is decoded or encoded;
/// 2. `request_message` for each message of the request, then `half_close`;
/// 3. `response_headers`, then `response_message` for each message of the response. If both sides stream, these interleave
///    with those of 2;
/// 4. `end`, once.
///
/// An error of 1 to 3 stops the call with that status. Inner interceptors do not see it, and outer ones see it in `end`. An
/// interceptor whose `start` fails gets no other hook.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no interceptor of a `{S}`",
    label = "no `Interceptor<{S}>`",
    note = "servers take what implements `Interceptor<Server>`, clients `Interceptor<Client>`; `impl<S: Side> Interceptor<S>` is for both",
    note = "a tuple holds up to eight; of more, make a tuple of tuples: `(a, (b, c))`",
    note = "tonic's own interceptors go into `with_interceptor` instead"
)]
pub trait Interceptor<S: Side>: Send + Sync {
    /// State of a call, from `start` to the other hooks. `()` if there is none.
    type State: Send + 'static;

    /// Runs first: on a server before the body is decoded, so that a refusal is cheap, and on a client before anything is
    /// sent.
    ///
    /// A handler gets the [extensions](Start::extensions_mut) in its request.
    ///
    /// # Errors
    ///
    /// A status refuses the call.
    fn start(
        &self,
        call: &mut Start<'_, S>,
    ) -> impl Future<Output = Result<Self::State, Status>> + Send;

    /// Runs for each message of the request: on a server after it is decoded, on a client before it is encoded. It must not
    /// block.
    ///
    /// [`Message`] downcasts to the type of the message.
    ///
    /// # Errors
    ///
    /// A status stops the call. A handler that reads a stream gets it as the error of the stream. Whatever the handler
    /// returns, the call ends with this status.
    fn request_message<M: Message + ?Sized>(
        &self,
        call: &mut Call<'_, Self::State>,
        message: &mut M, // of any type: `message.downcast_mut::<Yours>()`
    ) -> Result<(), Status> {
        let _ = (call, message);
        Ok(())
    }

    /// Runs after the last message of the request: on a server when the handler has read it to the end.
    fn half_close(&self, call: &mut Call<'_, Self::State>) {
        let _ = call;
    }

    /// Runs with the metadata before the first message of the response. Calls that fail earlier have none.
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

    /// Runs for each message of the response: on a server before it is encoded, on a client after it is decoded. It must not
    /// block.
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

    /// Whether the interceptor recovers from panics by [`recover`](Self::recover). If none does, panics are not caught.
    fn recovers(&self) -> bool {
        false
    }

    /// Runs after a panic of the handler, of a typed hook or of the stream of responses, on servers only. The call ends with
    /// the status of the innermost interceptor that returns one. Without one the panic goes on.
    ///
    /// State that the handler shares with other calls may be inconsistent. The panic hook of the process has already run.
    fn recover(
        &self,
        call: &mut Call<'_, Self::State>,
        panic: &(dyn Any + Send),
    ) -> Option<Status> {
        let _ = (call, panic);
        None
    }

    /// Runs exactly once for each call whose `start` passed, when the call ends with a status, or when its future or stream
    /// is dropped. It may run while a task is dropped, so that it must not block.
    fn end(&self, call: &mut Call<'_, Self::State>, end: &mut End<'_>) {
        let _ = (call, end);
    }
}
