//! What a generated server says about one of its methods.

use std::fmt;
use std::sync::Arc;

use tonic::codegen::tokio_stream::Stream;
use tonic::{Request, Response, Status};

use super::{Answered, ServerCore};
use crate::Method;
use crate::hooks::{Answer, Next, ResponseStream};
use crate::interceptor::is_none;

/// Calls a method of a service `T`.
pub type Handler<T, In, Out> = for<'a> fn(&'a Arc<T>, Request<In>) -> Answer<'a, Out>;

/// Calls a typed hook.
pub type Hook<H, In, Out> = for<'a> fn(&'a H, Request<In>, Next<In, Out>) -> Answer<'a, Out>;

/// One method of a service `T` with typed hooks `H`. The handler answers with `Out`, and hooks with
/// `Hooked`: the same, but for streams.
pub struct Rpc<T, H, In, Out, Hooked = Out> {
    /// Which method it is.
    pub method: &'static Method,
    /// Calls the service.
    pub handler: Handler<T, In, Out>,
    /// Calls the typed hook.
    pub hook: Hook<H, In, Hooked>,
}

impl<T, H, In, Out, Hooked> fmt::Debug for Rpc<T, H, In, Out, Hooked> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Rpc").field(self.method).finish()
    }
}

impl<T, H, In, Out> Rpc<T, H, In, Out>
where
    T: Send + Sync + 'static,
    H: Send + Sync + 'static,
    In: Send + 'static,
    Out: 'static,
{
    /// Runs the handler, inside of the hook if there is one.
    pub(super) async fn answer<I>(
        &self,
        core: &ServerCore<T, I, H>,
        request: Request<In>,
    ) -> Result<Response<Out>, Status> {
        let handler = self.handler;
        if is_none::<H>() {
            return handler(&core.inner, request).await;
        }
        let inner = Arc::clone(&core.inner);
        let next =
            Next::new(move |request| Box::pin(async move { handler(&inner, request).await }));
        (self.hook)(&core.hooks, request, next).await
    }
}

impl<T, H, In, R, M> Rpc<T, H, In, R, ResponseStream<M>>
where
    T: Send + Sync + 'static,
    H: Send + Sync + 'static,
    In: Send + 'static,
    R: Stream<Item = Result<M, Status>> + Send + 'static,
    M: 'static,
{
    /// The same where the answer is a stream: of the type that the handler chose, unless there is a
    /// hook.
    pub(super) async fn answer_stream<I>(
        &self,
        core: &ServerCore<T, I, H>,
        request: Request<In>,
    ) -> Result<Answered<R, M>, Status> {
        let handler = self.handler;
        if is_none::<H>() {
            return Ok(Answered::Handler(handler(&core.inner, request).await?));
        }
        let inner = Arc::clone(&core.inner);
        let next = Next::new(move |request| {
            Box::pin(async move { Ok(boxed(handler(&inner, request).await?)) })
        });
        Ok(Answered::Hooked(
            (self.hook)(&core.hooks, request, next).await?,
        ))
    }
}

fn boxed<R, M>(response: Response<R>) -> Response<ResponseStream<M>>
where
    R: Stream<Item = Result<M, Status>> + Send + 'static,
{
    response.map(|stream| Box::pin(stream) as ResponseStream<M>)
}
