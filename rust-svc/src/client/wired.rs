//! Calls of each kind: written once, for all four.

use std::fmt;
use std::sync::Arc;

use http::uri::PathAndQuery;
use tonic::codec::Streaming;
use tonic::codegen::{GrpcMethod, StdError};
use tonic::{ConnectError, Extensions, Request, Response, Status};

use super::many::{around_bidi_streaming, around_server_streaming};
use super::one::{around_client_streaming, around_unary};
use super::{ClientCore, MessageCodec, Transport, Wire};
use crate::Method;
use crate::hooks::{ClientNext, RequestStream};
use crate::interceptor::{Client, Intercepted, Interceptor, Shared};

/// A call that is to be made, and what watches it.
pub struct Call<'a, W: Wired, C> {
    wire: &'a mut W,
    method: &'static Method,
    codec: C,
    pub(super) watch: Option<W::Watch>,
}

/// The kinds of rpcs, a row each: its call, what makes it on a client, what a typed hook runs around,
/// how that is done with interceptors around and below, and by tonic's client alone; then what goes in
/// and what comes out.
macro_rules! kinds {
    ($(
        $(#[$doc:meta])*
        $call:ident $run:ident $kind:ident $send:ident $around:ident $watched:ident $grpc:ident:
            $input:ty => $output:ty;
    )*) => {
        /// What calls can be made over: a [`Wire`] whose transport is a [`Transport`].
        ///
        /// A trait of its own since it keeps the bounds of transports away from generated code, where
        /// each method would have them checked again.
        #[diagnostic::on_unimplemented(
            message = "`{Self}` cannot make calls",
            note = "a client takes what carries gRPC requests, such as `tonic::transport::Channel`, and interceptors for clients"
        )]
        pub trait Wired: Sized {
            /// A call with interceptors.
            type Watch;

            $(
                $(#[$doc])*
                fn $kind<'a, C, F, R>(
                    &'a mut self,
                    method: &'static Method,
                    codec: C,
                    request: Request<$input>,
                    hook: F,
                ) -> impl Future<Output = Result<Response<$output>, Status>>
                where
                    C: MessageCodec,
                    F: FnOnce(Request<$input>, Call<'a, Self, C>) -> R,
                    R: Future<Output = Result<Response<$output>, Status>>;

                /// What is inside of the typed hook.
                fn $send<C: MessageCodec>(
                    call: Call<'_, Self, C>,
                    request: Request<$input>,
                ) -> impl Future<Output = Result<Response<$output>, Status>>;
            )*
        }

        impl<T: Transport, I: Interceptor<Client> + 'static> Wired for Wire<T, I> {
            type Watch = Shared<Client, I>;

            $(
                async fn $kind<'a, C, F, R>(
                    &'a mut self,
                    method: &'static Method,
                    codec: C,
                    request: Request<$input>,
                    hook: F,
                ) -> Result<Response<$output>, Status>
                where
                    C: MessageCodec,
                    F: FnOnce(Request<$input>, Call<'a, Self, C>) -> R,
                    R: Future<Output = Result<Response<$output>, Status>>,
                {
                    let intercepted = Intercepted::of(&self.interceptors, method);
                    let intercepted = intercepted.map(|call| call.to(&self.origin));
                    let call = Call {
                        wire: self,
                        method,
                        codec,
                        watch: None,
                    };
                    match intercepted {
                        Some(intercepted) => $around(intercepted, call, request, hook).await,
                        None => hook(request, call).await,
                    }
                }

                async fn $send<C: MessageCodec>(
                    call: Call<'_, Self, C>,
                    mut request: Request<$input>,
                ) -> Result<Response<$output>, Status> {
                    let Call { wire, method, codec, watch } = call;
                    let path = wire.prepare(method, request.extensions_mut()).await?;
                    match watch {
                        Some(watch) => wire.$watched(watch, codec, request, path).await,
                        None => wire.grpc.$grpc(request, path, codec).await,
                    }
                }
            )*
        }

        impl<T, I, H> ClientCore<T, I, H> {
            $(
                $(#[$doc])*
                ///
                /// Interceptors run around the typed hook, and that around what goes over the wire.
                pub fn $run<'a, C, F, R>(
                    &'a mut self,
                    method: &'static Method,
                    codec: C,
                    request: Request<$input>,
                    hook: F,
                ) -> impl Future<Output = Result<Response<$output>, Status>>
                where
                    Wire<T, I>: Wired,
                    C: MessageCodec,
                    F: FnOnce(&'a H, Request<$input>, $call<'a, Wire<T, I>, C>) -> R,
                    R: Future<Output = Result<Response<$output>, Status>>,
                {
                    let hooks = &*self.hooks;
                    let hook = |request, call| hook(hooks, request, $call(call));
                    self.wire.$kind(method, codec, request, hook)
                }
            )*
        }

        $(
            $(#[$doc])*
            ///
            /// What a typed hook runs around.
            pub struct $call<'a, W: Wired, C>(Call<'a, W, C>);

            impl<W: Wired, C: MessageCodec> ClientNext<$input, $output> for $call<'_, W, C> {
                // Not an `async fn`: that would move the request once more.
                fn run(
                    self,
                    request: Request<$input>,
                ) -> impl Future<Output = Result<Response<$output>, Status>> {
                    W::$send(self.0, request)
                }
            }

            impl<W: Wired, C> fmt::Debug for $call<'_, W, C> {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.debug_tuple(stringify!($call)).field(self.0.method).finish()
                }
            }
        )*
    };
}

kinds! {
    /// One request, one response.
    Unary run_unary unary send_unary around_unary watched_unary unary:
        C::Encode => C::Decode;
    /// Many requests, one response.
    ClientStreaming run_client_streaming client_streaming send_client_streaming
        around_client_streaming watched_client_streaming client_streaming:
        RequestStream<C::Encode> => C::Decode;
    /// One request, many responses.
    ServerStreaming run_server_streaming server_streaming send_server_streaming
        around_server_streaming watched_server_streaming server_streaming:
        C::Encode => Streaming<C::Decode>;
    /// Many requests, many responses.
    BidiStreaming run_bidi_streaming bidi_streaming send_bidi_streaming
        around_bidi_streaming watched_bidi_streaming streaming:
        RequestStream<C::Encode> => Streaming<C::Decode>;
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
            let mut status = Status::unknown(format!("Service was not ready: {error}"));
            // A type says that nothing was sent, since any server can send the text.
            status.set_source(Arc::new(ConnectError(error)));
            status
        })?;
        extensions.insert(GrpcMethod::new(method.service(), method.name()));
        Ok(PathAndQuery::from_static(method.path()))
    }
}
