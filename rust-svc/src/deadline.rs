//! Deadlines of calls without a connection.

use std::sync::Arc;

use tonic::{Request, Response, Status, TimeoutExpired};

use crate::hooks::Answer;
use crate::timeout;

/// Answers a request before its deadline, which is that of `grpc-timeout`.
pub(crate) fn within_deadline<'a, In, Out, F>(
    request: Request<In>,
    answer: impl FnOnce(Request<In>) -> F,
) -> Answer<'a, Out>
where
    F: Future<Output = Result<Response<Out>, Status>> + Send + 'a,
    Out: 'a,
{
    let timeout = timeout::from_metadata(request.metadata());
    let answer = answer(request);
    match timeout {
        None => Box::pin(answer),
        Some(timeout) => Box::pin(async move {
            let answered = tokio::time::timeout(timeout, answer).await;
            answered.unwrap_or_else(|_| Err(deadline_exceeded()))
        }),
    }
}

/// Status of a call whose deadline expired. Its source has the type that a connection sets.
fn deadline_exceeded() -> Status {
    let mut status = Status::deadline_exceeded("the deadline expired");
    status.set_source(Arc::new(TimeoutExpired(())));
    status
}
