//! Requests that are not valid: violations of fields, over the wire and as far as they fit.

use proptest::prelude::*;
use runtime_tests::svc::kinds_api::KindsApi;
use rust_svc::errors::{StatusExt as _, Violations, pb};
use tonic::metadata::MetadataValue;
use tonic::{Code, Status};

use super::{Own, info, over_a_socket, own, size};
use crate::captured::Captured;
use crate::echo::message;

fn violations() -> Violations {
    let mut violations = Violations::new();
    violations.add("name", "is empty");
    violations.add("emails[1]", "has no \"@\": ä 😀\n");
    violations
}

#[tokio::test]
async fn violations_go_over_the_wire_twice() {
    let client = over_a_socket(|| violations().into()).await;
    let status = client.call_unary(message("")).await.unwrap_err();
    assert_eq!(status.code(), Code::InvalidArgument);
    assert_eq!(Violations::from_status(&status), Some(violations()));
    let request: pb::BadRequest = status.detail().unwrap();
    assert_eq!(request.field_violations[1].field, "emails[1]");
    let json = status.metadata().get("validation-errors").unwrap();
    assert_eq!(
        json,
        r#"[{"field":"name","description":"is empty"},{"field":"emails[1]","description":"has no \"@\": \u00e4 \ud83d\ude00\n"}]"#
    );
    // The JSON alone has all violations.
    let mut plain = Status::invalid_argument("");
    plain
        .metadata_mut()
        .insert("validation-errors", json.clone());
    assert_eq!(Violations::from_status(&plain), Some(violations()));
}

/// A list that does not fit loses its end, and says how much that is.
#[tokio::test]
async fn violations_that_do_not_fit_are_cut() {
    fn many() -> Status {
        let mut violations = Violations::new();
        for number in 0..200 {
            violations.add(format!("users[{number}].name"), "a user has a name: ä");
        }
        violations.into()
    }
    let client = over_a_socket(many).await;
    let status = client.call_unary(message("")).await.unwrap_err();
    assert!(size(&status) <= 8 * 1024, "{}", size(&status));
    let kept = Violations::from_status(&status).unwrap();
    let kept: Vec<_> = kept.iter().cloned().collect();
    let (last, whole) = kept.split_last().unwrap();
    assert!(whole.len() > 20, "{}", whole.len());
    for (number, violation) in whole.iter().enumerate() {
        assert_eq!(violation.field, format!("users[{number}].name"));
    }
    let missing = 200 - whole.len();
    assert_eq!(
        (last.field.as_str(), last.description.clone()),
        (
            "",
            format!("{missing} more violations are left out, for want of room")
        )
    );
    // The JSON is the same list, and one more would not fit.
    let json = status.metadata().get("validation-errors").unwrap();
    let json: Vec<serde_json::Value> = serde_json::from_slice(json.as_bytes()).unwrap();
    assert_eq!(json.len(), kept.len());
    assert!(size(&status) > 8 * 1024 - 200);
}

/// Other details behind the list go first. A violation that is too large by itself goes as well.
#[test]
fn violations_are_cut_beside_other_details() {
    let (captured, _guard) = Captured::start();
    let request = |count: usize| pb::BadRequest {
        field_violations: vec![
            pb::bad_request::FieldViolation {
                field: "name".to_owned(),
                description: "x".repeat(100),
                ..Default::default()
            };
            count
        ],
    };
    let status = Status::invalid_argument("no")
        .with_detail(info("REASON"))
        .with_detail(request(500))
        .with_detail(own(&"y".repeat(10_000)))
        .fitting();
    assert_eq!(status.detail::<pb::ErrorInfo>(), Some(info("REASON")));
    assert_eq!(status.detail::<Own>(), None);
    let kept: pb::BadRequest = status.detail().unwrap();
    assert!(kept.field_violations.len() > 20);
    assert!(captured.text().contains("violations were removed"));

    let huge = pb::BadRequest {
        field_violations: vec![pb::bad_request::FieldViolation {
            description: "x".repeat(10_000),
            ..Default::default()
        }],
    };
    let status = Status::invalid_argument("no").with_detail(huge).fitting();
    let violations = Violations::from_status(&status).unwrap();
    assert!(violations.to_string().contains("1 more"), "{violations}");
    // A list that fits is not touched.
    let status = Status::invalid_argument("no")
        .with_detail(request(3))
        .fitting();
    assert_eq!(status.detail(), Some(request(3)));
}

#[test]
fn violations_that_are_none() {
    assert!(Violations::new().into_result().is_ok());
    assert_eq!(
        Violations::from_status(&Status::invalid_argument("no")),
        None
    );
    for json in [
        "",
        "7",
        "[7]",
        r#"[{"field":7,"description":"x"}]"#,
        r#"[{"field":"x"}]"#,
    ] {
        let mut status = Status::invalid_argument("");
        let value = MetadataValue::try_from(json).unwrap();
        status.metadata_mut().insert("validation-errors", value);
        assert_eq!(Violations::from_status(&status), None, "{json}");
    }
}

/// The rule is applied where a list grows by itself.
#[tokio::test]
async fn many_violations_arrive_as_far_as_they_fit() {
    fn many() -> Status {
        let mut violations = Violations::new();
        for number in 0..10_000 {
            violations.add(format!("users[{number}].email"), "has no @");
        }
        violations.into()
    }
    let client = over_a_socket(many).await;
    let status = client.call_unary(message("")).await.unwrap_err();
    assert_eq!(
        (status.code(), status.message()),
        (Code::InvalidArgument, "the request is not valid")
    );
}

proptest! {
    /// Everything in a field and its description survives, both ways.
    #[test]
    fn any_violations_survive(field in ".{0,30}", description in ".{0,30}") {
        let mut violations = Violations::new();
        violations.add(field, description);
        let status = Status::from(violations.clone());
        prop_assert_eq!(Violations::from_status(&status), Some(violations.clone()));
        let mut plain = Status::invalid_argument("");
        let json = status.metadata().get("validation-errors").unwrap();
        plain.metadata_mut().insert("validation-errors", json.clone());
        prop_assert_eq!(Violations::from_status(&plain), Some(violations));
    }
}
