//! Errors of the fields of a request.

use std::fmt;

use serde::{Deserialize, Serialize};
use tonic::metadata::{Ascii, MetadataValue};
use tonic::{Code, Status};
use tonic_types::pb::BadRequest;
use tonic_types::pb::bad_request::FieldViolation;

use super::{StatusExt as _, ascii};

/// Trailer with the list as JSON, for clients that do not decode protobuf in trailers.
const TRAILER: &str = "validation-errors";

/// Errors of the fields of a request.
///
/// On a server:
///
/// ```
/// use rust_svc::errors::Violations;
/// use tonic::Status;
///
/// fn validate(name: &str, email: &str) -> Result<(), Status> {
///     let mut violations = Violations::new();
///     if name.is_empty() {
///         violations.add("name", "a user has a name");
///     }
///     if !email.contains('@') {
///         violations.add("email", "an address has an @");
///     }
///     violations.into_result()
/// }
///
/// // On a client:
/// let status = validate("", "ada").unwrap_err();
/// let violations = Violations::from_status(&status).unwrap();
/// assert_eq!(violations.to_string(), "name: a user has a name; email: an address has an @");
/// ```
///
/// The status is `INVALID_ARGUMENT` with a `google.rpc.BadRequest`, and with the list as JSON in the trailer
/// `validation-errors`: `[{"field":"name","description":"a user has a name"}]`. A list that does not fit into 8 KiB of
/// headers is shortened, and a violation without a field states how many are missing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Violations(Vec<Violation>);

/// Error of a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Violation {
    /// Path of the field in the request, such as `addresses[2].city`.
    pub field: String,
    /// Description of the error, which the caller gets.
    pub description: String,
}

impl Violations {
    /// Empty list.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an error of a field, which may have several.
    pub fn add(&mut self, field: impl Into<String>, description: impl Into<String>) {
        self.0.push(Violation {
            field: field.into(),
            description: description.into(),
        });
    }

    /// Whether the list is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Errors in the order in which they were added.
    pub fn iter(&self) -> impl Iterator<Item = &Violation> {
        self.0.iter()
    }

    /// Result for a handler: `violations.into_result()?`.
    ///
    /// # Errors
    ///
    /// `INVALID_ARGUMENT`, unless the list is empty.
    pub fn into_result(self) -> Result<(), Status> {
        if self.is_empty() {
            return Ok(());
        }
        Err(self.into())
    }

    /// Errors in a status: of its `google.rpc.BadRequest`, or else of the trailer with JSON. `None` if neither can be read.
    #[must_use]
    pub fn from_status(status: &Status) -> Option<Self> {
        let detail = status.detail().map(|request: BadRequest| {
            let violations = request.field_violations.into_iter();
            violations.map(Violation::from).collect()
        });
        detail.or_else(|| json_violations(status)).map(Self)
    }

    fn to_json(&self) -> Option<MetadataValue<Ascii>> {
        MetadataValue::try_from(ascii::json(&self.0)).ok()
    }
}

fn json_violations(status: &Status) -> Option<Vec<Violation>> {
    let json = status.metadata().get(TRAILER)?;
    serde_json::from_slice(json.as_bytes()).ok()
}

impl From<FieldViolation> for Violation {
    fn from(violation: FieldViolation) -> Self {
        Self {
            field: violation.field,
            description: violation.description,
        }
    }
}

/// Conversion for errors that have the list as a detail.
impl From<Violations> for BadRequest {
    fn from(violations: Violations) -> Self {
        let field_violations = violations.0.into_iter().map(|violation| FieldViolation {
            field: violation.field,
            description: violation.description,
            ..FieldViolation::default()
        });
        Self {
            field_violations: field_violations.collect(),
        }
    }
}

/// An empty list is an error as well.
impl From<Violations> for Status {
    fn from(violations: Violations) -> Self {
        let json = violations.to_json();
        let mut status = Status::new(Code::InvalidArgument, "the request is not valid");
        if let Some(json) = json {
            status.metadata_mut().insert(TRAILER, json);
        }
        status.with_detail(BadRequest::from(violations)).fitting()
    }
}

impl fmt::Display for Violations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, violation) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("; ")?;
            }
            write!(f, "{}: {}", violation.field, violation.description)?;
        }
        Ok(())
    }
}
