//! Authentication by API keys.

use std::fmt;

use subtle::{Choice, ConditionallySelectable, ConstantTimeEq};

use super::{API_KEY, Authenticator, Refusal, only};
use crate::interceptor::{Server, Start};
use crate::metadata::is_reserved;

/// Minimum number of characters of a key: a shorter key can be guessed.
const MIN_LENGTH: usize = 16;

/// Authenticates callers by a key in `x-api-key`, or in another header.
///
/// A key is compared with all known keys, each in constant time: the time reveals the lengths of keys and nothing else.
/// Keys should be random, with at least 128 bits.
///
/// ```
/// use rust_svc::auth::{ApiKeyError, ApiKeys, Authentication};
///
/// #[derive(Clone)]
/// struct Caller(&'static str);
///
/// # fn main() -> Result<(), ApiKeyError> {
/// let keys = ApiKeys::new([
///     ("k-2b7e151628aed2a6", Caller("billing")),
///     ("k-abf7158809cf4f3c", Caller("reports")),
/// ])?;
/// // UserServiceServer::new(users).intercept(interceptor)
/// let interceptor = Authentication::new(keys);
/// # Ok(())
/// # }
/// ```
pub struct ApiKeys<I> {
    header: String,
    keys: Vec<(Vec<u8>, I)>,
}

impl<I: Clone + Send + Sync + 'static> ApiKeys<I> {
    /// Accepts these keys, each with the identity of its holder.
    ///
    /// # Errors
    ///
    /// No keys, a duplicate, or a key that is empty, not visible ASCII or shorter than 16 characters.
    pub fn new<K: Into<String>>(
        keys: impl IntoIterator<Item = (K, I)>,
    ) -> Result<Self, ApiKeyError> {
        let mut known: Vec<(Vec<u8>, I)> = Vec::new();
        for (key, identity) in keys {
            let key = key.into().into_bytes();
            if key.is_empty() {
                return Err(ApiKeyError::Empty);
            }
            if !key.iter().all(u8::is_ascii_graphic) {
                return Err(ApiKeyError::NotAscii);
            }
            if key.len() < MIN_LENGTH {
                return Err(ApiKeyError::TooShort);
            }
            if known.iter().any(|(other, _)| *other == key) {
                return Err(ApiKeyError::Duplicate);
            }
            known.push((key, identity));
        }
        if known.is_empty() {
            return Err(ApiKeyError::NoKeys);
        }
        Ok(Self {
            header: API_KEY.to_owned(),
            keys: known,
        })
    }

    /// Reads keys from another header.
    ///
    /// # Errors
    ///
    /// An invalid name of a header, or a header that gRPC or HTTP uses.
    pub fn header(self, name: &str) -> Result<Self, ApiKeyError> {
        match name.parse::<tonic::metadata::AsciiMetadataKey>() {
            Ok(header) if is_reserved(header.as_str()) => Err(ApiKeyError::ReservedHeader),
            Ok(header) => Ok(Self {
                header: header.as_str().to_owned(),
                ..self
            }),
            Err(_) => Err(ApiKeyError::InvalidHeader),
        }
    }

    /// Index of a key. Compares it with all keys.
    fn find(&self, key: &[u8]) -> Option<usize> {
        let mut found = 0_u64;
        // Numbers start at 1: 0 is none.
        for (number, (known, _)) in (1_u64..).zip(&self.keys) {
            // Slices of different lengths are unequal without a comparison.
            let is_it: Choice = known.as_slice().ct_eq(key);
            found.conditional_assign(&number, is_it);
        }
        usize::try_from(found).ok()?.checked_sub(1)
    }
}

impl<I: Clone + Send + Sync + 'static> Authenticator for ApiKeys<I> {
    type Identity = I;

    async fn authenticate(&self, call: &Start<'_, Server>) -> Result<I, Refusal> {
        let key = only(call.metadata(), &self.header)?;
        let found = self.find(key.as_bytes()).map(|index| &self.keys[index].1);
        found
            .cloned()
            .ok_or(Refusal::new("the API key is not known"))
    }
}

/// Does not print the keys.
impl<I> fmt::Debug for ApiKeys<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiKeys")
            .field("header", &self.header)
            .field("len", &self.keys.len())
            .finish_non_exhaustive()
    }
}

/// Error of API keys that are refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ApiKeyError {
    /// There are no keys, so that every call would be refused.
    NoKeys,
    /// A key is empty.
    Empty,
    /// A key is not visible ASCII.
    NotAscii,
    /// A key has less than 16 characters.
    TooShort,
    /// Two keys are equal.
    Duplicate,
    /// The name of the header is invalid.
    InvalidHeader,
    /// gRPC or HTTP uses the header.
    ReservedHeader,
}

impl fmt::Display for ApiKeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoKeys => "there are no API keys, so that every call would be refused",
            Self::Empty => "an API key is empty",
            Self::NotAscii => "an API key must be visible ASCII",
            Self::TooShort => {
                "an API key must have at least 16 characters (`openssl rand -hex 16`)"
            }
            Self::Duplicate => "two API keys are equal",
            Self::InvalidHeader => "the name of the header is invalid",
            Self::ReservedHeader => {
                "gRPC or HTTP uses the header: choose another, such as `x-api-key`"
            }
        })
    }
}

impl std::error::Error for ApiKeyError {}
