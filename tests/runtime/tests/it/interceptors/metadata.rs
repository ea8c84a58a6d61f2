//! Metadata that interceptors add, change and remove, both ways.

use runtime_tests::svc::kinds_client::KindsClient;
use runtime_tests::svc::kinds_server::KindsServer;
use rust_svc::{Interceptor, Server, Side, Start};
use tokio::net::TcpListener;
use tonic::metadata::MetadataMap;
use tonic::transport::server::TcpIncoming;
use tonic::{Request, Status};

use super::{On, everywhere, recorder};
use crate::context::{Look, Mirror};
use crate::echo::{Echo, KINDS, Kind, Transport, call, message};
use crate::recorder::{Act, Log};

/// Answers with some of the metadata of its request.
struct Metadata;

impl Look for Metadata {
    fn look<T>(&self, request: &Request<T>) -> Result<String, Status> {
        let names = ["x-added", "x-changed", "x-removed"];
        let values = names.map(|name| match request.metadata().get(name) {
            Some(value) => value.to_str().unwrap().to_owned(),
            None => "none".to_owned(),
        });
        Ok(values.join(","))
    }
}

fn set(metadata: &mut MetadataMap, name: &'static str, value: &'static str) {
    metadata.insert(name, value.parse().unwrap());
}

/// Adds, changes and removes.
struct Editor;

impl<S: Side> Interceptor<S> for Editor {
    type State = ();

    async fn start(&self, call: &mut Start<'_, S>) -> Result<(), Status> {
        assert_eq!(call.metadata().get("x-changed").unwrap(), "before");
        let metadata = call.metadata_mut();
        set(metadata, "x-added", "added");
        set(metadata, "x-changed", "after");
        metadata.remove("x-removed");
        Ok(())
    }
}

/// Runs further out on the same side, or on the side before it.
struct Author;

impl<S: Side> Interceptor<S> for Author {
    type State = ();

    async fn start(&self, call: &mut Start<'_, S>) -> Result<(), Status> {
        set(call.metadata_mut(), "x-changed", "before");
        set(call.metadata_mut(), "x-removed", "there");
        Ok(())
    }
}

#[tokio::test]
async fn a_handler_sees_the_metadata_that_interceptors_leave() {
    for (on, kind) in everywhere() {
        let server = KindsServer::new(Mirror(Metadata));
        let got = match on {
            // Metadata that a client sends.
            On::Server => {
                let mut client = KindsClient::new(server.intercept(Editor)).intercept(Author);
                call(&mut client, kind, &["1"]).await
            }
            On::Client => {
                let mut client = KindsClient::new(server).intercept((Author, Editor));
                call(&mut client, kind, &["1"]).await
            }
        };
        assert_eq!(got.replies, ["added,after,none"], "{on:?} {kind:?}");
    }
}

/// What a caller finds under a name in the headers of the response.
async fn header<T, I>(client: &mut KindsClient<T, I>, kind: Kind, name: &str) -> Option<String>
where
    T: Transport,
    I: Interceptor<rust_svc::Client> + 'static,
{
    let one = || tokio_stream::once(message("1"));
    let headers = match kind {
        Kind::Unary => client.unary(message("1")).await.map(of),
        Kind::ClientStreaming => client.client_streaming(one()).await.map(of),
        Kind::ServerStreaming => client.server_streaming(message("1")).await.map(of),
        Kind::BidiStreaming => client.bidi_streaming(one()).await.map(of),
    };
    let headers = headers.unwrap();
    let value = headers.get(name)?.to_str().unwrap();
    Some(value.to_owned())
}

fn of<M>(response: tonic::Response<M>) -> MetadataMap {
    response.into_parts().0
}

/// Both recorders write their name, and the outer one is the last to.
#[tokio::test]
async fn a_caller_sees_the_headers_that_interceptors_leave() {
    for (on, kind) in everywhere() {
        let log = Log::default();
        let pair = ['a', 'b'].map(|name| recorder(name, Act::Nothing, &log));
        let pair = <(_, _)>::from(pair);
        let server = KindsServer::new(Echo::default());
        let found = match on {
            On::Server => {
                let mut client = KindsClient::new(server.intercept(pair));
                header(&mut client, kind, "x-header").await
            }
            On::Client => {
                let mut client = KindsClient::new(server).intercept(pair);
                header(&mut client, kind, "x-header").await
            }
        };
        assert_eq!(found.as_deref(), Some("a"), "{on:?} {kind:?}");
    }
}

/// Answers with what lies in its extensions.
struct Extension;

impl Look for Extension {
    fn look<T>(&self, request: &Request<T>) -> Result<String, Status> {
        let extension = request.extensions().get::<&'static str>();
        Ok(extension.map_or("none", |text| *text).to_owned())
    }
}

/// Reads what a tower layer put there.
struct Reader;

impl Interceptor<Server> for Reader {
    type State = ();

    async fn start(&self, call: &mut Start<'_, Server>) -> Result<(), Status> {
        let extension = call.extensions().get::<&'static str>();
        assert_eq!(extension, Some(&"of a layer"));
        Ok(())
    }
}

#[tokio::test]
async fn extensions_of_a_layer_are_seen_and_passed_on() {
    for kind in KINDS {
        let server = KindsServer::new(Mirror(Extension)).intercept(Reader);
        let layered = tower::ServiceExt::map_request(
            server,
            |mut request: http::Request<tonic::body::Body>| {
                request.extensions_mut().insert("of a layer");
                request
            },
        );
        let got = call(&mut KindsClient::new(layered), kind, &["1"]).await;
        assert_eq!(got.replies, ["of a layer"], "{kind:?}");
    }
}

/// What gRPC itself sends is not for interceptors to change.
#[tokio::test]
async fn reserved_names_do_not_go_on_the_wire() {
    struct Meddler;

    impl<S: Side> Interceptor<S> for Meddler {
        type State = ();

        async fn start(&self, call: &mut Start<'_, S>) -> Result<(), Status> {
            set(call.metadata_mut(), "te", "nonsense");
            set(call.metadata_mut(), "content-type", "text/html");
            Ok(())
        }

        fn response_headers(
            &self,
            _: &mut rust_svc::Call<'_, ()>,
            headers: &mut MetadataMap,
        ) -> Result<(), Status> {
            set(headers, "content-type", "text/html");
            set(headers, "grpc-status", "13");
            Ok(())
        }
    }

    for kind in KINDS {
        let server = KindsServer::new(Echo::default()).intercept(Meddler);
        let checked =
            tower::ServiceExt::map_request(server, |request: http::Request<tonic::body::Body>| {
                assert_eq!(request.headers()["te"], "trailers");
                assert_eq!(request.headers()["content-type"], "application/grpc");
                request
            });
        let checked = tower::ServiceExt::map_response(
            checked,
            |response: http::Response<tonic::body::Body>| {
                assert_eq!(response.headers()["content-type"], "application/grpc");
                assert!(!response.headers().contains_key("grpc-status"));
                response
            },
        );
        let mut client = KindsClient::new(checked).intercept(Meddler);
        let found = header(&mut client, kind, "x-header").await;
        assert_eq!(found, None, "{kind:?}");
    }
}

/// Notes who is calling.
#[derive(Clone, Default)]
struct Peer(Log);

impl Interceptor<Server> for Peer {
    type State = ();

    async fn start(&self, call: &mut Start<'_, Server>) -> Result<(), Status> {
        self.0.push(format!("{:?}", call.remote_addr()));
        Ok(())
    }
}

/// Over TCP it is the address of the client, and elsewhere none.
#[tokio::test]
async fn the_address_of_a_client_is_known() {
    let peer = Peer::default();
    let server = KindsServer::new(Echo::default()).intercept(peer.clone());
    call(&mut KindsClient::new(server.clone()), Kind::Unary, &["1"]).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let uri = format!("http://{}", listener.local_addr().unwrap());
    let router = tonic::transport::Server::builder().add_service(server);
    tokio::spawn(router.serve_with_incoming(TcpIncoming::from(listener)));
    let mut client = KindsClient::connect(uri).await.unwrap();
    call(&mut client, Kind::Unary, &["1"]).await;
    let events = peer.0.events();
    assert_eq!(events[0], "None");
    assert!(events[1].starts_with("Some(127.0.0.1:"), "{events:?}");
    assert_eq!(events.len(), 2);
}
