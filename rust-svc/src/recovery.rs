//! Handlers that panic.

use std::any::Any;

use tonic::Status;

use crate::interceptor::{Call, Interceptor, Server, Start};

/// Ends calls whose handler panicked with `INTERNAL`. The text of the panic is for the log alone:
/// whoever called learns that something failed, and nothing else.
///
/// Without it a panic ends the task of its call, and the client gets an error of its connection.
/// What is further out, such as logging, sees the status.
///
/// Panics of handlers are caught, of typed hooks, and of the streams that they answer with. Those of
/// other interceptors are not; and none is in a program that is built with `panic = "abort"`.
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

/// What `panic!` says, which is text unless somebody panics with something else.
pub(crate) fn text(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("a value that is not text")
}
