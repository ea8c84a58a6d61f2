//! Interceptors whose type is not known: for lists that are put together at run time.

use std::any::Any;
use std::pin::Pin;

use tonic::{Status, metadata::MetadataMap};

use super::{AnyMessage, Call, End, Interceptor, Message, Side, Start};

/// An [`Interceptor`] behind `dyn`: every one that is `'static` is one.
///
/// `Vec<Arc<dyn DynInterceptor<Server>>>` is an interceptor itself. Each of the list costs two
/// allocations a call, for the future of its `start` and for its state.
///
/// ```
/// use std::sync::Arc;
/// use rust_svc::{DynInterceptor, Interceptor, Server, Start};
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
/// let mut interceptors: Vec<Arc<dyn DynInterceptor<Server>>> = vec![Arc::new(Logging)];
/// if std::env::var_os("OPEN_TO_ALL").is_none() {
///     interceptors.push(Arc::new(Auth));
/// }
/// ```
pub trait DynInterceptor<S: Side>: Send + Sync {
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
    fn dyn_end(&self, call: &mut Call<'_, BoxState>, end: &mut End<'_>);
}

/// A state of any type.
pub type BoxState = Box<dyn Any + Send>;

/// The future of a `start` of any type.
pub type BoxStart<'a> = Pin<Box<dyn Future<Output = Result<BoxState, Status>> + Send + 'a>>;

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

    fn dyn_end(&self, call: &mut Call<'_, BoxState>, end: &mut End<'_>) {
        self.end(&mut call.part(own), end);
    }
}

/// The state that `dyn_start` of the same interceptor has boxed.
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

    fn end(&self, call: &mut Call<'_, BoxState>, end: &mut End<'_>) {
        self.dyn_end(call, end);
    }
}
