//! Interceptors that do not come to an end: hooks that block, a `start` that waits for ever, and calls that wait for each
//! other.

use std::sync::Arc;
use std::time::Duration;

use rust_svc::testing::{InterceptorSuite, Rule};
use rust_svc::{Call, Interceptor, Side, Start};
use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard};
use tonic::Status;

/// A report names this rule, which is that of a check without an end. On a slow machine other checks may
/// not end in that time either, so a report may name more.
fn hangs(suite: InterceptorSuite, rule: Rule) {
    let suite = suite.patience(Duration::from_millis(300));
    let rules = suite.run().unwrap_err().rules();
    assert!(rules.contains(&rule), "{rules:?}");
}

/// Holds a lock from the start of a call to its end.
#[test]
fn lets_calls_wait_for_each_other() {
    #[derive(Default)]
    struct Waits(Arc<AsyncMutex<()>>);

    impl<S: Side> Interceptor<S> for Waits {
        type State = OwnedMutexGuard<()>;

        async fn start(&self, _: &mut Start<'_, S>) -> Result<Self::State, Status> {
            Ok(Arc::clone(&self.0).lock_owned().await)
        }
    }
    hangs(
        InterceptorSuite::on_server(Waits::default),
        Rule::Concurrency,
    );
    hangs(
        InterceptorSuite::on_client(Waits::default),
        Rule::Concurrency,
    );
}

/// A hook that waits for something, and with it everybody on its thread.
#[test]
fn blocks() {
    struct Blocks;

    impl<S: Side> Interceptor<S> for Blocks {
        type State = ();

        async fn start(&self, _: &mut Start<'_, S>) -> Result<(), Status> {
            Ok(())
        }

        fn half_close(&self, _: &mut Call<'_, ()>) {
            std::thread::sleep(Duration::from_secs(3600));
        }
    }
    hangs(InterceptorSuite::on_server(|| Blocks), Rule::NoBlocking);
}

/// A `start` that waits for what does not come.
#[test]
fn never_starts() {
    struct Waits;

    impl<S: Side> Interceptor<S> for Waits {
        type State = ();

        async fn start(&self, _: &mut Start<'_, S>) -> Result<(), Status> {
            std::future::pending().await
        }
    }
    hangs(InterceptorSuite::on_server(|| Waits), Rule::NoBlocking);
}
