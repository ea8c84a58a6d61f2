//! What a mock was asked.

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, ready};

use tonic::codegen::tokio_stream::Stream;
use tonic::metadata::MetadataMap;

use super::lock;
use crate::hooks::RequestStream;

/// One call that a mock got.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Asked<M> {
    /// The metadata of the request.
    pub metadata: MetadataMap,
    /// Its message; of a request that streams, what was read until now.
    pub messages: Vec<M>,
    /// Whether that is all: false while the client goes on, and where it was given up before its end.
    pub is_complete: bool,
}

/// Every call of one method.
#[doc(hidden)]
#[derive(Debug)]
pub struct Record<M>(Arc<Mutex<Vec<Asked<M>>>>);

impl<M> Default for Record<M> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<M: Clone> Record<M> {
    pub(super) fn calls(&self) -> Vec<Asked<M>> {
        lock(&self.0).clone()
    }

    pub(super) fn begin(&self, metadata: &MetadataMap) -> Recorded<M> {
        let mut calls = lock(&self.0);
        calls.push(Asked {
            metadata: metadata.clone(),
            messages: Vec::new(),
            is_complete: false,
        });
        Recorded {
            calls: Arc::clone(&self.0),
            number: calls.len() - 1,
        }
    }
}

/// The place of one call among them; no call is ever taken out.
pub(super) struct Recorded<M> {
    calls: Arc<Mutex<Vec<Asked<M>>>>,
    number: usize,
}

impl<M: Clone> Recorded<M> {
    pub(super) fn message(&self, message: &M) {
        lock(&self.calls)[self.number]
            .messages
            .push(message.clone());
    }

    pub(super) fn end(&self) {
        lock(&self.calls)[self.number].is_complete = true;
    }

    /// Writes down a stream as it is read.
    pub(super) fn of(self, stream: RequestStream<M>) -> impl Stream<Item = M> + use<M> {
        Recording { stream, call: self }
    }
}

struct Recording<M> {
    stream: RequestStream<M>,
    call: Recorded<M>,
}

impl<M: Clone> Stream for Recording<M> {
    type Item = M;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<M>> {
        let next = ready!(Pin::new(&mut self.stream).poll_next(context));
        match &next {
            Some(message) => self.call.message(message),
            None => self.call.end(),
        }
        Poll::Ready(next)
    }
}
