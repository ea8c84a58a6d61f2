//! Keys that stand for their holders.

use std::fmt;

use subtle::{Choice, ConditionallySelectable, ConstantTimeEq};

use super::{API_KEY, Authenticator, Refusal, only};
use crate::interceptor::{Server, Start};
use crate::metadata::is_reserved;

/// The least number of characters of a key: a shorter one can be guessed.
const SHORTEST: usize = 16;

/// Knows callers by a key that they show in `x-api-key`, or in another header.
///
/// A key is compared with all that are known, each in constant time: how long that takes tells how
/// long keys are, and nothing else of them. Keys should be random and long, 128 bits at least.
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
    /// Takes each key with the identity of whoever has it.
    ///
    /// # Errors
    ///
    /// No keys, an empty one, one that no header can have, one of less than 16 characters, or the same
    /// twice.
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
            if key.len() < SHORTEST {
                return Err(ApiKeyError::Short);
            }
            if known.iter().any(|(other, _)| *other == key) {
                return Err(ApiKeyError::Twice);
            }
            known.push((key, identity));
        }
        if known.is_empty() {
            return Err(ApiKeyError::None);
        }
        Ok(Self {
            header: API_KEY.to_owned(),
            keys: known,
        })
    }

    /// Looks for keys in another header.
    ///
    /// # Errors
    ///
    /// What cannot be the name of a header, or is one of gRPC's or HTTP's own.
    pub fn header(self, name: &str) -> Result<Self, ApiKeyError> {
        match name.parse::<tonic::metadata::AsciiMetadataKey>() {
            Ok(header) if is_reserved(header.as_str()) => Err(ApiKeyError::Reserved),
            Ok(header) => Ok(Self {
                header: header.as_str().to_owned(),
                ..self
            }),
            Err(_) => Err(ApiKeyError::Header),
        }
    }

    /// Which of the keys this is, having looked at all of them.
    fn find(&self, key: &[u8]) -> Option<usize> {
        let mut found = 0_u64;
        // From one on, so that nothing is none.
        for (number, (known, _)) in (1_u64..).zip(&self.keys) {
            // Slices of different lengths are not looked at.
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

/// Shows no keys.
impl<I> fmt::Debug for ApiKeys<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiKeys")
            .field("header", &self.header)
            .field("len", &self.keys.len())
            .finish_non_exhaustive()
    }
}

/// Keys that cannot be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ApiKeyError {
    /// There are none: everybody would be refused.
    None,
    /// One of them is empty.
    Empty,
    /// One of them is not visible ASCII.
    NotAscii,
    /// One of them is shorter than 16 characters.
    Short,
    /// Two of them are the same.
    Twice,
    /// The name of no header.
    Header,
    /// A header that gRPC or HTTP uses itself.
    Reserved,
}

impl fmt::Display for ApiKeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "there is no API key, so that nobody could be let in",
            Self::Empty => "an API key is empty",
            Self::NotAscii => "an API key is not made of visible ASCII characters",
            Self::Short => {
                "an API key of less than 16 characters can be guessed: take a random one (`openssl rand -hex 16`)"
            }
            Self::Twice => "an API key is there twice",
            Self::Header => "no header can have that name",
            Self::Reserved => {
                "gRPC or HTTP uses that header itself: take one of your own, such as `x-api-key`"
            }
        })
    }
}

impl std::error::Error for ApiKeyError {}
