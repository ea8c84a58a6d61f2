//! What interceptors see of each kind of rpc, on each side, whichever way the call ends.
//!
//! Each cell of the table is a test, `hooks::<kind>::<side>::<outcome>`, which says which hooks of
//! two interceptors run in which order: see [`expected`] for how that is written.

use runtime_tests::svc::kinds_client::KindsClient;
use runtime_tests::svc::kinds_server::KindsServer;
use rust_svc::{Client, Interceptor};
use tokio_stream::StreamExt as _;
use tonic::transport::{Channel, Server};
use tonic::{Code, Request, Status};

use crate::echo::{Echo, Got, Kind, Transport, call, call_api, connect, message};
use crate::recorder::{Act, Log, Recorder, expected};

/// Which side the interceptors are on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum On {
    Server,
    Client,
    /// A server, called through its client trait.
    InProcess,
}

type Pair = (Recorder, Recorder);

/// Two interceptors: `a`, and `b` inside of it, which acts.
fn pair(log: &Log, act: Act) -> Pair {
    let recorder = |name, act| Recorder {
        name,
        act,
        log: log.clone(),
    };
    (recorder('a', Act::Nothing), recorder('b', act))
}

/// One cell: the log of its interceptors, and of the handler where they are on the server.
struct Cell {
    kind: Kind,
    on: On,
    log: Log,
    act: Act,
}

impl Cell {
    fn new(kind: Kind, on: On, act: Act) -> Self {
        Self {
            kind,
            on,
            log: Log::default(),
            act,
        }
    }

    /// A handler writes into the log where its place in the order is certain.
    fn echo(&self) -> Echo {
        let log = match self.on {
            On::Server | On::InProcess => self.log.clone(),
            On::Client => Log::default(),
        };
        Echo { log }
    }

    async fn channel(&self, echo: Echo) -> Channel {
        let server = KindsServer::new(echo);
        let mut builder = Server::builder();
        match self.on {
            On::Server | On::InProcess => {
                let server = server.intercept(pair(&self.log, self.act));
                connect(builder.add_service(server)).await
            }
            On::Client => connect(builder.add_service(server)).await,
        }
    }

    /// Makes the call: over HTTP/2, unless it is in process.
    async fn call(&self, texts: &[&str]) -> Got {
        if self.on == On::InProcess {
            let server = KindsServer::new(self.echo()).intercept(pair(&self.log, self.act));
            return call_api(&server, self.kind, texts).await;
        }
        let channel = self.channel(self.echo()).await;
        match self.on {
            On::Server | On::InProcess => {
                call(&mut KindsClient::new(channel), self.kind, texts).await
            }
            On::Client => {
                let pair = pair(&self.log, self.act);
                call(
                    &mut KindsClient::new(channel).intercept(pair),
                    self.kind,
                    texts,
                )
                .await
            }
        }
    }

    /// What happened has to be this, once the last of it has happened.
    async fn happened(&self, events: &str) {
        let events = expected(events);
        self.log.wait_for(events.last().unwrap()).await;
        assert_eq!(self.log.events(), events);
    }
}

fn code(got: &Got) -> Code {
    got.end.as_ref().err().map_or(Code::Ok, Status::code)
}

async fn pass(kind: Kind, on: On, events: &str) {
    let cell = Cell::new(kind, on, Act::Nothing);
    let got = cell.call(&["1", "2"]).await;
    assert_eq!(code(&got), Code::Ok);
    let replies: &[&str] = match kind {
        Kind::Unary | Kind::ClientStreaming => &["1,2"],
        Kind::ServerStreaming | Kind::BidiStreaming => &["1", "2"],
    };
    assert_eq!(got.replies, replies);
    cell.happened(events).await;
}

async fn refuse_at_start(kind: Kind, on: On, events: &str) {
    let cell = Cell::new(kind, on, Act::RefuseStart);
    let got = cell.call(&["1", "2"]).await;
    assert_eq!(code(&got), Code::PermissionDenied);
    cell.happened(events).await;
}

/// The second of what streams, or the one request.
async fn refuse_a_message(kind: Kind, on: On, events: &str) {
    let act = match kind {
        Kind::Unary => Act::RefuseRequest(1),
        Kind::ClientStreaming | Kind::BidiStreaming => Act::RefuseRequest(2),
        Kind::ServerStreaming => Act::RefuseResponse(2),
    };
    let cell = Cell::new(kind, on, act);
    let got = cell.call(&["1", "2"]).await;
    let status = got.end.unwrap_err();
    assert_eq!(status.code(), Code::PermissionDenied);
    assert_eq!(status.message(), "refused by b");
    cell.happened(events).await;
}

async fn change_a_message(kind: Kind, on: On, events: &str) {
    let cell = Cell::new(kind, on, Act::ChangeMessages);
    let got = cell.call(&["1", "2"]).await;
    assert_eq!(code(&got), Code::Ok);
    let replies: &[&str] = match kind {
        Kind::Unary => &["1,2bb"],
        Kind::ClientStreaming => &["1b,2bb"],
        Kind::ServerStreaming => &["1b", "2bb"],
        Kind::BidiStreaming => &["1bb", "2bb"],
    };
    assert_eq!(got.replies, replies);
    cell.happened(events).await;
}

async fn change_status_and_trailers(kind: Kind, on: On, events: &str) {
    let cell = Cell::new(kind, on, Act::ChangeEnd);
    let status = cell.call(&["fail"]).await.end.unwrap_err();
    assert_eq!(status.code(), Code::Aborted);
    assert_eq!(status.message(), "changed");
    assert_eq!(status.metadata().get("x-trailer").unwrap(), "b");
    cell.happened(events).await;
}

/// The client takes the call back.
///
/// tonic's handle does that while the request is being sent: a stream from the handler's waiting on,
/// one message before. What a server is told of a call whose request is complete comes from its drop.
async fn cancelled(kind: Kind, on: On, events: &str) {
    let cell = Cell::new(kind, on, Act::Nothing);
    let echo = Echo::default();
    let handler = echo.log.clone();
    let channel = cell.channel(echo).await;
    let (give, handle) = tokio::sync::oneshot::channel();
    let give = Handle::Given(give);
    let calling = match on {
        On::Server | On::InProcess => tokio::spawn(wait(KindsClient::new(channel), kind, give)),
        On::Client => {
            let pair = pair(&cell.log, Act::Nothing);
            let client = KindsClient::new(channel).intercept(pair);
            tokio::spawn(wait(client, kind, give))
        }
    };
    let handle = handle.await.unwrap();
    let streams = matches!(kind, Kind::ClientStreaming | Kind::BidiStreaming);
    if streams || on == On::Server {
        handler.wait_for("waits").await;
    }
    if streams || on == On::Client {
        handle.cancel();
        let status = calling.await.unwrap().unwrap_err();
        assert_eq!(status.code(), Code::Cancelled, "{status:?}");
    } else {
        calling.abort();
    }
    cell.happened(events).await;
}

/// The task that runs the call is aborted: on a server the future or the body of the response, without HTTP/2 between
/// it and the test, and on a client the call over HTTP/2.
async fn dropped(kind: Kind, on: On, events: &str) {
    let cell = Cell::new(kind, on, Act::Nothing);
    let echo = Echo::default();
    let handler = echo.log.clone();
    let pair = pair(&cell.log, Act::Nothing);
    let calling = match on {
        On::Server => {
            let server = KindsServer::new(echo).intercept(pair);
            tokio::spawn(wait(KindsClient::new(server), kind, Handle::Dropped))
        }
        On::InProcess => {
            let server = KindsServer::new(echo).intercept(pair);
            tokio::spawn(async move { call_api(&server, kind, &["wait"]).await.end.map(drop) })
        }
        On::Client => {
            let client = KindsClient::new(cell.channel(echo).await).intercept(pair);
            tokio::spawn(wait(client, kind, Handle::Dropped))
        }
    };
    handler.wait_for("waits").await;
    calling.abort();
    assert!(calling.await.unwrap_err().is_cancelled());
    cell.happened(events).await;
}

/// What becomes of the cancellation handle of a request.
enum Handle {
    Dropped,
    Given(tokio::sync::oneshot::Sender<tonic::CancellationHandle>),
}

impl Handle {
    async fn of<M>(self, message: M) -> Request<M> {
        let mut request = Request::new(message);
        if let Handle::Given(sender) = self {
            sender.send(request.cancellation_handle()).unwrap();
            // The task that gets the handle may use it before the call begins.
            tokio::task::yield_now().await;
        }
        request
    }
}

/// Calls a handler that never answers.
async fn wait<T, I>(mut client: KindsClient<T, I>, kind: Kind, handle: Handle) -> Result<(), Status>
where
    T: Transport,
    I: Interceptor<Client> + 'static,
{
    // The request goes on, as it does where somebody cancels.
    let texts = tokio_stream::once(message("wait")).chain(tokio_stream::pending());
    match kind {
        Kind::Unary => {
            let request = handle.of(message("wait")).await;
            client.unary(request).await.map(drop)
        }
        Kind::ClientStreaming => {
            let request = handle.of(texts).await;
            client.client_streaming(request).await.map(drop)
        }
        Kind::ServerStreaming => {
            let request = handle.of(message("wait")).await;
            let response = client.server_streaming(request).await?;
            response.into_inner().message().await.map(drop)
        }
        Kind::BidiStreaming => {
            let request = handle.of(texts).await;
            let response = client.bidi_streaming(request).await?;
            response.into_inner().message().await.map(drop)
        }
    }
}

/// A client gets an error then; which one is up to HTTP/2. In process the panic is the caller's.
async fn handler_panic(kind: Kind, on: On, events: &str) {
    let cell = Cell::new(kind, on, Act::Nothing);
    if on == On::InProcess {
        let server = KindsServer::new(cell.echo()).intercept(pair(&cell.log, cell.act));
        let calling = tokio::spawn(async move { call_api(&server, kind, &["panic"]).await });
        assert!(calling.await.unwrap_err().is_panic());
        return cell.happened(events).await;
    }
    let got = cell.call(&["panic"]).await;
    assert_ne!(code(&got), Code::Ok);
    let events = events.replace("E=?", &format!("E={:?}", code(&got)));
    cell.happened(&events).await;
}

/// A test for each cell.
macro_rules! table {
    ($($kind:ident $variant:ident { $($side:ident $on:ident { $($outcome:ident: $events:literal,)* })* })*) => {$(
        mod $kind {
            #![allow(clippy::module_inception, reason = "a kind and a side have one name")]
            $(mod $side {
                $(#[tokio::test]
                async fn $outcome() {
                    let (kind, on) = (crate::echo::Kind::$variant, crate::hooks::On::$on);
                    crate::hooks::$outcome(kind, on, $events).await;
                })*
            })*
        }
    )*};
}

table! {
    unary Unary {
        server Server {
            pass: "S Q H * D R E=Ok",
            refuse_at_start: "S aE=PermissionDenied",
            refuse_a_message: "S Q E=PermissionDenied",
            change_a_message: "S Q H * D R E=Ok",
            change_status_and_trailers: "S Q H * bE=NotFound aE=Aborted",
            cancelled: "S Q H E=Dropped",
            dropped: "S Q H E=Dropped",
            handler_panic: "S Q H * E=Panicked",
        }
        in_process InProcess {
            pass: "S Q H * D R E=Ok",
            refuse_at_start: "S aE=PermissionDenied",
            refuse_a_message: "S Q E=PermissionDenied",
            change_a_message: "S Q H * D R E=Ok",
            change_status_and_trailers: "S Q H * bE=NotFound aE=Aborted",
            dropped: "S Q H E=Dropped",
            handler_panic: "S Q H * E=Panicked",
        }
        client Client {
            pass: "S Q H D R E=Ok",
            refuse_at_start: "S aE=PermissionDenied",
            refuse_a_message: "S Q E=PermissionDenied",
            change_a_message: "S Q H D R E=Ok",
            change_status_and_trailers: "S Q H bE=NotFound aE=Aborted",
            cancelled: "S Q H E=Cancelled",
            dropped: "S Q H E=Dropped",
            handler_panic: "S Q H E=?",
        }
    }
    client ClientStreaming {
        server Server {
            pass: "S * Q Q H D R E=Ok",
            refuse_at_start: "S aE=PermissionDenied",
            refuse_a_message: "S * Q Q E=PermissionDenied",
            change_a_message: "S * Q Q H D R E=Ok",
            change_status_and_trailers: "S * Q bE=NotFound aE=Aborted",
            cancelled: "S Q E=Dropped",
            dropped: "S Q E=Dropped",
            handler_panic: "S * Q E=Panicked",
        }
        in_process InProcess {
            pass: "S * Q Q H D R E=Ok",
            refuse_at_start: "S aE=PermissionDenied",
            refuse_a_message: "S * Q Q E=PermissionDenied",
            change_a_message: "S * Q Q H D R E=Ok",
            change_status_and_trailers: "S * Q bE=NotFound aE=Aborted",
            dropped: "S Q E=Dropped",
            handler_panic: "S * Q E=Panicked",
        }
        client Client {
            pass: "S Q Q H D R E=Ok",
            refuse_at_start: "S aE=PermissionDenied",
            refuse_a_message: "S Q Q E=PermissionDenied",
            change_a_message: "S Q Q H D R E=Ok",
            change_status_and_trailers: "S Q H bE=NotFound aE=Aborted",
            cancelled: "S Q E=Cancelled",
            dropped: "S Q E=Dropped",
            handler_panic: "S Q H E=?",
        }
    }
    server ServerStreaming {
        server Server {
            pass: "S Q H * D R R E=Ok",
            refuse_at_start: "S aE=PermissionDenied",
            refuse_a_message: "S Q H * D R bR E=PermissionDenied",
            change_a_message: "S Q H * D R R E=Ok",
            change_status_and_trailers: "S Q H * D bE=NotFound aE=Aborted",
            cancelled: "S Q H D E=Dropped",
            dropped: "S Q H D E=Dropped",
            handler_panic: "S Q H * D E=Panicked",
        }
        in_process InProcess {
            pass: "S Q H * D R R E=Ok",
            refuse_at_start: "S aE=PermissionDenied",
            refuse_a_message: "S Q H * D R bR E=PermissionDenied",
            change_a_message: "S Q H * D R R E=Ok",
            change_status_and_trailers: "S Q H * D bE=NotFound aE=Aborted",
            dropped: "S Q H D E=Dropped",
            handler_panic: "S Q H * D E=Panicked",
        }
        client Client {
            pass: "S Q H D R R E=Ok",
            refuse_at_start: "S aE=PermissionDenied",
            refuse_a_message: "S Q H D R bR E=PermissionDenied",
            change_a_message: "S Q H D R R E=Ok",
            change_status_and_trailers: "S Q H D bE=NotFound aE=Aborted",
            cancelled: "S Q H E=Cancelled",
            dropped: "S Q H D E=Dropped",
            handler_panic: "S Q H D E=?",
        }
    }
    bidi BidiStreaming {
        server Server {
            pass: "S * D Q R Q R H E=Ok",
            refuse_at_start: "S aE=PermissionDenied",
            refuse_a_message: "S * D Q R Q E=PermissionDenied",
            change_a_message: "S * D Q R Q R H E=Ok",
            change_status_and_trailers: "S * D Q bE=NotFound aE=Aborted",
            cancelled: "S D Q E=Dropped",
            dropped: "S D Q E=Dropped",
            handler_panic: "S * D Q E=Panicked",
        }
        in_process InProcess {
            pass: "S * D Q R Q R H E=Ok",
            refuse_at_start: "S aE=PermissionDenied",
            refuse_a_message: "S * D Q R Q E=PermissionDenied",
            change_a_message: "S * D Q R Q R H E=Ok",
            change_status_and_trailers: "S * D Q bE=NotFound aE=Aborted",
            dropped: "S D Q E=Dropped",
            handler_panic: "S * D Q E=Panicked",
        }
        client Client {
            pass: "S D Q R Q R H E=Ok",
            refuse_at_start: "S aE=PermissionDenied",
            refuse_a_message: "S D Q R Q E=PermissionDenied",
            change_a_message: "S D Q R Q R H E=Ok",
            change_status_and_trailers: "S D Q bE=NotFound aE=Aborted",
            cancelled: "S Q D E=Cancelled",
            dropped: "S Q D E=Dropped",
            handler_panic: "S D Q E=?",
        }
    }
}
