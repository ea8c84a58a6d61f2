// The server module of a service: its trait, its server, its typed hooks. What has the name of a
// kind of rpc, such as `unary`, stands for each rpc of that kind.

/// Generated server implementations.
pub mod example_server {
    // A private module can leave some of this unused, and protos need no comments.
    #![allow(dead_code, missing_docs)]
    use rust_svc::__private::v1;

    /// TRAIT
    pub trait Example: std::marker::Send + std::marker::Sync + 'static {
        /// UNARY
        fn unary<'s, 'f>(
            &'s self,
            request: tonic::Request<super::Input>,
        ) -> v1::Answer<'f, super::Output>
        where
            's: 'f,
            Self: 'f;

        /// CLIENT_STREAMING
        fn client_streaming<'s, 'f>(
            &'s self,
            request: tonic::Request<tonic::Streaming<super::Input>>,
        ) -> v1::Answer<'f, super::Output>
        where
            's: 'f,
            Self: 'f;

        /// STREAM
        type ServerStreamingStream: tonic::codegen::tokio_stream::Stream<
                Item = std::result::Result<super::Output, tonic::Status>,
            > + std::marker::Send
            + 'static;

        /// SERVER_STREAMING
        fn server_streaming<'s, 'f>(
            &'s self,
            request: tonic::Request<super::Input>,
        ) -> v1::Answer<'f, Self::ServerStreamingStream>
        where
            's: 'f,
            Self: 'f;

        /// STREAM
        type BidiStreamingStream: tonic::codegen::tokio_stream::Stream<
                Item = std::result::Result<super::Output, tonic::Status>,
            > + std::marker::Send
            + 'static;

        /// BIDI_STREAMING
        fn bidi_streaming<'s, 'f>(
            &'s self,
            request: tonic::Request<tonic::Streaming<super::Input>>,
        ) -> v1::Answer<'f, Self::BidiStreamingStream>
        where
            's: 'f,
            Self: 'f;
    }

    /// SERVER_HOOKS
    pub trait ExampleServerHooks: std::marker::Send + std::marker::Sync + 'static {
        /// HOOK
        fn unary(
            &self,
            request: tonic::Request<super::Input>,
            next: v1::Next<super::Input, super::Output>,
        ) -> impl std::future::Future<Output = v1::Result<super::Output>> + std::marker::Send
        {
            next.run(request)
        }

        /// HOOK
        fn client_streaming(
            &self,
            request: tonic::Request<tonic::Streaming<super::Input>>,
            next: v1::Next<tonic::Streaming<super::Input>, super::Output>,
        ) -> impl std::future::Future<Output = v1::Result<super::Output>> + std::marker::Send
        {
            next.run(request)
        }

        /// HOOK
        fn server_streaming(
            &self,
            request: tonic::Request<super::Input>,
            next: v1::Next<super::Input, v1::ResponseStream<super::Output>>,
        ) -> impl std::future::Future<Output = v1::Result<v1::ResponseStream<super::Output>>>
        + std::marker::Send {
            next.run(request)
        }

        /// HOOK
        fn bidi_streaming(
            &self,
            request: tonic::Request<tonic::Streaming<super::Input>>,
            next: v1::Next<tonic::Streaming<super::Input>, v1::ResponseStream<super::Output>>,
        ) -> impl std::future::Future<Output = v1::Result<v1::ResponseStream<super::Output>>>
        + std::marker::Send {
            next.run(request)
        }
    }

    impl ExampleServerHooks for () {}

    /// SERVER
    #[derive(std::fmt::Debug)]
    pub struct ExampleServer<T, I = (), H = ()> {
        core: v1::ServerCore<T, I, H>,
    }

    impl<T> ExampleServer<T> {
        /// A server for this service.
        pub fn new(inner: T) -> Self {
            Self::from_arc(std::sync::Arc::new(inner))
        }

        /// A server for a service that others may have as well.
        pub fn from_arc(inner: std::sync::Arc<T>) -> Self {
            Self {
                core: v1::ServerCore::new(inner),
            }
        }

        /// A server with one of tonic's own interceptors around it.
        pub fn with_interceptor<F>(
            inner: T,
            interceptor: F,
        ) -> tonic::codegen::InterceptedService<Self, F>
        where
            F: tonic::service::Interceptor,
        {
            tonic::codegen::InterceptedService::new(Self::new(inner), interceptor)
        }
    }

    impl<T: v1::NeedsContext> ExampleServer<T, v1::Needs<T::Context>> {
        /// A server for a service that says what context it needs. It is no tower service before it
        /// has interceptors that provide the context.
        pub fn with_context(inner: T) -> Self {
            Self {
                core: v1::ServerCore::with_context(std::sync::Arc::new(inner)),
            }
        }
    }

    impl<T, I, H> ExampleServer<T, I, H> {
        /// Puts interceptors on: one, or a tuple of them with the outermost first.
        pub fn intercept<J, At>(self, interceptors: J) -> ExampleServer<T, J, H>
        where
            I: v1::Admits<J, At>,
            J: v1::Interceptor<v1::Server> + 'static,
        {
            ExampleServer {
                core: self.core.intercept(interceptors),
            }
        }

        /// Puts typed hooks around the methods, inside of all interceptors.
        pub fn with_hooks<J: ExampleServerHooks>(self, hooks: J) -> ExampleServer<T, I, J> {
            ExampleServer {
                core: self.core.with_hooks(hooks),
            }
        }

        /// Sets how long calls may take, in place of what the policies of the methods say.
        #[must_use]
        pub fn deadlines(self, deadlines: v1::Deadlines) -> Self {
            Self {
                core: self.core.deadlines(deadlines),
            }
        }

        /// Enable decompressing requests with the given encoding.
        #[must_use]
        pub fn accept_compressed(self, encoding: tonic::codec::CompressionEncoding) -> Self {
            Self {
                core: self.core.accept_compressed(encoding),
            }
        }

        /// Compress responses with the given encoding, if the client supports it.
        #[must_use]
        pub fn send_compressed(self, encoding: tonic::codec::CompressionEncoding) -> Self {
            Self {
                core: self.core.send_compressed(encoding),
            }
        }

        /// Limits the size of a decoded message in bytes: 4 MiB if this is not called.
        #[must_use]
        pub fn max_decoding_message_size(self, limit: usize) -> Self {
            Self {
                core: self.core.max_decoding_message_size(limit),
            }
        }

        /// Limits the size of an encoded message in bytes: not at all if this is not called.
        #[must_use]
        pub fn max_encoding_message_size(self, limit: usize) -> Self {
            Self {
                core: self.core.max_encoding_message_size(limit),
            }
        }
    }

    impl<T, I, H, B> tonic::codegen::Service<tonic::codegen::http::Request<B>>
        for ExampleServer<T, I, H>
    where
        T: Example,
        I: v1::Interceptor<v1::Server> + 'static,
        H: ExampleServerHooks,
        B: v1::RequestBody,
    {
        type Response = v1::HttpResponse;
        type Error = std::convert::Infallible;
        type Future = v1::HttpAnswer;

        fn poll_ready(
            &mut self,
            _: &mut std::task::Context<'_>,
        ) -> std::task::Poll<std::result::Result<(), Self::Error>> {
            std::task::Poll::Ready(std::result::Result::Ok(()))
        }

        fn call(&mut self, request: tonic::codegen::http::Request<B>) -> Self::Future {
            match request.uri().path() {
                "/example.v1.Example/Unary" => v1::serve(
                    &self.core,
                    request,
                    tonic_prost::ProstCodec::default(),
                    v1::Rpc::<T, H, v1::One<super::Input>, v1::One<super::Output>>::new(
                        &super::example_methods::UNARY,
                        |service, request| <T as Example>::unary(service, request),
                        |hooks, request, next| std::boxed::Box::pin(hooks.unary(request, next)),
                    ),
                ),
                "/example.v1.Example/ClientStreaming" => v1::serve(
                    &self.core,
                    request,
                    tonic_prost::ProstCodec::default(),
                    v1::Rpc::<T, H, v1::Many<super::Input>, v1::One<super::Output>>::new(
                        &super::example_methods::CLIENT_STREAMING,
                        |service, request| <T as Example>::client_streaming(service, request),
                        |hooks, request, next| {
                            std::boxed::Box::pin(hooks.client_streaming(request, next))
                        },
                    ),
                ),
                "/example.v1.Example/ServerStreaming" => v1::serve(
                    &self.core,
                    request,
                    tonic_prost::ProstCodec::default(),
                    v1::Rpc::<T, H, v1::One<super::Input>, v1::Many<super::Output, _>>::new(
                        &super::example_methods::SERVER_STREAMING,
                        |service, request| <T as Example>::server_streaming(service, request),
                        |hooks, request, next| {
                            std::boxed::Box::pin(hooks.server_streaming(request, next))
                        },
                    ),
                ),
                "/example.v1.Example/BidiStreaming" => v1::serve(
                    &self.core,
                    request,
                    tonic_prost::ProstCodec::default(),
                    v1::Rpc::<T, H, v1::Many<super::Input>, v1::Many<super::Output, _>>::new(
                        &super::example_methods::BIDI_STREAMING,
                        |service, request| <T as Example>::bidi_streaming(service, request),
                        |hooks, request, next| {
                            std::boxed::Box::pin(hooks.bidi_streaming(request, next))
                        },
                    ),
                ),
                _ => v1::unimplemented(),
            }
        }
    }

    // Called in process, as a client is.
    impl<T, I, H> super::example_api::ExampleApi for ExampleServer<T, I, H>
    where
        T: Example,
        I: v1::Interceptor<v1::Server> + 'static,
        H: ExampleServerHooks,
    {
        fn call_unary(&self, request: super::Input) -> v1::ClientCall<super::Input, super::Output> {
            v1::in_process(
                &self.core,
                request,
                v1::Rpc::<T, H, v1::One<super::Input>, v1::One<super::Output>>::new(
                    &super::example_methods::UNARY,
                    |service, request| <T as Example>::unary(service, request),
                    |hooks, request, next| std::boxed::Box::pin(hooks.unary(request, next)),
                ),
            )
        }

        fn call_client_streaming(
            &self,
            request: v1::RequestStream<super::Input>,
        ) -> v1::ClientCall<v1::RequestStream<super::Input>, super::Output> {
            v1::in_process(
                &self.core,
                request,
                v1::Rpc::<T, H, v1::Many<super::Input>, v1::One<super::Output>>::new(
                    &super::example_methods::CLIENT_STREAMING,
                    |service, request| <T as Example>::client_streaming(service, request),
                    |hooks, request, next| {
                        std::boxed::Box::pin(hooks.client_streaming(request, next))
                    },
                ),
            )
        }

        fn call_server_streaming(
            &self,
            request: super::Input,
        ) -> v1::ClientCall<super::Input, tonic::Streaming<super::Output>> {
            v1::in_process(
                &self.core,
                request,
                v1::Rpc::<T, H, v1::One<super::Input>, v1::Many<super::Output, _>>::new(
                    &super::example_methods::SERVER_STREAMING,
                    |service, request| <T as Example>::server_streaming(service, request),
                    |hooks, request, next| {
                        std::boxed::Box::pin(hooks.server_streaming(request, next))
                    },
                ),
            )
        }

        fn call_bidi_streaming(
            &self,
            request: v1::RequestStream<super::Input>,
        ) -> v1::ClientCall<v1::RequestStream<super::Input>, tonic::Streaming<super::Output>>
        {
            v1::in_process(
                &self.core,
                request,
                v1::Rpc::<T, H, v1::Many<super::Input>, v1::Many<super::Output, _>>::new(
                    &super::example_methods::BIDI_STREAMING,
                    |service, request| <T as Example>::bidi_streaming(service, request),
                    |hooks, request, next| {
                        std::boxed::Box::pin(hooks.bidi_streaming(request, next))
                    },
                ),
            )
        }
    }

    impl<T, I, H> std::clone::Clone for ExampleServer<T, I, H> {
        fn clone(&self) -> Self {
            Self {
                core: self.core.clone(),
            }
        }
    }

    /// Generated gRPC service name
    pub const SERVICE_NAME: &str = "example.v1.Example";

    impl<T, I, H> tonic::server::NamedService for ExampleServer<T, I, H> {
        const NAME: &'static str = SERVICE_NAME;
    }
}
