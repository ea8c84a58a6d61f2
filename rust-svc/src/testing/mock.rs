//! Contents of generated mocks.

use std::any::Any;
use std::collections::HashMap;
use std::fmt;
use std::marker::PhantomData;
use std::panic::Location;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::Poll;

use tonic::codegen::tokio_stream::{self, Stream};
use tonic::{Request, Response, Status, Streaming};

use crate::Method;
use crate::arity::{Many, One, ResponseArity};
use crate::client_call::{ClientCall, limit};
use crate::deadline::Within;
use crate::hooks::Answer;
use crate::interceptor::AnyMessage;
use crate::streaming::streaming;
use crate::sync::lock;

mod asked;
mod expectations;
mod request;

pub use asked::Asked;
pub use request::MockRequest;

use asked::CallRecord;
use expectations::{Condition, Expectation, Expectations};
use request::{Alongside, BrokenRequest};

/// Methods of a mock, by their paths. Clones share the state.
#[derive(Clone, Default)]
pub struct Mock(Arc<Mutex<HashMap<&'static str, AnyMethod>>>);

type AnyMethod = Arc<dyn Any + Send + Sync>;

impl Mock {
    /// Method of the mock.
    pub fn method<Q: MockRequest, A: ResponseArity>(
        &self,
        method: &'static Method,
    ) -> MockMethod<Q, A> {
        let mut methods = lock(&self.0);
        let known = methods.entry(method.path());
        let known = known.or_insert_with(|| Arc::new(MethodState::<Q, A>::default()));
        // A path is one method, with one type.
        let state = Arc::clone(known).downcast().unwrap_or_default();
        MockMethod {
            method,
            state,
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

/// Method of a mock: its answers, and the requests that it received.
///
/// [`returns`](Self::returns), [`fails`](Self::fails), [`answers`](Self::answers) and, for responses that stream,
/// [`streams`](Self::streams) set an answer for all calls from now on, or for those that [`with`](Self::with),
/// [`when`](Self::when), [`once`](Self::once) and [`times`](Self::times) select. A call gets the first answer that matches and
/// is not used up.
///
/// A call without an answer fails with `UNIMPLEMENTED`. The message has the request and the answers, with their places in
/// the test.
#[must_use = "a method of a mock sets nothing without an answer"]
pub struct MockMethod<Q: MockRequest, A: ResponseArity> {
    method: &'static Method,
    state: Arc<MethodState<Q, A>>,
    /// Condition of the next answer.
    condition: Condition<Q::Message>,
    limit: Option<u64>,
}

struct MethodState<Q: MockRequest, A: ResponseArity> {
    expectations: Mutex<Expectations<Q, A>>,
    record: CallRecord<Q::Message>,
}

impl<Q: MockRequest, A: ResponseArity> Default for MethodState<Q, A> {
    fn default() -> Self {
        Self {
            expectations: Mutex::default(),
            record: CallRecord::default(),
        }
    }
}

impl<Q: MockRequest, A: ResponseArity> MockMethod<Q, A> {
    /// Limits the next answer to one call.
    pub fn once(self) -> Self {
        self.times(1)
    }

    /// Limits the next answer to this many calls.
    pub fn times(mut self, calls: u64) -> Self {
        self.limit = Some(calls);
        self
    }

    /// Fails with this status, or with an error that converts to one, before a request that streams is read.
    #[track_caller]
    pub fn fails(self, status: impl Into<Status>) {
        let status = status.into();
        self.set(move |_| {
            let status = status.clone();
            Box::pin(async { Err(status) })
        });
    }

    /// Calls until now, in the order in which they were made.
    #[must_use]
    pub fn calls(&self) -> Vec<Asked<Q::Message>> {
        self.state.record.calls()
    }

    /// Messages of all calls, in order.
    #[must_use]
    pub fn requests(&self) -> Vec<Q::Message> {
        let calls = self.calls().into_iter();
        calls.flat_map(|call| call.messages).collect()
    }

    #[track_caller]
    fn set(
        self,
        answer: impl Fn(Request<Q::Sent>) -> Answer<'static, A::Received> + Send + Sync + 'static,
    ) {
        lock(&self.state.expectations).push(Expectation {
            condition: self.condition,
            limit: self.limit,
            used: 0,
            place: Location::caller(),
            answer: Arc::new(answer),
        });
    }

    /// Calls the method, like the client trait does.
    #[doc(hidden)]
    pub fn call(self, request: Q::Sent) -> ClientCall<Q::Sent, A::Received> {
        ClientCall::boxed(request, move |mut request| {
            Box::pin(async move {
                let (deadline, inheritance) = limit(Some(self.method), &mut request);
                let current = inheritance.current(deadline);
                // The answer is made inside of the call.
                let answer = pin!(async { self.answer(request).await });
                Within::new(current.as_ref(), answer).await
            })
        })
    }

    /// Calls the method, like a server does.
    #[doc(hidden)]
    pub fn serve(self, request: Request<Q::Received>) -> Answer<'static, A::Received> {
        let broken = BrokenRequest::default();
        let mut answer = self.answer(request.map(|received| Q::from_received(received, &broken)));
        Box::pin(std::future::poll_fn(move |context| {
            let answered = answer.as_mut().poll(context);
            match lock(&broken).take() {
                Some(status) if answered.is_pending() => Poll::Ready(Err(status)),
                _ => answered,
            }
        }))
    }

    fn answer(self, request: Request<Q::Sent>) -> Answer<'static, A::Received> {
        let expectation =
            lock(&self.state.expectations).find(self.method, Q::message(request.get_ref()));
        let request = Q::record(request, &self.state.record);
        match expectation {
            Ok(answer) => answer(request),
            Err(status) => Box::pin(async { Err(status) }),
        }
    }
}

/// Methods with a request of one message.
impl<In, A> MockMethod<One<In>, A>
where
    In: AnyMessage + Clone + PartialEq,
    A: ResponseArity,
{
    /// Limits the next answer to requests equal to this one.
    pub fn with(mut self, request: In) -> Self {
        self.condition = Condition::Equal(request);
        self
    }

    /// Limits the next answer to requests that satisfy this condition.
    pub fn when(mut self, holds: impl Fn(&In) -> bool + Send + Sync + 'static) -> Self {
        self.condition = Condition::When(Box::new(holds));
        self
    }
}

/// Methods with a response of one message.
impl<Q: MockRequest, Out> MockMethod<Q, One<Out>>
where
    Out: AnyMessage + Clone,
{
    /// Answers with this message, after the end of a request that streams.
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

    /// Answers by this handler, which is like that of a server.
    #[track_caller]
    pub fn answers<F, R>(self, handler: F)
    where
        F: Fn(Request<Q::Sent>) -> R + Send + Sync + 'static,
        R: Future<Output = Result<Response<Out>, Status>> + Send + 'static,
    {
        self.set(move |request| Box::pin(handler(request)));
    }
}

/// Methods with a response that streams.
impl<Q: MockRequest, Out> MockMethod<Q, Many<Out>>
where
    Out: AnyMessage + Clone,
{
    /// Answers with a stream of these messages.
    #[track_caller]
    pub fn returns(self, responses: impl IntoIterator<Item = Out>) {
        self.streams(responses.into_iter().map(Ok));
    }

    /// Answers with a stream of these messages. An error ends the stream.
    ///
    /// For an endless stream use [`answers`](Self::answers):
    /// `stream.chain(tokio_stream::pending())`.
    #[track_caller]
    pub fn streams(self, responses: impl IntoIterator<Item = Result<Out, Status>>) {
        let responses: Vec<_> = responses.into_iter().collect();
        self.set(move |request| {
            let stream = Alongside::<Q, _> {
                requests: request.into_inner(),
                responses: tokio_stream::iter(responses.clone()),
                arity: PhantomData,
            };
            Box::pin(async { Ok(Response::new(streaming(stream))) })
        });
    }

    /// Answers by this handler, which is like that of a server.
    #[track_caller]
    pub fn answers<F, R, S>(self, handler: F)
    where
        F: Fn(Request<Q::Sent>) -> R + Send + Sync + 'static,
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

impl<Q: MockRequest, A: ResponseArity> fmt::Debug for MockMethod<Q, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MockMethod")
            .field("method", &self.method.path())
            .finish_non_exhaustive()
    }
}
