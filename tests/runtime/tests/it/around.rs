//! What is tonic's, tower's or axum's goes around servers and clients with interceptors.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use runtime_tests::svc::kinds_client::KindsClient;
use runtime_tests::svc::kinds_server::KindsServer;
use rust_svc::{Client, Interceptor, Server, Start};
use tokio::net::TcpListener;
use tonic::codec::CompressionEncoding;
use tonic::codegen::http;
use tonic::service::Routes;
use tonic::service::interceptor::{InterceptedService, InterceptorLayer};
use tonic::transport::server::TcpIncoming;
use tonic::transport::{Channel, Server as TonicServer};
use tonic::{Code, Request, Status};

use crate::echo::{Echo, Kind, call, message};
use crate::recorder::{Act, Log, Recorder};

const ALL: [Kind; 4] = [
    Kind::Unary,
    Kind::ClientStreaming,
    Kind::ServerStreaming,
    Kind::BidiStreaming,
];

fn recorder(log: &Log) -> Recorder {
    Recorder {
        name: 'a',
        act: Act::Nothing,
        log: log.clone(),
    }
}

async fn connect(address: SocketAddr) -> Channel {
    let endpoint = Channel::from_shared(format!("http://{address}")).unwrap();
    endpoint.connect().await.unwrap()
}

async fn listen() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

async fn assert_answers(channel: Channel, log: &Log) {
    for kind in ALL {
        let calls = log.events().len();
        let got = call(&mut KindsClient::new(channel.clone()), kind, &["1"]).await;
        assert_eq!(got.replies, ["1"], "{kind:?}");
        assert_eq!(log.events()[calls], "aS", "{kind:?}");
    }
}

#[tokio::test]
async fn a_server_of_tonic_over_a_socket() {
    let (listener, address) = listen().await;
    let log = Log::default();
    let server = KindsServer::new(Echo::default()).intercept(recorder(&log));
    let router = TonicServer::builder().add_service(server);
    tokio::spawn(router.serve_with_incoming(TcpIncoming::from(listener)));
    assert_answers(connect(address).await, &log).await;
}

#[tokio::test]
async fn a_router_of_axum() {
    let (listener, address) = listen().await;
    let log = Log::default();
    let server = KindsServer::new(Echo::default()).intercept(recorder(&log));
    let router = Routes::new(server).prepare().into_axum_router();
    tokio::spawn(async move { axum::serve(listener, router).await });
    assert_answers(connect(address).await, &log).await;
}

/// A browser's request: HTTP/1.1, trailers in the body.
#[tokio::test]
async fn tonic_web() {
    use http_body_util::{BodyExt as _, Full};
    use tower::{Layer as _, ServiceExt as _};

    let log = Log::default();
    let server = KindsServer::new(Echo::default()).intercept(recorder(&log));
    let server = tonic_web::GrpcWebLayer::new().layer(server);
    let frame: &'static [u8] = &[0, 0, 0, 0, 3, 10, 1, b'1'];
    let request = http::Request::post("http://in.process/four_kinds.v1.Kinds/Unary")
        .header("content-type", "application/grpc-web+proto")
        .body(tonic::body::Body::new(Full::from(frame)))
        .unwrap();
    let response = server.oneshot(request).await.unwrap();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    assert!(body.starts_with(frame), "{body:?}");
    assert!(body.ends_with(b"grpc-status:0\r\n"), "{body:?}");
    assert_eq!(log.events().join(" "), "aS aQ aH aD aR aE=Ok");
}

/// What a layer puts into a request, an interceptor finds there.
#[derive(Clone)]
struct FromOutside(&'static str);

struct Finds(Log);

impl Interceptor<Server> for Finds {
    type State = ();

    async fn start(&self, call: &mut Start<'_, Server>) -> Result<(), Status> {
        let found: &FromOutside = call.extensions().get().expect("what was put there");
        self.0.push(found.0);
        Ok(())
    }
}

#[tokio::test]
async fn layers_and_interceptors_of_tonic_are_outside_of_a_server() {
    let log = Log::default();
    let server = KindsServer::new(Echo::default()).intercept(Finds(log.clone()));
    let outer = log.clone();
    let layer = InterceptorLayer::new(move |mut request: Request<()>| {
        outer.push("layer");
        request.extensions_mut().insert(FromOutside("found"));
        Ok(request)
    });
    let inner = log.clone();
    let server = InterceptedService::new(server, move |request: Request<()>| {
        inner.push("tonic's");
        Ok(request)
    });
    let router = TonicServer::builder().layer(layer).add_service(server);
    let (listener, address) = listen().await;
    tokio::spawn(router.serve_with_incoming(TcpIncoming::from(listener)));
    let mut client = KindsClient::new(connect(address).await);
    client.unary(message("1")).await.unwrap();
    assert_eq!(log.events(), ["layer", "tonic's", "found"]);
}

#[tokio::test]
async fn an_interceptor_of_tonic_is_below_a_client() {
    let log = Log::default();
    let below = log.clone();
    let server = KindsServer::new(Echo::default());
    let client = KindsClient::with_interceptor(server, move |request: Request<()>| {
        below.push("tonic's");
        Ok(request)
    });
    let mut client = client.intercept(recorder(&log));
    client.unary(message("1")).await.unwrap();
    assert_eq!(log.events().join(" "), "aS aQ aH tonic's aD aR aE=Ok");
}

#[tokio::test]
async fn compression_both_ways() {
    for kind in ALL {
        let log = Log::default();
        let server = KindsServer::new(Echo::default())
            .intercept(recorder(&log))
            .accept_compressed(CompressionEncoding::Gzip)
            .send_compressed(CompressionEncoding::Gzip);
        let channel = crate::echo::connect(TonicServer::builder().add_service(server)).await;
        let mut client = KindsClient::new(channel)
            .intercept(recorder(&log))
            .send_compressed(CompressionEncoding::Gzip)
            .accept_compressed(CompressionEncoding::Gzip);
        let text = "compressed ".repeat(100);
        let got = call(&mut client, kind, &[&text]).await;
        assert_eq!(got.replies, [text], "{kind:?}");
        let refused = KindsServer::new(Echo::default()).intercept(recorder(&log));
        let mut client = KindsClient::new(refused).send_compressed(CompressionEncoding::Gzip);
        let got = call(&mut client, kind, &["1"]).await;
        assert_eq!(got.end.unwrap_err().code(), Code::Unimplemented, "{kind:?}");
    }
}

#[tokio::test]
async fn an_origin() {
    let origins = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&origins);
    let transport = tower::service_fn(move |request: http::Request<tonic::body::Body>| {
        seen.lock().unwrap().push(request.uri().to_string());
        async { Ok::<_, std::convert::Infallible>(Status::ok("").into_http::<tonic::body::Body>()) }
    });
    let origin = http::Uri::from_static("https://users.test:443");
    let log = Log::default();
    let mut client = KindsClient::with_origin(transport, origin).intercept(recorder(&log));
    client.unary(message("1")).await.unwrap_err();
    let expected = "https://users.test:443/four_kinds.v1.Kinds/Unary";
    assert_eq!(*origins.lock().unwrap(), [expected]);
}

/// Writes down who is calling.
struct Peer(Arc<Mutex<Option<SocketAddr>>>);

impl Interceptor<Server> for Peer {
    type State = ();

    async fn start(&self, call: &mut Start<'_, Server>) -> Result<(), Status> {
        *self.0.lock().unwrap() = call.remote_addr();
        Ok(())
    }
}

#[tokio::test]
async fn the_address_of_a_client() {
    let (listener, address) = listen().await;
    let peer = Arc::new(Mutex::new(None));
    let server = KindsServer::new(Echo::default()).intercept(Peer(Arc::clone(&peer)));
    let router = TonicServer::builder().add_service(server);
    tokio::spawn(router.serve_with_incoming(TcpIncoming::from(listener)));
    let mut client = KindsClient::new(connect(address).await);
    client.unary(message("1")).await.unwrap();
    let peer = peer.lock().unwrap().expect("an address");
    assert_eq!(peer.ip(), address.ip());
    assert_ne!(peer.port(), address.port());
}

/// A client's interceptor does not need a server of the same kind.
struct Names;

impl Interceptor<Client> for Names {
    type State = ();

    async fn start(&self, call: &mut Start<'_, Client>) -> Result<(), Status> {
        let name = call.method().name().parse().unwrap();
        call.metadata_mut().insert("x-method", name);
        Ok(())
    }
}

#[tokio::test]
async fn a_channel_without_a_connection() {
    let channel = Channel::from_static("http://127.0.0.1:1").connect_lazy();
    let log = Log::default();
    let mut client = KindsClient::new(channel).intercept((Names, recorder(&log)));
    let status = client.unary(message("1")).await.unwrap_err();
    assert_eq!(status.code(), Code::Unavailable);
    let events = log.events().join(" ");
    assert!(events.starts_with("aS aQ aH"), "{events}");
    assert!(events.ends_with("aE=Unavailable"), "{events}");
}
