//! Codecs that run hooks on messages.

use prost::bytes::{Buf as _, Bytes};
use tonic::Status;
use tonic::codec::{BufferSettings, Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};

/// Size of the header of a message in a body: the compressed flag and the length.
pub(crate) const FRAME_HEADER: usize = 5;

/// Frame of an uncompressed message without bytes.
pub(crate) const EMPTY_MESSAGE: Bytes = Bytes::from_static(&[0; FRAME_HEADER]);

/// Size in bytes of the buffer of one message. The default of tonic, 8 KiB, is for streams: most messages are smaller, and
/// allocators serve a small buffer faster.
const ONE_MESSAGE: usize = 1000;

/// Decoder of one message, with its encoded size.
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

/// Encoder of one message into a buffer of its size.
pub(crate) struct Fitting<E> {
    pub(crate) encoder: E,
    /// Size of the message in bytes.
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

/// Decoder that calls `hook` with each message and its size, and `failed` with its error.
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
        // The message is changed in place: this runs for each message, and a move costs more.
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

/// Encoder that calls `hook` with each message first.
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

/// Codec of one call, made of an encoder and a decoder.
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
