//! Panics of handlers, where interceptors want to end calls with a status instead.

use std::future::poll_fn;
use std::panic::resume_unwind;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use tonic::Status;
use tonic::codegen::tokio_stream::Stream;

use crate::interceptor::{Handle, Interceptor, Panic, Server, contained};

/// Runs a handler.
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
    // What panicked is not polled again.
    caught
        .await
        .unwrap_or_else(|panic| Err(status_of(call, panic)))
}

/// Asks a stream of responses for its next. Never inlined, for where nobody wants that.
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
        .unwrap_or_else(|panic| Poll::Ready(Some(Err(status_of(call, panic)))))
}

/// Whether panics are to be caught.
pub(super) fn recovers<I: Interceptor<Server>>(call: &mut impl Handle<Server, I>) -> bool {
    let mut recovers = false;
    let _ = call.with(|call| {
        recovers = call.recovers();
        Ok(())
    });
    recovers
}

/// What interceptors make of a panic: it goes on if that is nothing.
fn status_of<I: Interceptor<Server>>(call: &mut impl Handle<Server, I>, panic: Panic) -> Status {
    let mut status = None;
    let _ = call.with(|call| {
        status = call.recover(&panic);
        Ok(())
    });
    status.unwrap_or_else(|| resume_unwind(panic))
}
