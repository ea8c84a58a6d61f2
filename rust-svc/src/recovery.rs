//! Recovery from panics.

use std::any::Any;

use tonic::Status;

use crate::interceptor::{Call, Interceptor, Server, Start};

/// Interceptor that ends a call with `INTERNAL` if its handler panics. The text of the panic is logged at ERROR, and the
/// caller does not get it.
///
/// Without it a panic ends the task of the call, and the client gets an error of the connection. Outer interceptors, such as
/// logging, see the status.
///
/// Panics of handlers, typed hooks and their streams are caught. Panics of other interceptors are not, and none is in a
/// program built with `panic = "abort"`.
///
/// ```
/// use rust_svc::PanicRecovery;
///
/// // UserServiceServer::new(users).intercept(interceptors)
/// let interceptors = (PanicRecovery,);
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct PanicRecovery;

impl Interceptor<Server> for PanicRecovery {
    type State = ();

    async fn start(&self, _: &mut Start<'_, Server>) -> Result<(), Status> {
        Ok(())
    }

    fn recovers(&self) -> bool {
        true
    }

    fn recover(&self, call: &mut Call<'_, ()>, panic: &(dyn Any + Send)) -> Option<Status> {
        tracing::error!(
            rpc.system.name = "grpc",
            rpc.method = call.method().path().trim_start_matches('/'),
            exception.message = text(panic),
            "the handler panicked"
        );
        Some(Status::internal("internal error"))
    }
}

/// Text of a panic.
pub(crate) fn text(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("a value that is not text")
}
