//! Errors from a status.

use std::error::Error;
use std::fmt;

use prost::Message;
use prost_types::Any;
use tonic::{Code, Status};
use tonic_types::pb::ErrorInfo;

use super::UnknownError;
use crate::errors::packed::{is_of_type, unpack};
use crate::errors::value::Value;

/// Error of a status that does not belong to a domain: it has no `google.rpc.ErrorInfo`, or one of another domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherDomain {
    expected: &'static str,
    found: Option<String>,
}

impl OtherDomain {
    /// Domain that was expected.
    #[must_use]
    pub fn expected(&self) -> &'static str {
        self.expected
    }

    /// Domain of the status, if it has one.
    #[must_use]
    pub fn found(&self) -> Option<&str> {
        self.found.as_deref()
    }
}

impl fmt::Display for OtherDomain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let expected = self.expected;
        match &self.found {
            Some(found) => write!(f, "the status has the domain {found:?}, not {expected:?}"),
            None => write!(f, "the status has no domain, and {expected:?} is expected"),
        }
    }
}

impl Error for OtherDomain {}

/// Reader of an error in a status.
#[derive(Debug)]
pub struct ErrorReader<'a> {
    status: &'a Status,
    info: ErrorInfo,
    details: Vec<Any>,
}

impl<'a> ErrorReader<'a> {
    /// Reader of an error of this domain.
    ///
    /// # Errors
    ///
    /// A status without this domain.
    pub fn new(status: &'a Status, domain: &'static str) -> Result<Self, OtherDomain> {
        Self::with_domain(status, domain, |found| found == domain)
    }

    /// Reader of an error that a server of kratos may have sent, which sets no domain.
    ///
    /// # Errors
    ///
    /// A status with another domain.
    pub fn of_kratos(status: &'a Status, domain: &'static str) -> Result<Self, OtherDomain> {
        Self::with_domain(status, domain, |found| found == domain || found.is_empty())
    }

    fn with_domain(
        status: &'a Status,
        expected: &'static str,
        is_ours: impl Fn(&str) -> bool,
    ) -> Result<Self, OtherDomain> {
        let mut details = unpack(status);
        let info = details.iter().enumerate().find_map(|(index, any)| {
            let is_info = is_of_type(any, "google.rpc.ErrorInfo");
            let info = is_info.then(|| ErrorInfo::decode(any.value.as_slice()).ok())??;
            Some((index, info))
        });
        match info {
            Some((index, info)) if is_ours(&info.domain) => {
                details.remove(index);
                Ok(Self {
                    status,
                    info,
                    details,
                })
            }
            info => Err(OtherDomain {
                expected,
                found: info.map(|(_, info)| info.domain),
            }),
        }
    }

    /// Reason of the error, and code of the status.
    #[must_use]
    pub fn kind(&self) -> (&str, Code) {
        (&self.info.reason, self.status.code())
    }

    /// Message of the status.
    #[must_use]
    pub fn message(&self) -> String {
        self.status.message().to_owned()
    }

    /// All metadata.
    #[must_use]
    pub fn all_metadata<M: FromIterator<(String, String)>>(&self) -> M {
        self.info.metadata.clone().into_iter().collect()
    }

    /// Value of a placeholder: the default if it is missing, like a field of a message. `None` if it cannot be parsed.
    #[must_use]
    pub fn metadata<T: Value>(&self, key: &str) -> Option<T> {
        match self.info.metadata.get(key) {
            Some(text) => T::from_text(text),
            None => Some(T::default()),
        }
    }

    /// Detail of this type: `Some(None)` if it is missing, and `None` if it cannot be decoded.
    #[must_use]
    pub fn detail<M: Message + Default>(&self, name: &str) -> Option<Option<M>> {
        let mut details = self.details.iter();
        match details.find(|any| is_of_type(any, name)) {
            Some(any) => M::decode(any.value.as_slice()).ok().map(Some),
            None => Some(None),
        }
    }

    /// The whole error.
    #[must_use]
    pub fn into_unknown(self) -> Box<UnknownError> {
        Box::new(UnknownError {
            code: self.status.code(),
            message: self.status.message().to_owned(),
            reason: self.info.reason,
            domain: self.info.domain,
            metadata: self.info.metadata.into_iter().collect(),
            details: self.details,
        })
    }
}
