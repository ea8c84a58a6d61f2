//! What generated clients do: tonic's own client, with interceptors around it.

use std::sync::Arc;

use http::Uri;
use http::uri::PathAndQuery;
use tonic::body::Body;
use tonic::client::{Grpc, GrpcService};
use tonic::codec::{Codec, CompressionEncoding};
use tonic::codegen::{Bytes, GrpcMethod, StdError};
use tonic::{Extensions, IntoStreamingRequest, Request, Status};

use crate::Method;
use crate::hooks::RequestStream;
use crate::interceptor::{Client, Interceptor};

mod many;
mod one;
mod tap;

pub use many::{BidiStreaming, ServerStreaming};
pub use one::{ClientStreaming, Unary};
use tap::Tap;

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
    grpc: Grpc<Tap<T>>,
    interceptors: Arc<I>,
    hooks: Arc<H>,
}

impl<T: Clone, I, H> Clone for ClientCore<T, I, H> {
    fn clone(&self) -> Self {
        Self {
            grpc: self.grpc.clone(),
            interceptors: Arc::clone(&self.interceptors),
            hooks: Arc::clone(&self.hooks),
        }
    }
}

impl<T> ClientCore<T, (), ()> {
    /// A client without interceptors.
    pub fn new(transport: T) -> Self {
        Self::with_origin(transport, Uri::default())
    }

    /// The same, with the scheme and the authority of its requests.
    pub fn with_origin(transport: T, origin: Uri) -> Self {
        Self {
            grpc: Grpc::with_origin(Tap::new(transport), origin),
            interceptors: Arc::new(()),
            hooks: Arc::new(()),
        }
    }
}

impl<T, I, H> ClientCore<T, I, H> {
    /// Puts interceptors on, in place of those that were there.
    pub fn intercept<J>(self, interceptors: J) -> ClientCore<T, J, H> {
        ClientCore {
            grpc: self.grpc,
            interceptors: Arc::new(interceptors),
            hooks: self.hooks,
        }
    }

    /// Puts typed hooks on, in place of those that were there.
    pub fn with_hooks<J>(self, hooks: J) -> ClientCore<T, I, J> {
        ClientCore {
            grpc: self.grpc,
            interceptors: self.interceptors,
            hooks: Arc::new(hooks),
        }
    }

    /// As tonic has it.
    #[must_use]
    pub fn send_compressed(mut self, encoding: CompressionEncoding) -> Self {
        self.grpc = self.grpc.send_compressed(encoding);
        self
    }

    /// As tonic has it.
    #[must_use]
    pub fn accept_compressed(mut self, encoding: CompressionEncoding) -> Self {
        self.grpc = self.grpc.accept_compressed(encoding);
        self
    }

    /// As tonic has it.
    #[must_use]
    pub fn max_decoding_message_size(mut self, limit: usize) -> Self {
        self.grpc = self.grpc.max_decoding_message_size(limit);
        self
    }

    /// As tonic has it.
    #[must_use]
    pub fn max_encoding_message_size(mut self, limit: usize) -> Self {
        self.grpc = self.grpc.max_encoding_message_size(limit);
        self
    }

    /// The typed hooks, and the call that they run around.
    pub fn call_unary<C>(&mut self, method: &'static Method, codec: C) -> (&H, Unary<'_, T, I, C>) {
        let (hooks, call) = self.call(method, codec);
        (hooks, Unary(call))
    }

    /// As [`call_unary`](Self::call_unary), for a method whose client streams.
    pub fn call_client_streaming<C>(
        &mut self,
        method: &'static Method,
        codec: C,
    ) -> (&H, ClientStreaming<'_, T, I, C>) {
        let (hooks, call) = self.call(method, codec);
        (hooks, ClientStreaming(call))
    }

    /// As [`call_unary`](Self::call_unary), for a method whose server streams.
    pub fn call_server_streaming<C>(
        &mut self,
        method: &'static Method,
        codec: C,
    ) -> (&H, ServerStreaming<'_, T, I, C>) {
        let (hooks, call) = self.call(method, codec);
        (hooks, ServerStreaming(call))
    }

    /// As [`call_unary`](Self::call_unary), for a method whose two sides stream.
    pub fn call_bidi_streaming<C>(
        &mut self,
        method: &'static Method,
        codec: C,
    ) -> (&H, BidiStreaming<'_, T, I, C>) {
        let (hooks, call) = self.call(method, codec);
        (hooks, BidiStreaming(call))
    }

    fn call<C>(&mut self, method: &'static Method, codec: C) -> (&H, Outgoing<'_, T, I, C>) {
        let call = Outgoing {
            grpc: &mut self.grpc,
            interceptors: &self.interceptors,
            method,
            codec,
        };
        (&self.hooks, call)
    }
}

/// The messages of a stream of any type, as typed hooks take them.
pub fn boxed<M>(request: impl IntoStreamingRequest<Message = M>) -> Request<RequestStream<M>> {
    let request = request.into_streaming_request();
    request.map(|stream| Box::pin(stream) as RequestStream<M>)
}

/// A call that is to be made.
#[derive(Debug)]
struct Outgoing<'a, T, I, C> {
    grpc: &'a mut Grpc<Tap<T>>,
    interceptors: &'a Arc<I>,
    method: &'static Method,
    codec: C,
}

impl<T: Transport, I: Interceptor<Client>, C: Codec> Outgoing<'_, T, I, C> {
    /// What tonic's own clients do before each call: wait for the transport, and tell what is below
    /// which rpc it is.
    async fn prepare(&mut self, extensions: &mut Extensions) -> Result<PathAndQuery, Status> {
        let ready = self.grpc.ready().await;
        ready.map_err(|error| {
            let error: StdError = error.into();
            Status::unknown(format!("Service was not ready: {error}"))
        })?;
        let method = self.method;
        extensions.insert(GrpcMethod::new(method.service(), method.name()));
        Ok(PathAndQuery::from_static(method.path()))
    }
}
