//! What generated mocks are made of.

use std::any::Any;
use std::collections::HashMap;
use std::fmt;
use std::marker::PhantomData;
use std::panic::Location;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;

use crate::interceptor::AnyMessage;
use tonic::codegen::tokio_stream::{self, Stream};
use tonic::{Request, Response, Status, Streaming};

use super::deadline::within_deadline;
use super::streaming::streaming;
use crate::Method;
use crate::api::ClientCall;
use crate::hooks::Answer;

mod asked;
mod kinds;
mod rules;

pub use asked::Asked;
pub use kinds::{Many, One, Replies, Requests};

use asked::Record;
use kinds::Alongside;
use rules::{Condition, Rule, Rules};

/// The methods of a mock, by their paths. Clones are the same mock.
#[derive(Clone, Default)]
pub struct Mock(Arc<Mutex<HashMap<&'static str, AnyMethod>>>);

/// The error that a request which streams broke off with.
#[doc(hidden)]
#[allow(unreachable_pub, reason = "a method of a public trait takes it")]
pub type Broken = Arc<Mutex<Option<Status>>>;

type AnyMethod = Arc<dyn Any + Send + Sync>;

impl Mock {
    /// One of the methods.
    pub fn method<Q: Requests, A: Replies>(&self, method: &'static Method) -> MockMethod<Q, A> {
        let mut methods = lock(&self.0);
        let known = methods.entry(method.path());
        let known = known.or_insert_with(|| Arc::new(Shared::<Q, A>::default()));
        // A path is one method, and that has its two types.
        let shared = Arc::clone(known).downcast().unwrap_or_default();
        MockMethod {
            method,
            shared,
            condition: Condition::Any,
            limit: None,
        }
    }
}

impl fmt::Debug for Mock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let methods = lock(&self.0);
        f.debug_set().entries(methods.keys()).finish()
    }
}

/// One method of a mock: what it is to answer, and what it was asked.
///
/// Each of [`returns`](Self::returns), [`fails`](Self::fails), [`answers`](Self::answers) and, where
/// responses stream, [`streams`](Self::streams) sets an answer for all calls from here on, or for
/// those that [`with`](Self::with), [`when`](Self::when), [`once`](Self::once) and
/// [`times`](Self::times) limit it to. A call gets the first answer that was set, is not used up, and
/// fits.
///
/// A call for which there is none fails with `UNIMPLEMENTED`, and a message that tells what was asked
/// and what was set, where.
#[must_use = "nothing is set before it is said what to answer"]
pub struct MockMethod<Q: Requests, A: Replies> {
    method: &'static Method,
    shared: Arc<Shared<Q, A>>,
    /// The condition of the answer that is about to be set.
    condition: Condition<Q::Message>,
    limit: Option<u64>,
}

struct Shared<Q: Requests, A: Replies> {
    rules: Mutex<Rules<Q, A>>,
    record: Record<Q::Message>,
}

impl<Q: Requests, A: Replies> Default for Shared<Q, A> {
    fn default() -> Self {
        Self {
            rules: Mutex::default(),
            record: Record::default(),
        }
    }
}

impl<Q: Requests, A: Replies> MockMethod<Q, A> {
    /// What follows is for one call.
    pub fn once(self) -> Self {
        self.times(1)
    }

    /// What follows is for this many calls.
    pub fn times(mut self, calls: u64) -> Self {
        self.limit = Some(calls);
        self
    }

    /// Fails with this status, or with an error that is one, before anything of a request that streams
    /// is read.
    #[track_caller]
    pub fn fails(self, status: impl Into<Status>) {
        let status = status.into();
        self.set(move |_| {
            let status = status.clone();
            Box::pin(async { Err(status) })
        });
    }

    /// What it was asked until now, call by call in the order in which they were made.
    #[must_use]
    pub fn calls(&self) -> Vec<Asked<Q::Message>> {
        self.shared.record.calls()
    }

    /// The messages of all these calls, one after the other.
    #[must_use]
    pub fn requests(&self) -> Vec<Q::Message> {
        let calls = self.calls().into_iter();
        calls.flat_map(|call| call.messages).collect()
    }

    #[track_caller]
    fn set(
        self,
        answer: impl Fn(Request<Q::Input>) -> Answer<'static, A::Output> + Send + Sync + 'static,
    ) {
        lock(&self.shared.rules).push(Rule {
            condition: self.condition,
            limit: self.limit,
            used: 0,
            place: Location::caller(),
            answer: Arc::new(answer),
        });
    }

    /// Asks it, as the client trait does.
    #[doc(hidden)]
    pub fn call(self, request: Q::Input) -> ClientCall<Q::Input, A::Output> {
        ClientCall::boxed(request, move |request| {
            within_deadline(request, move |request| self.answer(request))
        })
    }

    /// Asks it, as a server does.
    #[doc(hidden)]
    pub fn serve(self, request: Request<Q::Arriving>) -> Answer<'static, A::Output> {
        let broken = Broken::default();
        let mut answer = self.answer(request.map(|arriving| Q::arrive(arriving, &broken)));
        Box::pin(std::future::poll_fn(move |context| {
            let answered = answer.as_mut().poll(context);
            match lock(&broken).take() {
                Some(status) if answered.is_pending() => Poll::Ready(Err(status)),
                _ => answered,
            }
        }))
    }

    fn answer(self, request: Request<Q::Input>) -> Answer<'static, A::Output> {
        let rule = lock(&self.shared.rules).find(self.method, Q::message(request.get_ref()));
        let request = Q::record(request, &self.shared.record);
        match rule {
            Ok(answer) => answer(request),
            Err(status) => Box::pin(async { Err(status) }),
        }
    }
}

/// Methods whose requests are one message.
impl<In, A> MockMethod<One<In>, A>
where
    In: AnyMessage + Clone + PartialEq,
    A: Replies,
{
    /// What follows is for requests that are equal to this one.
    pub fn with(mut self, request: In) -> Self {
        self.condition = Condition::Equal(request);
        self
    }

    /// What follows is for requests of which this holds.
    pub fn when(mut self, holds: impl Fn(&In) -> bool + Send + Sync + 'static) -> Self {
        self.condition = Condition::When(Box::new(holds));
        self
    }
}

/// Methods whose responses are one message.
impl<Q: Requests, Out> MockMethod<Q, One<Out>>
where
    Out: AnyMessage + Clone,
{
    /// Answers with this message; a request that streams is read to its end before.
    #[track_caller]
    pub fn returns(self, response: Out) {
        self.set(move |request| {
            let (mut input, response) = (request.into_inner(), response.clone());
            Box::pin(async move {
                std::future::poll_fn(|context| Q::poll_drain(&mut input, context)).await;
                Ok(Response::new(response))
            })
        });
    }

    /// Answers as this says: what a handler of a server is, for one method.
    #[track_caller]
    pub fn answers<F, R>(self, handler: F)
    where
        F: Fn(Request<Q::Input>) -> R + Send + Sync + 'static,
        R: Future<Output = Result<Response<Out>, Status>> + Send + 'static,
    {
        self.set(move |request| Box::pin(handler(request)));
    }
}

/// Methods whose responses stream.
impl<Q: Requests, Out> MockMethod<Q, Many<Out>>
where
    Out: AnyMessage + Clone,
{
    /// Answers with these messages, and then ends the stream.
    #[track_caller]
    pub fn returns(self, responses: impl IntoIterator<Item = Out>) {
        self.streams(responses.into_iter().map(Ok));
    }

    /// Answers with these messages; at an error the stream ends with that.
    ///
    /// One that goes on for ever is a stream of [`answers`](Self::answers):
    /// `stream.chain(tokio_stream::pending())`.
    #[track_caller]
    pub fn streams(self, responses: impl IntoIterator<Item = Result<Out, Status>>) {
        let responses: Vec<_> = responses.into_iter().collect();
        self.set(move |request| {
            let stream = Alongside::<Q, _> {
                requests: request.into_inner(),
                responses: tokio_stream::iter(responses.clone()),
                kind: PhantomData,
            };
            Box::pin(async { Ok(Response::new(streaming(stream))) })
        });
    }

    /// Answers as this says: what a handler of a server is, for one method.
    #[track_caller]
    pub fn answers<F, R, S>(self, handler: F)
    where
        F: Fn(Request<Q::Input>) -> R + Send + Sync + 'static,
        R: Future<Output = Result<Response<S>, Status>> + Send + 'static,
        S: Stream<Item = Result<Out, Status>> + Send + 'static,
    {
        self.set(move |request| {
            let response = handler(request);
            Box::pin(async { Ok(response.await?.map(streaming::<S, Out>)) })
                as Answer<'static, Streaming<Out>>
        });
    }
}

impl<Q: Requests, A: Replies> fmt::Debug for MockMethod<Q, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MockMethod")
            .field("method", &self.method.path())
            .finish_non_exhaustive()
    }
}

/// Nothing panics while it holds one of these locks but what a test gave: its conditions.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
