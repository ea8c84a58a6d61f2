//! Parts of a status and of a credential that are easily lost: a difference in details alone, the reason of a refused
//! OK, and that a credential is a secret.

use rust_svc::auth::{ApiKey, Bearer};
use rust_svc::{Client, End, Interceptor, Start};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tonic::{Code, Status};

use crate::echo::Kind;
use crate::interceptors::{call_client, call_on, changing, everywhere};

/// Changes nothing but the details.
fn add_details(end: &mut End<'_>) {
    let before = end.status();
    let details = b"details"[..].into();
    let metadata = before.metadata().clone();
    let status =
        Status::with_details_and_metadata(before.code(), before.message(), details, metadata);
    end.set_status(status);
}

#[tokio::test]
async fn details_alone_arrive() {
    for (on, kind) in everywhere() {
        let (witness, _ends) = changing(add_details);
        let got = call_on(on, witness, kind, &["fail"]).await;
        let status = got.end.expect_err("a failure");
        assert_eq!(status.code(), Code::NotFound, "{on:?} {kind:?}");
        assert_eq!(status.message(), "told to fail", "{on:?} {kind:?}");
        assert_eq!(status.details(), b"details", "{on:?} {kind:?}");
    }
}

/// tonic answers INTERNAL as well, but its message does not name the cause.
#[tokio::test]
async fn a_refused_ok_names_the_interceptor() {
    for (on, kind) in everywhere() {
        if matches!(kind, Kind::ServerStreaming | Kind::BidiStreaming) {
            continue;
        }
        let (witness, _ends) = changing(|end| end.set_status(Status::ok("")));
        let got = call_on(on, witness, kind, &["fail"]).await;
        let status = got.end.expect_err("no message");
        assert_eq!(status.code(), Code::Internal, "{on:?} {kind:?}");
        assert!(
            status.message().contains("interceptor"),
            "{on:?} {kind:?}: {status}"
        );
    }
}

/// Tells whether a header is a secret: one that is not printed, and that HTTP/2 does not keep in a table.
struct Sensitive {
    header: &'static str,
    seen: UnboundedSender<bool>,
}

impl Interceptor<Client> for Sensitive {
    type State = ();

    async fn start(&self, call: &mut Start<'_, Client>) -> Result<(), Status> {
        let value = call.metadata().get(self.header).expect("the credential");
        let _ = self.seen.send(value.is_sensitive());
        Ok(())
    }
}

#[tokio::test]
async fn credentials_are_sensitive() {
    let (seen, mut received) = unbounded_channel();
    let look = |header| Sensitive {
        header,
        seen: seen.clone(),
    };
    let bearer = Bearer::new("token").unwrap();
    call_client((bearer, look("authorization")), Kind::Unary, &["1"]).await;
    let key = ApiKey::new("key").unwrap();
    call_client((key, look("x-api-key")), Kind::Unary, &["1"]).await;
    assert_eq!(
        [received.recv().await, received.recv().await],
        [Some(true); 2]
    );
}
