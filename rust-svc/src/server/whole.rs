//! Requests that a client breaks off.
//!
//! tonic takes a request that was reset (`RST_STREAM` with `CANCEL`) for one that has ended, and so a part
//! of it for the whole. Here that is an error.

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

/// The most bytes of a message of a request, unless a server sets another limit: tonic's default.
const LONGEST: usize = 4 * 1024 * 1024;

fn broken_off() -> Status {
    Status::cancelled("the client broke off its request")
}

pin_project! {
    /// The body of a request.
    struct Incoming<B> {
        #[pin]
        body: B,
        // The body has ended and is not polled any more.
        is_over: bool,
    }
}

/// What the body of a request has next.
enum Part {
    Data(Bytes),
    Trailers(Frame<Bytes>),
    End,
    BrokenOff,
}

impl<B: RequestBody> Incoming<B> {
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
                    // hyper also ends a request that was reset with `NO_ERROR` like this, and drops the call in
                    // its next turn. A body that does not know its end waits for that turn as well.
                    context.waker().wake_by_ref();
                    return Poll::Pending;
                }
                Ok(Part::End)
            }
        })
    }
}

/// The body of a request of one message. Its errors are for [`explained`].
pub(super) fn one<B: RequestBody>(body: B) -> impl HttpBody<Data = Bytes, Error = Status> {
    One {
        incoming: Incoming {
            body,
            is_over: false,
        },
    }
}

pin_project! {
    struct One<B> {
        #[pin]
        incoming: Incoming<B>,
    }
}

impl<B: RequestBody> HttpBody for One<B> {
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
                // tonic takes `CANCELLED` for the end of the request, and so the code is another one.
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

/// The source of a status that [`explained`] replaces.
#[derive(Debug)]
struct BrokenOff;

impl fmt::Display for BrokenOff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the request broke off")
    }
}

impl Error for BrokenOff {}

/// The error of a request of one message, as callers see it.
pub(super) fn explained(status: Status) -> Status {
    let source = status.source();
    match source.is_some_and(|source| source.is::<BrokenOff>()) {
        true => broken_off(),
        false => status,
    }
}

/// A request that streams. Only the errors of a decoder get through tonic with `CANCELLED`, and so the body
/// puts an empty message in place of the rest, at which the decoder fails.
pub(super) fn many<B: RequestBody, D>(
    body: B,
    decoder: D,
    limit: Option<usize>,
) -> (impl HttpBody<Data = Bytes, Error = Status> + Send, Uncut<D>) {
    let is_cut = Arc::new(AtomicBool::new(false));
    let body = Many {
        incoming: Incoming {
            body,
            is_over: false,
        },
        messages: Messages::new(limit.unwrap_or(LONGEST)),
        is_cut: Arc::clone(&is_cut),
    };
    let decoder = Uncut {
        decoder,
        is_cut,
        is_said: false,
    };
    (body, decoder)
}

pin_project! {
    struct Many<B> {
        #[pin]
        incoming: Incoming<B>,
        messages: Messages,
        is_cut: Arc<AtomicBool>,
    }
}

impl<B: RequestBody> HttpBody for Many<B> {
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
                // tonic makes an end of this error: the decoder has told the handler before.
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
                // tonic would overlook the part of a message before the trailers.
                Part::Trailers(_) => *this.incoming.as_mut().project().is_over = true,
                Part::End if this.messages.is_whole() => return Poll::Ready(None),
                // tonic fails at a part of a message.
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

/// A decoder that fails once if the request broke off, and then finds nothing any more.
pub(super) struct Uncut<D> {
    decoder: D,
    is_cut: Arc<AtomicBool>,
    is_said: bool,
}

impl<D: Decoder<Error = Status>> Decoder for Uncut<D> {
    type Item = D::Item;
    type Error = Status;

    fn decode(&mut self, source: &mut DecodeBuf<'_>) -> Result<Option<D::Item>, Status> {
        if !self.is_cut.load(Ordering::Relaxed) {
            return self.decoder.decode(source);
        }
        match std::mem::replace(&mut self.is_said, true) {
            false => Err(broken_off()),
            true => Ok(None),
        }
    }

    fn buffer_settings(&self) -> BufferSettings {
        self.decoder.buffer_settings()
    }
}
