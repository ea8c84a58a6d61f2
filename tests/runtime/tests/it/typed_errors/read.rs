//! Errors that a client reads of a status: those of its proto, of others, and of none.

use prost_types::Any;
use runtime_tests::of_kratos::greeter::v1::Error as GreeterError;
use runtime_tests::typed::errors::v1::orders_errors::{CancelError, ListError, PlaceError};
use runtime_tests::typed::errors::v1::{BoxError, OrderError};
use runtime_tests::typed::other::v1::Common;
use rust_svc::errors::{StatusExt as _, pb};
use tonic::{Code, Status};

use super::{info, of_reason, out_of_stock, text, types};

#[test]
fn a_status_that_is_none_of_these() {
    let plain = Status::not_found("no");
    let error = OrderError::try_from(&plain).unwrap_err();
    assert_eq!(error.expected(), "orders.example.com");
    assert_eq!(error.found(), None);
    assert_eq!(
        error.to_string(),
        "the status has no domain, and \"orders.example.com\" is expected"
    );
    let other = Status::from(Common::Maintenance);
    let error = OrderError::try_from(&other).unwrap_err();
    assert_eq!(error.found(), Some("other.example.com"));
    assert_eq!(
        error.to_string(),
        "the status has the domain \"other.example.com\", not \"orders.example.com\""
    );
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
    let CancelError::OutOfStock { article, quota } = CancelError::from_status(&status).unwrap()
    else {
        panic!("{status:?}");
    };
    assert_eq!((article.as_str(), quota.is_some()), ("Süßes 100%", true));
    assert_eq!(
        CancelError::from_status(&Status::from(Common::Maintenance)),
        Some(CancelError::Maintenance)
    );
    assert_eq!(
        CancelError::from_status(&Status::from(BoxError::BoxLost)),
        Some(CancelError::BoxLost)
    );
    // Errors that only other rpcs list, and one that is not known.
    assert_eq!(ListError::from_status(&status), None);
    assert_eq!(CancelError::from_status(&Status::from(types())), None);
    assert_eq!(
        CancelError::from_status(&of_reason(Code::Aborted, "OUT_OF_STOCK", &[])),
        None
    );
    // An enum stands for all of its errors.
    assert!(PlaceError::from_status(&Status::from(types())).is_some());

    // A handler can say which of them it is.
    let error = CancelError::from_status(&status).unwrap();
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
