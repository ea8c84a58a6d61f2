//! Errors that are declared in proto: to a status, over the wire, and back.

use std::error::Error as _;
use std::time::Duration as StdDuration;

use proptest::collection::vec;
use proptest::prelude::*;
use prost_types::{Any, Duration, Timestamp};
use runtime_tests::of_kratos::greeter::v1::Error as GreeterError;
use runtime_tests::svc::kinds_api::KindsApi;
use runtime_tests::svc::kinds_server::KindsServer;
use runtime_tests::typed::errors::v1::orders_errors::{CancelError, ListError, PlaceError};
use runtime_tests::typed::errors::v1::{BoxError, OrderError, Quota, quota};
use runtime_tests::typed::other::v1::{self as other, Common};
use rust_svc::errors::{ErrorKind, StatusExt as _, Violations, pb};
use tonic::metadata::MetadataValue;
use tonic::{Code, Status};

use crate::captured::Captured;
use crate::echo::{KINDS, Kind, call_api};
use crate::errors::{Fails, over_a_socket};

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
        Violations::of(&status).unwrap().to_string(),
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
fn a_status_that_is_none_of_these() {
    let plain = Status::not_found("no");
    let error = OrderError::try_from(&plain).unwrap_err();
    assert_eq!(error.expected(), "orders.example.com");
    assert_eq!(error.found(), None);
    assert_eq!(
        error.to_string(),
        "the status names no domain, so that it is not of \"orders.example.com\""
    );
    let other = Status::from(Common::Maintenance);
    let error = OrderError::try_from(&other).unwrap_err();
    assert_eq!(error.found(), Some("other.example.com"));
    assert_eq!(
        error.to_string(),
        "the status is of the domain \"other.example.com\", not \"orders.example.com\""
    );
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

fn unheard() -> Any {
    Any {
        type_url: "example.com/from/elsewhere.v1.Unheard".to_owned(),
        value: vec![0xff, 0, 1],
    }
}

#[test]
fn an_error_that_is_not_known() {
    let status = of_reason(Code::Aborted, "NEW", &[("a", "1")])
        .with_any_detail(unheard())
        .with_detail(pb::RetryInfo::default());
    let error = OrderError::try_from(&status).unwrap();
    let OrderError::Unknown(unknown) = &error else {
        panic!("{error:?}");
    };
    assert_eq!(unknown.code, Code::Aborted);
    assert_eq!(unknown.reason, "NEW");
    assert_eq!(unknown.domain, "orders.example.com");
    assert_eq!(unknown.metadata["a"], "1");
    assert_eq!(unknown.details[0], unheard());
    assert_eq!(error.code(), Code::Aborted);
    assert_eq!(error.reason(), "NEW");
    assert_eq!(error.domain(), "orders.example.com");
    assert!(error.is_retryable());
    assert_eq!(error.to_string(), "says the server");
    assert_eq!(error.kind(), Err(&**unknown));
    // It goes on as it came.
    let again = Status::from(error.clone());
    assert_eq!(again.details(), status.details());
    assert_eq!(again.code(), status.code());
    assert_eq!(again.message(), status.message());
}

#[test]
fn an_error_that_is_not_as_the_proto_says() {
    // Another code, a number that is none, a detail that cannot be read.
    let broken_detail = Any {
        type_url: "type.googleapis.com/other.v1.Quota".to_owned(),
        value: vec![0xff],
    };
    for status in [
        of_reason(Code::Aborted, "OUT_OF_STOCK", &[]),
        of_reason(Code::Internal, "TYPES", &[("small", "many")]),
        of_reason(Code::Internal, "TYPES", &[("small", "2147483648")]),
        of_reason(Code::Internal, "TYPES", &[("when", "tomorrow")]),
        of_reason(Code::InvalidArgument, "LISTS", &[("numbers", "1, 2")]),
        of_reason(Code::FailedPrecondition, "OUT_OF_STOCK", &[]).with_any_detail(broken_detail),
    ] {
        let error = OrderError::try_from(&status).unwrap();
        assert!(matches!(error, OrderError::Unknown(_)), "{error:?}");
        assert_eq!(error.code(), status.code());
        assert_eq!(Status::from(error).details(), status.details());
    }
    // What is not there is empty, as a field of a message is.
    let status = of_reason(Code::FailedPrecondition, "OUT_OF_STOCK", &[("new", "1")]);
    let nothing = OrderError::OutOfStock {
        article: String::new(),
        quota: None,
    };
    assert_eq!(OrderError::try_from(&status), Ok(nothing));
    // Numbers in JSON are with or without quotes.
    let status = of_reason(
        Code::InvalidArgument,
        "LISTS",
        &[("numbers", r#"[1, "2"]"#)],
    );
    let OrderError::Lists { numbers, .. } = OrderError::try_from(&status).unwrap() else {
        panic!("{status:?}");
    };
    assert_eq!(numbers, [1, 2]);
}

#[test]
fn rpcs_narrow_errors_to_those_that_they_list() {
    let status = Status::from(out_of_stock());
    let CancelError::OutOfStock { article, quota } = CancelError::of(&status).unwrap() else {
        panic!("{status:?}");
    };
    assert_eq!((article.as_str(), quota.is_some()), ("Süßes 100%", true));
    assert_eq!(
        CancelError::of(&Status::from(Common::Maintenance)),
        Some(CancelError::Maintenance)
    );
    assert_eq!(
        CancelError::of(&Status::from(BoxError::BoxLost)),
        Some(CancelError::BoxLost)
    );
    // Those of other rpcs, and of nobody.
    assert_eq!(ListError::of(&status), None);
    assert_eq!(CancelError::of(&Status::from(types())), None);
    assert_eq!(
        CancelError::of(&of_reason(Code::Aborted, "OUT_OF_STOCK", &[])),
        None
    );
    // An enum stands for all of its errors.
    assert!(PlaceError::of(&Status::from(types())).is_some());

    // A handler can say which of them it is.
    let error = CancelError::of(&status).unwrap();
    assert_eq!(error.to_string(), out_of_stock().to_string());
    assert_eq!(Status::from(error).details(), status.details());
}

#[test]
fn errors_of_kratos() {
    let error = GreeterError::UserNotFound {
        message: text("no Ada"),
        metadata: [(text("name"), text("Ada"))].into(),
    };
    assert_eq!(error.code(), Code::NotFound);
    assert_eq!(error.domain(), "greeter.v1");
    assert_eq!(error.to_string(), "no Ada");
    let status = Status::from(error.clone());
    assert_eq!(status.message(), "no Ada");
    assert_eq!(info(&status).domain, "greeter.v1");
    assert_eq!(GreeterError::try_from(&status), Ok(error.clone()));
    // As kratos itself sends it: without a domain.
    let theirs = Status::not_found("no Ada").with_detail(pb::ErrorInfo {
        reason: text("USER_NOT_FOUND"),
        domain: String::new(),
        metadata: [(text("name"), text("Ada"))].into(),
    });
    assert_eq!(GreeterError::try_from(&theirs), Ok(error));
    assert_eq!(GreeterError::BROKEN.code(), Code::Internal);
    assert_eq!(GreeterError::CONTENT_MISSING.code(), Code::InvalidArgument);
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

prop_compose! {
    fn timestamp()(seconds in -62_135_596_800..=253_402_300_799_i64, nanos in 0..1_000_000_000) -> Timestamp {
        Timestamp { seconds, nanos }
    }
}

prop_compose! {
    fn duration()(seconds in 0..=315_576_000_000_i64, nanos in 0..1_000_000_000, sign in prop_oneof![Just(1), Just(-1)]) -> Duration {
        Duration { seconds: seconds * i64::from(sign), nanos: nanos * sign }
    }
}

fn any_error() -> impl Strategy<Value = OrderError> {
    let short = || "\\PC{0,20}|[\\x00-\\x7f]{0,20}";
    let out_of_stock = (short(), proptest::option::of(any::<u64>())).prop_map(|(article, left)| {
        OrderError::OutOfStock {
            article,
            quota: left.map(|left| other::Quota { left }),
        }
    });
    let numbers = (
        any::<bool>(),
        any::<i32>(),
        any::<i64>(),
        any::<u32>(),
        any::<u64>(),
    );
    let types = (short(), numbers, timestamp(), duration(), short()).prop_map(
        |(r#type, (flag, small, large, unsigned_small, unsigned_large), when, how_long, trace)| {
            OrderError::Types {
                r#type,
                flag,
                small,
                large,
                unsigned_small,
                unsigned_large,
                when,
                how_long,
                trace,
            }
        },
    );
    let lists = (
        vec(short(), 0..5),
        vec(timestamp(), 0..5),
        vec(any::<i64>(), 0..5),
    )
        .prop_map(|(names, times, numbers)| OrderError::Lists {
            names,
            times,
            numbers,
        });
    let quota =
        (short(), short(), short()).prop_map(|(quota, status, article)| OrderError::Quota {
            quota,
            self_: String::new(),
            error: String::new(),
            message: String::new(),
            status,
            quota_detail: Some(Quota {
                of: Some(quota::Of::Article(article)),
            }),
            quota_detail_detail: None,
        });
    prop_oneof![
        out_of_stock,
        types,
        lists,
        quota,
        Just(all_details()),
        Just(OrderError::Unknown_)
    ]
}

/// What a client reads of what a server writes.
fn over_http(status: Status) -> Status {
    let response = status.into_http::<tonic::body::Body>();
    Status::from_header_map(response.headers()).expect("a status")
}

proptest! {
    #[test]
    fn any_error_comes_back_as_it_went(error in any_error()) {
        let status = over_http(Status::from(error.clone()));
        prop_assert_eq!(status.code(), error.code());
        prop_assert_eq!(status.message(), error.to_string());
        prop_assert_eq!(OrderError::try_from(&status), Ok(error));
    }

    /// Whatever somebody sends: no panic, and no code is lost.
    #[test]
    fn arbitrary_bytes_lose_no_code(
        code in 1..=16_i32,
        details in vec(any::<u8>(), 0..300),
        reason in prop_oneof!["OUT_OF_STOCK", "TYPES", "LISTS", "ALL_DETAILS", "[A-Z]{3,9}"],
        key in prop_oneof!["small", "flag", "when", "how_long", "numbers", "times", "\\PC{0,5}"],
        value in "\\PC{0,20}|[0-9:TZs.-]{0,30}|\\[.{0,20}\\]",
        type_name in prop_oneof![Just("other.v1.Quota"), Just("google.rpc.RetryInfo"), Just("")],
        metadata in vec(any::<u8>(), 0..50),
    ) {
        let code = Code::from_i32(code);
        let garbage = Status::with_details(code, "m", details.clone().into());
        let any = Any { type_url: format!("type.googleapis.com/{type_name}"), value: details };
        let mut half = of_reason(code, &reason, &[(&key, &value)]).with_any_detail(any);
        if let Ok(value) = MetadataValue::try_from(metadata) {
            half.metadata_mut().insert("names", value);
        }
        prop_assert!(OrderError::try_from(&garbage).map_or(true, |error| error.code() == code));
        let error = OrderError::try_from(&half).unwrap();
        prop_assert_eq!(error.code(), code);
        prop_assert_eq!(error.reason(), reason);
        prop_assert_eq!(Status::from(error).code(), code);
        let _ = (CancelError::of(&half), PlaceError::of(&half), Violations::of(&half));
    }

    /// Also what no proto allows.
    #[test]
    fn times_out_of_bounds_are_no_panic(seconds in any::<i64>(), nanos in any::<i32>()) {
        let error = OrderError::Types {
            r#type: String::new(),
            flag: false,
            small: 0,
            large: 0,
            unsigned_small: 0,
            unsigned_large: 0,
            when: Timestamp { seconds, nanos },
            how_long: Duration { seconds, nanos },
            trace: String::new(),
        };
        let status = Status::from(error);
        prop_assert_eq!(OrderError::try_from(&status).unwrap().code(), Code::Internal);
    }
}

#[test]
fn a_megabyte_of_details_is_no_panic() {
    let big = Any {
        type_url: "type.googleapis.com/other.v1.Quota".to_owned(),
        value: vec![0xff; 1 << 20],
    };
    let status = of_reason(Code::FailedPrecondition, "OUT_OF_STOCK", &[]).with_any_detail(big);
    let error = OrderError::try_from(&status).unwrap();
    assert_eq!(error.code(), Code::FailedPrecondition);
    // Sent on, it fits.
    let again = Status::from(error);
    assert_eq!(again.code(), Code::FailedPrecondition);
    assert_eq!(info(&again).reason, "OUT_OF_STOCK");
    assert_eq!(again.details_as_any().len(), 1);
}
