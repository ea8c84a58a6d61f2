//! A call and its interceptors.

use std::any::TypeId;
use std::sync::Arc;

use http::Uri;
use tonic::metadata::MetadataMap;
use tonic::{Extensions, Request, Status};

use super::call::Facts;
use super::contained::{Panic, contained, resume};
use super::{AnyMessage, Call, End, Interceptor, Outcome, Side, Start};
use crate::Method;
use crate::deadline::Deadline;

mod handle;
mod lent;
mod owned;
mod owner;
mod shared;

pub(crate) use handle::Handle;
pub(crate) use owned::OwnedCall;
pub(crate) use owner::Owner;
pub(crate) use shared::Shared;

/// Call and its interceptors, from before `start` until after `end`. The hook `end` runs when this is dropped, unless
/// it has run.
pub struct Intercepted<S: Side, I: Interceptor<S>> {
    interceptors: Arc<I>,
    /// Present between `start` and `end`.
    state: Option<I::State>,
    facts: Facts,
    /// Status that refused a message of a stream. The call ends with it.
    refusal: Option<Status>,
    is_half_closed: bool,
    /// Size and status of a response of one message that a server sent.
    pub(crate) received: Option<(usize, Status)>,
    /// Whether the call ends with the stream that the caller holds, and not with its [`Owner`].
    is_released: bool,
}

/// Whether there are no interceptors, which the compiler knows.
pub(crate) fn is_none<I: 'static>() -> bool {
    TypeId::of::<I>() == TypeId::of::<()>()
}

impl<S: Side, I: Interceptor<S>> Intercepted<S, I> {
    /// Call of a method, before `start`. `None` without interceptors, so that they cost nothing.
    pub(crate) fn new(
        interceptors: &Arc<I>,
        method: &'static Method,
        deadline: Option<Deadline>,
    ) -> Option<Self>
    where
        I: 'static,
    {
        (!is_none::<I>()).then(|| Self {
            interceptors: Arc::clone(interceptors),
            state: None,
            facts: Facts::new(method, deadline),
            refusal: None,
            is_half_closed: false,
            received: None,
            is_released: false,
        })
    }

    /// Sets the address that a client calls, for its interceptors.
    pub(crate) fn with_origin(mut self, origin: &Option<Arc<Uri>>) -> Self {
        self.facts.origin.clone_from(origin);
        self
    }

    /// Runs the hook `start`.
    ///
    /// # Errors
    ///
    /// The status of an interceptor that refuses the call.
    pub(crate) async fn start(
        &mut self,
        metadata: &mut MetadataMap,
        extensions: &mut Extensions,
    ) -> Result<(), Status> {
        let mut start = Start::new(&self.facts, metadata, extensions);
        self.state = Some(self.interceptors.start(&mut start).await?);
        Ok(())
    }

    /// Runs the hook `start` for a request.
    ///
    /// # Errors
    ///
    /// The errors of [`start`](Self::start).
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

    /// Runs the hooks `start`, `request_message` and `half_close` for a request of one message.
    ///
    /// # Errors
    ///
    /// The status of an interceptor that refuses the call or the message.
    pub(crate) async fn start_unary<M: AnyMessage>(
        &mut self,
        mut request: Request<M>,
    ) -> Result<Request<M>, Status> {
        self.start_request(&mut request).await?;
        let bytes = request.get_ref().encoded_len();
        self.request_message(request.get_mut(), bytes)?;
        self.half_close()?;
        Ok(request)
    }

    /// Runs the hook `request_message`. `bytes` is the encoded size.
    ///
    /// # Errors
    ///
    /// The status of an interceptor that refuses the message. The call ends with it.
    pub(crate) fn request_message<M: AnyMessage>(
        &mut self,
        message: &mut M,
        bytes: usize,
    ) -> Result<(), Status> {
        self.facts.requests.count(bytes);
        let passed = self.hook(|interceptors, call| interceptors.request_message(call, message));
        passed.inspect_err(|status| self.refuse(status))
    }

    /// Makes this the status that the call ends with.
    pub(crate) fn refuse(&mut self, status: &Status) {
        self.refusal = Some(status.clone());
    }

    /// Runs the hook `half_close`, once: a stream may be polled again after its end.
    pub(crate) fn half_close(&mut self) -> Result<(), Status> {
        if std::mem::replace(&mut self.is_half_closed, true) {
            return Ok(());
        }
        self.hook(|interceptors, call| {
            interceptors.half_close(call);
            Ok(())
        })
    }

    /// Runs the hook `response_headers`.
    ///
    /// # Errors
    ///
    /// The status of an interceptor that refuses them.
    pub(crate) fn response_headers(&mut self, headers: &mut MetadataMap) -> Result<(), Status> {
        self.hook(|interceptors, call| interceptors.response_headers(call, headers))
    }

    /// Runs the hook `response_message`. `bytes` is the encoded size.
    ///
    /// # Errors
    ///
    /// The status of an interceptor that refuses the message.
    pub(crate) fn response_message<M: AnyMessage>(
        &mut self,
        message: &mut M,
        bytes: usize,
    ) -> Result<(), Status> {
        self.facts.responses.count(bytes);
        self.hook(|interceptors, call| interceptors.response_message(call, message))
    }

    /// Runs the hook `response_message`, and completes the call if the message is refused: for a stream whose reader
    /// cannot complete the call.
    ///
    /// # Errors
    ///
    /// The errors of [`refusal`](Self::refusal) and of [`response_message`](Self::response_message).
    pub(crate) fn response_message_or_complete<M: AnyMessage>(
        &mut self,
        message: &mut M,
        bytes: usize,
    ) -> Result<(), Status> {
        self.refusal()?;
        self.response_message(message, bytes).map_err(|mut status| {
            self.complete(&mut status);
            self.refusal = Some(status.clone());
            status
        })
    }

    /// Checks that no message of the request was refused.
    ///
    /// # Errors
    ///
    /// The status that refused one.
    pub(crate) fn refusal(&self) -> Result<(), Status> {
        match &self.refusal {
            Some(status) => Err(status.clone()),
            None => Ok(()),
        }
    }

    /// Runs the hook `end` for a call with this status, which the hook may change. Does nothing after the end.
    pub(crate) fn complete(&mut self, status: &mut Status) {
        if let Some(refusal) = self.refusal.take() {
            *status = refusal;
        }
        self.run_end_hook(status, Outcome::Completed);
    }

    fn run_end_hook(&mut self, status: &mut Status, outcome: Outcome) {
        if let Some(mut state) = self.state.take() {
            let mut call = Call {
                state: &mut state,
                facts: &self.facts,
            };
            self.interceptors
                .end(&mut call, &mut End::new(status, outcome));
        }
    }

    /// Runs the hook `end` for a call that was dropped. Does nothing after the end.
    fn abandon(&mut self) {
        if self.state.is_some() {
            let outcome = Outcome::on_drop();
            resume(contained(|| {
                self.run_end_hook(&mut outcome.status(), outcome);
            }));
        }
    }

    /// Whether an interceptor recovers from panics.
    pub(crate) fn recovers(&self) -> bool {
        self.interceptors.recovers()
    }

    /// Status that an interceptor ends the call with after a panic.
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
            // The call has ended. A task of the handler may still read the request.
            None => Ok(()),
        }
    }
}

impl<S: Side, I: Interceptor<S>> Drop for Intercepted<S, I> {
    fn drop(&mut self) {
        self.abandon();
    }
}
