//! Handlers that panic, behind `PanicRecovery`.

use std::any::Any;

use runtime_tests::svc::kinds_client::KindsClient;
use runtime_tests::svc::kinds_server::{KindsServer, KindsServerHooks};
use runtime_tests::svc::{Request as Message, Response as Reply};
use rust_svc::{
    Call, Interceptor, InterceptorList, MethodKind, Next, PanicRecovery, Server, Start, selector,
};
use tonic::{Code, Request, Response, Status};

use crate::echo::{Echo, Got, KINDS, Kind, call, call_api, connect};
use crate::recorder::{Act, Log, Recorder};

fn recorder(name: char, log: &Log) -> Recorder {
    Recorder {
        name,
        act: Act::Nothing,
        log: log.clone(),
    }
}

/// Over HTTP/2 and in process.
async fn both<I: Interceptor<Server> + 'static>(
    kind: Kind,
    texts: &[&str],
    interceptors: impl Fn() -> I,
) -> [Got; 2] {
    let server = || KindsServer::new(Echo::default()).intercept(interceptors());
    let router = tonic::transport::Server::builder().add_service(server());
    let mut client = KindsClient::new(connect(router).await);
    [
        call(&mut client, kind, texts).await,
        call_api(&server(), kind, texts).await,
    ]
}

fn assert_internal(got: Got) {
    let status = got.end.unwrap_err();
    assert_eq!(status.code(), Code::Internal, "{status:?}");
    assert_eq!(status.message(), "internal error");
    assert!(status.details().is_empty());
}

#[tokio::test]
async fn a_panic_is_an_internal_error_and_says_nothing() {
    for kind in KINDS {
        for got in both(kind, &["panic"], || PanicRecovery).await {
            assert_internal(got);
        }
    }
}

#[tokio::test]
async fn a_stream_that_panics_midway_ends_there() {
    for kind in [Kind::ServerStreaming, Kind::BidiStreaming] {
        for got in both(kind, &["1", "panic", "2"], || PanicRecovery).await {
            assert_eq!(got.replies, ["1"]);
            assert_internal(got);
        }
    }
}

#[tokio::test]
async fn what_is_further_out_sees_the_status() {
    let log = Log::default();
    let interceptors = || (recorder('a', &log), PanicRecovery, recorder('b', &log));
    for (kind, events) in [
        (Kind::Unary, "aS bS aQ bQ aH bH bE=Internal aE=Internal"),
        (Kind::ClientStreaming, "aS bS aQ bQ bE=Internal aE=Internal"),
        (
            Kind::ServerStreaming,
            "aS bS aQ bQ aH bH bD aD bE=Internal aE=Internal",
        ),
        (
            Kind::BidiStreaming,
            "aS bS bD aD aQ bQ bE=Internal aE=Internal",
        ),
    ] {
        both(kind, &["panic"], interceptors).await;
        let events: Vec<_> = events.split(' ').collect();
        let log = log.take();
        assert_eq!(log, [&events[..], &events[..]].concat(), "{kind:?}");
    }
}

/// What calls do otherwise is what they do without.
#[tokio::test]
async fn what_does_not_panic_passes() {
    for kind in KINDS {
        for got in both(kind, &["1"], || PanicRecovery).await {
            assert_eq!(got.replies, ["1"]);
            assert!(got.end.is_ok());
        }
        for got in both(kind, &["fail"], || PanicRecovery).await {
            assert_eq!(got.end.unwrap_err().code(), Code::NotFound);
        }
    }
}

#[tokio::test]
async fn wherever_interceptors_are() {
    let selected = |kind| move || selector(kind, PanicRecovery);
    for got in both(Kind::Unary, &["panic"], selected(MethodKind::Unary)).await {
        assert_internal(got);
    }
    for got in both(Kind::Unary, &["panic"], || Some(PanicRecovery)).await {
        assert_internal(got);
    }
    let list = || {
        let mut list = InterceptorList::new();
        list.push(recorder('a', &Log::default()));
        list.push(PanicRecovery);
        list
    };
    for kind in KINDS {
        for got in both(kind, &["panic"], list).await {
            assert_internal(got);
        }
    }
    // Not one of the methods that it is for: the panic is the caller's, in process.
    let server = KindsServer::new(Echo::default());
    let server = server.intercept(selector(MethodKind::Unary, PanicRecovery));
    let calling =
        tokio::spawn(async move { call_api(&server, Kind::ClientStreaming, &["panic"]).await });
    assert!(calling.await.unwrap_err().is_panic());
}

/// Says what it is told, unless it has nothing to say.
struct Says(Option<&'static str>);

impl Interceptor<Server> for Says {
    type State = ();

    async fn start(&self, _: &mut Start<'_, Server>) -> Result<(), Status> {
        Ok(())
    }

    fn recovers(&self) -> bool {
        true
    }

    fn recover(&self, _: &mut Call<'_, ()>, panic: &(dyn Any + Send)) -> Option<Status> {
        assert_eq!(panic.downcast_ref::<&str>(), Some(&"told to panic"));
        self.0.map(Status::data_loss)
    }
}

#[tokio::test]
async fn the_innermost_that_has_something_to_say_says_it() {
    let interceptors = || (Says(Some("out")), Says(Some("in")), Says(None));
    for got in both(Kind::Unary, &["panic"], interceptors).await {
        assert_eq!(got.end.unwrap_err().message(), "in");
    }
    let list = || vec![Says(Some("out")), Says(Some("in")), Says(None)];
    for got in both(Kind::Unary, &["panic"], list).await {
        assert_eq!(got.end.unwrap_err().message(), "in");
    }
    let server = KindsServer::new(Echo::default()).intercept((Says(None), Says(None)));
    let calling = tokio::spawn(async move { call_api(&server, Kind::Unary, &["panic"]).await });
    assert!(calling.await.unwrap_err().is_panic());
}

#[tokio::test]
async fn typed_hooks_may_panic_as_well() {
    struct Panics;
    impl KindsServerHooks for Panics {
        async fn unary(
            &self,
            _: Request<Message>,
            _: Next<Message, Reply>,
        ) -> Result<Response<Reply>, Status> {
            panic!("of the hook")
        }
    }
    let server = KindsServer::new(Echo::default())
        .intercept(PanicRecovery)
        .with_hooks(Panics);
    assert_internal(call_api(&server, Kind::Unary, &["1"]).await);
}
