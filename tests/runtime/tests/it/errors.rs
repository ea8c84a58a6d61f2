//! What a status says beyond its code and its message.

use proptest::prelude::*;
use prost::Message as _;
use prost_types::Any;
use runtime_tests::svc::kinds_api::KindsApi;
use runtime_tests::svc::kinds_client::KindsClient;
use runtime_tests::svc::kinds_server::{Kinds, KindsServer};
use runtime_tests::svc::{Request as Message, Response as Reply};
use rust_svc::errors::{Detail, Failure, ResultExt as _, StatusExt as _, Violations, internal, pb};
use rust_svc::testing::TestServer;
use tokio_stream::StreamExt as _;
use tonic::metadata::MetadataValue;
use tonic::transport::Channel;
use tonic::{Code, Request, Response, Status, Streaming};

use crate::captured::Captured;
use crate::echo::{KINDS, Kind, Replies, call_api, message};

mod failure;
mod violations;

/// One of a type that nobody else knows.
#[derive(Clone, PartialEq, prost::Message)]
struct Own {
    #[prost(string, tag = "1")]
    text: String,
}

impl Detail for Own {
    const TYPE_NAME: &'static str = "tests.v1.Own";
}

fn own(text: &str) -> Own {
    Own {
        text: text.to_owned(),
    }
}

fn info(reason: &str) -> pb::ErrorInfo {
    pb::ErrorInfo {
        reason: reason.to_owned(),
        domain: "tests.example.com".to_owned(),
        metadata: [("user_id".to_owned(), "7".to_owned())].into(),
    }
}

/// A detail of a type that is not known here.
fn unknown() -> Any {
    Any {
        type_url: "example.com/from/elsewhere.v1.Unheard".to_owned(),
        value: vec![0xff, 0, 1],
    }
}

fn rich() -> Status {
    let mut status = Status::not_found("kein Benutzer: ä%")
        .with_detail(info("USER_NOT_FOUND"))
        .with_detail(own("mine"))
        .with_any_detail(unknown());
    status
        .metadata_mut()
        .insert("field", MetadataValue::from_static("id"));
    status
}

fn assert_rich(status: &Status) {
    assert_eq!(
        (status.code(), status.message()),
        (Code::NotFound, "kein Benutzer: ä%")
    );
    assert_eq!(
        status.detail::<pb::ErrorInfo>(),
        Some(info("USER_NOT_FOUND"))
    );
    assert_eq!(status.detail::<Own>(), Some(own("mine")));
    assert_eq!(status.detail::<pb::Help>(), None);
    assert_eq!(status.details_as_any()[2], unknown());
    assert_eq!(status.metadata().get("field").unwrap(), "id");
    // What is inside agrees with what is outside.
    let packed = pb::Status::decode(status.details()).unwrap();
    assert_eq!(
        (packed.code, packed.message.as_str()),
        (5, status.message())
    );
}

/// Fails as it is told: before it answers, or after one message.
pub(crate) struct Fails(pub(crate) fn() -> Status);

#[tonic::async_trait]
impl Kinds for Fails {
    async fn unary(&self, _: Request<Message>) -> Result<Response<Reply>, Status> {
        Err(self.0())
    }

    async fn client_streaming(
        &self,
        _: Request<Streaming<Message>>,
    ) -> Result<Response<Reply>, Status> {
        Err(self.0())
    }

    type ServerStreamingStream = Replies;

    async fn server_streaming(&self, _: Request<Message>) -> Result<Response<Replies>, Status> {
        let answers = [Ok(Reply::default()), Err(self.0())];
        Ok(Response::new(Box::pin(tokio_stream::iter(answers))))
    }

    type BidiStreamingStream = Replies;

    async fn bidi_streaming(
        &self,
        request: Request<Streaming<Message>>,
    ) -> Result<Response<Replies>, Status> {
        let error = self.0;
        let answers = request.into_inner().take(1).map(|_| Ok(Reply::default()));
        let answers = answers.chain(tokio_stream::once(()).map(move |()| Err(error())));
        Ok(Response::new(Box::pin(answers)))
    }
}

pub(crate) async fn over_a_socket(error: fn() -> Status) -> KindsClient<Channel> {
    let server = TestServer::start(KindsServer::new(Fails(error)))
        .await
        .unwrap();
    KindsClient::new(server.channel())
}

#[tokio::test]
async fn details_go_over_the_wire() {
    let client = over_a_socket(rich).await;
    let in_process = KindsServer::new(Fails(rich));
    for kind in KINDS {
        for api in [&client as &dyn KindsApi, &in_process] {
            let got = call_api(api, kind, &["1", "2"]).await;
            assert_rich(&got.end.unwrap_err());
            // Where responses stream, the error came in the middle of them.
            let is_stream = matches!(kind, Kind::ServerStreaming | Kind::BidiStreaming);
            assert_eq!(got.replies.len(), usize::from(is_stream));
        }
    }
}

#[test]
fn a_type_is_there_once() {
    let status = rich().with_detail(info("OTHER")).with_detail(own("yours"));
    assert_eq!(status.details_as_any().len(), 3);
    assert_eq!(status.detail::<pb::ErrorInfo>().unwrap().reason, "OTHER");
    assert_eq!(status.detail(), Some(own("yours")));
    // What is not known stays where it was, and metadata stay.
    assert_eq!(status.details_as_any()[2], unknown());
    assert_eq!(status.metadata().get("field").unwrap(), "id");
}

/// What tonic-types reads of it, and what we read of what tonic-types writes.
#[test]
fn tonic_types_agrees() {
    use tonic_types::{ErrorDetails, StatusExt as _};
    let theirs = rich().get_error_details();
    assert_eq!(theirs.error_info().unwrap().reason, "USER_NOT_FOUND");

    let mut details = ErrorDetails::new();
    details.set_error_info("REASON", "domain", []);
    details.add_bad_request_violation("name", "is empty");
    let theirs = Status::with_error_details(Code::InvalidArgument, "bad", details);
    assert_eq!(theirs.detail::<pb::ErrorInfo>().unwrap().reason, "REASON");
    let violations = Violations::from_status(&theirs).unwrap();
    assert_eq!(violations.to_string(), "name: is empty");
}

/// The size of a status as HTTP/2 counts its headers.
fn size(status: &Status) -> usize {
    let response = status.clone().into_http::<tonic::body::Body>();
    let headers = response.headers().iter();
    let size = |(name, value): (&http::HeaderName, &http::HeaderValue)| {
        name.as_str().len() + value.len() + 32
    };
    headers
        .filter(|(name, _)| *name != "content-type")
        .map(size)
        .sum()
}

#[test]
fn what_does_not_fit_is_cut_last_things_first() {
    let long = "x".repeat(5000);
    let status = Status::aborted("why")
        .with_detail(info("REASON"))
        .with_detail(own(&long))
        .with_detail(pb::DebugInfo {
            detail: long.clone(),
            ..pb::DebugInfo::default()
        });
    assert!(size(&status) > 8192);
    let (captured, _guard) = Captured::start();
    let cut = status.fitting();
    assert!(size(&cut) <= 8192, "{}", size(&cut));
    assert_eq!((cut.code(), cut.message()), (Code::Aborted, "why"));
    assert_eq!(cut.details_as_any().len(), 2);
    assert_eq!(cut.detail::<Own>(), Some(own(&long)));
    assert!(
        captured.text().contains("google.rpc.DebugInfo"),
        "{}",
        captured.text()
    );
    assert!(!captured.text().contains("xxxx"));

    // Metadata are next, the last first; then the message.
    let mut status = Status::aborted("ä".repeat(5000)).with_detail(info("REASON"));
    let value = MetadataValue::try_from(long).unwrap();
    status
        .metadata_mut()
        .insert("a-first", MetadataValue::from_static("1"));
    status.metadata_mut().insert("b-last", value);
    let cut = status.fitting();
    assert!(size(&cut) <= 8192, "{}", size(&cut));
    assert_eq!(cut.code(), Code::Aborted);
    assert!(cut.message().starts_with("ää") && cut.message().ends_with('…'));
    assert!(cut.message().len() > 1000);

    // What fits is left alone.
    assert_rich(&rich().fitting());
}

#[test]
fn what_is_internal_stays_inside() {
    #[derive(Debug)]
    struct Outer(std::io::Error);

    impl std::fmt::Display for Outer {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("the users cannot be read")
        }
    }

    impl std::error::Error for Outer {
        fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
            Some(&self.0)
        }
    }

    let (captured, _guard) = Captured::start();
    let error = Outer(std::io::Error::other("password=hunter2 is wrong"));
    let failed: Result<(), Status> = Err(error).internal();
    let status = failed.unwrap_err();
    assert_eq!(status.code(), Code::Internal);
    let shown = format!("{status:?}");
    assert!(
        !shown.contains("hunter2") && !shown.contains("users"),
        "{shown}"
    );

    let id = status
        .metadata()
        .get("x-request-id")
        .unwrap()
        .to_str()
        .unwrap();
    assert!(status.message().ends_with(id));
    assert_eq!(status.detail::<pb::RequestInfo>().unwrap().request_id, id);
    let [event] = &captured.events()[..] else {
        panic!("one line")
    };
    assert_eq!(event.fields["request_id"], id);
    assert_eq!(
        event.fields["error"],
        "the users cannot be read: password=hunter2 is wrong"
    );

    let ids: std::collections::HashSet<_> = (0..1000)
        .map(|_| internal("text is an error, too").message().to_owned())
        .collect();
    assert_eq!(ids.len(), 1000);
}

proptest! {
    /// Whatever is in the details: no panic, and the code and the message stay.
    #[test]
    fn any_bytes_are_read(
        bytes in proptest::collection::vec(any::<u8>(), 0..200),
        code in 0..=20_i32,
        text in ".{0,40}",
    ) {
        let status = Status::with_details(Code::from(code), text.clone(), bytes.into());
        let _ = status.detail::<pb::ErrorInfo>();
        let _ = Violations::from_status(&status);
        let _ = Failure::from_status(&status);
        let _ = status.details_as_any();
        let more = status.clone().with_detail(info("REASON"));
        prop_assert_eq!((more.code(), more.message()), (status.code(), text.as_str()));
        prop_assert_eq!(more.detail(), Some(info("REASON")));
        let cut = status.fitting();
        prop_assert_eq!((cut.code(), cut.message()), (Code::from(code), text.as_str()));
    }

    /// What is put in comes out, whatever it is, and what is beside it.
    #[test]
    fn what_is_put_in_comes_out(
        reason in ".{0,20}",
        text in ".{0,60}",
        type_url in "[a-z./]{0,20}",
        value in proptest::collection::vec(any::<u8>(), 0..50),
    ) {
        let other = Any { type_url: format!("{type_url}/other"), value };
        let status = Status::aborted("")
            .with_any_detail(other.clone())
            .with_detail(info(&reason))
            .with_detail(own(&text));
        prop_assert_eq!(status.detail(), Some(info(&reason)));
        prop_assert_eq!(status.detail(), Some(own(&text)));
        prop_assert_eq!(&status.details_as_any()[0], &other);
    }
}

/// The limit is 8 KiB, as HTTP/2 counts headers: not a byte less, and not a byte more.
#[test]
fn a_status_of_8_kib_is_left_alone() {
    let besides = size(&Status::aborted("x")) - 1;
    let message = "x".repeat(8192 - besides);
    let fitting = Status::aborted(&message).fitting();
    assert_eq!(
        (fitting.message(), size(&fitting)),
        (message.as_str(), 8192)
    );
    let cut = Status::aborted(message + "x").fitting();
    assert!(cut.message().ends_with('…') && size(&cut) < 8192);
    assert!(cut.details().is_empty());
}

#[test]
fn details_that_nobody_can_read_are_cut() {
    let cut = Status::with_details(Code::Aborted, "why", vec![0xff; 9000].into()).fitting();
    assert_eq!((cut.code(), cut.message()), (Code::Aborted, "why"));
    assert!(cut.details().is_empty());
}

/// A message alone says what went wrong, so its beginning stays, and the `ErrorInfo` goes.
#[test]
fn an_error_info_that_is_too_large_goes_before_the_message() {
    let status = Status::aborted("x".repeat(400)).with_detail(info(&"R".repeat(9000)));
    let cut = status.fitting();
    assert!(cut.message().starts_with(&"x".repeat(128)), "{cut:?}");
    assert!(cut.details().is_empty());
}

/// There has to be room for the violation that states how many are missing.
#[test]
fn violations_without_room_for_one_are_cut_whole() {
    let mut violations = Violations::new();
    violations.add("name", "x".repeat(300));
    let info = info(&"R".repeat(5900));
    let alone = Status::aborted("why").with_detail(info.clone());
    let room = 8192 - size(&alone);
    assert!(room < 120, "{room}");
    let cut = alone
        .with_detail(pb::BadRequest::from(violations))
        .fitting();
    assert!(size(&cut) <= 8192);
    assert_eq!(cut.detail::<pb::ErrorInfo>(), Some(info));
    assert_eq!(cut.detail::<pb::BadRequest>(), None);
}

/// A megabyte of details is no reason to lose the code.
#[tokio::test]
async fn a_megabyte_of_details_is_cut() {
    fn large() -> Status {
        Status::data_loss("gone")
            .with_detail(info("REASON"))
            .with_detail(own(&"x".repeat(1 << 20)))
            .fitting()
    }
    let client = over_a_socket(large).await;
    let status = client.call_unary(message("")).await.unwrap_err();
    assert_eq!((status.code(), status.message()), (Code::DataLoss, "gone"));
    assert_eq!(status.detail(), Some(info("REASON")));
}
