// The module of a service's client trait and its mock. What has the name of a kind of rpc, such as
// `call_unary`, stands for each rpc of that kind.

/// Generated client traits.
pub mod example_api {
    // A private module can leave some of this unused, and protos need no comments.
    #![allow(dead_code, missing_docs)]
    use rust_svc::__private::v1;

    /// API
    pub trait ExampleApi: std::marker::Send + std::marker::Sync {
        /// UNARY
        fn call_unary(&self, request: super::Input) -> v1::ClientCall<super::Input, super::Output>;

        /// CLIENT_STREAMING
        fn call_client_streaming(
            &self,
            request: v1::RequestStream<super::Input>,
        ) -> v1::ClientCall<v1::RequestStream<super::Input>, super::Output>;

        /// SERVER_STREAMING
        fn call_server_streaming(
            &self,
            request: super::Input,
        ) -> v1::ClientCall<super::Input, tonic::Streaming<super::Output>>;

        /// BIDI_STREAMING
        fn call_bidi_streaming(
            &self,
            request: v1::RequestStream<super::Input>,
        ) -> v1::ClientCall<v1::RequestStream<super::Input>, tonic::Streaming<super::Output>>;
    }

    /// MOCK
    #[derive(std::clone::Clone, std::fmt::Debug, std::default::Default)]
    pub struct ExampleMock {
        mock: v1::Mock,
    }

    // An rpc may be called like a method of std's traits, such as `clone`.
    #[allow(clippy::should_implement_trait)]
    impl ExampleMock {
        /// A mock for which nothing is set. Clones of it are the same mock.
        pub fn new() -> Self {
            std::default::Default::default()
        }

        /// MOCKED
        pub fn unary(&self) -> v1::MockMethod<v1::One<super::Input>, v1::One<super::Output>> {
            self.mock.method(&super::example_methods::UNARY)
        }

        /// MOCKED
        pub fn client_streaming(
            &self,
        ) -> v1::MockMethod<v1::Many<super::Input>, v1::One<super::Output>> {
            self.mock.method(&super::example_methods::CLIENT_STREAMING)
        }

        /// MOCKED
        pub fn server_streaming(
            &self,
        ) -> v1::MockMethod<v1::One<super::Input>, v1::Many<super::Output>> {
            self.mock.method(&super::example_methods::SERVER_STREAMING)
        }

        /// MOCKED
        pub fn bidi_streaming(
            &self,
        ) -> v1::MockMethod<v1::Many<super::Input>, v1::Many<super::Output>> {
            self.mock.method(&super::example_methods::BIDI_STREAMING)
        }
    }

    impl ExampleApi for ExampleMock {
        fn call_unary(&self, request: super::Input) -> v1::ClientCall<super::Input, super::Output> {
            self.unary().call(request)
        }

        fn call_client_streaming(
            &self,
            request: v1::RequestStream<super::Input>,
        ) -> v1::ClientCall<v1::RequestStream<super::Input>, super::Output> {
            self.client_streaming().call(request)
        }

        fn call_server_streaming(
            &self,
            request: super::Input,
        ) -> v1::ClientCall<super::Input, tonic::Streaming<super::Output>> {
            self.server_streaming().call(request)
        }

        fn call_bidi_streaming(
            &self,
            request: v1::RequestStream<super::Input>,
        ) -> v1::ClientCall<v1::RequestStream<super::Input>, tonic::Streaming<super::Output>>
        {
            self.bidi_streaming().call(request)
        }
    }

    // A server with a mock for its service, for those who want a client and no trait.
    impl super::example_server::Example for ExampleMock {
        fn unary<'s, 'f>(
            &'s self,
            request: tonic::Request<super::Input>,
        ) -> v1::Answer<'f, super::Output>
        where
            's: 'f,
            Self: 'f,
        {
            ExampleMock::unary(self).serve(request)
        }

        fn client_streaming<'s, 'f>(
            &'s self,
            request: tonic::Request<tonic::Streaming<super::Input>>,
        ) -> v1::Answer<'f, super::Output>
        where
            's: 'f,
            Self: 'f,
        {
            ExampleMock::client_streaming(self).serve(request)
        }

        type ServerStreamingStream = tonic::Streaming<super::Output>;

        fn server_streaming<'s, 'f>(
            &'s self,
            request: tonic::Request<super::Input>,
        ) -> v1::Answer<'f, Self::ServerStreamingStream>
        where
            's: 'f,
            Self: 'f,
        {
            ExampleMock::server_streaming(self).serve(request)
        }

        type BidiStreamingStream = tonic::Streaming<super::Output>;

        fn bidi_streaming<'s, 'f>(
            &'s self,
            request: tonic::Request<tonic::Streaming<super::Input>>,
        ) -> v1::Answer<'f, Self::BidiStreamingStream>
        where
            's: 'f,
            Self: 'f,
        {
            ExampleMock::bidi_streaming(self).serve(request)
        }
    }
}
