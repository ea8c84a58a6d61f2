//! What generated clients do: tonic's own client, with interceptors around it.

use std::fmt;
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
use crate::interceptor::{AnyMessage, Client, Intercepted, Interceptor, Shared};

mod many;
mod one;
mod shared;
mod tap;

use many::{around_bidi_streaming, around_server_streaming};
use one::{around_client_streaming, around_unary};
use tap::Tap;

pub use shared::{SharedCodec, SharedCore, SharedTransport};

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

    /// Makes a call: interceptors run around the typed hook, and that around what goes over the wire.
    pub fn run_unary<'a, C, F, R>(
        &'a mut self,
        method: &'static Method,
        codec: C,
        request: Request<C::Encode>,
        hook: F,
    ) -> impl Future<Output = Result<Response<C::Decode>, Status>>
    where
        Wire<T, I>: Wired,
        C: MessageCodec,
        F: FnOnce(&'a H, Request<C::Encode>, Unary<'a, Wire<T, I>, C>) -> R,
        R: Future<Output = Result<Response<C::Decode>, Status>>,
    {
        let hooks = &*self.hooks;
        let hook = |request, call| hook(hooks, request, Unary(call));
        self.wire.unary(method, codec, request, hook)
    }

    /// As [`run_unary`](Self::run_unary): many requests, one response.
    pub fn run_client_streaming<'a, C, F, R>(
        &'a mut self,
        method: &'static Method,
        codec: C,
        request: Request<RequestStream<C::Encode>>,
        hook: F,
    ) -> impl Future<Output = Result<Response<C::Decode>, Status>>
    where
        Wire<T, I>: Wired,
        C: MessageCodec,
        F: FnOnce(
            &'a H,
            Request<RequestStream<C::Encode>>,
            ClientStreaming<'a, Wire<T, I>, C>,
        ) -> R,
        R: Future<Output = Result<Response<C::Decode>, Status>>,
    {
        let hooks = &*self.hooks;
        let hook = |request, call| hook(hooks, request, ClientStreaming(call));
        self.wire.client_streaming(method, codec, request, hook)
    }

    /// As [`run_unary`](Self::run_unary): one request, many responses.
    pub fn run_server_streaming<'a, C, F, R>(
        &'a mut self,
        method: &'static Method,
        codec: C,
        request: Request<C::Encode>,
        hook: F,
    ) -> impl Future<Output = Result<Response<Streaming<C::Decode>>, Status>>
    where
        Wire<T, I>: Wired,
        C: MessageCodec,
        F: FnOnce(&'a H, Request<C::Encode>, ServerStreaming<'a, Wire<T, I>, C>) -> R,
        R: Future<Output = Result<Response<Streaming<C::Decode>>, Status>>,
    {
        let hooks = &*self.hooks;
        let hook = |request, call| hook(hooks, request, ServerStreaming(call));
        self.wire.server_streaming(method, codec, request, hook)
    }

    /// As [`run_unary`](Self::run_unary): many requests, many responses.
    pub fn run_bidi_streaming<'a, C, F, R>(
        &'a mut self,
        method: &'static Method,
        codec: C,
        request: Request<RequestStream<C::Encode>>,
        hook: F,
    ) -> impl Future<Output = Result<Response<Streaming<C::Decode>>, Status>>
    where
        Wire<T, I>: Wired,
        C: MessageCodec,
        F: FnOnce(&'a H, Request<RequestStream<C::Encode>>, BidiStreaming<'a, Wire<T, I>, C>) -> R,
        R: Future<Output = Result<Response<Streaming<C::Decode>>, Status>>,
    {
        let hooks = &*self.hooks;
        let hook = |request, call| hook(hooks, request, BidiStreaming(call));
        self.wire.bidi_streaming(method, codec, request, hook)
    }
}

/// The messages of a stream of any type, as typed hooks take them.
pub fn boxed<M>(request: impl IntoStreamingRequest<Message = M>) -> Request<RequestStream<M>> {
    let request = request.into_streaming_request();
    request.map(RequestStream::new)
}

/// A call that is to be made, and what watches it.
pub struct Call<'a, W: Wired, C> {
    wire: &'a mut W,
    method: &'static Method,
    codec: C,
    watch: Option<W::Watch>,
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
pub trait Wired: Sized {
    /// A call with interceptors.
    type Watch;

    /// One request, one response.
    fn unary<'a, C, F, R>(
        &'a mut self,
        method: &'static Method,
        codec: C,
        request: Request<C::Encode>,
        hook: F,
    ) -> impl Future<Output = Result<Response<C::Decode>, Status>>
    where
        C: MessageCodec,
        F: FnOnce(Request<C::Encode>, Call<'a, Self, C>) -> R,
        R: Future<Output = Result<Response<C::Decode>, Status>>;

    /// What is inside of the typed hook.
    fn send_unary<C: MessageCodec>(
        call: Call<'_, Self, C>,
        request: Request<C::Encode>,
    ) -> impl Future<Output = Result<Response<C::Decode>, Status>>;

    /// Many requests, one response.
    fn client_streaming<'a, C, F, R>(
        &'a mut self,
        method: &'static Method,
        codec: C,
        request: Request<RequestStream<C::Encode>>,
        hook: F,
    ) -> impl Future<Output = Result<Response<C::Decode>, Status>>
    where
        C: MessageCodec,
        F: FnOnce(Request<RequestStream<C::Encode>>, Call<'a, Self, C>) -> R,
        R: Future<Output = Result<Response<C::Decode>, Status>>;

    /// What is inside of the typed hook.
    fn send_client_streaming<C: MessageCodec>(
        call: Call<'_, Self, C>,
        request: Request<RequestStream<C::Encode>>,
    ) -> impl Future<Output = Result<Response<C::Decode>, Status>>;

    /// One request, many responses.
    fn server_streaming<'a, C, F, R>(
        &'a mut self,
        method: &'static Method,
        codec: C,
        request: Request<C::Encode>,
        hook: F,
    ) -> impl Future<Output = Result<Response<Streaming<C::Decode>>, Status>>
    where
        C: MessageCodec,
        F: FnOnce(Request<C::Encode>, Call<'a, Self, C>) -> R,
        R: Future<Output = Result<Response<Streaming<C::Decode>>, Status>>;

    /// What is inside of the typed hook.
    fn send_server_streaming<C: MessageCodec>(
        call: Call<'_, Self, C>,
        request: Request<C::Encode>,
    ) -> impl Future<Output = Result<Response<Streaming<C::Decode>>, Status>>;

    /// Many requests, many responses.
    fn bidi_streaming<'a, C, F, R>(
        &'a mut self,
        method: &'static Method,
        codec: C,
        request: Request<RequestStream<C::Encode>>,
        hook: F,
    ) -> impl Future<Output = Result<Response<Streaming<C::Decode>>, Status>>
    where
        C: MessageCodec,
        F: FnOnce(Request<RequestStream<C::Encode>>, Call<'a, Self, C>) -> R,
        R: Future<Output = Result<Response<Streaming<C::Decode>>, Status>>;

    /// What is inside of the typed hook.
    fn send_bidi_streaming<C: MessageCodec>(
        call: Call<'_, Self, C>,
        request: Request<RequestStream<C::Encode>>,
    ) -> impl Future<Output = Result<Response<Streaming<C::Decode>>, Status>>;
}

impl<T: Transport, I: Interceptor<Client> + 'static> Wired for Wire<T, I> {
    type Watch = Shared<Client, I>;

    async fn unary<'a, C, F, R>(
        &'a mut self,
        method: &'static Method,
        codec: C,
        request: Request<C::Encode>,
        hook: F,
    ) -> Result<Response<C::Decode>, Status>
    where
        C: MessageCodec,
        F: FnOnce(Request<C::Encode>, Call<'a, Self, C>) -> R,
        R: Future<Output = Result<Response<C::Decode>, Status>>,
    {
        let intercepted = Intercepted::of(&self.interceptors, method);
        let call = Call {
            wire: self,
            method,
            codec,
            watch: None,
        };
        match intercepted {
            Some(intercepted) => around_unary(intercepted, call, request, hook).await,
            None => hook(request, call).await,
        }
    }

    async fn send_unary<C: MessageCodec>(
        call: Call<'_, Self, C>,
        mut request: Request<C::Encode>,
    ) -> Result<Response<C::Decode>, Status> {
        let path = call
            .wire
            .prepare(call.method, request.extensions_mut())
            .await?;
        match call.watch {
            Some(watch) => {
                call.wire
                    .watched_unary(watch, call.codec, request, path)
                    .await
            }
            None => call.wire.grpc.unary(request, path, call.codec).await,
        }
    }

    async fn client_streaming<'a, C, F, R>(
        &'a mut self,
        method: &'static Method,
        codec: C,
        request: Request<RequestStream<C::Encode>>,
        hook: F,
    ) -> Result<Response<C::Decode>, Status>
    where
        C: MessageCodec,
        F: FnOnce(Request<RequestStream<C::Encode>>, Call<'a, Self, C>) -> R,
        R: Future<Output = Result<Response<C::Decode>, Status>>,
    {
        let intercepted = Intercepted::of(&self.interceptors, method);
        let call = Call {
            wire: self,
            method,
            codec,
            watch: None,
        };
        match intercepted {
            Some(intercepted) => around_client_streaming(intercepted, call, request, hook).await,
            None => hook(request, call).await,
        }
    }

    async fn send_client_streaming<C: MessageCodec>(
        call: Call<'_, Self, C>,
        mut request: Request<RequestStream<C::Encode>>,
    ) -> Result<Response<C::Decode>, Status> {
        let path = call
            .wire
            .prepare(call.method, request.extensions_mut())
            .await?;
        match call.watch {
            Some(watch) => {
                call.wire
                    .watched_client_streaming(watch, call.codec, request, path)
                    .await
            }
            None => {
                call.wire
                    .grpc
                    .client_streaming(request, path, call.codec)
                    .await
            }
        }
    }

    async fn server_streaming<'a, C, F, R>(
        &'a mut self,
        method: &'static Method,
        codec: C,
        request: Request<C::Encode>,
        hook: F,
    ) -> Result<Response<Streaming<C::Decode>>, Status>
    where
        C: MessageCodec,
        F: FnOnce(Request<C::Encode>, Call<'a, Self, C>) -> R,
        R: Future<Output = Result<Response<Streaming<C::Decode>>, Status>>,
    {
        let intercepted = Intercepted::of(&self.interceptors, method);
        let call = Call {
            wire: self,
            method,
            codec,
            watch: None,
        };
        match intercepted {
            Some(intercepted) => around_server_streaming(intercepted, call, request, hook).await,
            None => hook(request, call).await,
        }
    }

    async fn send_server_streaming<C: MessageCodec>(
        call: Call<'_, Self, C>,
        mut request: Request<C::Encode>,
    ) -> Result<Response<Streaming<C::Decode>>, Status> {
        let path = call
            .wire
            .prepare(call.method, request.extensions_mut())
            .await?;
        match call.watch {
            Some(watch) => {
                call.wire
                    .watched_server_streaming(watch, call.codec, request, path)
                    .await
            }
            None => {
                call.wire
                    .grpc
                    .server_streaming(request, path, call.codec)
                    .await
            }
        }
    }

    async fn bidi_streaming<'a, C, F, R>(
        &'a mut self,
        method: &'static Method,
        codec: C,
        request: Request<RequestStream<C::Encode>>,
        hook: F,
    ) -> Result<Response<Streaming<C::Decode>>, Status>
    where
        C: MessageCodec,
        F: FnOnce(Request<RequestStream<C::Encode>>, Call<'a, Self, C>) -> R,
        R: Future<Output = Result<Response<Streaming<C::Decode>>, Status>>,
    {
        let intercepted = Intercepted::of(&self.interceptors, method);
        let call = Call {
            wire: self,
            method,
            codec,
            watch: None,
        };
        match intercepted {
            Some(intercepted) => around_bidi_streaming(intercepted, call, request, hook).await,
            None => hook(request, call).await,
        }
    }

    async fn send_bidi_streaming<C: MessageCodec>(
        call: Call<'_, Self, C>,
        mut request: Request<RequestStream<C::Encode>>,
    ) -> Result<Response<Streaming<C::Decode>>, Status> {
        let path = call
            .wire
            .prepare(call.method, request.extensions_mut())
            .await?;
        match call.watch {
            Some(watch) => {
                call.wire
                    .watched_bidi_streaming(watch, call.codec, request, path)
                    .await
            }
            None => call.wire.grpc.streaming(request, path, call.codec).await,
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
    ($($(#[$doc:meta])* $name:ident $send:ident: $input:ty => $output:ty;)*) => {$(
        $(#[$doc])*
        pub struct $name<'a, W: Wired, C>(Call<'a, W, C>);

        impl<W: Wired, C: MessageCodec> ClientNext<$input, $output> for $name<'_, W, C> {
            // Not an `async fn`: that would move the request once more.
            fn run(
                self,
                request: Request<$input>,
            ) -> impl Future<Output = Result<Response<$output>, Status>> {
                W::$send(self.0, request)
            }
        }

        impl<W: Wired, C> fmt::Debug for $name<'_, W, C> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_tuple(stringify!($name)).field(self.0.method).finish()
            }
        }
    )*};
}

calls! {
    /// A call of a unary method.
    Unary send_unary: C::Encode => C::Decode;
    /// A call of a method whose client streams.
    ClientStreaming send_client_streaming: RequestStream<C::Encode> => C::Decode;
    /// A call of a method whose server streams.
    ServerStreaming send_server_streaming: C::Encode => Streaming<C::Decode>;
    /// A call of a method whose two sides stream.
    BidiStreaming send_bidi_streaming: RequestStream<C::Encode> => Streaming<C::Decode>;
}
