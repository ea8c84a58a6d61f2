//! What a generated server says about one of its methods.

use std::fmt;
use std::sync::Arc;

use tonic::codegen::tokio_stream::Stream;
use tonic::{Request, Response, Status};

use super::{Answered, ServerCore};
use crate::Method;
use crate::hooks::{Answer, Next, ResponseStream};
use crate::interceptor::is_none;

/// One method of a service `T` with typed hooks `H`. The handler answers with `Out`, and hooks with
/// `Hooked`: the same, but for streams.
pub struct Rpc<T, H, C, In, Out, Hooked = Out> {
    /// Which method it is.
    pub method: &'static Method,
    /// How its messages are encoded.
    pub codec: C,
    /// Calls the service.
    pub handler: for<'a> fn(&'a Arc<T>, Request<In>) -> Answer<'a, Out>,
    /// Calls the typed hook.
    pub hook: for<'a> fn(&'a H, Request<In>, Next<'a, In, Hooked>) -> Answer<'a, Hooked>,
}

impl<T, H, C, In, Out, Hooked> fmt::Debug for Rpc<T, H, C, In, Out, Hooked> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Rpc").field(self.method).finish()
    }
}

impl<T, H, C, In, Out> Rpc<T, H, C, In, Out>
where
    T: Send + Sync,
    H: Send + Sync + 'static,
    In: 'static,
    Out: 'static,
{
    /// Runs the handler, inside of the hook if there is one.
    pub(super) fn answer<'a, I>(
        &self,
        core: &'a ServerCore<T, I, H>,
        request: Request<In>,
    ) -> Answer<'a, Out> {
        let (handler, inner) = (self.handler, &core.inner);
        match is_none::<H>() {
            true => handler(inner, request),
            false => {
                let next = Next::new(move |request| handler(inner, request));
                (self.hook)(&core.hooks, request, next)
            }
        }
    }
}

impl<T, H, C, In, R, M> Rpc<T, H, C, In, R, ResponseStream<M>>
where
    T: Send + Sync,
    H: Send + Sync + 'static,
    In: Send + 'static,
    R: Stream<Item = Result<M, Status>> + Send + 'static,
{
    /// The same where the answer is a stream: of the type that the handler chose, unless there is a
    /// hook.
    pub(super) fn answer_stream<'a, I>(
        &self,
        core: &'a ServerCore<T, I, H>,
        request: Request<In>,
    ) -> impl Future<Output = Result<Answered<R, M>, Status>> + use<'a, T, H, C, In, R, M, I> {
        let (handler, hook) = (self.handler, self.hook);
        let (inner, hooks) = (&core.inner, &core.hooks);
        async move {
            if is_none::<H>() {
                return Ok(Answered::Handler(handler(inner, request).await?));
            }
            let next = Next::new(move |request| {
                let answer = handler(inner, request);
                Box::pin(async move { Ok(boxed(answer.await?)) })
            });
            Ok(Answered::Hooked(hook(hooks, request, next).await?))
        }
    }
}

fn boxed<R, M>(response: Response<R>) -> Response<ResponseStream<M>>
where
    R: Stream<Item = Result<M, Status>> + Send + 'static,
{
    response.map(|stream| Box::pin(stream) as ResponseStream<M>)
}
