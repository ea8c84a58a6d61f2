//! Arbitrary errors come back as they went, and arbitrary statuses lose no code.

use proptest::collection::vec;
use proptest::prelude::*;
use prost_types::{Any, Duration, Timestamp};
use runtime_tests::typed::errors::v1::orders_errors::{CancelError, PlaceError};
use runtime_tests::typed::errors::v1::{OrderError, Quota, quota};
use runtime_tests::typed::other::v1 as other;
use rust_svc::errors::{StatusExt as _, Violations};
use tonic::metadata::MetadataValue;
use tonic::{Code, Status};

use super::{all_details, info, of_reason};

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
        let _ = (CancelError::from_status(&half), PlaceError::from_status(&half), Violations::from_status(&half));
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
