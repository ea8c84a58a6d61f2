// The client module of a service: its client and its typed hooks. What has the name of a kind of
// rpc, such as `unary`, stands for each rpc of that kind.

/// Generated client implementations.
pub mod example_client {
    // A private module can leave some of this unused, and protos need no comments.
    #![allow(dead_code, missing_docs)]
    use rust_svc::__private::v1;
    use tonic::transport;

    /// CLIENT
    #[derive(std::fmt::Debug)]
    pub struct ExampleClient<T, I = (), H = ()> {
        core: v1::ClientCore<T, I, H>,
    }

    impl ExampleClient<transport::Channel> {
        /// Attempt to create a new client by connecting to a given endpoint.
        pub async fn connect<D>(endpoint: D) -> std::result::Result<Self, transport::Error>
        where
            D: std::convert::TryInto<transport::Endpoint>,
            D::Error: std::convert::Into<tonic::codegen::StdError>,
        {
            let endpoint = transport::Endpoint::new(endpoint)?;
            let origin = endpoint.uri().clone();
            let core = v1::ClientCore::new(endpoint.connect().await?);
            std::result::Result::Ok(Self {
                core: core.connected_to(origin),
            })
        }
    }

    impl<T> ExampleClient<T> {
        /// A client over a channel, or over any other service that carries its requests.
        pub fn new(inner: T) -> Self {
            Self {
                core: v1::ClientCore::new(inner),
            }
        }

        /// A client over a channel, with the scheme and the authority of its requests.
        pub fn with_origin(inner: T, origin: tonic::codegen::http::Uri) -> Self {
            Self {
                core: v1::ClientCore::with_origin(inner, origin),
            }
        }

        /// A client with one of tonic's own interceptors below it.
        pub fn with_interceptor<F>(
            inner: T,
            interceptor: F,
        ) -> ExampleClient<tonic::codegen::InterceptedService<T, F>>
        where
            F: tonic::service::Interceptor,
        {
            ExampleClient::new(tonic::codegen::InterceptedService::new(inner, interceptor))
        }
    }

    impl<T, I, H> ExampleClient<T, I, H> {
        /// Puts interceptors on: one, or a tuple of them with the outermost first.
        pub fn intercept<J>(self, interceptors: J) -> ExampleClient<T, J, H>
        where
            I: v1::Admits<J, ()>,
            J: v1::Interceptor<v1::Client> + 'static,
        {
            ExampleClient {
                core: self.core.intercept(interceptors),
            }
        }

        /// Puts typed hooks around the methods, inside of all interceptors.
        pub fn with_hooks<J: ExampleClientHooks>(self, hooks: J) -> ExampleClient<T, I, J> {
            ExampleClient {
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

        /// Compress requests with the given encoding.
        ///
        /// This requires the server to support it otherwise it might respond with an error.
        #[must_use]
        pub fn send_compressed(self, encoding: tonic::codec::CompressionEncoding) -> Self {
            Self {
                core: self.core.send_compressed(encoding),
            }
        }

        /// Enable decompressing responses.
        #[must_use]
        pub fn accept_compressed(self, encoding: tonic::codec::CompressionEncoding) -> Self {
            Self {
                core: self.core.accept_compressed(encoding),
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

    impl<T, I, H> ExampleClient<T, I, H>
    where
        v1::Wire<T, I>: v1::Wired,
        H: ExampleClientHooks,
    {
        /// UNARY
        pub fn unary<R>(
            &mut self,
            request: R,
        ) -> impl std::future::Future<Output = v1::Result<super::Output>> + use<'_, R, T, I, H>
        where
            R: tonic::IntoRequest<super::Input>,
        {
            let rpc = v1::ClientRpc::<v1::One<super::Input>, v1::One<super::Output>, _>::new(
                &super::example_methods::UNARY,
                tonic_prost::ProstCodec::default(),
            );
            self.core.run(rpc, request.into_request(), H::unary)
        }

        /// CLIENT_STREAMING
        pub fn client_streaming<R>(
            &mut self,
            request: R,
        ) -> impl std::future::Future<Output = v1::Result<super::Output>> + use<'_, R, T, I, H>
        where
            R: tonic::IntoStreamingRequest<Message = super::Input>,
        {
            let rpc = v1::ClientRpc::<v1::Many<super::Input>, v1::One<super::Output>, _>::new(
                &super::example_methods::CLIENT_STREAMING,
                tonic_prost::ProstCodec::default(),
            );
            self.core.run(rpc, v1::boxed(request), H::client_streaming)
        }

        /// SERVER_STREAMING
        pub fn server_streaming<R>(
            &mut self,
            request: R,
        ) -> impl std::future::Future<Output = v1::Result<tonic::Streaming<super::Output>>>
        + use<'_, R, T, I, H>
        where
            R: tonic::IntoRequest<super::Input>,
        {
            let rpc = v1::ClientRpc::<v1::One<super::Input>, v1::Many<super::Output>, _>::new(
                &super::example_methods::SERVER_STREAMING,
                tonic_prost::ProstCodec::default(),
            );
            self.core
                .run(rpc, request.into_request(), H::server_streaming)
        }

        /// BIDI_STREAMING
        pub fn bidi_streaming<R>(
            &mut self,
            request: R,
        ) -> impl std::future::Future<Output = v1::Result<tonic::Streaming<super::Output>>>
        + use<'_, R, T, I, H>
        where
            R: tonic::IntoStreamingRequest<Message = super::Input>,
        {
            let rpc = v1::ClientRpc::<v1::Many<super::Input>, v1::Many<super::Output>, _>::new(
                &super::example_methods::BIDI_STREAMING,
                tonic_prost::ProstCodec::default(),
            );
            self.core.run(rpc, v1::boxed(request), H::bidi_streaming)
        }
    }

    impl<T, I> super::example_api::ExampleApi for ExampleClient<T, I>
    where
        v1::ClientCore<T, I, ()>: v1::SharedCore,
    {
        fn call_unary(&self, request: super::Input) -> v1::ClientCall<super::Input, super::Output> {
            let rpc = v1::ClientRpc::<v1::One<super::Input>, v1::One<super::Output>, _>::new(
                &super::example_methods::UNARY,
                tonic_prost::ProstCodec::default(),
            );
            v1::SharedCore::call(&self.core, rpc, request)
        }

        fn call_client_streaming(
            &self,
            request: v1::RequestStream<super::Input>,
        ) -> v1::ClientCall<v1::RequestStream<super::Input>, super::Output> {
            let rpc = v1::ClientRpc::<v1::Many<super::Input>, v1::One<super::Output>, _>::new(
                &super::example_methods::CLIENT_STREAMING,
                tonic_prost::ProstCodec::default(),
            );
            v1::SharedCore::call(&self.core, rpc, request)
        }

        fn call_server_streaming(
            &self,
            request: super::Input,
        ) -> v1::ClientCall<super::Input, tonic::Streaming<super::Output>> {
            let rpc = v1::ClientRpc::<v1::One<super::Input>, v1::Many<super::Output>, _>::new(
                &super::example_methods::SERVER_STREAMING,
                tonic_prost::ProstCodec::default(),
            );
            v1::SharedCore::call(&self.core, rpc, request)
        }

        fn call_bidi_streaming(
            &self,
            request: v1::RequestStream<super::Input>,
        ) -> v1::ClientCall<v1::RequestStream<super::Input>, tonic::Streaming<super::Output>>
        {
            let rpc = v1::ClientRpc::<v1::Many<super::Input>, v1::Many<super::Output>, _>::new(
                &super::example_methods::BIDI_STREAMING,
                tonic_prost::ProstCodec::default(),
            );
            v1::SharedCore::call(&self.core, rpc, request)
        }
    }

    impl<T: std::clone::Clone, I, H> std::clone::Clone for ExampleClient<T, I, H> {
        fn clone(&self) -> Self {
            Self {
                core: self.core.clone(),
            }
        }
    }

    /// CLIENT_HOOKS
    pub trait ExampleClientHooks: std::marker::Send + std::marker::Sync + 'static {
        /// HOOK
        fn unary(
            &self,
            request: tonic::Request<super::Input>,
            next: impl v1::ClientNext<super::Input, super::Output>,
        ) -> impl std::future::Future<Output = v1::Result<super::Output>> {
            next.run(request)
        }

        /// HOOK
        fn client_streaming(
            &self,
            request: tonic::Request<v1::RequestStream<super::Input>>,
            next: impl v1::ClientNext<v1::RequestStream<super::Input>, super::Output>,
        ) -> impl std::future::Future<Output = v1::Result<super::Output>> {
            next.run(request)
        }

        /// HOOK
        fn server_streaming(
            &self,
            request: tonic::Request<super::Input>,
            next: impl v1::ClientNext<super::Input, tonic::Streaming<super::Output>>,
        ) -> impl std::future::Future<Output = v1::Result<tonic::Streaming<super::Output>>>
        {
            next.run(request)
        }

        /// HOOK
        fn bidi_streaming(
            &self,
            request: tonic::Request<v1::RequestStream<super::Input>>,
            next: impl v1::ClientNext<v1::RequestStream<super::Input>, tonic::Streaming<super::Output>>,
        ) -> impl std::future::Future<Output = v1::Result<tonic::Streaming<super::Output>>>
        {
            next.run(request)
        }
    }

    impl ExampleClientHooks for () {}
}
