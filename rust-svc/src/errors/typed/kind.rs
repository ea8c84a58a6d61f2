//! Descriptors of errors.

use std::time::Duration;

use tonic::Code;

/// Descriptor of an error, which a value of an error enum declares. Generated code has a constant for each.
///
/// Reason and domain identify the error in all languages: [AIP-193](https://google.aip.dev/193).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ErrorKind {
    domain: &'static str,
    reason: &'static str,
    code: Code,
    is_retryable: bool,
    retry_delay: Option<Duration>,
    help: Option<(&'static str, &'static str)>,
}

impl ErrorKind {
    pub(crate) const fn new(domain: &'static str, reason: &'static str, code: Code) -> Self {
        Self {
            domain,
            reason,
            code,
            is_retryable: false,
            retry_delay: None,
            help: None,
        }
    }

    pub(crate) const fn with_retry(mut self, delay: Option<Duration>) -> Self {
        self.is_retryable = true;
        self.retry_delay = delay;
        self
    }

    pub(crate) const fn with_help(mut self, description: &'static str, url: &'static str) -> Self {
        self.help = Some((description, url));
        self
    }

    /// Domain of the reason, such as `users.example.com`.
    #[must_use]
    pub const fn domain(&self) -> &'static str {
        self.domain
    }

    /// Reason, such as `USER_NOT_FOUND`.
    #[must_use]
    pub const fn reason(&self) -> &'static str {
        self.reason
    }

    /// Code of the status.
    #[must_use]
    pub const fn code(&self) -> Code {
        self.code
    }

    /// Whether the call can be retried.
    #[must_use]
    pub const fn is_retryable(&self) -> bool {
        self.is_retryable
    }

    /// Delay before a retry, if the proto sets it.
    #[must_use]
    pub const fn retry_delay(&self) -> Option<Duration> {
        self.retry_delay
    }

    /// URL of a help page, if the proto sets it.
    #[must_use]
    pub const fn help_url(&self) -> Option<&'static str> {
        match self.help {
            Some((_, url)) => Some(url),
            None => None,
        }
    }

    /// Description of the help page.
    #[must_use]
    pub const fn help_description(&self) -> Option<&'static str> {
        match self.help {
            Some((description, _)) => Some(description),
            None => None,
        }
    }
}
