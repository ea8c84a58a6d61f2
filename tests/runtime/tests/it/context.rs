//! What interceptors tell handlers, and services that say what they need.

use std::pin::Pin;

use runtime_tests::svc::kinds_client::KindsClient;
use runtime_tests::svc::kinds_server::{Kinds, KindsServer};
use runtime_tests::svc::{Request as Message, Response as Reply};
use rust_svc::{Interceptor, NeedsContext, Provides, RequestExt as _, Server, Start};
use tokio_stream::{Stream, StreamExt as _};
use tonic::{Code, Request, Response, Status, Streaming};

use crate::captured::Captured;
use crate::echo::{Got, KINDS, Kind, call};

/// Answers every call with one thing that it finds in the request.
pub(crate) struct Mirror<L>(pub(crate) L);

/// What a [`Mirror`] answers with.
pub(crate) trait Look: Send + Sync + 'static {
    fn look<T>(&self, request: &Request<T>) -> Result<String, Status>;
}

impl<L: Look> Mirror<L> {
    fn one<T>(&self, request: &Request<T>) -> Result<Response<Reply>, Status> {
        let text = self.0.look(request)?;
        Ok(Response::new(Reply { text }))
    }
}

type Many = Pin<Box<dyn Stream<Item = Result<Reply, Status>> + Send>>;

#[tonic::async_trait]
impl<L: Look> Kinds for Mirror<L> {
    async fn unary(&self, request: Request<Message>) -> Result<Response<Reply>, Status> {
        self.one(&request)
    }

    async fn client_streaming(
        &self,
        request: Request<Streaming<Message>>,
    ) -> Result<Response<Reply>, Status> {
        self.one(&request)
    }

    type ServerStreamingStream = Many;

    async fn server_streaming(&self, request: Request<Message>) -> Result<Response<Many>, Status> {
        let reply = self.one(&request)?;
        let stream = tokio_stream::once(Ok(reply.into_inner()));
        Ok(Response::new(Box::pin(stream)))
    }

    type BidiStreamingStream = Many;

    async fn bidi_streaming(
        &self,
        request: Request<Streaming<Message>>,
    ) -> Result<Response<Many>, Status> {
        let text = self.0.look(&request)?;
        let messages = request.into_inner();
        let stream = messages.map(move |message| {
            let text = text.clone();
            message.map(|_| Reply { text })
        });
        Ok(Response::new(Box::pin(stream)))
    }
}

/// Who is calling.
#[derive(Clone, Debug, PartialEq)]
struct Identity(&'static str);

/// Finds out who is calling: always the same.
struct Auth(&'static str);

impl Interceptor<Server> for Auth {
    type State = ();

    async fn start(&self, call: &mut Start<'_, Server>) -> Result<(), Status> {
        call.extensions_mut().insert(Identity(self.0));
        Ok(())
    }
}

impl Provides<Identity> for Auth {}

/// Says who is calling.
struct WhoAmI;

impl Look for WhoAmI {
    fn look<T>(&self, request: &Request<T>) -> Result<String, Status> {
        let identity: &Identity = request.context()?;
        Ok(identity.0.to_owned())
    }
}

impl NeedsContext for Mirror<WhoAmI> {
    type Context = Identity;
}

/// Passes everything.
struct Pass;

impl Interceptor<Server> for Pass {
    type State = ();

    async fn start(&self, _: &mut Start<'_, Server>) -> Result<(), Status> {
        Ok(())
    }
}

async fn ask<I>(server: KindsServer<Mirror<WhoAmI>, I>, kind: Kind) -> Got
where
    I: Interceptor<Server> + 'static,
{
    call(&mut KindsClient::new(server), kind, &["who am I?"]).await
}

#[tokio::test]
async fn a_handler_reads_what_an_interceptor_put_there() {
    for kind in KINDS {
        let server = KindsServer::new(Mirror(WhoAmI)).intercept(Auth("ada"));
        assert_eq!(ask(server, kind).await.replies, ["ada"], "{kind:?}");
    }
}

#[tokio::test]
async fn what_is_missing_is_an_internal_error_and_named_in_the_log() {
    for kind in KINDS {
        let (captured, _guard) = Captured::start();
        let server = KindsServer::new(Mirror(WhoAmI)).intercept(Pass);
        let status = ask(server, kind).await.end.unwrap_err();
        assert_eq!(status.code(), Code::Internal, "{kind:?}");
        // A path of Rust is nobody's business outside.
        assert!(!status.message().contains("Identity"), "{status:?}");
        assert!(!status.message().contains("::"), "{status:?}");
        let event = &captured.events()[0];
        assert_eq!(event.level, tracing::Level::ERROR);
        assert!(event.fields["context"].ends_with("context::Identity"));
    }
}

/// The innermost has the last word.
#[tokio::test]
async fn inner_interceptors_overwrite() {
    for kind in KINDS {
        let server = KindsServer::new(Mirror(WhoAmI));
        let server = server.intercept((Auth("outer"), Auth("inner")));
        assert_eq!(ask(server, kind).await.replies, ["inner"], "{kind:?}");
    }
}

#[tokio::test]
async fn an_inner_interceptor_sees_what_an_outer_one_put_there() {
    /// Knows the caller by another name.
    struct Rename;

    impl Interceptor<Server> for Rename {
        type State = ();

        async fn start(&self, call: &mut Start<'_, Server>) -> Result<(), Status> {
            let identity = call.extensions().get::<Identity>().cloned();
            assert_eq!(identity, Some(Identity("ada")));
            call.extensions_mut().insert(Identity("countess"));
            Ok(())
        }
    }

    let server = KindsServer::new(Mirror(WhoAmI)).intercept((Auth("ada"), Rename));
    let got = ask(server, Kind::Unary).await;
    assert_eq!(got.replies, ["countess"]);
}

/// Each call has its own.
#[tokio::test]
async fn calls_do_not_share_their_context() {
    /// Lets the first call through with an identity, and others without.
    struct Once(std::sync::atomic::AtomicBool);

    impl Interceptor<Server> for Once {
        type State = ();

        async fn start(&self, call: &mut Start<'_, Server>) -> Result<(), Status> {
            if !self.0.swap(true, std::sync::atomic::Ordering::Relaxed) {
                call.extensions_mut().insert(Identity("ada"));
            }
            Ok(())
        }
    }

    let server = KindsServer::new(Mirror(WhoAmI)).intercept(Once(false.into()));
    assert_eq!(ask(server.clone(), Kind::Unary).await.replies, ["ada"]);
    let status = ask(server, Kind::Unary).await.end.unwrap_err();
    assert_eq!(status.code(), Code::Internal);
}

/// A service that says what it needs, behind the one interceptor that provides it.
#[tokio::test]
async fn a_checked_server_with_one_interceptor() {
    for kind in KINDS {
        let server = KindsServer::with_context(Mirror(WhoAmI)).intercept(Auth("ada"));
        assert_eq!(ask(server, kind).await.replies, ["ada"], "{kind:?}");
    }
}

/// Wherever in the tuple, and in a tuple of tuples.
#[tokio::test]
async fn a_checked_server_finds_its_provider_in_tuples() {
    macro_rules! check {
        ($($interceptors:expr),* $(,)?) => {$(
            let server = KindsServer::with_context(Mirror(WhoAmI)).intercept($interceptors);
            let got = ask(server, Kind::Unary).await;
            assert_eq!(got.replies, ["ada"], stringify!($interceptors));
        )*};
    }
    check![
        (Auth("ada"),),
        (Auth("ada"), Pass),
        (Pass, Auth("ada")),
        (Pass, Auth("ada"), Pass),
        (Pass, (Pass, (Auth("ada"), Pass)), Pass),
        (Pass, Pass, Pass, Pass, Pass, Pass, Pass, Auth("ada")),
    ];
}

#[tokio::test]
async fn a_checked_server_may_have_typed_hooks() {
    let hooked = KindsServer::with_context(Mirror(WhoAmI)).with_hooks(());
    let server = hooked.intercept(Auth("ada"));
    assert_eq!(ask(server, Kind::Unary).await.replies, ["ada"]);
}
