//! Errors that are declared in proto: to a status, over the wire, and back.

use std::error::Error as _;
use std::time::Duration as StdDuration;

use prost_types::{Duration, Timestamp};
use runtime_tests::svc::kinds_api::KindsApi;
use runtime_tests::svc::kinds_server::KindsServer;
use runtime_tests::typed::errors::v1::{BoxError, OrderError};
use runtime_tests::typed::other::v1::{self as other, Common};
use rust_svc::errors::{ErrorKind, StatusExt as _, Violations, pb};
use tonic::{Code, Status};

use crate::captured::Captured;
use crate::echo::{KINDS, Kind, call_api};
use crate::errors::{Fails, over_a_socket};

mod arbitrary;
mod read;

fn out_of_stock() -> OrderError {
    OrderError::OutOfStock {
        article: "Süßes 100%".to_owned(),
        quota: Some(other::Quota { left: 0 }),
    }
}

fn types() -> OrderError {
    OrderError::Types {
        r#type: "all".to_owned(),
        flag: true,
        small: -1,
        large: i64::MIN,
        unsigned_small: 7,
        unsigned_large: u64::MAX,
        when: Timestamp {
            seconds: 1_769_851_800,
            nanos: 500_000_000,
        },
        how_long: Duration {
            seconds: -1,
            nanos: -500_000_000,
        },
        trace: "ä\n%".to_owned(),
    }
}

fn lists() -> OrderError {
    OrderError::Lists {
        names: vec!["a".to_owned(), "\"ö\", b".to_owned()],
        times: vec![Timestamp::default()],
        numbers: vec![1, i64::MAX],
    }
}

fn trailer(status: &Status, key: &str) -> String {
    let value = status.metadata().get(key);
    let value = value.unwrap_or_else(|| panic!("no trailer {key}: {:?}", status.metadata()));
    value.to_str().unwrap().to_owned()
}

fn info(status: &Status) -> pb::ErrorInfo {
    status.detail().expect("every error has one")
}

fn types_of_details(status: &Status) -> Vec<String> {
    let details = status.details_as_any().into_iter();
    details.map(|any| any.type_url).collect()
}

fn of_reason(code: Code, reason: &str, metadata: &[(&str, &str)]) -> Status {
    let metadata = metadata.iter();
    let metadata = metadata.map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
    Status::new(code, "says the server").with_detail(pb::ErrorInfo {
        reason: reason.to_owned(),
        domain: "orders.example.com".to_owned(),
        metadata: metadata.collect(),
    })
}

#[test]
fn an_error_says_who_it_is() {
    let error = out_of_stock();
    assert_eq!(error.code(), Code::FailedPrecondition);
    assert_eq!(error.reason(), "OUT_OF_STOCK");
    assert_eq!(error.domain(), "orders.example.com");
    assert!(!error.is_retryable());
    assert_eq!(error.to_string(), "nothing is left of Süßes 100%, {sorry}");
    assert!(error.source().is_none());
    assert_eq!(error.kind(), Ok(&OrderError::OUT_OF_STOCK));
    assert_eq!(OrderError::DOMAIN, "orders.example.com");

    assert_eq!(
        types().to_string(),
        "all: true -1 -9223372036854775808 7 18446744073709551615 2026-01-31T09:30:00.500Z -1.500s"
    );
    assert_eq!(
        lists().to_string(),
        "not known: a, \"ö\", b; at 1970-01-01T00:00:00Z; 1, 9223372036854775807"
    );
    // A name that `DOMAIN` has taken, and a reason that is not the name of the value.
    assert_eq!(OrderError::DOMAIN_.reason(), "DOMAIN");
    assert_eq!(OrderError::Unknown_.reason(), "UNKNOWN_REASON");
    // The domains of a file and of a package.
    assert_eq!(Common::DOMAIN, "other.example.com");
    assert_eq!(BoxError::DOMAIN, "errors.v1");
    assert_eq!(BoxError::BoxLost.code(), Code::DataLoss);
}

#[test]
fn what_is_known_beforehand() {
    const MAINTENANCE: ErrorKind = Common::MAINTENANCE;
    assert_eq!(MAINTENANCE.code(), Code::Unavailable);
    assert!(MAINTENANCE.is_retryable());
    assert_eq!(
        MAINTENANCE.retry_delay(),
        Some(StdDuration::from_millis(90_500))
    );
    assert_eq!(MAINTENANCE.help_url(), Some("https://status.example.com"));
    assert_eq!(
        MAINTENANCE.help_description(),
        Some("Status of the service")
    );
    assert!(OrderError::ALL_DETAILS.is_retryable());
    assert_eq!(OrderError::ALL_DETAILS.retry_delay(), None);
    assert_eq!(OrderError::OUT_OF_STOCK.help_url(), None);
}

#[test]
fn everything_is_in_the_status() {
    let status = Status::from(out_of_stock());
    assert_eq!(status.code(), Code::FailedPrecondition);
    assert_eq!(status.message(), out_of_stock().to_string());
    assert_eq!(info(&status).metadata["article"], "Süßes 100%");
    assert_eq!(
        types_of_details(&status),
        [
            "type.googleapis.com/google.rpc.ErrorInfo",
            "type.googleapis.com/other.v1.Quota"
        ]
    );

    let status = Status::from(types());
    let metadata = info(&status).metadata;
    for (key, value) in [
        ("type", "all"),
        ("flag", "true"),
        ("small", "-1"),
        ("large", "-9223372036854775808"),
        ("unsigned-small", "7"),
        ("unsignedLarge", "18446744073709551615"),
        ("when", "2026-01-31T09:30:00.500Z"),
        ("how_long", "-1.500s"),
        ("trace", "ä\n%"),
    ] {
        assert_eq!(metadata[key], value, "{key}");
    }
    assert_eq!(metadata.len(), 9);
    assert_eq!(trailer(&status, "x-when"), "2026-01-31T09:30:00.500Z");
    assert_eq!(trailer(&status, "x-trace"), "%C3%A4%0A%25");

    let status = Status::from(lists());
    assert_eq!(trailer(&status, "names"), r#"["a","\"\u00f6\", b"]"#);
    // Numbers of 64 bits are none in JavaScript.
    assert_eq!(
        trailer(&status, "x-numbers"),
        r#"["1","9223372036854775807"]"#
    );
    assert_eq!(
        info(&status).metadata["times"],
        r#"["1970-01-01T00:00:00Z"]"#
    );

    let status = Status::from(Common::Maintenance);
    assert_eq!(trailer(&status, "retry-after"), "90");
    let retry: pb::RetryInfo = status.detail().unwrap();
    assert_eq!(retry.retry_delay.unwrap().to_string(), "90.500s");
    let help: pb::Help = status.detail().unwrap();
    assert_eq!(help.links[0].url, "https://status.example.com");
    assert_eq!(
        types_of_details(&status)[1..],
        [
            "type.googleapis.com/google.rpc.RetryInfo",
            "type.googleapis.com/google.rpc.Help"
        ]
    );
}

fn text(text: &str) -> String {
    text.to_owned()
}

fn all_details() -> OrderError {
    OrderError::AllDetails {
        bad_request: Some(pb::BadRequest {
            field_violations: vec![pb::bad_request::FieldViolation {
                field: text("name"),
                description: text("is empty"),
                ..Default::default()
            }],
        }),
        debug_info: Some(pb::DebugInfo {
            stack_entries: vec![text("main")],
            detail: text("no"),
        }),
        help: Some(pb::Help {
            links: vec![pb::help::Link {
                description: text("Help"),
                url: text("https://example.com"),
            }],
        }),
        localized_message: Some(pb::LocalizedMessage {
            locale: text("de"),
            message: text("Süß"),
        }),
        precondition_failure: Some(pb::PreconditionFailure {
            violations: vec![pb::precondition_failure::Violation {
                r#type: text("TOS"),
                subject: text("you"),
                description: text("not accepted"),
            }],
        }),
        quota_failure: Some(pb::QuotaFailure {
            violations: vec![pb::quota_failure::Violation {
                subject: text("you"),
                description: text("too much"),
                ..Default::default()
            }],
        }),
        request_info: Some(pb::RequestInfo {
            request_id: text("7"),
            serving_data: text(""),
        }),
        resource_info: Some(pb::ResourceInfo {
            resource_type: text("order"),
            resource_name: text("orders/7"),
            owner: text(""),
            description: text("closed"),
        }),
        retry_info: Some(pb::RetryInfo {
            retry_delay: Some(Duration {
                seconds: 1,
                nanos: 0,
            }),
        }),
    }
}

#[test]
fn details_are_json_for_those_who_read_no_protobuf() {
    let status = Status::from(all_details());
    for (key, json) in [
        (
            "bad-request",
            r#"[{"field":"name","description":"is empty"}]"#,
        ),
        ("debug-info", r#"{"stackEntries":["main"],"detail":"no"}"#),
        (
            "help",
            r#"[{"description":"Help","url":"https://example.com"}]"#,
        ),
        (
            "localized-message",
            r#"{"locale":"de","message":"S\u00fc\u00df"}"#,
        ),
        (
            "precondition-failure",
            r#"[{"type":"TOS","subject":"you","description":"not accepted"}]"#,
        ),
        (
            "quota-failure",
            r#"[{"subject":"you","description":"too much"}]"#,
        ),
        ("request-info", r#"{"requestId":"7","servingData":""}"#),
        (
            "resource-info",
            r#"{"resourceType":"order","resourceName":"orders/7","owner":"","description":"closed"}"#,
        ),
        ("retry-info", r#"{"retryDelay":"1s"}"#),
    ] {
        assert_eq!(trailer(&status, key), json);
    }
    // The guide's way to read them is there as well.
    assert_eq!(
        Violations::from_status(&status).unwrap().to_string(),
        "name: is empty"
    );
    assert_eq!(status.details_as_any().len(), 10);
}

/// Over a socket and in process, for every kind, also in the middle of a stream.
#[tokio::test]
async fn errors_go_over_the_wire() {
    let errors: [fn() -> Status; 4] = [
        || out_of_stock().into(),
        || types().into(),
        || lists().into(),
        || all_details().into(),
    ];
    for error in errors {
        let client = over_a_socket(error).await;
        let in_process = KindsServer::new(Fails(error));
        let expected = OrderError::try_from(&error()).unwrap();
        for kind in KINDS {
            for api in [&client as &dyn KindsApi, &in_process] {
                let got = call_api(api, kind, &["1", "2"]).await;
                let status = got.end.unwrap_err();
                assert_eq!(OrderError::try_from(&status), Ok(expected.clone()));
                assert_eq!(status.message(), expected.to_string());
                let is_stream = matches!(kind, Kind::ServerStreaming | Kind::BidiStreaming);
                assert_eq!(got.replies.len(), usize::from(is_stream));
                // Trailers too, but for the nine headers of gRPC and HTTP that come with them.
                for key in error().metadata().keys() {
                    let tonic::metadata::KeyRef::Ascii(key) = key else {
                        panic!("no trailer of an error is binary");
                    };
                    assert_eq!(
                        trailer(&status, key.as_str()),
                        trailer(&error(), key.as_str())
                    );
                }
            }
        }
    }
}

#[test]
fn what_does_not_fit_is_cut_and_the_error_stays() {
    let (captured, _guard) = Captured::start();
    let OrderError::AllDetails { bad_request, .. } = all_details() else {
        unreachable!()
    };
    let mut error = all_details();
    if let OrderError::AllDetails { quota_failure, .. } = &mut error {
        // Something that no trailer repeats.
        let violation = pb::quota_failure::Violation {
            quota_metric: "metric".repeat(2000),
            ..Default::default()
        };
        *quota_failure = Some(pb::QuotaFailure {
            violations: vec![violation],
        });
    }
    let status = Status::from(error);
    assert_eq!(status.code(), Code::FailedPrecondition);
    let read = OrderError::try_from(&status).unwrap();
    let OrderError::AllDetails {
        bad_request: kept,
        quota_failure,
        retry_info,
        ..
    } = read
    else {
        panic!("{status:?}");
    };
    // The last went first, until the rest did fit.
    assert_eq!((kept, quota_failure, retry_info), (bad_request, None, None));
    assert!(captured.text().contains("google.rpc.QuotaFailure"));
    assert!(!captured.text().contains("metricmetric"));
}
