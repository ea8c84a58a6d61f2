//! Calls that end while interceptors still start: those that did get their `end`, others nothing.

use std::sync::Arc;

use runtime_tests::svc::kinds_client::KindsClient;
use runtime_tests::svc::kinds_server::KindsServer;
use rust_svc::{DynInterceptor, Interceptor, MethodKind, Server, Side, Start};
use tonic::Status;

use super::{EitherSide, call_on, everywhere, recorder};
use crate::echo::{Echo, KINDS, Kind, call};
use crate::recorder::{Act, Log, Recorder};

/// Never lets a call start.
#[derive(Clone)]
struct Stuck {
    log: Log,
    panics: bool,
}

impl<S: Side> Interceptor<S> for Stuck {
    type State = ();

    async fn start(&self, _: &mut Start<'_, S>) -> Result<(), Status> {
        tokio::task::yield_now().await;
        assert!(!self.panics, "told to panic");
        self.log.push("stuck");
        std::future::pending().await
    }
}

/// Three interceptors, the second and the fourth of which are in the way of the call.
struct Row {
    log: Log,
    outer: Recorder,
    stuck: Stuck,
    inner: Recorder,
}

fn row(panics: bool) -> Row {
    let log = Log::default();
    Row {
        outer: recorder('a', Act::Nothing, &log),
        stuck: Stuck {
            log: log.clone(),
            panics,
        },
        inner: recorder('b', Act::Nothing, &log),
        log,
    }
}

/// The interceptors that started end, from the inside out, and no other.
const DROPPED: [&str; 5] = ["aS", "bS", "stuck", "bE=Dropped", "aE=Dropped"];
const PANICKED: [&str; 4] = ["aS", "bS", "bE=Panicked", "aE=Panicked"];

/// Drops a call when it is stuck.
async fn drop_stuck(log: &Log, call: impl Future) {
    tokio::select! {
        biased;
        _ = call => panic!("the call went through"),
        () = log.wait_for("stuck") => {}
    }
}

async fn dropped_everywhere<I: EitherSide>(arrange: fn(Row) -> I) {
    for (on, kind) in everywhere() {
        let row = row(false);
        let log = row.log.clone();
        drop_stuck(&log, call_on(on, arrange(row), kind, &["1"])).await;
        assert_eq!(log.events(), DROPPED, "{on:?} {kind:?}");
    }
}

#[tokio::test]
async fn dropped_in_a_tuple() {
    dropped_everywhere(|row| (row.outer, row.inner, row.stuck)).await;
}

#[tokio::test]
async fn dropped_in_a_tuple_of_tuples() {
    dropped_everywhere(|row| ((row.outer, row.inner), (row.stuck, ()))).await;
    dropped_everywhere(|row| (row.outer, (row.inner, (row.stuck,)))).await;
}

#[tokio::test]
async fn dropped_before_those_further_in_start() {
    dropped_everywhere(|row| {
        let never = recorder('c', Act::Nothing, &row.log);
        (row.outer, row.inner, row.stuck, never)
    })
    .await;
}

type List = Vec<Arc<dyn DynInterceptor<Server>>>;

fn list(row: Row) -> List {
    let never = recorder('c', Act::Nothing, &row.log);
    vec![
        Arc::new(row.outer),
        Arc::new(row.inner),
        Arc::new(row.stuck),
        Arc::new(never),
    ]
}

#[tokio::test]
async fn dropped_in_a_list() {
    for kind in KINDS {
        let row = row(false);
        let log = row.log.clone();
        drop_stuck(&log, super::call_server(list(row), kind, &["1"])).await;
        assert_eq!(log.events(), DROPPED, "{kind:?}");
    }
}

/// A panic is that of the caller, where there is no task or connection between.
async fn panicked(log: &Log, call: impl Future<Output: Send> + Send + 'static) {
    let panicked = tokio::spawn(async { drop(call.await) }).await;
    assert!(panicked.unwrap_err().is_panic());
    assert_eq!(log.events(), PANICKED);
}

#[tokio::test]
async fn panicked_in_a_tuple() {
    for (on, kind) in everywhere() {
        let row = row(true);
        let log = row.log.clone();
        let interceptors = (row.outer, row.inner, row.stuck);
        panicked(&log, call_on(on, interceptors, kind, &["1"])).await;
    }
}

#[tokio::test]
async fn panicked_in_a_list() {
    for kind in KINDS {
        let row = row(true);
        let log = row.log.clone();
        panicked(&log, super::call_server(list(row), kind, &["1"])).await;
    }
}

/// The next call is one as any other.
#[tokio::test]
async fn a_server_outlives_a_start_that_panics() {
    let row = row(true);
    let once = rust_svc::selector(MethodKind::Unary, row.stuck);
    let server = KindsServer::new(Echo::default()).intercept((row.outer, once));
    let mut client = KindsClient::new(server.clone());
    let calling = async move { call(&mut client, Kind::Unary, &["1"]).await };
    let calling = tokio::spawn(calling);
    assert!(calling.await.unwrap_err().is_panic());
    let got = call(&mut KindsClient::new(server), Kind::BidiStreaming, &["1"]).await;
    assert_eq!(got.replies, ["1"]);
}
