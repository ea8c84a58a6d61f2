//! Hooks that panic: that call is lost, and nothing else.

use std::sync::Arc;

use runtime_tests::svc::kinds_client::KindsClient;
use runtime_tests::svc::kinds_server::KindsServer;
use rust_svc::{Call, Client, DynInterceptor, End, Interceptor, Message, Outcome, Side, Start};
use tokio::time::timeout;
use tonic::metadata::MetadataMap;
use tonic::transport::{Channel, Server};
use tonic::{Code, Status};

use super::{Ends, On, Witness, call_on, call_server, everywhere, witness};
use crate::echo::{Echo, Got, KINDS, Kind, call, connect};
use crate::recorder::PATIENCE;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hook {
    RequestMessage,
    HalfClose,
    ResponseHeaders,
    ResponseMessage,
    End,
}

const HOOKS: [Hook; 4] = [
    Hook::RequestMessage,
    Hook::HalfClose,
    Hook::ResponseHeaders,
    Hook::ResponseMessage,
];

/// Panics in one hook of calls that ask for it.
#[derive(Clone)]
struct Panics(Hook);

impl Panics {
    fn at(&self, call: &Call<'_, bool>, hook: Hook) {
        assert!(self.0 != hook || !*call.state, "told to panic at {hook:?}");
    }
}

impl<S: Side> Interceptor<S> for Panics {
    type State = bool;

    async fn start(&self, call: &mut Start<'_, S>) -> Result<bool, Status> {
        Ok(call.metadata().get("x-calm").is_none())
    }

    fn request_message<M: Message + ?Sized>(
        &self,
        call: &mut Call<'_, bool>,
        _: &mut M,
    ) -> Result<(), Status> {
        self.at(call, Hook::RequestMessage);
        Ok(())
    }

    fn half_close(&self, call: &mut Call<'_, bool>) {
        self.at(call, Hook::HalfClose);
    }

    fn response_headers(
        &self,
        call: &mut Call<'_, bool>,
        _: &mut MetadataMap,
    ) -> Result<(), Status> {
        self.at(call, Hook::ResponseHeaders);
        Ok(())
    }

    fn response_message<M: Message + ?Sized>(
        &self,
        call: &mut Call<'_, bool>,
        _: &mut M,
    ) -> Result<(), Status> {
        self.at(call, Hook::ResponseMessage);
        Ok(())
    }

    fn end(&self, call: &mut Call<'_, bool>, _: &mut End<'_>) {
        self.at(call, Hook::End);
    }
}

/// One that panics, between two that see the end.
fn row(hook: Hook) -> ((Witness, Panics, Witness), [Ends; 2]) {
    let (outer, outer_ends) = witness();
    let (inner, inner_ends) = witness();
    ((outer, Panics(hook), inner), [outer_ends, inner_ends])
}

/// What a caller in the same process has of a call in which something panics: the panic. But where its
/// own request streams, that is read by whoever sends it, so that it is told by an error.
async fn panics_in_process(hook: Hook, on: On, kind: Kind) {
    let (row, ends) = row(hook);
    let calling = tokio::spawn(async move { call_on(on, row, kind, &["1"]).await });
    let streams = matches!(kind, Kind::ClientStreaming | Kind::BidiStreaming);
    let of_request = matches!(hook, Hook::RequestMessage | Hook::HalfClose);
    if on == On::Client && streams && of_request {
        let status = calling.await.unwrap().end.unwrap_err();
        assert_eq!(status.code(), Code::Internal, "{hook:?} {kind:?}");
        assert_eq!(status.message(), "an interceptor panicked");
    } else {
        let panicked = calling.await.expect_err("a panic");
        assert!(panicked.is_panic(), "{hook:?} {on:?} {kind:?}");
    }
    for ends in ends {
        ends.only().await;
    }
}

#[tokio::test]
async fn others_see_the_end_of_a_call_whose_hook_panics() {
    for hook in HOOKS {
        for (on, kind) in everywhere() {
            panics_in_process(hook, on, kind).await;
        }
    }
}

#[tokio::test]
async fn others_see_an_end_that_panics() {
    for (on, kind) in everywhere() {
        panics_in_process(Hook::End, on, kind).await;
    }
}

/// In a list, too, the others see an `end` that panics.
#[tokio::test]
async fn others_of_a_list_see_an_end_that_panics() {
    for kind in KINDS {
        let ((outer, panics, inner), ends) = row(Hook::End);
        let list: Vec<Arc<dyn DynInterceptor<rust_svc::Server>>> =
            vec![Arc::new(outer), Arc::new(panics), Arc::new(inner)];
        let calling = tokio::spawn(call_server(list, kind, &["1"]));
        assert!(calling.await.expect_err("a panic").is_panic());
        for ends in ends {
            ends.only().await;
        }
    }
}

async fn call_in_time<I>(client: &mut KindsClient<Channel, I>, kind: Kind) -> Got
where
    I: Interceptor<Client> + 'static,
{
    let got = timeout(PATIENCE, call(client, kind, &["1"])).await;
    got.expect("a call that ends")
}

/// Asks others not to panic.
struct Calm;

impl Interceptor<Client> for Calm {
    type State = ();

    async fn start(&self, call: &mut Start<'_, Client>) -> Result<(), Status> {
        let value = "yes".parse().unwrap();
        call.metadata_mut().insert("x-calm", value);
        Ok(())
    }
}

/// A client far away gets an error, and its connection goes on.
async fn panics_in_a_server(hook: Hook, kind: Kind) {
    let (row, ends) = row(hook);
    let server = KindsServer::new(Echo::default()).intercept(row);
    let channel = connect(Server::builder().add_service(server)).await;
    let mut client = KindsClient::new(channel.clone());
    let got = call_in_time(&mut client, kind).await;
    assert!(got.end.is_err(), "{hook:?} {kind:?}: {got:?}");
    let mut calm = client.intercept(Calm);
    let got = call_in_time(&mut calm, kind).await;
    assert_eq!(got.replies, ["1"], "{hook:?} {kind:?}: {got:?}");
    // Each call has one end, and none comes before the second call is over.
    for mut ends in ends {
        let first = ends.next().await.unwrap();
        let second = ends.next().await.unwrap();
        assert_eq!(second.outcome, Outcome::Completed, "{first:?} {second:?}");
        assert_eq!(second.status.code(), Code::Ok, "{first:?} {second:?}");
    }
}

#[tokio::test]
async fn a_hook_of_a_server_panics_and_its_connection_goes_on() {
    for hook in HOOKS {
        for kind in KINDS {
            panics_in_a_server(hook, kind).await;
        }
    }
}

#[tokio::test]
async fn an_end_of_a_server_panics_and_its_connection_goes_on() {
    for kind in KINDS {
        panics_in_a_server(Hook::End, kind).await;
    }
}

/// A hook of a client panics where it runs: in the task of the caller, or in that of the connection.
/// Whichever it is, the caller does not wait for ever.
async fn panics_in_a_client(hook: Hook, kind: Kind) {
    let (row, ends) = row(hook);
    let router = Server::builder().add_service(KindsServer::new(Echo::default()));
    let mut client = KindsClient::new(connect(router).await).intercept(row);
    let calling = tokio::spawn(async move { call_in_time(&mut client, kind).await });
    match calling.await {
        Ok(got) => assert!(got.end.is_err(), "{hook:?} {kind:?}: {got:?}"),
        Err(error) => {
            let panic = error.into_panic();
            let text = panic.downcast_ref::<String>().unwrap();
            assert!(text.contains("told to panic"), "{hook:?} {kind:?}: {text}");
        }
    }
    for ends in ends {
        ends.only().await;
    }
}

#[tokio::test]
async fn a_hook_of_a_client_panics_and_its_call_ends() {
    for kind in [Kind::Unary, Kind::ClientStreaming, Kind::ServerStreaming] {
        for hook in HOOKS {
            panics_in_a_client(hook, kind).await;
        }
    }
    panics_in_a_client(Hook::ResponseHeaders, Kind::BidiStreaming).await;
    panics_in_a_client(Hook::ResponseMessage, Kind::BidiStreaming).await;
}

/// A caller that waits for a response gets an error: its request broke off.
#[tokio::test]
async fn a_hook_of_a_request_panics_where_both_sides_stream() {
    panics_in_a_client(Hook::RequestMessage, Kind::BidiStreaming).await;
    panics_in_a_client(Hook::HalfClose, Kind::BidiStreaming).await;
}

#[tokio::test]
async fn an_end_of_a_client_panics_and_its_call_ends() {
    for kind in KINDS {
        panics_in_a_client(Hook::End, kind).await;
    }
}

/// A second panic while the first one still unwinds would end the process, and this test with it.
#[tokio::test]
async fn a_handler_and_an_end_panic() {
    for kind in KINDS {
        let (row, ends) = row(Hook::End);
        let calling = tokio::spawn(async move { call_server(row, kind, &["panic"]).await });
        assert!(calling.await.unwrap_err().is_panic());
        for ends in ends {
            assert_eq!(ends.only().await.outcome, Outcome::Panicked, "{kind:?}");
        }
    }
}
