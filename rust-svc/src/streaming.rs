//! `tonic::Streaming` of messages that are not encoded.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll, ready};

use http_body::{Body as HttpBody, Frame};
use pin_project_lite::pin_project;
use prost::bytes::Bytes;
use tonic::codec::{BufferSettings, DecodeBuf, Decoder};
use tonic::codegen::http::StatusCode;
use tonic::codegen::tokio_stream::Stream;
use tonic::{Status, Streaming};

use crate::codec::{EMPTY_MESSAGE, FRAME_HEADER};
use crate::deadline::{Current, Deadline, Until};
use crate::metadata::{trailers_of, trailers_of_ok};
use crate::sync::lock;

/// `tonic::Streaming` of any stream: the request of a handler, or the response of a server.
///
/// It ends with the stream, or at its first error. Made inside of a call with a deadline, as the answer of a mock is, it ends
/// at that as well.
///
/// ```
/// # async fn messages() -> Result<(), tonic::Status> {
/// use rust_svc::testing::streaming;
/// use tonic::Status;
/// use tonic::codegen::tokio_stream;
///
/// let messages = [Ok("one"), Err(Status::aborted("two"))];
/// let mut stream = streaming(tokio_stream::iter(messages));
/// assert_eq!(stream.message().await?, Some("one"));
/// assert_eq!(stream.message().await.unwrap_err().message(), "two");
/// # Ok(())
/// # }
/// ```
pub fn streaming<S, M>(stream: S) -> Streaming<M>
where
    S: Stream<Item = Result<M, Status>> + Send + 'static,
    M: Send + 'static,
{
    streaming_until(stream, Current::limit_of_thread())
}

/// [`streaming`] that ends at this deadline.
pub(crate) fn streaming_until<S, M>(stream: S, deadline: Option<Deadline>) -> Streaming<M>
where
    S: Stream<Item = Result<M, Status>> + Send + 'static,
    M: Send + 'static,
{
    let (body, decoder) = frames(stream);
    match deadline {
        None => received(body, decoder),
        deadline => received(Until::new(body, deadline, trailers_of), decoder),
    }
}

/// Body whose messages are in its decoder.
pub(crate) fn frames<S, M>(stream: S) -> (Frames<S, M>, Handed<M>) {
    let slot = Handed(Arc::new(Mutex::new(None)));
    let frames = Frames {
        stream,
        slot: slot.clone(),
        is_over: false,
    };
    (frames, slot)
}

/// Reads a body of [`frames`] like a client reads a response.
pub(crate) fn received<B, M>(body: B, decoder: Handed<M>) -> Streaming<M>
where
    B: HttpBody<Data = Bytes, Error = Status> + Send + 'static,
    M: Send + 'static,
{
    Streaming::new_response(decoder, body, StatusCode::OK, None, None)
}

pin_project! {
    /// Body with an empty frame for each message, which waits in the slot, and with the status. tonic asks the decoder for
    /// one message per frame.
    pub(crate) struct Frames<S, M> {
        #[pin]
        stream: S,
        slot: Handed<M>,
        is_over: bool,
    }
}

impl<S, M> HttpBody for Frames<S, M>
where
    S: Stream<Item = Result<M, Status>>,
{
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let this = self.project();
        if *this.is_over {
            return Poll::Ready(None);
        }
        let trailers = match ready!(this.stream.poll_next(context)) {
            Some(Ok(message)) => {
                *this.slot.lock() = Some(message);
                return Poll::Ready(Some(Ok(Frame::data(EMPTY_MESSAGE))));
            }
            Some(Err(status)) => trailers_of(&status),
            None => Ok(trailers_of_ok()),
        };
        *this.is_over = true;
        Poll::Ready(Some(trailers))
    }
}

/// Message of the current frame. A frame is decoded before the next one is polled.
pub(crate) struct Handed<M>(Arc<Mutex<Option<M>>>);

impl<M> Handed<M> {
    fn lock(&self) -> MutexGuard<'_, Option<M>> {
        lock(&self.0)
    }
}

impl<M> Clone for Handed<M> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<M: Send + 'static> Decoder for Handed<M> {
    type Item = M;
    type Error = Status;

    fn decode(&mut self, _: &mut DecodeBuf<'_>) -> Result<Option<M>, Status> {
        Ok(self.lock().take())
    }

    fn buffer_settings(&self) -> BufferSettings {
        BufferSettings::new(FRAME_HEADER, 0)
    }
}
