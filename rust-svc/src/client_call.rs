//! What the methods of a generated `<Service>Api` return: a call, before it is made.

use std::error::Error as _;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tonic::metadata::{
    Ascii, AsciiMetadataKey, BinaryMetadataKey, BinaryMetadataValue, MetadataValue,
};
use tonic::{Code, Request, Response, Status};

use crate::hooks::Answer;
use crate::timeout;

/// A call that is made once it is awaited; until then options of this one call can be set.
///
/// ```
/// # use std::time::Duration;
/// # use rust_svc::ClientCall;
/// # use tonic::{Response, Status};
/// # fn get_user(id: u64) -> ClientCall<u64, String> {
/// #     ClientCall::new(id, |_| async { Ok(Response::new("Ada".to_owned())) })
/// # }
/// # async fn user() -> Result<(), Status> {
/// // `get_user` stands for a method of a generated trait.
/// let user = get_user(7)
///     .timeout(Duration::from_secs(2))
///     .metadata("x-request-id", "42")
///     .await?
///     .into_inner();
/// # Ok(())
/// # }
/// ```
#[must_use = "a call is made when it is awaited"]
pub struct ClientCall<In, Out> {
    request: Request<In>,
    /// Why it cannot be made.
    problem: Option<Status>,
    make: Make<In, Out>,
}

type Make<In, Out> = Box<dyn FnOnce(Request<In>) -> Answer<'static, Out> + Send>;

impl<In, Out> ClientCall<In, Out> {
    /// For those who implement such a trait by hand: takes what is asked, and what makes the call.
    ///
    /// Like a task, that borrows nothing.
    pub fn new<F>(request: In, make: impl FnOnce(Request<In>) -> F + Send + 'static) -> Self
    where
        F: Future<Output = Result<Response<Out>, Status>> + Send + 'static,
    {
        Self::boxed(request, |request| Box::pin(make(request)))
    }

    pub(crate) fn boxed(
        request: In,
        make: impl FnOnce(Request<In>) -> Answer<'static, Out> + Send + 'static,
    ) -> Self {
        Self {
            request: Request::new(request),
            problem: None,
            make: Box::new(make),
        }
    }

    /// How long to wait for the response, or for the headers of one that streams: sent to the server
    /// as `grpc-timeout`, and kept here by what carries the call.
    ///
    /// A call that takes longer fails with `DEADLINE_EXCEEDED`, where requests of tonic's fail with
    /// `CANCELLED`. A duration that is longer than the header can say is sent as the longest that it can.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        timeout::set(self.request.metadata_mut(), timeout);
        self
    }

    /// Adds metadata; what is there under the same key stays.
    ///
    /// A key or a value that no header can have fails the call with `INTERNAL`, before anything is
    /// sent.
    pub fn metadata<V>(mut self, key: &str, value: V) -> Self
    where
        V: TryInto<MetadataValue<Ascii>>,
    {
        match (
            AsciiMetadataKey::from_bytes(key.as_bytes()),
            value.try_into(),
        ) {
            (Ok(key), Ok(value)) => {
                self.request.metadata_mut().append(key, value);
            }
            (Err(_), _) => self.fail(format!("no metadata can have the key {key:?}")),
            (_, Err(_)) => self.fail(format!("the value of {key:?} is not one of a header")),
        }
        self
    }

    /// Adds metadata of any bytes. The key ends with `-bin`.
    pub fn metadata_bin(mut self, key: &str, value: &[u8]) -> Self {
        match BinaryMetadataKey::from_bytes(key.as_bytes()) {
            Ok(key) => {
                let value = BinaryMetadataValue::from_bytes(value);
                self.request.metadata_mut().append_bin(key, value);
            }
            Err(_) => self.fail(format!("no binary metadata can have the key {key:?}")),
        }
        self
    }

    /// The request, for whatever else there is to set: extensions, or metadata to be taken away.
    pub fn request_mut(&mut self) -> &mut Request<In> {
        &mut self.request
    }

    /// The first problem is the one to tell.
    fn fail(&mut self, problem: String) {
        self.problem
            .get_or_insert_with(|| Status::internal(problem));
    }
}

impl<In, Out: 'static> IntoFuture for ClientCall<In, Out> {
    type Output = Result<Response<Out>, Status>;
    type IntoFuture = Answer<'static, Out>;

    fn into_future(self) -> Answer<'static, Out> {
        if let Some(problem) = self.problem {
            return Box::pin(async { Err(problem) });
        }
        let deadline = deadline_of(&self.request);
        let answer = (self.make)(self.request);
        match deadline {
            Some(deadline) => Box::pin(async move {
                let answer = answer.await;
                answer.map_err(|status| overdue(status, deadline))
            }),
            None => answer,
        }
    }
}

impl<In: fmt::Debug, Out> fmt::Debug for ClientCall<In, Out> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientCall")
            .field("request", &self.request)
            .finish_non_exhaustive()
    }
}

fn deadline_of<M>(request: &Request<M>) -> Option<Instant> {
    Instant::now().checked_add(timeout::of(request.metadata())?)
}

/// tonic says of a call whose time is up that it was cancelled, on whichever side; the gRPC
/// specification has a code for that.
fn overdue(status: Status, deadline: Instant) -> Status {
    if status.code() != Code::Cancelled || Instant::now() < deadline {
        return status;
    }
    let mut overdue = Status::deadline_exceeded(status.message());
    *overdue.metadata_mut() = status.metadata().clone();
    if status.source().is_some() {
        overdue.set_source(Arc::new(status));
    }
    overdue
}
