//! Generated clients: the client of tonic, with interceptors around it.

use std::sync::Arc;

use http::Uri;
use tonic::body::Body;
use tonic::client::{Grpc, GrpcService};
use tonic::codec::{Codec, CompressionEncoding};
use tonic::codegen::{Bytes, StdError};
use tonic::{IntoStreamingRequest, Request};

use crate::Method;
use crate::deadline::Deadlines;
use crate::hooks::RequestStream;
use crate::interceptor::AnyMessage;
use crate::limits::Limits;

mod request;
mod response;
mod shared;
mod tap;
mod wired;

#[cfg(feature = "errors")]
pub(crate) use tap::BrokenResponse;
use tap::Tap;

pub(crate) use request::ClientRequest;
pub(crate) use response::ClientResponse;
pub use shared::{SharedCodec, SharedCore, SharedTransport};
pub use wired::{ClientRpc, Wired};

/// Transport of a client, such as `tonic::transport::Channel`: the bounds of `tonic::client::Grpc` under one name.
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

/// Contents of a generated client.
#[derive(Debug)]
pub struct ClientCore<T, I, H> {
    wire: Wire<T, I>,
    hooks: Arc<H>,
}

/// Transport and interceptors of a client.
#[derive(Debug)]
pub struct Wire<T, I> {
    /// Absent only while it is changed, which goes by value.
    grpc: Option<Grpc<Tap<T>>>,
    limits: Limits,
    /// Limits that `grpc` has.
    applied: Limits,
    interceptors: Arc<I>,
    /// Address that calls go to, for interceptors.
    origin: Option<Arc<Uri>>,
    deadlines: Deadlines,
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
            limits: self.limits,
            applied: self.applied,
            interceptors: Arc::clone(&self.interceptors),
            origin: self.origin.clone(),
            deadlines: self.deadlines,
        }
    }
}

impl<T> ClientCore<T, (), ()> {
    /// Client without interceptors.
    pub fn new(transport: T) -> Self {
        Self::with_origin(transport, Uri::default())
    }

    /// Client with the scheme and the authority of its requests.
    pub fn with_origin(transport: T, origin: Uri) -> Self {
        let wire = Wire {
            grpc: Some(Grpc::with_origin(Tap::new(transport), origin.clone())),
            limits: Limits::default(),
            applied: Limits::default(),
            interceptors: Arc::new(()),
            origin: None,
            deadlines: Deadlines::new(),
        };
        let core = Self {
            wire,
            hooks: Arc::new(()),
        };
        core.connected_to(origin)
    }

    /// Sets the address that calls go to, for interceptors. Requests do not change: a connected transport has its own
    /// address.
    #[must_use]
    pub fn connected_to(mut self, origin: Uri) -> Self {
        let is_known = origin.host().is_some();
        self.wire.origin = is_known.then(|| Arc::new(origin));
        self
    }
}

impl<T, I, H> ClientCore<T, I, H> {
    /// Replaces the interceptors.
    pub fn intercept<J>(self, interceptors: J) -> ClientCore<T, J, H> {
        let wire = Wire {
            grpc: self.wire.grpc,
            limits: self.wire.limits,
            applied: self.wire.applied,
            interceptors: Arc::new(interceptors),
            origin: self.wire.origin,
            deadlines: self.wire.deadlines,
        };
        ClientCore {
            wire,
            hooks: self.hooks,
        }
    }

    /// Replaces the typed hooks.
    pub fn with_hooks<J>(self, hooks: J) -> ClientCore<T, I, J> {
        ClientCore {
            wire: self.wire,
            hooks: Arc::new(hooks),
        }
    }

    /// Sets the deadlines of calls.
    #[must_use]
    pub fn deadlines(mut self, deadlines: Deadlines) -> Self {
        self.wire.deadlines = deadlines;
        self
    }

    /// See `tonic::client::Grpc`.
    #[must_use]
    pub fn send_compressed(mut self, encoding: CompressionEncoding) -> Self {
        self.wire.change(|grpc| grpc.send_compressed(encoding));
        self
    }

    /// See `tonic::client::Grpc`.
    #[must_use]
    pub fn accept_compressed(mut self, encoding: CompressionEncoding) -> Self {
        self.wire.change(|grpc| grpc.accept_compressed(encoding));
        self
    }

    /// See `tonic::client::Grpc`.
    #[must_use]
    pub fn max_decoding_message_size(mut self, limit: usize) -> Self {
        self.wire.limits.decoding = Some(limit);
        self
    }

    /// See `tonic::client::Grpc`.
    #[must_use]
    pub fn max_encoding_message_size(mut self, limit: usize) -> Self {
        self.wire.limits.encoding = Some(limit);
        self
    }
}

impl<T, I> Wire<T, I> {
    fn change(&mut self, change: impl FnOnce(Grpc<Tap<T>>) -> Grpc<Tap<T>>) {
        self.grpc = self.grpc.take().map(change);
    }

    /// Client of tonic, with the limits of the client or, where it has none, those of the method's policy.
    fn limited(&mut self, method: &Method) -> &mut Grpc<Tap<T>> {
        /// Limit of tonic's clients for responses.
        const DEFAULT: usize = 4 * 1024 * 1024;
        let limits = self.limits.of_client(method.policy());
        if limits != self.applied {
            self.applied = limits;
            self.change(|grpc| {
                grpc.max_decoding_message_size(limits.decoding.unwrap_or(DEFAULT))
                    .max_encoding_message_size(limits.encoding.unwrap_or(usize::MAX))
            });
        }
        self.grpc()
    }

    /// Client of tonic.
    fn grpc(&mut self) -> &mut Grpc<Tap<T>> {
        self.grpc.as_mut().expect("there is one between changes")
    }
}

/// Converts a stream of any type to the one that typed hooks take.
pub fn boxed<M>(request: impl IntoStreamingRequest<Message = M>) -> Request<RequestStream<M>> {
    let request = request.into_streaming_request();
    request.map(RequestStream::new)
}

/// Codec of messages that interceptors can see.
pub trait MessageCodec: Codec<Encode: AnyMessage + Sync, Decode: AnyMessage + Sync> {}

impl<C: Codec<Encode: AnyMessage + Sync, Decode: AnyMessage + Sync>> MessageCodec for C {}
