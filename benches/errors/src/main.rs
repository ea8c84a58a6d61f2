//! Makes or reads errors and does nothing else, to be run in callgrind: see `instructions.py`.

use std::collections::HashMap;
use std::error::Error;
use std::hint::black_box;

use rust_svc::errors::Violations;
use serde::Serialize;
use tonic::metadata::MetadataValue;
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, FieldViolation, StatusExt as _};

use proto::user::v1::UserError;

#[allow(
    missing_docs,
    unreachable_pub,
    reason = "a proto package has no comment"
)]
mod proto {
    rust_svc::include_protos!();
}

const USAGE: &str = "usage: error-bench <typed|by_hand> <make|read> <not_found|invalid> <times>";

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [way, what, error, times] = arguments.as_slice() else {
        return Err(USAGE.into());
    };
    let run: fn(usize) = match (way.as_str(), what.as_str(), error.as_str()) {
        ("typed", "make", "not_found") => |times| make(times, typed::not_found),
        ("typed", "make", "invalid") => |times| make(times, typed::invalid),
        ("typed", "read", "not_found") => |times| read(times, typed::not_found, typed::id),
        ("typed", "read", "invalid") => |times| read(times, typed::invalid, typed::fields),
        ("by_hand", "make", "not_found") => |times| make(times, by_hand::not_found),
        ("by_hand", "make", "invalid") => |times| make(times, by_hand::invalid),
        ("by_hand", "read", "not_found") => |times| read(times, typed::not_found, by_hand::id),
        ("by_hand", "read", "invalid") => |times| read(times, typed::invalid, by_hand::fields),
        _ => return Err(USAGE.into()),
    };
    run(times.parse()?);
    Ok(())
}

fn make(times: usize, make: fn(&str) -> Status) {
    for _ in 0..times {
        black_box(make(black_box("user-7")));
    }
}

fn read<T>(times: usize, make: fn(&str) -> Status, read: fn(&Status) -> Option<T>) {
    let status = make("user-7");
    for _ in 0..times {
        assert!(black_box(read(black_box(&status))).is_some());
    }
}

/// The errors of generated code.
mod typed {
    use super::*;

    pub(super) fn not_found(id: &str) -> Status {
        let id = id.to_owned();
        UserError::UserNotFound { id }.into()
    }

    pub(super) fn invalid(_: &str) -> Status {
        let mut violations = Violations::new();
        violations.add("name", "a user has a name");
        violations.add("email", "an address has something on both sides of an @");
        let bad_request = Some(violations.into());
        UserError::InvalidUser { bad_request }.into()
    }

    pub(super) fn id(status: &Status) -> Option<String> {
        match UserError::try_from(status) {
            Ok(UserError::UserNotFound { id }) => Some(id),
            _ => None,
        }
    }

    pub(super) fn fields(status: &Status) -> Option<usize> {
        match UserError::try_from(status) {
            Ok(UserError::InvalidUser { bad_request }) => Some(bad_request?.field_violations.len()),
            _ => None,
        }
    }
}

/// Errors of the same bytes by tonic-types, as a careful author would write them.
mod by_hand {
    use super::*;

    const DOMAIN: &str = "users.example.com";

    pub(super) fn not_found(id: &str) -> Status {
        let metadata = HashMap::from([("id".to_owned(), id.to_owned())]);
        let details = ErrorDetails::with_error_info("USER_NOT_FOUND", DOMAIN, metadata);
        let message = format!("there is no user {id}");
        Status::with_error_details(Code::NotFound, message, details)
    }

    #[derive(Serialize)]
    struct Violation<'a> {
        field: &'a str,
        description: &'a str,
    }

    pub(super) fn invalid(_: &str) -> Status {
        let violations = vec![
            FieldViolation::new("name", "a user has a name"),
            FieldViolation::new("email", "an address has something on both sides of an @"),
        ];
        let json: Vec<_> = violations
            .iter()
            .map(|violation| Violation {
                field: &violation.field,
                description: &violation.description,
            })
            .collect();
        let json = serde_json::to_string(&json).expect("strings are JSON");
        let mut details = ErrorDetails::with_error_info("INVALID_USER", DOMAIN, HashMap::new());
        details.set_bad_request(violations);
        let message = "the user is not valid";
        let mut status = Status::with_error_details(Code::InvalidArgument, message, details);
        let json = MetadataValue::try_from(json).expect("JSON in ASCII");
        status.metadata_mut().insert("validation-errors", json);
        status
    }

    pub(super) fn id(status: &Status) -> Option<String> {
        let info = status.get_details_error_info()?;
        let is_it = info.domain == DOMAIN && info.reason == "USER_NOT_FOUND";
        is_it.then(|| info.metadata.get("id").cloned())?
    }

    pub(super) fn fields(status: &Status) -> Option<usize> {
        let details = status.get_error_details();
        let info = details.error_info()?;
        if info.domain != DOMAIN || info.reason != "INVALID_USER" {
            return None;
        }
        Some(details.bad_request()?.field_violations.len())
    }
}
