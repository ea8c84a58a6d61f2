//! Requests that a client resets.
//!
//! tonic treats a reset (`RST_STREAM` with `CANCEL`) as the end of the request, so that a handler would get a part of it as
//! the whole. Here a reset is an error.

use std::error::Error;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};

use http_body::{Body as HttpBody, Frame, SizeHint};
use pin_project_lite::pin_project;
use prost::bytes::{Buf as _, Bytes};
use tonic::codec::{BufferSettings, DecodeBuf, Decoder};
use tonic::{Code, Status};

use super::RequestBody;
use super::messages::Messages;
use crate::codec::EMPTY_MESSAGE;

/// Default limit of a message of a request in bytes, which is tonic's.
const DEFAULT_LIMIT: usize = 4 * 1024 * 1024;

fn broken_off() -> Status {
    Status::cancelled("the client broke off its request")
}

pin_project! {
    /// Body of a request.
    struct RequestParts<B> {
        #[pin]
        body: B,
        // Whether the body has ended. It is not polled after that.
        is_over: bool,
    }
}

/// Part of the body of a request.
enum Part {
    Data(Bytes),
    Trailers(Frame<Bytes>),
    End,
    BrokenOff,
}

impl<B: RequestBody> RequestParts<B> {
    fn poll_part(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<Part, Status>> {
        let mut this = self.project();
        if *this.is_over {
            return Poll::Ready(Ok(Part::End));
        }
        Poll::Ready(match ready!(this.body.as_mut().poll_frame(context)) {
            Some(Ok(frame)) => Ok(match frame.into_data() {
                Ok(mut data) => Part::Data(data.copy_to_bytes(data.remaining())),
                Err(frame) => Part::Trailers(frame.map_data(|_| Bytes::new())),
            }),
            Some(Err(error)) => {
                let status = Status::from_error(error.into());
                match status.code() {
                    Code::Cancelled => Ok(Part::BrokenOff),
                    _ => Err(status),
                }
            }
            None => {
                *this.is_over = true;
                if !this.body.is_end_stream() {
                    // hyper also ends a request like this after a reset with `NO_ERROR`, and drops the call in its next
                    // turn. This waits for that turn.
                    context.waker().wake_by_ref();
                    return Poll::Pending;
                }
                Ok(Part::End)
            }
        })
    }
}

/// Body of a request of one message. [`explained`] replaces its errors.
pub(super) fn one<B: RequestBody>(body: B) -> impl HttpBody<Data = Bytes, Error = Status> {
    OneBody {
        incoming: RequestParts {
            body,
            is_over: false,
        },
    }
}

pin_project! {
    struct OneBody<B> {
        #[pin]
        incoming: RequestParts<B>,
    }
}

impl<B: RequestBody> HttpBody for OneBody<B> {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        Poll::Ready(match ready!(self.project().incoming.poll_part(context)) {
            Ok(Part::Data(data)) => Some(Ok(Frame::data(data))),
            Ok(Part::Trailers(trailers)) => Some(Ok(trailers)),
            Ok(Part::End) => None,
            Ok(Part::BrokenOff) => {
                // tonic treats `CANCELLED` as the end of the request, so that this needs another code.
                let mut status = Status::aborted("");
                status.set_source(Arc::new(BrokenOff));
                Some(Err(status))
            }
            Err(status) => Some(Err(status)),
        })
    }

    fn is_end_stream(&self) -> bool {
        self.incoming.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.incoming.body.size_hint()
    }
}

/// Source of a status that [`explained`] replaces.
#[derive(Debug)]
struct BrokenOff;

impl fmt::Display for BrokenOff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the request broke off")
    }
}

impl Error for BrokenOff {}

/// Replaces the error of a request that broke off with the status of the call.
pub(super) fn explained(status: Status) -> Status {
    let source = status.source();
    if source.is_some_and(|source| source.is::<BrokenOff>()) {
        broken_off()
    } else {
        status
    }
}

/// Body and decoder of a request that streams. tonic passes only errors of a decoder with `CANCELLED`, so that the body ends
/// with an empty message, at which the decoder fails.
pub(super) fn many<B: RequestBody, D>(
    body: B,
    decoder: D,
    limit: Option<usize>,
) -> (impl HttpBody<Data = Bytes, Error = Status> + Send, Uncut<D>) {
    let is_cut = Arc::new(AtomicBool::new(false));
    let body = ManyBody {
        incoming: RequestParts {
            body,
            is_over: false,
        },
        messages: Messages::new(limit.unwrap_or(DEFAULT_LIMIT)),
        is_cut: Arc::clone(&is_cut),
    };
    let decoder = Uncut {
        decoder,
        is_cut,
        has_failed: false,
    };
    (body, decoder)
}

pin_project! {
    struct ManyBody<B> {
        #[pin]
        incoming: RequestParts<B>,
        messages: Messages,
        is_cut: Arc<AtomicBool>,
    }
}

impl<B: RequestBody> HttpBody for ManyBody<B> {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let mut this = self.project();
        loop {
            if let Some(data) = this.messages.next() {
                return Poll::Ready(Some(Ok(Frame::data(data))));
            }
            if this.is_cut.load(Ordering::Relaxed) {
                // tonic treats this error as the end. The decoder has failed before.
                return Poll::Ready(Some(Err(broken_off())));
            }
            match ready!(this.incoming.as_mut().poll_part(context))? {
                Part::Data(data) => {
                    if let Some(data) = this.messages.add(data) {
                        return Poll::Ready(Some(Ok(Frame::data(data))));
                    }
                }
                Part::Trailers(trailers) if this.messages.is_whole() => {
                    return Poll::Ready(Some(Ok(trailers)));
                }
                // tonic would ignore an incomplete message before the trailers.
                Part::Trailers(_) => *this.incoming.as_mut().project().is_over = true,
                Part::End if this.messages.is_whole() => return Poll::Ready(None),
                // tonic fails at an incomplete message.
                Part::End => this.messages.release(),
                Part::BrokenOff => {
                    this.messages.forget();
                    this.is_cut.store(true, Ordering::Relaxed);
                    return Poll::Ready(Some(Ok(Frame::data(EMPTY_MESSAGE))));
                }
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        let is_cut = self.is_cut.load(Ordering::Relaxed);
        self.messages.is_whole() && !is_cut && self.incoming.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.incoming.body.size_hint()
    }
}

/// Decoder that fails once if the request broke off, and decodes nothing after that.
pub(super) struct Uncut<D> {
    decoder: D,
    is_cut: Arc<AtomicBool>,
    has_failed: bool,
}

impl<D: Decoder<Error = Status>> Decoder for Uncut<D> {
    type Item = D::Item;
    type Error = Status;

    fn decode(&mut self, source: &mut DecodeBuf<'_>) -> Result<Option<D::Item>, Status> {
        if !self.is_cut.load(Ordering::Relaxed) {
            return self.decoder.decode(source);
        }
        if std::mem::replace(&mut self.has_failed, true) {
            Ok(None)
        } else {
            Err(broken_off())
        }
    }

    fn buffer_settings(&self) -> BufferSettings {
        self.decoder.buffer_settings()
    }
}
