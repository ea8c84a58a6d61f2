//! Bodies of responses, limited by a deadline.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use http_body::{Body as HttpBody, Frame, SizeHint};
use pin_project_lite::pin_project;
use prost::bytes::Bytes;
use tonic::Status;

use super::{Current, Deadline, Timer};

/// Last frame of a body whose deadline has expired: trailers of a server, or the error of a client.
type LastFrame = Result<Frame<Bytes>, Status>;

/// Makes the last frame of the status.
type Expired = fn(&Status) -> LastFrame;

/// Next frame of the body inside, or the last one at the deadline.
type NextFrame<E> = Result<Option<Result<Frame<Bytes>, E>>, LastFrame>;

pin_project! {
    /// Body of a response that ends at its deadline. It drops the body inside at once, which frees whatever makes it.
    #[project = Project]
    pub(crate) enum Until<B> {
        Over,
        Free { #[pin] body: B },
        Limited { #[pin] body: B, #[pin] timer: Timer, deadline: Deadline, expired: Expired },
    }
}

impl<B> Until<B> {
    /// Body that sends or reports `expired` at its deadline, if there is one.
    pub(crate) fn new(body: B, deadline: Option<Deadline>, expired: Expired) -> Self {
        match deadline {
            None => Self::Free { body },
            Some(deadline) => Self::Limited {
                body,
                timer: Timer::new(),
                deadline,
                expired,
            },
        }
    }
}

impl<B: HttpBody<Data = Bytes>> Until<B> {
    /// Next frame: `Ok` of the body, or `Err` with the last frame of a body whose deadline has expired.
    pub(crate) fn poll_inner(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<NextFrame<B::Error>> {
        let end = match self.as_mut().project() {
            Project::Free { body } => return body.poll_frame(context).map(Ok),
            Project::Over => return Poll::Ready(Ok(None)),
            Project::Limited {
                body,
                mut timer,
                deadline,
                expired,
            } => {
                // The future of the call, inside of which a client reads a response of one message, has a timer.
                let is_outside = Current::limit_of_thread() != Some(*deadline);
                // A body that is always ready would never arm it otherwise.
                let has_expired = match is_outside && !timer.is_armed() {
                    true => timer.as_mut().poll(deadline, context).is_ready(),
                    false => timer.has_expired(),
                };
                if !has_expired {
                    let frame = Current::of(*deadline).enter(|| body.poll_frame(context));
                    let is_over = frame.is_pending()
                        && is_outside
                        && timer.poll(deadline, context).is_ready();
                    if !is_over {
                        return frame.map(Ok);
                    }
                }
                (*expired)(&deadline.exceeded())
            }
        };
        self.set(Self::Over);
        Poll::Ready(Err(end))
    }
}

impl<B: HttpBody<Data = Bytes, Error = Status>> HttpBody for Until<B> {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        Poll::Ready(match ready!(self.poll_inner(context)) {
            Ok(frame) => frame,
            Err(expired) => Some(expired),
        })
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Over => true,
            Self::Free { body } | Self::Limited { body, .. } => body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Over => SizeHint::with_exact(0),
            Self::Free { body } | Self::Limited { body, .. } => body.size_hint(),
        }
    }
}
