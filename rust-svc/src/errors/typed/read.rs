//! From a status to its error.

use std::error::Error;
use std::fmt;

use prost::Message;
use prost_types::Any;
use tonic::{Code, Status};
use tonic_types::pb::ErrorInfo;

use super::{UnknownError, Value};
use crate::errors::details::{is_of_type, unpack};

/// A status is no error of a catalogue: it has no `google.rpc.ErrorInfo`, or one of another domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherDomain {
    expected: &'static str,
    found: Option<String>,
}

impl OtherDomain {
    /// The domain of the catalogue.
    #[must_use]
    pub fn expected(&self) -> &'static str {
        self.expected
    }

    /// The domain that the status names.
    #[must_use]
    pub fn found(&self) -> Option<&str> {
        self.found.as_deref()
    }
}

impl fmt::Display for OtherDomain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let expected = self.expected;
        match &self.found {
            Some(found) => write!(f, "the status is of the domain {found:?}, not {expected:?}"),
            None => write!(
                f,
                "the status names no domain, so that it is not of {expected:?}"
            ),
        }
    }
}

impl Error for OtherDomain {}

/// Reads what a status says of an error.
#[derive(Debug)]
pub struct ErrorReader<'a> {
    status: &'a Status,
    info: ErrorInfo,
    details: Vec<Any>,
}

impl<'a> ErrorReader<'a> {
    /// # Errors
    ///
    /// A status that is not of this domain.
    pub fn new(status: &'a Status, domain: &'static str) -> Result<Self, OtherDomain> {
        Self::of_domains(status, domain, |found| found == domain)
    }

    /// Reads an error that may be of a server of kratos, which names no domain.
    ///
    /// # Errors
    ///
    /// A status that is of another domain.
    pub fn of_kratos(status: &'a Status, domain: &'static str) -> Result<Self, OtherDomain> {
        Self::of_domains(status, domain, |found| found == domain || found.is_empty())
    }

    fn of_domains(
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

    /// What the error is called, with the code that it came with.
    #[must_use]
    pub fn kind(&self) -> (&str, Code) {
        (&self.info.reason, self.status.code())
    }

    /// What the server says.
    #[must_use]
    pub fn message(&self) -> String {
        self.status.message().to_owned()
    }

    /// All metadata.
    #[must_use]
    pub fn all_metadata<M: FromIterator<(String, String)>>(&self) -> M {
        self.info.metadata.clone().into_iter().collect()
    }

    /// The value of a placeholder. One that is not there is as good as empty, as a field of a message is;
    /// none for one that is something else.
    #[must_use]
    pub fn metadata<T: Value>(&self, key: &str) -> Option<T> {
        match self.info.metadata.get(key) {
            Some(text) => T::of_text(text),
            None => Some(T::default()),
        }
    }

    /// A detail; none for one that cannot be read, and none inside for one that is not there.
    #[must_use]
    pub fn detail<M: Message + Default>(&self, name: &str) -> Option<Option<M>> {
        let mut details = self.details.iter();
        match details.find(|any| is_of_type(any, name)) {
            Some(any) => M::decode(any.value.as_slice()).ok().map(Some),
            None => Some(None),
        }
    }

    /// All that there is.
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
