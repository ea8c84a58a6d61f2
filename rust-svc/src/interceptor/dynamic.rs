//! Interceptors behind `dyn`, for lists made at run time.

use std::any::Any;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use tonic::{Status, metadata::MetadataMap};

use super::forward::forward_hooks;
use super::{AnyMessage, Call, End, Interceptor, Message, Side, Start};

/// List of interceptors made at run time. The first is outermost.
///
/// Each interceptor costs two allocations per call, for the future of its `start` and for its state.
///
/// ```
/// use rust_svc::{Interceptor, InterceptorList, Server, Start};
/// # use tonic::Status;
/// # struct Logging;
/// # impl Interceptor<Server> for Logging {
/// #     type State = ();
/// #     async fn start(&self, _: &mut Start<'_, Server>) -> Result<(), Status> { Ok(()) }
/// # }
/// # struct Auth;
/// # impl Interceptor<Server> for Auth {
/// #     type State = ();
/// #     async fn start(&self, _: &mut Start<'_, Server>) -> Result<(), Status> { Ok(()) }
/// # }
///
/// let mut interceptors = InterceptorList::<Server>::new();
/// interceptors.push(Logging);
/// if std::env::var_os("OPEN_TO_ALL").is_none() {
///     interceptors.push(Auth);
/// }
/// ```
///
/// A `Vec<Arc<dyn DynInterceptor<S>>>` converts to a list by [`from`](From::from). The `Vec` is an interceptor as well, but
/// rustc cannot prove that calls of a client with it are `Send`: a type with `dyn` has a lifetime.
#[derive(Clone)]
pub struct InterceptorList<S: Side>(Vec<Listed<S>>);

impl<S: Side> InterceptorList<S> {
    /// Empty list.
    pub fn new() -> Self {
        Self(Vec::new())
    }

    /// Adds the innermost interceptor. A shared one is an `Arc<dyn DynInterceptor<S>>`.
    pub fn push(&mut self, interceptor: impl Interceptor<S> + 'static) {
        self.0.push(Listed(Arc::new(interceptor)));
    }
}

impl<S: Side> Default for InterceptorList<S> {
    fn default() -> Self {
        Self::new()
    }
}

impl<S: Side> From<Vec<Arc<dyn DynInterceptor<S>>>> for InterceptorList<S> {
    fn from(list: Vec<Arc<dyn DynInterceptor<S>>>) -> Self {
        list.into_iter().collect()
    }
}

impl<S: Side> FromIterator<Arc<dyn DynInterceptor<S>>> for InterceptorList<S> {
    fn from_iter<L: IntoIterator<Item = Arc<dyn DynInterceptor<S>>>>(list: L) -> Self {
        Self(list.into_iter().map(Listed).collect())
    }
}

impl<S: Side> fmt::Debug for InterceptorList<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let len = &self.0.len();
        f.debug_struct("InterceptorList")
            .field("len", len)
            .finish_non_exhaustive()
    }
}

impl<S: Side> Interceptor<S> for InterceptorList<S> {
    type State = Vec<BoxState>;

    async fn start(&self, call: &mut Start<'_, S>) -> Result<Self::State, Status> {
        self.0.start(call).await
    }

    forward_hooks!(self => self.0);
}

/// Interceptor of a list, without a lifetime in its type.
struct Listed<S: Side>(Arc<dyn DynInterceptor<S>>);

impl<S: Side> Clone for Listed<S> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<S: Side> Interceptor<S> for Listed<S> {
    type State = BoxState;

    // Each hook calls the content of the `Arc`: the `Arc` itself is a `DynInterceptor` with another state.
    async fn start(&self, call: &mut Start<'_, S>) -> Result<BoxState, Status> {
        (*self.0).dyn_start(call).await
    }

    forward_hooks!(self => (*self.0));
}

/// [`Interceptor`] behind `dyn`, implemented for all interceptors. See [`InterceptorList`].
///
/// The trait is sealed: implement [`Interceptor`].
pub trait DynInterceptor<S: Side>: sealed::Sealed<S> + Send + Sync {
    #[doc(hidden)]
    fn dyn_start<'a>(&'a self, call: &'a mut Start<'_, S>) -> BoxStart<'a>;

    #[doc(hidden)]
    fn dyn_request_message(
        &self,
        call: &mut Call<'_, BoxState>,
        message: &mut dyn AnyMessage,
    ) -> Result<(), Status>;

    #[doc(hidden)]
    fn dyn_half_close(&self, call: &mut Call<'_, BoxState>);

    #[doc(hidden)]
    fn dyn_response_headers(
        &self,
        call: &mut Call<'_, BoxState>,
        headers: &mut MetadataMap,
    ) -> Result<(), Status>;

    #[doc(hidden)]
    fn dyn_response_message(
        &self,
        call: &mut Call<'_, BoxState>,
        message: &mut dyn AnyMessage,
    ) -> Result<(), Status>;

    #[doc(hidden)]
    fn dyn_recovers(&self) -> bool;

    #[doc(hidden)]
    fn dyn_recover(
        &self,
        call: &mut Call<'_, BoxState>,
        panic: &(dyn Any + Send),
    ) -> Option<Status>;

    #[doc(hidden)]
    fn dyn_end(&self, call: &mut Call<'_, BoxState>, end: &mut End<'_>);
}

/// State of any type.
pub type BoxState = Box<dyn Any + Send>;

/// Future of the `start` of any interceptor.
pub type BoxStart<'a> = Pin<Box<dyn Future<Output = Result<BoxState, Status>> + Send + 'a>>;

mod sealed {
    use crate::interceptor::{Interceptor, Side};

    pub trait Sealed<S> {}
    impl<S: Side, I: Interceptor<S>> Sealed<S> for I {}
}

impl<S: Side, I: Interceptor<S>> DynInterceptor<S> for I {
    fn dyn_start<'a>(&'a self, call: &'a mut Start<'_, S>) -> BoxStart<'a> {
        Box::pin(async move {
            let state = self.start(call).await?;
            Ok(Box::new(state) as BoxState)
        })
    }

    fn dyn_request_message(
        &self,
        call: &mut Call<'_, BoxState>,
        message: &mut dyn AnyMessage,
    ) -> Result<(), Status> {
        self.request_message(&mut call.part(own), message)
    }

    fn dyn_half_close(&self, call: &mut Call<'_, BoxState>) {
        self.half_close(&mut call.part(own));
    }

    fn dyn_response_headers(
        &self,
        call: &mut Call<'_, BoxState>,
        headers: &mut MetadataMap,
    ) -> Result<(), Status> {
        self.response_headers(&mut call.part(own), headers)
    }

    fn dyn_response_message(
        &self,
        call: &mut Call<'_, BoxState>,
        message: &mut dyn AnyMessage,
    ) -> Result<(), Status> {
        self.response_message(&mut call.part(own), message)
    }

    fn dyn_recovers(&self) -> bool {
        self.recovers()
    }

    fn dyn_recover(
        &self,
        call: &mut Call<'_, BoxState>,
        panic: &(dyn Any + Send),
    ) -> Option<Status> {
        self.recover(&mut call.part(own), panic)
    }

    fn dyn_end(&self, call: &mut Call<'_, BoxState>, end: &mut End<'_>) {
        self.end(&mut call.part(own), end);
    }
}

/// State that `dyn_start` of the same interceptor boxed.
fn own<T: 'static>(state: &mut BoxState) -> &mut T {
    (**state)
        .downcast_mut()
        .expect("a state stays with its interceptor")
}

impl<S: Side> Interceptor<S> for dyn DynInterceptor<S> {
    type State = BoxState;

    async fn start(&self, call: &mut Start<'_, S>) -> Result<BoxState, Status> {
        self.dyn_start(call).await
    }

    fn request_message<M: Message + ?Sized>(
        &self,
        call: &mut Call<'_, BoxState>,
        message: &mut M,
    ) -> Result<(), Status> {
        self.dyn_request_message(call, message.as_dyn_mut())
    }

    fn half_close(&self, call: &mut Call<'_, BoxState>) {
        self.dyn_half_close(call);
    }

    fn response_headers(
        &self,
        call: &mut Call<'_, BoxState>,
        headers: &mut MetadataMap,
    ) -> Result<(), Status> {
        self.dyn_response_headers(call, headers)
    }

    fn response_message<M: Message + ?Sized>(
        &self,
        call: &mut Call<'_, BoxState>,
        message: &mut M,
    ) -> Result<(), Status> {
        self.dyn_response_message(call, message.as_dyn_mut())
    }

    fn recovers(&self) -> bool {
        self.dyn_recovers()
    }

    fn recover(&self, call: &mut Call<'_, BoxState>, panic: &(dyn Any + Send)) -> Option<Status> {
        self.dyn_recover(call, panic)
    }

    fn end(&self, call: &mut Call<'_, BoxState>, end: &mut End<'_>) {
        self.dyn_end(call, end);
    }
}
