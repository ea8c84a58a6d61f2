//! Many calls at once, many of them dropped: each that starts ends, once.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use runtime_tests::svc::kinds_client::KindsClient;
use runtime_tests::svc::kinds_server::KindsServer;
use rust_svc::{Call, End, Interceptor, Side, Start};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tonic::Status;
use tonic::transport::{Channel, Server};

use crate::echo::{Echo, KINDS, Kind, call, connect};
use crate::recorder::PATIENCE;

/// How often each call ended.
#[derive(Clone)]
struct Tally(Arc<watch::Sender<Vec<u32>>>);

impl Default for Tally {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(Vec::new())))
    }
}

impl<S: Side> Interceptor<S> for Tally {
    type State = usize;

    async fn start(&self, _: &mut Start<'_, S>) -> Result<usize, Status> {
        let mut number = 0;
        self.0.send_modify(|ends| {
            number = ends.len();
            ends.push(0);
        });
        Ok(number)
    }

    fn end(&self, call: &mut Call<'_, usize>, _: &mut End<'_>) {
        let number = *call.state;
        self.0.send_modify(|ends| ends[number] += 1);
    }
}

impl Tally {
    /// Waits until all calls that started have ended, and counts them.
    async fn calls(&self) -> usize {
        let mut ends = self.0.subscribe();
        let all = ends.wait_for(|ends| ends.iter().all(|&ends| ends > 0));
        let all = tokio::time::timeout(PATIENCE, all).await;
        let counts = self.0.borrow().clone();
        assert!(all.is_ok(), "some did not end: {counts:?}");
        assert!(counts.iter().all(|&ends| ends == 1), "{counts:?}");
        counts.len()
    }
}

/// Numbers that are the same in each run: xorshift, by Marsaglia.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }

    fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[usize::try_from(self.below(all.len() as u64)).unwrap()]
    }
}

/// Runs a future for as many turns, then drops it.
struct Turns<F> {
    future: Option<Pin<Box<F>>>,
    left: u64,
}

impl<F: Future> Future for Turns<F> {
    type Output = Option<F::Output>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if self.left == 0 {
            self.future = None;
            return Poll::Ready(None);
        }
        self.left -= 1;
        let future = self.future.as_mut().expect("not polled after its end");
        if let Poll::Ready(output) = future.as_mut().poll(context) {
            return Poll::Ready(Some(output));
        }
        context.waker().wake_by_ref();
        Poll::Pending
    }
}

/// One call of the storm: what it asks for, and how many turns it has.
fn plan(random: &mut Random) -> (Kind, Vec<&'static str>, u64) {
    let kind = random.one_of(&KINDS);
    let texts = (0..random.below(4))
        .map(|_| random.one_of(&["1", "22", "fail", "wait", "panic"]))
        .collect();
    // Few, many, or as many as it may take. What waits would never end by itself.
    let most = random.one_of(&[10, 200, 5_000]);
    (kind, texts, random.below(most))
}

async fn storm(mut client: KindsClient<Channel, Tally>, count: usize, seed: u64) -> [usize; 2] {
    let mut random = Random(seed);
    let mut calls = JoinSet::new();
    for _ in 0..count {
        let (kind, texts, left) = plan(&mut random);
        let mut client = client.clone();
        let future = Box::pin(async move { call(&mut client, kind, &texts).await });
        let future = Some(future);
        calls.spawn(Turns { future, left });
    }
    let ends = calls.join_all().await;
    // Whatever arrived at the server before this has started there.
    call(&mut client, Kind::Unary, &["1"]).await.end.unwrap();
    let completed = ends.iter().filter(|end| end.is_some()).count();
    [completed, ends.len() - completed]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_call_that_starts_ends_once() {
    let (near, far) = (Tally::default(), Tally::default());
    let server = KindsServer::new(Echo::default()).intercept(far.clone());
    // HTTP/2 takes a client for an attacker that drops many calls before they are accepted.
    let mut patient = Server::builder().http2_max_pending_accept_reset_streams(Some(10_000));
    let channel = connect(patient.add_service(server)).await;
    let client = KindsClient::new(channel).intercept(near.clone());
    let (mut completed, mut dropped) = (0, 0);
    for seed in [1, 0x5eed, 0xdead_beef] {
        let counts = storm(client.clone(), 300, seed).await;
        completed += counts[0];
        dropped += counts[1];
    }
    // Otherwise this shows nothing.
    assert!(completed > 100 && dropped > 100, "{completed} {dropped}");
    let called = near.calls().await;
    let served = far.calls().await;
    assert!(called >= completed + 3, "{called}");
    assert!((completed..=called).contains(&served), "{served} {called}");
}
