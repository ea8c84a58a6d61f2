//! Codecs that look at what passes through them.

use prost::bytes::{Buf as _, Bytes};
use tonic::Status;
use tonic::codec::{BufferSettings, Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};

/// What frames a message: whether it is compressed, and its length.
pub(crate) const FRAME_HEADER: usize = 5;

/// A message that is not compressed and has no bytes, in its frame.
pub(crate) const EMPTY_MESSAGE: Bytes = Bytes::from_static(&[0; FRAME_HEADER]);

/// How much of a request of one message is read at once, in bytes. tonic's 8 KiB are for streams:
/// most messages are smaller, and so small a buffer costs an allocator much less.
const ONE_MESSAGE: usize = 1000;

/// Decodes the one message of a body and says how large it was.
#[derive(Debug)]
pub(crate) struct Measured<D>(pub(crate) D);

impl<D: Decoder> Decoder for Measured<D> {
    type Item = (D::Item, usize);
    type Error = D::Error;

    fn decode(&mut self, source: &mut DecodeBuf<'_>) -> Result<Option<Self::Item>, D::Error> {
        let bytes = source.remaining();
        let message = self.0.decode(source)?;
        Ok(message.map(|message| (message, bytes)))
    }

    fn buffer_settings(&self) -> BufferSettings {
        BufferSettings::new(ONE_MESSAGE, 0)
    }
}

/// Encodes one message into a buffer that it fits in.
pub(crate) struct Fitting<E> {
    pub(crate) encoder: E,
    /// The size of the message.
    pub(crate) bytes: usize,
}

impl<E: Encoder> Encoder for Fitting<E> {
    type Item = E::Item;
    type Error = E::Error;

    fn encode(&mut self, message: E::Item, target: &mut EncodeBuf<'_>) -> Result<(), E::Error> {
        self.encoder.encode(message, target)
    }

    fn buffer_settings(&self) -> BufferSettings {
        BufferSettings::new(FRAME_HEADER + self.bytes, 0)
    }
}

/// A decoder, what sees each message of it with its size, and what sees an error of its.
pub(crate) struct Watched<D, F, G> {
    pub(crate) decoder: D,
    pub(crate) hook: F,
    pub(crate) failed: G,
}

impl<D, F, G> Decoder for Watched<D, F, G>
where
    D: Decoder<Error = Status>,
    F: FnMut(&mut D::Item, usize) -> Result<(), Status>,
    G: FnMut(&mut Status),
{
    type Item = D::Item;
    type Error = Status;

    fn decode(&mut self, source: &mut DecodeBuf<'_>) -> Result<Option<D::Item>, Status> {
        let bytes = source.remaining();
        // Changed in its place: this runs for each message, and to move one costs more.
        let mut decoded = self.decoder.decode(source);
        match &mut decoded {
            Ok(Some(message)) => {
                if let Err(status) = (self.hook)(message, bytes) {
                    decoded = Err(status);
                }
            }
            Ok(None) => {}
            Err(status) => (self.failed)(status),
        }
        decoded
    }

    fn buffer_settings(&self) -> BufferSettings {
        self.decoder.buffer_settings()
    }
}

/// An encoder, and what sees each message before.
pub(crate) struct Announced<E, F> {
    pub(crate) encoder: E,
    pub(crate) hook: F,
}

impl<E, F> Encoder for Announced<E, F>
where
    E: Encoder<Error = Status>,
    F: FnMut(&mut E::Item) -> Result<(), Status>,
{
    type Item = E::Item;
    type Error = Status;

    fn encode(&mut self, mut message: E::Item, target: &mut EncodeBuf<'_>) -> Result<(), Status> {
        (self.hook)(&mut message)?;
        self.encoder.encode(message, target)
    }

    fn buffer_settings(&self) -> BufferSettings {
        self.encoder.buffer_settings()
    }
}

/// A codec made of what encodes and what decodes, each to be taken once.
pub(crate) struct Once<E, D>(pub(crate) Option<E>, pub(crate) Option<D>);

impl<E, D> Once<E, D> {
    pub(crate) fn new(encoder: E, decoder: D) -> Self {
        Self(Some(encoder), Some(decoder))
    }
}

impl<E, D> Codec for Once<E, D>
where
    E: Encoder<Error = Status, Item: Send + 'static> + Send + 'static,
    D: Decoder<Error = Status, Item: Send + 'static> + Send + 'static,
{
    type Encode = E::Item;
    type Decode = D::Item;
    type Encoder = E;
    type Decoder = D;

    fn encoder(&mut self) -> E {
        self.0.take().expect("a call encodes one request")
    }

    fn decoder(&mut self) -> D {
        self.1.take().expect("a call decodes one response")
    }
}
