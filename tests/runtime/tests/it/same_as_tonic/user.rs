/// A service, its server, and its client, as somebody writes them who uses tonic.
macro_rules! users_code {
    ($module:ident) => {
        use std::pin::Pin;
        use std::sync::Arc;

        use runtime_tests::$module::kinds_client::KindsClient;
        use runtime_tests::$module::kinds_server::{self, Kinds, KindsServer};
        use runtime_tests::$module::{Request as Message, Response as Reply};
        use tokio_stream::{Stream, StreamExt as _};
        use tonic::codec::CompressionEncoding::Gzip;
        use tonic::codegen::{Body as HttpBody, Bytes, StdError};
        use tonic::server::NamedService;
        use tonic::{Request, Response, Status, Streaming};

        use super::{Settings, obey, respond};

        /// Does what it is told.
        #[derive(Debug)]
        pub(super) struct Told;

        type Replies = Pin<Box<dyn Stream<Item = Result<Reply, Status>> + Send>>;

        #[tonic::async_trait]
        impl Kinds for Told {
            async fn unary(&self, request: Request<Message>) -> Result<Response<Reply>, Status> {
                let text = obey(&request.get_ref().text, request.metadata())?;
                respond(request.metadata(), Reply { text })
            }

            async fn client_streaming(
                &self,
                request: Request<Streaming<Message>>,
            ) -> Result<Response<Reply>, Status> {
                let (metadata, _, mut messages) = request.into_parts();
                let mut texts = Vec::new();
                while let Some(message) = messages.message().await? {
                    texts.push(obey(&message.text, &metadata)?);
                }
                let text = texts.join(",");
                respond(&metadata, Reply { text })
            }

            type ServerStreamingStream = Replies;

            async fn server_streaming(
                &self,
                request: Request<Message>,
            ) -> Result<Response<Replies>, Status> {
                let (metadata, _, message) = request.into_parts();
                let texts: Vec<_> = message.text.split(',').map(str::to_owned).collect();
                let all = metadata.clone();
                let replies = texts.into_iter().filter(|text| text != "none");
                let replies = replies.map(move |text| {
                    let text = obey(&text, &all)?;
                    Ok(Reply { text })
                });
                let replies: Replies = Box::pin(tokio_stream::iter(replies));
                respond(&metadata, replies)
            }

            type BidiStreamingStream = Replies;

            async fn bidi_streaming(
                &self,
                request: Request<Streaming<Message>>,
            ) -> Result<Response<Replies>, Status> {
                let (metadata, _, messages) = request.into_parts();
                let all = metadata.clone();
                let replies = messages.map(move |message| {
                    let text = obey(&message?.text, &all)?;
                    Ok(Reply { text })
                });
                let replies: Replies = Box::pin(replies);
                respond(&metadata, replies)
            }
        }

        pub(super) fn message(text: &str) -> Message {
            let text = text.to_owned();
            Message { text }
        }

        pub(super) fn server(settings: Settings) -> KindsServer<Told> {
            let mut server = KindsServer::from_arc(Arc::new(Told));
            if settings.accept_gzip {
                server = server.accept_compressed(Gzip);
            }
            if settings.send_gzip {
                server = server.send_compressed(Gzip);
            }
            if let Some(limit) = settings.max_decoding {
                server = server.max_decoding_message_size(limit);
            }
            if let Some(limit) = settings.max_encoding {
                server = server.max_encoding_message_size(limit);
            }
            server
        }

        /// With the bounds that tonic's documentation has for such functions.
        pub(super) fn client<T>(transport: T, settings: Settings) -> KindsClient<T>
        where
            T: tonic::client::GrpcService<tonic::body::Body>,
            T::Error: Into<StdError>,
            T::ResponseBody: HttpBody<Data = Bytes> + Send + 'static,
            <T::ResponseBody as HttpBody>::Error: Into<StdError> + Send,
        {
            let origin = "http://origin.test/prefix".parse().unwrap();
            let mut client = KindsClient::with_origin(transport, origin);
            if settings.accept_gzip {
                client = client.accept_compressed(Gzip);
            }
            if settings.send_gzip {
                client = client.send_compressed(Gzip);
            }
            if let Some(limit) = settings.max_decoding {
                client = client.max_decoding_message_size(limit);
            }
            if let Some(limit) = settings.max_encoding {
                client = client.max_encoding_message_size(limit);
            }
            client
        }

        /// A call on a task of its own, with nothing known of the transport but its bounds.
        async fn spawned<T>(client: &KindsClient<T>) -> String
        where
            T: tonic::client::GrpcService<tonic::body::Body> + Clone + Send + 'static,
            T::Error: Into<StdError> + Send,
            T::Future: Send,
            T::ResponseBody: HttpBody<Data = Bytes> + Send + 'static,
            <T::ResponseBody as HttpBody>::Error: Into<StdError> + Send,
        {
            let mut client = client.clone();
            let call = tokio::spawn(async move { client.unary(message("spawned")).await });
            call.await.unwrap().unwrap().into_inner().text
        }

        /// All four calls.
        async fn calls<T>(client: &mut KindsClient<T>) -> Result<Vec<String>, Status>
        where
            T: tonic::client::GrpcService<tonic::body::Body>,
            T::Error: Into<StdError>,
            T::ResponseBody: HttpBody<Data = Bytes> + Send + 'static,
            <T::ResponseBody as HttpBody>::Error: Into<StdError> + Send,
        {
            let many = || tokio_stream::iter(["a", "b"].map(message));
            let one = client.unary(message("one")).await?;
            let joined = client.client_streaming(many()).await?;
            let mut texts = vec![one.into_inner().text, joined.into_inner().text];
            let mut replies = client.server_streaming(message("c,d")).await?.into_inner();
            while let Some(reply) = replies.message().await? {
                texts.push(reply.text);
            }
            let replies = client
                .bidi_streaming(Request::new(many()))
                .await?
                .into_inner();
            let replies: Vec<_> = replies.collect().await;
            for reply in replies {
                texts.push(reply?.text);
            }
            Ok(texts)
        }

        fn named<S: NamedService>(_: &S) -> &'static str {
            S::NAME
        }

        fn say<T>(mut request: Request<T>, who: &'static str) -> Result<Request<T>, Status> {
            let who = tonic::metadata::MetadataValue::from_static(who);
            request.metadata_mut().append("x-passed", who);
            Ok(request)
        }

        /// All that stubs let one do, over a socket. Returns what was answered.
        pub(super) async fn everything() -> Vec<String> {
            let limited = KindsServer::new(Told)
                .accept_compressed(Gzip)
                .send_compressed(Gzip)
                .max_decoding_message_size(1000)
                .max_encoding_message_size(1000);
            assert!(format!("{limited:?}").starts_with("KindsServer"));
            let mut texts = vec![
                kinds_server::SERVICE_NAME.to_owned(),
                named(&limited).to_owned(),
            ];

            // In process: a server is what carries requests, too.
            let mut local = KindsClient::new(limited.clone());
            texts.extend(calls(&mut local).await.unwrap());
            texts.push(spawned(&local).await);

            // Over a socket, with tonic's own interceptors on both sides.
            let intercepted = KindsServer::with_interceptor(Told, |request| say(request, "server"));
            texts.push(named(&intercepted).to_owned());
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = format!("http://{}", listener.local_addr().unwrap());
            let incoming = tonic::transport::server::TcpIncoming::from(listener);
            let router = tonic::transport::Server::builder().add_service(intercepted);
            let serving = tokio::spawn(router.serve_with_incoming(incoming));

            let mut client: KindsClient<tonic::transport::Channel> =
                KindsClient::connect(address.clone()).await.unwrap();
            texts.extend(calls(&mut client).await.unwrap());
            let channel = tonic::transport::Endpoint::new(address)
                .unwrap()
                .connect_lazy();
            let mut client =
                KindsClient::with_interceptor(channel, |request| say(request, "client"))
                    .accept_compressed(Gzip)
                    .max_decoding_message_size(1000)
                    .max_encoding_message_size(1000);
            let reply = client.clone().unary(message("metadata")).await.unwrap();
            let reply = reply.into_inner().text;
            texts.extend(
                reply
                    .lines()
                    .filter(|line| line.starts_with("x-passed"))
                    .map(str::to_owned),
            );
            texts.extend(calls(&mut client).await.unwrap());
            serving.abort();
            texts
        }
    };
}
