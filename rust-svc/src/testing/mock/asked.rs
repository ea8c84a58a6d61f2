//! Requests that a mock received.

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, ready};

use tonic::codegen::tokio_stream::Stream;
use tonic::metadata::MetadataMap;

use crate::hooks::RequestStream;
use crate::sync::lock;

/// Call that a mock received.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Asked<M> {
    /// Metadata of the request.
    pub metadata: MetadataMap,
    /// Messages of the request, as far as they were read.
    pub messages: Vec<M>,
    /// Whether these are all messages: false before the end of a stream, and if it broke off.
    pub is_complete: bool,
}

/// All calls of one method.
#[doc(hidden)]
#[derive(Debug)]
pub struct CallRecord<M>(Arc<Mutex<Vec<Asked<M>>>>);

impl<M> Default for CallRecord<M> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<M: Clone> CallRecord<M> {
    pub(super) fn calls(&self) -> Vec<Asked<M>> {
        lock(&self.0).clone()
    }

    pub(super) fn begin(&self, metadata: &MetadataMap) -> RecordedRequest<M> {
        let mut calls = lock(&self.0);
        calls.push(Asked {
            metadata: metadata.clone(),
            messages: Vec::new(),
            is_complete: false,
        });
        RecordedRequest {
            calls: Arc::clone(&self.0),
            number: calls.len() - 1,
        }
    }
}

/// One of the recorded calls. Calls are never removed.
pub(super) struct RecordedRequest<M> {
    calls: Arc<Mutex<Vec<Asked<M>>>>,
    number: usize,
}

impl<M: Clone> RecordedRequest<M> {
    pub(super) fn message(&self, message: &M) {
        lock(&self.calls)[self.number]
            .messages
            .push(message.clone());
    }

    pub(super) fn complete(&self) {
        lock(&self.calls)[self.number].is_complete = true;
    }

    /// Records a stream as it is read.
    pub(super) fn record(self, stream: RequestStream<M>) -> impl Stream<Item = M> + use<M> {
        RecordingStream { stream, call: self }
    }
}

struct RecordingStream<M> {
    stream: RequestStream<M>,
    call: RecordedRequest<M>,
}

impl<M: Clone> Stream for RecordingStream<M> {
    type Item = M;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<M>> {
        let next = ready!(Pin::new(&mut self.stream).poll_next(context));
        match &next {
            Some(message) => self.call.message(message),
            None => self.call.complete(),
        }
        Poll::Ready(next)
    }
}
