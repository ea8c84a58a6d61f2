//! `grpc-timeout`, where there is no connection to keep it.

use std::sync::Arc;

use tonic::{Request, Response, Status, TimeoutExpired};

use crate::hooks::Answer;
use crate::timeout;

/// Answers a request, unless its time is up before.
pub(crate) fn within_deadline<'a, In, Out, F>(
    request: Request<In>,
    answer: impl FnOnce(Request<In>) -> F,
) -> Answer<'a, Out>
where
    F: Future<Output = Result<Response<Out>, Status>> + Send + 'a,
    Out: 'a,
{
    let timeout = timeout::of(request.metadata());
    let answer = answer(request);
    match timeout {
        None => Box::pin(answer),
        Some(timeout) => Box::pin(async move {
            let answered = tokio::time::timeout(timeout, answer).await;
            answered.unwrap_or_else(|_| Err(overdue()))
        }),
    }
}

/// The status of a call whose time is up. Its source has the type that a connection gives it.
fn overdue() -> Status {
    let mut status = Status::deadline_exceeded("the time is up");
    status.set_source(Arc::new(TimeoutExpired(())));
    status
}
