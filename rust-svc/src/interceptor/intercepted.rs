//! One call with its interceptors.

use std::any::TypeId;
use std::sync::{Arc, Mutex, PoisonError};

use http::Uri;
use tonic::metadata::MetadataMap;
use tonic::{Code, Extensions, Request, Status};

use super::call::Facts;
use super::contained::{Panic, contained, go_on};
use super::{AnyMessage, Call, End, Interceptor, Outcome, Side, Start};
use crate::Method;

/// A call and its interceptors, from before `start` until after `end`, which runs when this is
/// dropped unless it ran before.
pub(crate) struct Intercepted<S: Side, I: Interceptor<S>> {
    interceptors: Arc<I>,
    /// There while the call goes on.
    state: Option<I::State>,
    facts: Facts,
    /// Why a message of a stream was refused, which is how the call ends then.
    refusal: Option<Status>,
    is_half_closed: bool,
    /// The size and the status of a response of one message that came from a server.
    pub(crate) received: Option<(usize, Status)>,
    /// Whether the end of the call hangs on a stream that the caller has, and not on its [`Owner`].
    is_released: bool,
}

/// Whether there are interceptors at all; known when this is compiled.
pub(crate) fn is_none<I: 'static>() -> bool {
    TypeId::of::<I>() == TypeId::of::<()>()
}

impl<S: Side, I: Interceptor<S>> Intercepted<S, I> {
    /// None if there are no interceptors, so that they cost nothing.
    pub(crate) fn of(interceptors: &Arc<I>, method: &'static Method) -> Option<Self>
    where
        I: 'static,
    {
        (!is_none::<I>()).then(|| Self {
            interceptors: Arc::clone(interceptors),
            state: None,
            facts: Facts::new(method),
            refusal: None,
            is_half_closed: false,
            received: None,
            is_released: false,
        })
    }

    /// Tells the hooks of a client where its calls go.
    pub(crate) fn to(mut self, origin: &Option<Arc<Uri>>) -> Self {
        self.facts.origin.clone_from(origin);
        self
    }

    pub(crate) async fn start(
        &mut self,
        metadata: &mut MetadataMap,
        extensions: &mut Extensions,
    ) -> Result<(), Status> {
        let mut start = Start::new(&self.facts, metadata, extensions);
        self.state = Some(self.interceptors.start(&mut start).await?);
        Ok(())
    }

    /// Starts the call that a client makes.
    pub(crate) async fn start_request<M>(
        &mut self,
        request: &mut Request<M>,
    ) -> Result<(), Status> {
        let mut metadata = std::mem::take(request.metadata_mut());
        let mut extensions = std::mem::take(request.extensions_mut());
        let started = self.start(&mut metadata, &mut extensions).await;
        *request.metadata_mut() = metadata;
        *request.extensions_mut() = extensions;
        started
    }

    /// Starts a call whose request is one message.
    pub(crate) async fn open<M: AnyMessage>(
        &mut self,
        mut request: Request<M>,
    ) -> Result<Request<M>, Status> {
        self.start_request(&mut request).await?;
        let bytes = request.get_ref().encoded_len();
        self.request_message(request.get_mut(), bytes)?;
        self.half_close()?;
        Ok(request)
    }

    pub(crate) fn request_message<M: AnyMessage>(
        &mut self,
        message: &mut M,
        bytes: usize,
    ) -> Result<(), Status> {
        self.facts.requests.count(bytes);
        let passed = self.hook(|interceptors, call| interceptors.request_message(call, message));
        passed.inspect_err(|status| self.refuse(status))
    }

    /// Whatever the call comes to, this is how it ends.
    pub(crate) fn refuse(&mut self, status: &Status) {
        self.refusal = Some(status.clone());
    }

    /// A second time it does nothing: whoever reads a stream may ask it again for its end.
    pub(crate) fn half_close(&mut self) -> Result<(), Status> {
        if std::mem::replace(&mut self.is_half_closed, true) {
            return Ok(());
        }
        self.hook(|interceptors, call| {
            interceptors.half_close(call);
            Ok(())
        })
    }

    pub(crate) fn response_headers(&mut self, headers: &mut MetadataMap) -> Result<(), Status> {
        self.hook(|interceptors, call| interceptors.response_headers(call, headers))
    }

    pub(crate) fn response_message<M: AnyMessage>(
        &mut self,
        message: &mut M,
        bytes: usize,
    ) -> Result<(), Status> {
        self.facts.responses.count(bytes);
        self.hook(|interceptors, call| interceptors.response_message(call, message))
    }

    /// Passes a message on where nothing further out can end the call when the message is refused.
    pub(crate) fn last_response_message<M: AnyMessage>(
        &mut self,
        message: &mut M,
        bytes: usize,
    ) -> Result<(), Status> {
        self.refusal()?;
        self.response_message(message, bytes).map_err(|mut status| {
            self.end(&mut status);
            self.refusal = Some(status.clone());
            status
        })
    }

    /// How the call has to end, if a message of the request was refused.
    pub(crate) fn refusal(&self) -> Result<(), Status> {
        match &self.refusal {
            Some(status) => Err(status.clone()),
            None => Ok(()),
        }
    }

    /// Ends the call with this status, or with what it becomes. A second time it does nothing.
    pub(crate) fn end(&mut self, status: &mut Status) {
        if let Some(refusal) = self.refusal.take() {
            *status = refusal;
        }
        self.end_as(status, Outcome::Completed);
    }

    fn end_as(&mut self, status: &mut Status, outcome: Outcome) {
        if let Some(mut state) = self.state.take() {
            let mut call = Call {
                state: &mut state,
                facts: &self.facts,
            };
            self.interceptors
                .end(&mut call, &mut End::new(status, outcome));
        }
    }

    /// Ends the call as one that nobody waits for any more.
    fn abandon(&mut self) {
        if self.state.is_some() {
            let outcome = Outcome::of_drop();
            go_on(contained(|| {
                self.end_as(&mut outcome.stand_in(), outcome);
            }));
        }
    }

    /// Whether somebody is to be asked what to do about a panic.
    pub(crate) fn recovers(&self) -> bool {
        self.interceptors.recovers()
    }

    /// What to end the call with, if somebody says so.
    pub(crate) fn recover(&mut self, panic: &Panic) -> Option<Status> {
        let state = self.state.as_mut()?;
        let facts = &self.facts;
        self.interceptors
            .recover(&mut Call { state, facts }, &**panic)
    }

    fn hook(
        &mut self,
        hook: impl FnOnce(&I, &mut Call<'_, I::State>) -> Result<(), Status>,
    ) -> Result<(), Status> {
        match &mut self.state {
            Some(state) => hook(
                &self.interceptors,
                &mut Call {
                    state,
                    facts: &self.facts,
                },
            ),
            // After the end, when a handler left something behind that still reads.
            None => Ok(()),
        }
    }
}

impl<S: Side, I: Interceptor<S>> Drop for Intercepted<S, I> {
    fn drop(&mut self) {
        self.abandon();
    }
}

/// A call whose request and response go on at the same time.
pub struct Shared<S: Side, I: Interceptor<S>>(Arc<Mutex<Intercepted<S, I>>>);

impl<S: Side, I: Interceptor<S>> Shared<S, I> {
    pub(crate) fn new(call: Intercepted<S, I>) -> Self {
        Self(Arc::new(Mutex::new(call)))
    }
}

impl<S: Side, I: Interceptor<S>> Shared<S, I> {
    /// Ends a call that its owner has released, as one that nobody waits for any more.
    pub(crate) fn abandon(&self) {
        self.abandon_if(|call| call.is_released);
    }

    fn abandon_if(&self, condition: impl FnOnce(&Intercepted<S, I>) -> bool) {
        let _ = self.clone().with(|call| {
            if condition(call) {
                call.abandon();
            }
            Ok(())
        });
    }
}

impl<S: Side, I: Interceptor<S>> Clone for Shared<S, I> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

/// The one part of a shared call that its end hangs on: when this is dropped, nobody waits for the
/// call any more, whoever else still holds it.
pub(crate) struct Owner<S: Side, I: Interceptor<S>>(pub(crate) Shared<S, I>);

impl<S: Side, I: Interceptor<S>> Owner<S, I> {
    /// Leaves the end to whoever calls [`Shared::abandon`].
    pub(crate) fn release(mut self) {
        let _ = self.with(|call| {
            call.is_released = true;
            Ok(())
        });
    }
}

impl<S: Side, I: Interceptor<S>> Drop for Owner<S, I> {
    fn drop(&mut self) {
        self.0.abandon_if(|call| !call.is_released);
    }
}

/// A way to a call: there may be none, or others may have one too.
pub(crate) trait Handle<S: Side, I: Interceptor<S>> {
    /// Does something with the call, if there is one.
    fn with(
        &mut self,
        hook: impl FnOnce(&mut Intercepted<S, I>) -> Result<(), Status>,
    ) -> Result<(), Status>;

    /// Ends the call with this status, or with what it becomes.
    fn end(&mut self, status: &mut Status) {
        let _ = self.with(|call| {
            call.end(status);
            Ok(())
        });
    }

    /// Ends a call that owes a message and has none: its status cannot become OK.
    fn fail(&mut self, status: &mut Status) {
        let before = status.code();
        self.end(status);
        if status.code() == Code::Ok && before != Code::Ok {
            *status = Status::internal("an interceptor made OK of a call that has no response");
        }
    }
}

impl<S: Side, I: Interceptor<S>> Handle<S, I> for Intercepted<S, I> {
    fn with(&mut self, hook: impl FnOnce(&mut Self) -> Result<(), Status>) -> Result<(), Status> {
        hook(self)
    }
}

impl<S: Side, I: Interceptor<S>> Handle<S, I> for Shared<S, I> {
    #[inline]
    fn with(
        &mut self,
        hook: impl FnOnce(&mut Intercepted<S, I>) -> Result<(), Status>,
    ) -> Result<(), Status> {
        // A hook that panicked has been seen to panic.
        hook(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl<S: Side, I: Interceptor<S>> Handle<S, I> for Owner<S, I> {
    fn with(
        &mut self,
        hook: impl FnOnce(&mut Intercepted<S, I>) -> Result<(), Status>,
    ) -> Result<(), Status> {
        self.0.with(hook)
    }
}

impl<S: Side, I: Interceptor<S>, K: Handle<S, I>> Handle<S, I> for Option<K> {
    fn with(
        &mut self,
        hook: impl FnOnce(&mut Intercepted<S, I>) -> Result<(), Status>,
    ) -> Result<(), Status> {
        match self {
            Some(call) => call.with(hook),
            None => Ok(()),
        }
    }
}

/// A call whose response is about to be streamed.
pub(crate) trait Divide<S: Side, I: Interceptor<S>> {
    /// What the stream of messages has of it.
    type Messages: Handle<S, I> + Send + 'static;
    /// What is left for the end, once the stream is dropped.
    type End: Handle<S, I> + Send + 'static;

    fn divide(self) -> (Self::Messages, Self::End);
}

/// The request still goes on.
impl<S: Side, I: Interceptor<S> + 'static> Divide<S, I> for Owner<S, I> {
    type Messages = Shared<S, I>;
    type End = Self;

    fn divide(self) -> (Shared<S, I>, Self) {
        (self.0.clone(), self)
    }
}

/// Nothing else goes on, so that a message need not lock anything.
impl<S: Side, I: Interceptor<S> + 'static> Divide<S, I> for Intercepted<S, I> {
    type Messages = Lent<S, I>;
    type End = Lender<S, I>;

    fn divide(self) -> (Lent<S, I>, Lender<S, I>) {
        let lender = Arc::new(Mutex::new(None));
        let lent = Lent {
            call: Some(self),
            lender: Arc::clone(&lender),
        };
        (lent, Lender(lender))
    }
}

/// A call that a stream has for itself, until it is dropped.
pub(crate) struct Lent<S: Side, I: Interceptor<S>> {
    call: Option<Intercepted<S, I>>,
    lender: Arc<Mutex<Option<Intercepted<S, I>>>>,
}

impl<S: Side, I: Interceptor<S>> Drop for Lent<S, I> {
    fn drop(&mut self) {
        let mut lender = self.lender.lock().unwrap_or_else(PoisonError::into_inner);
        *lender = self.call.take();
    }
}

impl<S: Side, I: Interceptor<S>> Handle<S, I> for Lent<S, I> {
    #[inline]
    fn with(
        &mut self,
        hook: impl FnOnce(&mut Intercepted<S, I>) -> Result<(), Status>,
    ) -> Result<(), Status> {
        self.call.with(hook)
    }
}

/// Where a call that was [`Lent`] is afterwards.
pub(crate) struct Lender<S: Side, I: Interceptor<S>>(Arc<Mutex<Option<Intercepted<S, I>>>>);

impl<S: Side, I: Interceptor<S>> Handle<S, I> for Lender<S, I> {
    fn with(
        &mut self,
        hook: impl FnOnce(&mut Intercepted<S, I>) -> Result<(), Status>,
    ) -> Result<(), Status> {
        let mut call = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        call.with(hook)
    }
}
