//! Interceptors that keep state of calls outside of the calls: it leaks, or other calls see it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use rust_svc::testing::Rule;
use rust_svc::{Call, Interceptor, Message, Side, Start};
use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard};
use tonic::{Extensions, Status};

use super::breaks;

/// State of a call in a map of all calls, from which nobody takes it when a call is dropped.
#[test]
fn keeps_calls() {
    #[derive(Default)]
    struct Keeps(Mutex<Vec<Extensions>>);

    impl<S: Side> Interceptor<S> for Keeps {
        type State = ();

        async fn start(&self, call: &mut Start<'_, S>) -> Result<(), Status> {
            self.0.lock().unwrap().push(call.extensions().clone());
            Ok(())
        }
    }
    breaks(Keeps::default, &[Rule::Release]);
}

/// Refuses a call while another one goes on.
#[test]
fn lets_one_call_pass_at_a_time() {
    #[derive(Default)]
    struct One(Arc<AsyncMutex<()>>);

    impl<S: Side> Interceptor<S> for One {
        type State = OwnedMutexGuard<()>;

        async fn start(&self, _: &mut Start<'_, S>) -> Result<Self::State, Status> {
            let lock = Arc::clone(&self.0).try_lock_owned();
            lock.map_err(|_| Status::resource_exhausted("one at a time"))
        }
    }
    breaks(One::default, &[Rule::Concurrency]);
}

/// What belongs to a call is in the interceptor, where the next call finds it.
#[test]
fn mixes_calls_up() {
    #[derive(Default)]
    struct Mixes(Mutex<HashMap<usize, String>>);

    impl<S: Side> Interceptor<S> for Mixes {
        type State = ();

        async fn start(&self, _: &mut Start<'_, S>) -> Result<(), Status> {
            Ok(())
        }

        fn request_message<M: Message + ?Sized>(
            &self,
            _: &mut Call<'_, ()>,
            message: &mut M,
        ) -> Result<(), Status> {
            let mut last = self.0.lock().unwrap();
            let text = message
                .downcast_ref::<String>()
                .cloned()
                .unwrap_or_default();
            last.insert(0, text);
            Ok(())
        }

        fn response_message<M: Message + ?Sized>(
            &self,
            _: &mut Call<'_, ()>,
            message: &mut M,
        ) -> Result<(), Status> {
            // The messages of many calls at once, which have one each.
            if let Some(text) = message.downcast_mut::<String>()
                && text.starts_with("call")
            {
                *text = self.0.lock().unwrap()[&0].clone();
            }
            Ok(())
        }
    }
    breaks(Mixes::default, &[Rule::Concurrency]);
}
