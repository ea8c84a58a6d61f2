//! What generated clients do: tonic's own client, with interceptors around it.

use std::sync::Arc;

use http::Uri;
use tonic::body::Body;
use tonic::client::{Grpc, GrpcService};
use tonic::codec::{Codec, CompressionEncoding};
use tonic::codegen::{Bytes, StdError};
use tonic::{IntoStreamingRequest, Request};

use crate::hooks::RequestStream;
use crate::interceptor::AnyMessage;

mod many;
mod one;
mod shared;
mod tap;
mod wired;

#[cfg(feature = "errors")]
pub(crate) use tap::Begun;
use tap::Tap;
use wired::Call;

pub use shared::{SharedCodec, SharedCore, SharedTransport};
pub use wired::{BidiStreaming, ClientStreaming, ServerStreaming, Unary, Wired};

/// What carries requests, such as `tonic::transport::Channel`: tonic's own bounds in one name.
pub trait Transport:
    GrpcService<
        Body,
        Error: Into<StdError>,
        ResponseBody: tonic::codegen::Body<Data = Bytes, Error: Into<StdError> + Send>
                          + Send
                          + 'static,
    >
{
}

impl<T> Transport for T where
    T: GrpcService<
            Body,
            Error: Into<StdError>,
            ResponseBody: tonic::codegen::Body<Data = Bytes, Error: Into<StdError> + Send>
                              + Send
                              + 'static,
        >
{
}

/// What a generated client is made of.
#[derive(Debug)]
pub struct ClientCore<T, I, H> {
    wire: Wire<T, I>,
    hooks: Arc<H>,
}

/// A transport and what watches over it.
#[derive(Debug)]
pub struct Wire<T, I> {
    grpc: Grpc<Tap<T>>,
    interceptors: Arc<I>,
    /// Where calls go, for interceptors.
    origin: Option<Arc<Uri>>,
}

impl<T: Clone, I, H> Clone for ClientCore<T, I, H> {
    fn clone(&self) -> Self {
        Self {
            wire: self.wire.clone(),
            hooks: Arc::clone(&self.hooks),
        }
    }
}

impl<T: Clone, I> Clone for Wire<T, I> {
    fn clone(&self) -> Self {
        Self {
            grpc: self.grpc.clone(),
            interceptors: Arc::clone(&self.interceptors),
            origin: self.origin.clone(),
        }
    }
}

impl<T> ClientCore<T, (), ()> {
    /// A client without interceptors.
    pub fn new(transport: T) -> Self {
        Self::with_origin(transport, Uri::default())
    }

    /// A client of a transport, with the scheme and the authority of its requests.
    pub fn with_origin(transport: T, origin: Uri) -> Self {
        let wire = Wire {
            grpc: Grpc::with_origin(Tap::new(transport), origin.clone()),
            interceptors: Arc::new(()),
            origin: None,
        };
        let core = Self {
            wire,
            hooks: Arc::new(()),
        };
        core.connected_to(origin)
    }

    /// Tells interceptors where calls go. Requests stay as they are: a connected transport knows where it
    /// goes.
    #[must_use]
    pub fn connected_to(mut self, origin: Uri) -> Self {
        let is_known = origin.host().is_some();
        self.wire.origin = is_known.then(|| Arc::new(origin));
        self
    }
}

impl<T, I, H> ClientCore<T, I, H> {
    /// Puts interceptors on, in place of those that were there.
    pub fn intercept<J>(self, interceptors: J) -> ClientCore<T, J, H> {
        let wire = Wire {
            grpc: self.wire.grpc,
            interceptors: Arc::new(interceptors),
            origin: self.wire.origin,
        };
        ClientCore {
            wire,
            hooks: self.hooks,
        }
    }

    /// Puts typed hooks on, in place of those that were there.
    pub fn with_hooks<J>(self, hooks: J) -> ClientCore<T, I, J> {
        ClientCore {
            wire: self.wire,
            hooks: Arc::new(hooks),
        }
    }

    /// As tonic has it.
    #[must_use]
    pub fn send_compressed(mut self, encoding: CompressionEncoding) -> Self {
        self.wire.grpc = self.wire.grpc.send_compressed(encoding);
        self
    }

    /// As tonic has it.
    #[must_use]
    pub fn accept_compressed(mut self, encoding: CompressionEncoding) -> Self {
        self.wire.grpc = self.wire.grpc.accept_compressed(encoding);
        self
    }

    /// As tonic has it.
    #[must_use]
    pub fn max_decoding_message_size(mut self, limit: usize) -> Self {
        self.wire.grpc = self.wire.grpc.max_decoding_message_size(limit);
        self
    }

    /// As tonic has it.
    #[must_use]
    pub fn max_encoding_message_size(mut self, limit: usize) -> Self {
        self.wire.grpc = self.wire.grpc.max_encoding_message_size(limit);
        self
    }
}

/// The messages of a stream of any type, as typed hooks take them.
pub fn boxed<M>(request: impl IntoStreamingRequest<Message = M>) -> Request<RequestStream<M>> {
    let request = request.into_streaming_request();
    request.map(RequestStream::new)
}

/// A codec of messages that interceptors can look at.
pub trait MessageCodec: Codec<Encode: AnyMessage + Sync, Decode: AnyMessage + Sync> {}

impl<C: Codec<Encode: AnyMessage + Sync, Decode: AnyMessage + Sync>> MessageCodec for C {}
