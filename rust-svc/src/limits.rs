//! Largest sizes of messages.

use crate::Policy;

/// Sizes of encoded messages in bytes, above which a call fails. `None` is the limit of tonic.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Limits {
    pub(crate) decoding: Option<usize>,
    pub(crate) encoding: Option<usize>,
}

impl Limits {
    /// Limits of a client, which encodes requests. A policy has those that code leaves open.
    pub(crate) fn of_client(self, policy: &Policy) -> Self {
        self.or(policy.max_response_bytes(), policy.max_request_bytes())
    }

    /// Limits of a server, which decodes requests.
    pub(crate) fn of_server(self, policy: &Policy) -> Self {
        self.or(policy.max_request_bytes(), policy.max_response_bytes())
    }

    fn or(self, decoding: Option<usize>, encoding: Option<usize>) -> Self {
        Self {
            decoding: self.decoding.or(decoding),
            encoding: self.encoding.or(encoding),
        }
    }
}
