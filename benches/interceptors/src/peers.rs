//! The look-up of a header without us, in the ways that tonic and tower have.

use std::task::{Context, Poll};

use tonic::codegen::{BoxFuture, Service, http};
use tonic::server::NamedService;
use tonic::{Request, Status};

use crate::interceptors::USER;

/// One of tonic's interceptors.
pub(crate) fn look_up(request: Request<()>) -> Result<Request<()>, Status> {
    match request.metadata().get(USER) {
        Some(_) => Ok(request),
        None => Err(Status::unauthenticated("who are you?")),
    }
}

/// The look-up as `tonic-async-interceptor` takes it.
pub(crate) async fn look_up_async(request: Request<()>) -> Result<Request<()>, Status> {
    look_up(request)
}

/// A tower service as one writes it by hand: its future is boxed since it has no name.
#[derive(Clone, Debug)]
pub(crate) struct Boxed<S>(pub(crate) S);

impl<S, B, R> Service<http::Request<B>> for Boxed<S>
where
    S: Service<http::Request<B>, Response = http::Response<R>> + Clone + Send + 'static,
    S::Future: Send,
    B: Send + 'static,
    R: Default + 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = BoxFuture<S::Response, S::Error>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, request: http::Request<B>) -> Self::Future {
        let clone = self.0.clone();
        // The service that was polled ready is called, and not its clone.
        let mut inner = std::mem::replace(&mut self.0, clone);
        Box::pin(async move {
            match request.headers().contains_key(USER) {
                true => inner.call(request).await,
                false => Ok(Status::unauthenticated("who are you?").into_http()),
            }
        })
    }
}

impl<S: NamedService> NamedService for Boxed<S> {
    const NAME: &'static str = S::NAME;
}
