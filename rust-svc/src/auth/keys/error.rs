//! Errors of keys.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use crate::auth::Algorithm;

/// Error of a key, or of a set of keys, that is refused.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum KeyError {
    /// The key cannot be read. The error says why.
    Unreadable(Arc<dyn Error + Send + Sync>),
    /// The numbers of the key do not fit its algorithm. The text says why.
    Malformed(&'static str),
    /// The key is private, and a public key is expected.
    PrivateKey,
    /// The secret is a file with a key.
    NotSecret,
    /// The key is not for this algorithm.
    WrongAlgorithm(Algorithm),
    /// The secret is too short for its algorithm.
    #[non_exhaustive]
    TooShort {
        /// Length of the secret in bytes.
        bytes: usize,
        /// Minimum length in bytes.
        minimum: usize,
    },
    /// The RSA key has too few or too many bits.
    #[non_exhaustive]
    RsaSize {
        /// Size of the modulus in bits.
        bits: usize,
        /// Minimum size in bits.
        minimum: usize,
        /// Maximum size in bits.
        maximum: usize,
    },
    /// The text is not a JWK Set.
    NotJwkSet,
    /// The JWK Set has no key that verifies signatures.
    #[non_exhaustive]
    NoUsableKey {
        /// Each key of the set, with the reason.
        skipped: Vec<String>,
    },
}

impl KeyError {
    pub(super) fn unreadable(error: jsonwebtoken::errors::Error) -> Self {
        Self::Unreadable(Arc::new(error))
    }
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(error) => write!(f, "the key cannot be read: {error}"),
            Self::Malformed(reason) => write!(f, "the key is malformed: {reason}"),
            Self::PrivateKey => f.write_str(
                "the key is private and must stay with the issuer: use the public key (`openssl pkey -in private.pem -pubout`)",
            ),
            Self::NotSecret => f.write_str(
                "the secret is a file with a key: use `JwtKey::rs256`, `es256` or `eddsa` for the key, or random bytes as the secret (`openssl rand -base64 32`)",
            ),
            Self::WrongAlgorithm(algorithm) => write!(f, "the key is not for {algorithm}"),
            Self::TooShort { bytes, minimum } => write!(
                f,
                "the secret has {bytes} bytes and must have at least {minimum} (`openssl rand -base64 {minimum}`)"
            ),
            Self::RsaSize {
                bits,
                minimum,
                maximum,
            } => write!(
                f,
                "the RSA key has {bits} bits and must have {minimum} to {maximum} (`openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072`)"
            ),
            Self::NotJwkSet => {
                f.write_str("the text is not a JWK Set, which is an object with an array `keys`")
            }
            Self::NoUsableKey { skipped } => {
                f.write_str("the JWK Set has no key that verifies signatures")?;
                for key in skipped {
                    write!(f, "; {key}")?;
                }
                Ok(())
            }
        }
    }
}

impl Error for KeyError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Unreadable(error) => Some(&**error),
            _ => None,
        }
    }
}
