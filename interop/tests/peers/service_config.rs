//! Their clients take the service config that is written of our proto: they retry, and have its timeouts. Our server keeps
//! the deadlines that they send.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use rust_svc::testing::TestServer;
use rust_svc::{Interceptor, Server, Start};
use tonic::Status;
use user_service::Users;
use user_service::proto::user::v1::user_service_methods::GET_USER;
use user_service::proto::user::v1::user_service_server::UserServiceServer;

use crate::peer::Language;
use crate::their_clients::{SECRET, expected};

/// The timeout that clients set themselves, or none. The one of the proto counts where it is less.
const OWN_TIMEOUT: Duration = Duration::from_secs(30);

/// Refuses the first attempt of each call of `GetUser`, and any call with a timeout that the proto does not have.
#[derive(Clone)]
struct Flaky {
    language: Language,
    refused: Arc<AtomicUsize>,
    /// Calls that sleep until their deadline.
    slept: Arc<AtomicUsize>,
}

impl Interceptor<Server> for Flaky {
    type State = ();

    async fn start(&self, call: &mut Start<'_, Server>) -> Result<(), Status> {
        let method = call.method();
        if call.metadata().contains_key("x-sleep") {
            self.slept.fetch_add(1, Ordering::Relaxed);
            std::future::pending::<()>().await;
        }
        let declared = method.policy().timeout().expect("all rpcs have one");
        let timeout = call.timeout();
        let is_right = timeout.is_some_and(|timeout| timeout <= declared);
        // Whatever the client sends, the deadline is at most that of the proto.
        let left = call.deadline().expect("each call has one") - Instant::now();
        assert!(left <= declared, "{method} has {left:?}");
        // grpcio keeps to the timeout of a service config, and sends the one of the call.
        let is_sent = !matches!(self.language, Language::Python);
        if is_sent && declared < OWN_TIMEOUT && !is_right {
            return Err(Status::internal(format!("{method} has {timeout:?}")));
        }
        let is_first = !call.metadata().contains_key("grpc-previous-rpc-attempts");
        if *method == GET_USER && is_first {
            self.refused.fetch_add(1, Ordering::Relaxed);
            return Err(Status::unavailable("the first attempt"));
        }
        Ok(())
    }
}

async fn retries(language: Language) {
    if !language.is_there() {
        return;
    }
    let flaky = Flaky {
        language,
        refused: Arc::default(),
        slept: Arc::default(),
    };
    let authentication = user_service::authentication(SECRET).unwrap();
    let users = UserServiceServer::with_context(Users::default());
    let users = users.intercept((flaky.clone(), authentication));
    let server = TestServer::start(users).await.unwrap();
    let token = user_service::token(SECRET, "interop").unwrap();
    let seen = language.client(&server.address().to_string(), &token).await;
    for (call, expected) in expected().as_object().unwrap() {
        assert_eq!(seen[call], *expected, "{language:?}, {call}");
    }
    let refused = flaky.refused.load(Ordering::Relaxed);
    assert_eq!(refused, 4, "{language:?}: each call of GetUser once");
    assert_eq!(seen["sleeping"], "DEADLINE_EXCEEDED", "{language:?}");
    assert_eq!(flaky.slept.load(Ordering::Relaxed), 1, "{language:?}");
}

#[tokio::test]
async fn python_retries_by_our_service_config() {
    retries(Language::Python).await;
}

#[tokio::test]
async fn node_retries_by_our_service_config() {
    retries(Language::Node).await;
}

#[tokio::test]
async fn go_retries_by_our_service_config() {
    retries(Language::Go).await;
}
