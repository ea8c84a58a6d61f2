//! Status codes.

/// The code of an error: any but OK.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct StatusCode(usize);

/// The names of codes by number, as the specification of gRPC spells them and as tonic does.
const NAMES: [(&str, &str); 17] = [
    ("OK", "Ok"),
    ("CANCELLED", "Cancelled"),
    ("UNKNOWN", "Unknown"),
    ("INVALID_ARGUMENT", "InvalidArgument"),
    ("DEADLINE_EXCEEDED", "DeadlineExceeded"),
    ("NOT_FOUND", "NotFound"),
    ("ALREADY_EXISTS", "AlreadyExists"),
    ("PERMISSION_DENIED", "PermissionDenied"),
    ("RESOURCE_EXHAUSTED", "ResourceExhausted"),
    ("FAILED_PRECONDITION", "FailedPrecondition"),
    ("ABORTED", "Aborted"),
    ("OUT_OF_RANGE", "OutOfRange"),
    ("UNIMPLEMENTED", "Unimplemented"),
    ("INTERNAL", "Internal"),
    ("UNAVAILABLE", "Unavailable"),
    ("DATA_LOSS", "DataLoss"),
    ("UNAUTHENTICATED", "Unauthenticated"),
];

impl StatusCode {
    /// The help for a number or a name that is no code of an error.
    pub(crate) const HELP: &str =
        "codes are CANCELLED (1) to UNAUTHENTICATED (16): https://grpc.io/docs/guides/status-codes";

    /// Takes the place of a wrong code, which is reported.
    pub(crate) const UNKNOWN: Self = Self(2);

    /// The code with a number; none for OK, and for numbers of no code.
    pub(crate) fn from_number(number: i32) -> Option<Self> {
        let number = usize::try_from(number).ok()?;
        (1..NAMES.len()).contains(&number).then_some(Self(number))
    }

    /// The name of a number, OK included.
    pub(crate) fn name_of(number: i32) -> Option<&'static str> {
        let number = usize::try_from(number).ok()?;
        Some(NAMES.get(number)?.0)
    }

    /// The number of a name, OK included.
    pub(crate) fn number_of(name: &str) -> Option<i32> {
        let index = NAMES.iter().position(|(known, _)| *known == name)?;
        i32::try_from(index).ok()
    }

    /// The code that kratos makes of an HTTP code; none for one that is no error.
    pub(crate) fn from_http(code: i32) -> Option<Self> {
        let number = match code {
            400 => 3,
            401 => 16,
            403 => 7,
            404 => 5,
            409 => 10,
            429 => 8,
            499 => 1,
            500 => 13,
            501 => 12,
            503 => 14,
            504 => 4,
            1..=199 | 300..=600 => 2,
            _ => return None,
        };
        Some(Self(number))
    }

    pub(crate) fn number(self) -> usize {
        self.0
    }

    /// `NOT_FOUND`.
    pub(crate) fn name(self) -> &'static str {
        NAMES[self.0].0
    }

    /// `NotFound`.
    pub(crate) fn rust_name(self) -> &'static str {
        NAMES[self.0].1
    }
}
