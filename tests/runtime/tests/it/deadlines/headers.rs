//! `grpc-timeout`: what clients send, and what servers make of what they get.

use std::time::Duration;

use runtime_tests::svc::kinds_api::KindsApi as _;
use runtime_tests::svc::kinds_client::KindsClient;
use runtime_tests::svc::kinds_server::{Kinds, KindsServer};
use runtime_tests::svc::{Request as Message, Response as Reply};
use rust_svc::{Client, Interceptor, RequestExt as _, Start};
use tokio::time::sleep;
use tonic::metadata::{Ascii, MetadataValue};
use tonic::{Code, Request, Response, Status, Streaming};

use super::{TIMEOUT, reply, timeout_of_200ms};
use crate::echo::{Replies, message};

/// Says what it got: the header, and the time that is left.
#[derive(Clone, Debug)]
struct Mirror;

#[tonic::async_trait]
impl Kinds for Mirror {
    async fn unary(&self, request: Request<Message>) -> Result<Response<Reply>, Status> {
        let headers = request.metadata().get_all("grpc-timeout");
        let headers: Vec<_> = headers.iter().collect();
        let text = format!("{headers:?} {:?}", request.remaining());
        Ok(Response::new(reply(&text)))
    }

    async fn client_streaming(
        &self,
        _: Request<Streaming<Message>>,
    ) -> Result<Response<Reply>, Status> {
        Err(Status::unimplemented(""))
    }

    type ServerStreamingStream = Replies;

    async fn server_streaming(&self, _: Request<Message>) -> Result<Response<Replies>, Status> {
        Err(Status::unimplemented(""))
    }

    type BidiStreamingStream = Replies;

    async fn bidi_streaming(
        &self,
        _: Request<Streaming<Message>>,
    ) -> Result<Response<Replies>, Status> {
        Err(Status::unimplemented(""))
    }
}

fn shown(response: Result<Response<Reply>, Status>) -> String {
    match response {
        Ok(response) => response.into_inner().text,
        Err(status) => format!("{:?}: {}", status.code(), status.message()),
    }
}

/// A server with a client that leaves the header as it is: tonic's own.
async fn received(values: &[&[u8]]) -> String {
    use runtime_tests::tonic_build::Request as Message;
    use runtime_tests::tonic_build::kinds_client::KindsClient;

    let mut request = Request::new(Message { text: "1".into() });
    for value in values {
        let value = MetadataValue::<Ascii>::try_from(*value).unwrap();
        request.metadata_mut().append("grpc-timeout", value);
    }
    let answer = KindsClient::new(KindsServer::new(Mirror))
        .unary(request)
        .await;
    match answer {
        Ok(response) => response.into_inner().text,
        Err(status) => format!("{:?}: {}", status.code(), status.message()),
    }
}

#[tokio::test(start_paused = true)]
async fn what_servers_make_of_it() {
    let exceeded = "DeadlineExceeded: /four_kinds.v1.Kinds/Unary was not over in 0ns";
    let cases: [(&[&[u8]], &str); 14] = [
        (&[], "[] None"),
        (&[b"200m"], r#"["200m"] Some(200ms)"#),
        (&[b"1H"], r#"["1H"] Some(3600s)"#),
        (&[b"0m"], exceeded),
        (&[b"00000000n"], exceeded),
        (&[b"99999999H"], r#"["99999999H"] Some(359999996400s)"#),
        // Malformed: there is no deadline, as C-core and tonic have it.
        (&[b"-5S"], r#"["-5S"] None"#),
        (&[b"123456789m"], r#"["123456789m"] None"#),
        (&[b"5s"], r#"["5s"] None"#),
        (&[b"5X"], r#"["5X"] None"#),
        (&[b"1.5S"], r#"["1.5S"] None"#),
        (&[b""], r#"[""] None"#),
        // The first of two.
        (&[b"1S", b"2S"], r#"["1S", "2S"] Some(1s)"#),
        (&[b"x", b"2S"], r#"["x", "2S"] None"#),
    ];
    for (values, expected) in cases {
        assert_eq!(received(values).await, expected, "{values:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_clients_send() {
    let client = KindsClient::new(KindsServer::new(Mirror));
    for (timeout, expected) in [
        (TIMEOUT, r#"["200000u"] Some(200ms)"#),
        (Duration::MAX, r#"["99999999H"] Some(359999996400s)"#),
        (
            Duration::ZERO,
            "DeadlineExceeded: /four_kinds.v1.Kinds/Unary was not over in 0ns",
        ),
    ] {
        let answer = client.call_unary(message("1")).timeout(timeout).await;
        assert_eq!(shown(answer), expected);
        let deadlines = rust_svc::Deadlines::new().default_timeout(timeout);
        let mut limited = client.clone().deadlines(deadlines);
        assert_eq!(shown(limited.unary(message("1")).await), expected);
    }
    let mut request = Request::new(message("1"));
    request.set_timeout(TIMEOUT);
    let answer = client.clone().unary(request).await;
    assert_eq!(shown(answer), r#"["200000u"] Some(200ms)"#);
}

/// Takes its time, and may change the header.
struct Slow(Option<&'static str>);

impl Interceptor<Client> for Slow {
    type State = ();

    async fn start(&self, call: &mut Start<'_, Client>) -> Result<(), Status> {
        assert_eq!(call.timeout(), Some(TIMEOUT));
        sleep(Duration::from_millis(50)).await;
        if let Some(value) = self.0 {
            let value = MetadataValue::from_static(value);
            call.metadata_mut().insert("grpc-timeout", value);
        }
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn time_that_passed_before_the_request_is_taken_off() {
    for (value, expected) in [
        (None, r#"["150000u"] Some(150ms)"#),
        (Some("100m"), r#"["50000000n"] Some(50ms)"#),
        (Some("1S"), r#"["950000u"] Some(950ms)"#),
    ] {
        let client = KindsClient::new(KindsServer::new(Mirror)).deadlines(timeout_of_200ms());
        let mut client = client.intercept(Slow(value));
        assert_eq!(shown(client.unary(message("1")).await), expected);
    }
}

/// A request whose time is over is not sent.
#[tokio::test(start_paused = true)]
async fn nothing_is_sent_without_time() {
    let transport = tower::service_fn(|_: http::Request<tonic::body::Body>| async {
        if true {
            panic!("was sent");
        }
        Ok::<_, std::convert::Infallible>(http::Response::new(tonic::body::Body::default()))
    });
    let call = KindsClient::new(transport)
        .unary({
            let mut request = Request::new(message("1"));
            request.set_timeout(Duration::ZERO);
            request
        })
        .await;
    assert_eq!(call.unwrap_err().code(), Code::DeadlineExceeded);
}
