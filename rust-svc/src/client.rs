//! What generated clients do: tonic's own client, with interceptors around it.

use std::sync::Arc;

use http::Uri;
use http::uri::PathAndQuery;
use tonic::body::Body;
use tonic::client::{Grpc, GrpcService};
use tonic::codec::{Codec, CompressionEncoding, Streaming};
use tonic::codegen::{Bytes, GrpcMethod, StdError};
use tonic::{Extensions, IntoStreamingRequest, Request, Response, Status};

use crate::Method;
use crate::hooks::{ClientNext, RequestStream};
use crate::interceptor::{AnyMessage, Client, Intercepted, Interceptor};

mod many;
mod one;
mod tap;

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
    wire: Wire<T, I>,
    hooks: Arc<H>,
}

/// A transport and what watches over it.
#[derive(Debug)]
pub struct Wire<T, I> {
    grpc: Grpc<Tap<T>>,
    interceptors: Arc<I>,
}

impl<T: Clone, I, H> Clone for ClientCore<T, I, H> {
    fn clone(&self) -> Self {
        let wire = Wire {
            grpc: self.wire.grpc.clone(),
            interceptors: Arc::clone(&self.wire.interceptors),
        };
        Self {
            wire,
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
        let wire = Wire {
            grpc: Grpc::with_origin(Tap::new(transport), origin),
            interceptors: Arc::new(()),
        };
        Self {
            wire,
            hooks: Arc::new(()),
        }
    }
}

impl<T, I, H> ClientCore<T, I, H> {
    /// Puts interceptors on, in place of those that were there.
    pub fn intercept<J>(self, interceptors: J) -> ClientCore<T, J, H> {
        let wire = Wire {
            grpc: self.wire.grpc,
            interceptors: Arc::new(interceptors),
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

    /// The typed hooks, and the call that they run around.
    pub fn call_unary<C>(
        &mut self,
        method: &'static Method,
        codec: C,
    ) -> (&H, Unary<'_, Wire<T, I>, C>) {
        (&self.hooks, Unary(Call::new(&mut self.wire, method, codec)))
    }

    /// As [`call_unary`](Self::call_unary), for a method whose client streams.
    pub fn call_client_streaming<C>(
        &mut self,
        method: &'static Method,
        codec: C,
    ) -> (&H, ClientStreaming<'_, Wire<T, I>, C>) {
        let call = Call::new(&mut self.wire, method, codec);
        (&self.hooks, ClientStreaming(call))
    }

    /// As [`call_unary`](Self::call_unary), for a method whose server streams.
    pub fn call_server_streaming<C>(
        &mut self,
        method: &'static Method,
        codec: C,
    ) -> (&H, ServerStreaming<'_, Wire<T, I>, C>) {
        let call = Call::new(&mut self.wire, method, codec);
        (&self.hooks, ServerStreaming(call))
    }

    /// As [`call_unary`](Self::call_unary), for a method whose two sides stream.
    pub fn call_bidi_streaming<C>(
        &mut self,
        method: &'static Method,
        codec: C,
    ) -> (&H, BidiStreaming<'_, Wire<T, I>, C>) {
        let call = Call::new(&mut self.wire, method, codec);
        (&self.hooks, BidiStreaming(call))
    }
}

/// The messages of a stream of any type, as typed hooks take them.
pub fn boxed<M>(request: impl IntoStreamingRequest<Message = M>) -> Request<RequestStream<M>> {
    let request = request.into_streaming_request();
    request.map(|stream| Box::pin(stream) as RequestStream<M>)
}

/// A call that is to be made.
#[derive(Debug)]
struct Call<'a, W, C> {
    wire: &'a mut W,
    method: &'static Method,
    codec: C,
}

impl<'a, W, C> Call<'a, W, C> {
    fn new(wire: &'a mut W, method: &'static Method, codec: C) -> Self {
        Self {
            wire,
            method,
            codec,
        }
    }
}

/// A codec of messages that interceptors can look at.
pub trait MessageCodec: Codec<Encode: AnyMessage + Sync, Decode: AnyMessage + Sync> {}

impl<C: Codec<Encode: AnyMessage + Sync, Decode: AnyMessage + Sync>> MessageCodec for C {}

/// What calls can be made over: a [`Wire`] whose transport is a [`Transport`].
///
/// A trait of its own since it keeps the bounds of transports away from generated code, where each
/// method would have them checked again.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot make calls",
    note = "a client takes what carries gRPC requests, such as `tonic::transport::Channel`, and interceptors for clients"
)]
pub trait Wired {
    /// One request, one response.
    fn unary<C: MessageCodec>(
        &mut self,
        method: &'static Method,
        codec: C,
        request: Request<C::Encode>,
    ) -> impl Future<Output = Result<Response<C::Decode>, Status>>;

    /// Many requests, one response.
    fn client_streaming<C: MessageCodec>(
        &mut self,
        method: &'static Method,
        codec: C,
        request: Request<RequestStream<C::Encode>>,
    ) -> impl Future<Output = Result<Response<C::Decode>, Status>>;

    /// One request, many responses.
    fn server_streaming<C: MessageCodec>(
        &mut self,
        method: &'static Method,
        codec: C,
        request: Request<C::Encode>,
    ) -> impl Future<Output = Result<Response<Streaming<C::Decode>>, Status>>;

    /// Many requests, many responses.
    fn bidi_streaming<C: MessageCodec>(
        &mut self,
        method: &'static Method,
        codec: C,
        request: Request<RequestStream<C::Encode>>,
    ) -> impl Future<Output = Result<Response<Streaming<C::Decode>>, Status>>;
}

impl<T: Transport, I: Interceptor<Client> + 'static> Wired for Wire<T, I> {
    async fn unary<C: MessageCodec>(
        &mut self,
        method: &'static Method,
        codec: C,
        mut request: Request<C::Encode>,
    ) -> Result<Response<C::Decode>, Status> {
        match Intercepted::of(&self.interceptors, method) {
            Some(call) => self.intercepted_unary(call, codec, request).await,
            None => {
                let path = self.prepare(method, request.extensions_mut()).await?;
                self.grpc.unary(request, path, codec).await
            }
        }
    }

    async fn client_streaming<C: MessageCodec>(
        &mut self,
        method: &'static Method,
        codec: C,
        mut request: Request<RequestStream<C::Encode>>,
    ) -> Result<Response<C::Decode>, Status> {
        match Intercepted::of(&self.interceptors, method) {
            Some(call) => {
                self.intercepted_client_streaming(call, codec, request)
                    .await
            }
            None => {
                let path = self.prepare(method, request.extensions_mut()).await?;
                self.grpc.client_streaming(request, path, codec).await
            }
        }
    }

    async fn server_streaming<C: MessageCodec>(
        &mut self,
        method: &'static Method,
        codec: C,
        mut request: Request<C::Encode>,
    ) -> Result<Response<Streaming<C::Decode>>, Status> {
        match Intercepted::of(&self.interceptors, method) {
            Some(call) => {
                self.intercepted_server_streaming(call, codec, request)
                    .await
            }
            None => {
                let path = self.prepare(method, request.extensions_mut()).await?;
                self.grpc.server_streaming(request, path, codec).await
            }
        }
    }

    async fn bidi_streaming<C: MessageCodec>(
        &mut self,
        method: &'static Method,
        codec: C,
        mut request: Request<RequestStream<C::Encode>>,
    ) -> Result<Response<Streaming<C::Decode>>, Status> {
        match Intercepted::of(&self.interceptors, method) {
            Some(call) => self.intercepted_bidi_streaming(call, codec, request).await,
            None => {
                let path = self.prepare(method, request.extensions_mut()).await?;
                self.grpc.streaming(request, path, codec).await
            }
        }
    }
}

impl<T: Transport, I> Wire<T, I> {
    /// What tonic's own clients do before each call: wait for the transport, and tell what is below
    /// which rpc it is.
    async fn prepare(
        &mut self,
        method: &'static Method,
        extensions: &mut Extensions,
    ) -> Result<PathAndQuery, Status> {
        let ready = self.grpc.ready().await;
        ready.map_err(|error| {
            let error: StdError = error.into();
            Status::unknown(format!("Service was not ready: {error}"))
        })?;
        extensions.insert(GrpcMethod::new(method.service(), method.name()));
        Ok(PathAndQuery::from_static(method.path()))
    }
}

/// A call of a method of each kind, for typed hooks to run around.
macro_rules! calls {
    ($($(#[$doc:meta])* $name:ident $method:ident: $input:ty => $output:ty;)*) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name<'a, W, C>(Call<'a, W, C>);

        impl<W: Wired, C: MessageCodec> ClientNext<$input, $output> for $name<'_, W, C> {
            // Not an `async fn`: that would move the request once more.
            fn run(
                self,
                request: Request<$input>,
            ) -> impl Future<Output = Result<Response<$output>, Status>> {
                let Call { wire, method, codec } = self.0;
                wire.$method(method, codec, request)
            }
        }
    )*};
}

calls! {
    /// A call of a unary method.
    Unary unary: C::Encode => C::Decode;
    /// A call of a method whose client streams.
    ClientStreaming client_streaming: RequestStream<C::Encode> => C::Decode;
    /// A call of a method whose server streams.
    ServerStreaming server_streaming: C::Encode => Streaming<C::Decode>;
    /// A call of a method whose two sides stream.
    BidiStreaming bidi_streaming: RequestStream<C::Encode> => Streaming<C::Decode>;
}
