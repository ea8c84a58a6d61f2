//! Calls of a client trait, before they are made.

use std::fmt;
use std::pin::pin;
use std::time::Duration;

use tonic::metadata::{
    Ascii, AsciiMetadataKey, BinaryMetadataKey, BinaryMetadataValue, MetadataValue,
};
use tonic::{Request, Response, Status};

use crate::deadline::{Alone, Deadline, Deadlines, Inheritance, Within};
use crate::hooks::Answer;
use crate::{Method, timeout};

/// Call that is made when it is awaited. Until then its options can be set.
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
    /// Status of a call that cannot be made.
    problem: Option<Status>,
    make: Make<In, Out>,
}

type Make<In, Out> = Box<dyn FnOnce(Request<In>) -> Answer<'static, Out> + Send>;

impl<In, Out> ClientCall<In, Out> {
    /// Call of a request, for implementations of a client trait by hand. `make` makes the call, and borrows nothing, like
    /// a task.
    ///
    /// The deadline of the call ends the future of `make`, and not a stream that it returns.
    pub fn new<F>(request: In, make: impl FnOnce(Request<In>) -> F + Send + 'static) -> Self
    where
        In: Send + 'static,
        F: Future<Output = Result<Response<Out>, Status>> + Send + 'static,
    {
        Self::boxed(request, |mut request| {
            Box::pin(async move {
                let (deadline, inheritance) = limit(None, &mut request);
                let current = inheritance.current(deadline);
                Within::new(current.as_ref(), pin!(make(request))).await
            })
        })
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

    /// Sets the time that the call may take, from when it is awaited to its last message. It is sent to the server as
    /// `grpc-timeout`.
    ///
    /// A call that takes longer fails with `DEADLINE_EXCEEDED`, on both sides. A shorter timeout of the policy of the method
    /// holds, and so does the deadline of the [`Current`](crate::Current) call. A duration beyond the maximum of the header is
    /// sent as the maximum, 11,415 years.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        timeout::set(self.request.metadata_mut(), timeout);
        self
    }

    /// Makes the call without the deadline of the [`Current`](crate::Current) call: it may go on when that is over.
    pub fn without_inheritance(mut self) -> Self {
        self.request.extensions_mut().insert(Alone);
        self
    }

    /// Adds metadata. Other values of the key stay.
    ///
    /// An invalid key or value fails the call with `INTERNAL`, before anything is sent.
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
            (Err(_), _) => self.fail(format!("the metadata key {key:?} is invalid")),
            (_, Err(_)) => self.fail(format!("the metadata value of {key:?} is invalid")),
        }
        self
    }

    /// Adds binary metadata. The key must end with `-bin`.
    pub fn metadata_bin(mut self, key: &str, value: &[u8]) -> Self {
        match BinaryMetadataKey::from_bytes(key.as_bytes()) {
            Ok(key) => {
                let value = BinaryMetadataValue::from_bytes(value);
                self.request.metadata_mut().append_bin(key, value);
            }
            Err(_) => self.fail(format!("the binary metadata key {key:?} is invalid")),
        }
        self
    }

    /// Request, for other changes: extensions, or removal of metadata.
    pub fn request_mut(&mut self) -> &mut Request<In> {
        &mut self.request
    }

    /// Fails the call with the first problem.
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
        (self.make)(self.request)
    }
}

impl<In: fmt::Debug, Out> fmt::Debug for ClientCall<In, Out> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientCall")
            .field("request", &self.request)
            .finish_non_exhaustive()
    }
}

/// Deadline of a call that begins, which has no settings, and what it inherits.
pub(crate) fn limit<In>(
    method: Option<&'static Method>,
    request: &mut Request<In>,
) -> (Option<Deadline>, Inheritance) {
    let inheritance = Inheritance::new(request.extensions());
    let deadline = Deadline::of_client(
        method,
        request.metadata_mut(),
        &Deadlines::new(),
        inheritance.limit,
    );
    (deadline, inheritance)
}
