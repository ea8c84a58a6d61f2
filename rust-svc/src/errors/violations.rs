//! What is wrong with the fields of a request.

use std::fmt;

use serde::{Deserialize, Serialize};
use tonic::metadata::{Ascii, MetadataValue};
use tonic::{Code, Status};
use tonic_types::pb::BadRequest;
use tonic_types::pb::bad_request::FieldViolation;

use super::{StatusExt as _, ascii};

/// Where clients that read no protobuf in trailers find the list, as JSON.
const TRAILER: &str = "validation-errors";

/// What is wrong with the fields of a request, all of it at once.
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
/// let violations = Violations::of(&status).unwrap();
/// assert_eq!(violations.to_string(), "name: a user has a name; email: an address has an @");
/// ```
///
/// As a status it is `INVALID_ARGUMENT` with a `google.rpc.BadRequest`, and the same as JSON in the
/// trailer `validation-errors`: `[{"field":"name","description":"a user has a name"}]`. A list that does not
/// fit into 8 KiB of header loses its end, and a last violation without a field says how many are missing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Violations(Vec<Violation>);

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Violation {
    /// The path of the field in the request, such as `addresses[2].city`.
    pub field: String,
    /// What is wrong with it: the caller gets to see that.
    pub description: String,
}

impl Violations {
    /// Nothing is wrong.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Something is wrong with a field. There may be more than one thing.
    pub fn add(&mut self, field: impl Into<String>, description: impl Into<String>) {
        self.0.push(Violation {
            field: field.into(),
            description: description.into(),
        });
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is wrong, in the order in which it was found.
    pub fn iter(&self) -> impl Iterator<Item = &Violation> {
        self.0.iter()
    }

    /// For a handler: `violations.into_result()?`.
    ///
    /// # Errors
    ///
    /// `INVALID_ARGUMENT`, if something is wrong.
    pub fn into_result(self) -> Result<(), Status> {
        match self.is_empty() {
            true => Ok(()),
            false => Err(self.into()),
        }
    }

    /// What a server said of the fields of a request: from `google.rpc.BadRequest`, or else from the
    /// trailer with JSON, which some write instead. None if neither is there and can be read.
    #[must_use]
    pub fn of(status: &Status) -> Option<Self> {
        let of_detail = status.detail().map(|request: BadRequest| {
            let violations = request.field_violations.into_iter();
            violations.map(Violation::from).collect()
        });
        of_detail.or_else(|| of_json(status)).map(Self)
    }

    fn to_json(&self) -> Option<MetadataValue<Ascii>> {
        MetadataValue::try_from(ascii::json(&self.0)).ok()
    }
}

fn of_json(status: &Status) -> Option<Vec<Violation>> {
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

/// For errors of your own that have it as a detail.
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

/// One that is empty is still an error.
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
