//! Recovery from panics of handlers, where an interceptor asks for it.

use std::future::poll_fn;
use std::panic::resume_unwind;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use tonic::Status;
use tonic::codegen::tokio_stream::Stream;

use crate::interceptor::{Handle, Interceptor, Panic, Server, contained};

/// Runs a handler. Its panic becomes the status that an interceptor gives, if one recovers.
pub(super) async fn recovered<I, T>(
    call: &mut impl Handle<Server, I>,
    handler: impl Future<Output = Result<T, Status>>,
) -> Result<T, Status>
where
    I: Interceptor<Server>,
{
    if !recovers(call) {
        return handler.await;
    }
    let mut handler = pin!(handler);
    let caught = poll_fn(
        |context| match contained(|| handler.as_mut().poll(context)) {
            Ok(poll) => poll.map(Ok),
            Err(panic) => Poll::Ready(Err(panic)),
        },
    );
    // A future that panicked is not polled again.
    caught
        .await
        .unwrap_or_else(|panic| Err(recovered_status(call, panic)))
}

/// Polls a stream of responses, with recovery. Never inlined, since most servers do not recover.
#[inline(never)]
pub(super) fn recovered_next<I, M>(
    stream: Pin<&mut impl Stream<Item = Result<M, Status>>>,
    context: &mut Context<'_>,
    call: &mut impl Handle<Server, I>,
) -> Poll<Option<Result<M, Status>>>
where
    I: Interceptor<Server>,
{
    contained(|| stream.poll_next(context))
        .unwrap_or_else(|panic| Poll::Ready(Some(Err(recovered_status(call, panic)))))
}

/// Whether an interceptor recovers from panics.
pub(super) fn recovers<I: Interceptor<Server>>(call: &mut impl Handle<Server, I>) -> bool {
    call.with(|call| call.recovers()).unwrap_or(false)
}

/// Status that an interceptor gives for a panic. Without one the panic goes on.
fn recovered_status<I: Interceptor<Server>>(
    call: &mut impl Handle<Server, I>,
    panic: Panic,
) -> Status {
    let status = call.with(|call| call.recover(&panic)).flatten();
    status.unwrap_or_else(|| resume_unwind(panic))
}
