//! Their servers see what is left of the deadlines of our calls. A call of a server that sleeps ends at its deadline:
//! `timeout_on_sleeping_server` of gRPC's interop tests.

use std::time::Duration;

use rust_svc::Deadlines;
use tokio_stream::{StreamExt as _, iter};
use tonic::Code;
use user_service::proto::user::v1::UserEventRequest;
use user_service::proto::user::v1::user_service_client::UserServiceClient;

use crate::peer::Language;

async fn keeps_deadlines(language: Language) {
    if !language.is_there() {
        return;
    }
    let (_server, address) = language.server().await;
    let client = UserServiceClient::connect(format!("http://{address}"));
    let client = client.await.unwrap();
    let event = |event_type: &str| UserEventRequest {
        event_type: event_type.to_owned(),
        payload: Vec::new(),
    };

    let limit = Duration::from_secs(20);
    let mut patient = client
        .clone()
        .deadlines(Deadlines::new().default_timeout(limit));
    let answers = patient.user_events(iter([event("deadline")])).await;
    let mut answers = answers.unwrap().into_inner();
    let left = answers.message().await.unwrap().unwrap().message;
    let left: u64 = left.parse().unwrap_or_else(|_| panic!("{left}"));
    assert!((1..=20_000).contains(&left), "{language:?}: {left} ms");
    assert!(answers.message().await.unwrap().is_none());

    let limit = Duration::from_millis(100);
    let mut hasty = client.deadlines(Deadlines::new().default_timeout(limit));
    // The request stays open, so that only the deadline can end the call.
    let events = iter([event("sleep")]).chain(tokio_stream::pending());
    let status = match hasty.user_events(events).await {
        Ok(answers) => answers.into_inner().message().await.unwrap_err(),
        Err(status) => status,
    };
    assert_eq!(
        status.code(),
        Code::DeadlineExceeded,
        "{language:?}: {status}"
    );
}

#[tokio::test]
async fn python_sees_our_deadlines() {
    keeps_deadlines(Language::Python).await;
}

#[tokio::test]
async fn node_sees_our_deadlines() {
    keeps_deadlines(Language::Node).await;
}

#[tokio::test]
async fn go_sees_our_deadlines() {
    keeps_deadlines(Language::Go).await;
}
