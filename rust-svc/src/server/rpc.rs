//! Rpcs of a generated server.

use std::fmt;
use std::sync::Arc;

use tonic::{Request, Response, Status};

use super::ServerCore;
use crate::Method;
use crate::arity::{RequestArity, ResponseArity};
use crate::hooks::{Answer, Next};
use crate::interceptor::is_none;

/// Calls a method of a service `T`.
pub type Handler<T, In, Out> = for<'a> fn(&'a Arc<T>, Request<In>) -> Answer<'a, Out>;

/// Calls a typed hook.
pub type Hook<H, In, Out> = for<'a> fn(&'a H, Request<In>, Next<In, Out>) -> Answer<'a, Out>;

/// Rpc of a service `T` with typed hooks `H`, whose request is a `Q` and whose response is an `A`.
pub struct Rpc<T, H, Q: RequestArity, A: ResponseArity> {
    method: &'static Method,
    handler: Handler<T, Q::Received, A::Sent>,
    hook: Hook<H, Q::Received, A::Hooked>,
}

impl<T, H, Q: RequestArity, A: ResponseArity> Rpc<T, H, Q, A> {
    /// Rpc with what calls its handler and what calls its typed hook.
    pub const fn new(
        method: &'static Method,
        handler: Handler<T, Q::Received, A::Sent>,
        hook: Hook<H, Q::Received, A::Hooked>,
    ) -> Self {
        Self {
            method,
            handler,
            hook,
        }
    }

    pub(super) fn method(&self) -> &'static Method {
        self.method
    }
}

impl<T, H, Q: RequestArity, A: ResponseArity> fmt::Debug for Rpc<T, H, Q, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Rpc").field(self.method).finish()
    }
}

impl<T, H, Q, A> Rpc<T, H, Q, A>
where
    T: Send + Sync + 'static,
    H: Send + Sync + 'static,
    Q: RequestArity,
    A: ResponseArity,
{
    /// Runs the handler, inside of the typed hook if there is one.
    pub(super) async fn answer<I>(
        &self,
        core: &ServerCore<T, I, H>,
        request: Request<Q::Received>,
    ) -> Result<Answered<A>, Status> {
        let handler = self.handler;
        if is_none::<H>() {
            return Ok(Answered::Handler(handler(&core.inner, request).await?));
        }
        let service = Arc::clone(&core.inner);
        let next = Next::new(move |request| {
            Box::pin(async move { Ok(A::hooked(handler(&service, request).await?)) })
        });
        let response = (self.hook)(&core.hooks, request, next).await?;
        Ok(Answered::Hooked(response))
    }
}

/// Response of a handler, or of the typed hook around it.
pub enum Answered<A: ResponseArity> {
    /// There is no hook: the type is that of the handler.
    Handler(Response<A::Sent>),
    /// The hook may have replaced the response.
    Hooked(Response<A::Hooked>),
}
