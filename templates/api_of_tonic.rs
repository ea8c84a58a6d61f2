// The implementation of a client trait for a client of tonic-build. Methods are named by
// path: an rpc may be called like one of a trait, such as `clone`.

impl<T: v1::SharedTransport> ExampleApi for super::example_client::ExampleClient<T> {
    fn call_unary(&self, request: super::Input) -> v1::ClientCall<super::Input, super::Output> {
        let mut client = self.clone();
        v1::ClientCall::new(request, move |request| async move {
            super::example_client::ExampleClient::unary(&mut client, request).await
        })
    }

    fn call_client_streaming(
        &self,
        request: v1::RequestStream<super::Input>,
    ) -> v1::ClientCall<v1::RequestStream<super::Input>, super::Output> {
        let mut client = self.clone();
        v1::ClientCall::new(request, move |request| async move {
            super::example_client::ExampleClient::client_streaming(&mut client, request).await
        })
    }

    fn call_server_streaming(
        &self,
        request: super::Input,
    ) -> v1::ClientCall<super::Input, tonic::Streaming<super::Output>> {
        let mut client = self.clone();
        v1::ClientCall::new(request, move |request| async move {
            super::example_client::ExampleClient::server_streaming(&mut client, request).await
        })
    }

    fn call_bidi_streaming(
        &self,
        request: v1::RequestStream<super::Input>,
    ) -> v1::ClientCall<v1::RequestStream<super::Input>, tonic::Streaming<super::Output>> {
        let mut client = self.clone();
        v1::ClientCall::new(request, move |request| async move {
            super::example_client::ExampleClient::bidi_streaming(&mut client, request).await
        })
    }
}
