//! Keys that tokens are signed with.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use jsonwebtoken::crypto::rust_crypto;
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyOperations, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey};
use serde_json::Value;

/// A key that tokens are verified with: for one algorithm, whatever a token says of itself (RFC 8725,
/// section 3.1).
#[derive(Clone)]
pub struct JwtKey {
    pub(super) id: Option<String>,
    pub(super) algorithm: Algorithm,
    pub(super) key: DecodingKey,
}

impl JwtKey {
    /// A secret that whoever signs has as well, for HS256.
    ///
    /// # Errors
    ///
    /// Less than 32 bytes, which RFC 7518, section 3.2, forbids.
    pub fn hs256(secret: &[u8]) -> Result<Self, KeyError> {
        Self::of(
            Algorithm::HS256,
            DecodingKey::from_secret(secret),
            secret.len(),
        )
    }

    /// An RSA public key in PEM, for RS256.
    ///
    /// # Errors
    ///
    /// What is not one.
    pub fn rs256(pem: &[u8]) -> Result<Self, KeyError> {
        Self::new(Algorithm::RS256, read(DecodingKey::from_rsa_pem(pem))?)
    }

    /// A public key of the curve P-256 in PEM, for ES256.
    ///
    /// # Errors
    ///
    /// What is not one.
    pub fn es256(pem: &[u8]) -> Result<Self, KeyError> {
        Self::new(Algorithm::ES256, read(DecodingKey::from_ec_pem(pem))?)
    }

    /// An Ed25519 public key in PEM, for `EdDSA`.
    ///
    /// # Errors
    ///
    /// What is not one.
    pub fn eddsa(pem: &[u8]) -> Result<Self, KeyError> {
        Self::new(Algorithm::EdDSA, read(DecodingKey::from_ed_pem(pem))?)
    }

    /// A key of any other algorithm.
    ///
    /// # Errors
    ///
    /// A key that is not one of the algorithm's, or a secret that is shorter than its hash.
    pub fn new(algorithm: Algorithm, key: DecodingKey) -> Result<Self, KeyError> {
        let bytes = key.try_get_as_bytes().map_or(usize::MAX, <[u8]>::len);
        Self::of(algorithm, key, bytes)
    }

    fn of(algorithm: Algorithm, key: DecodingKey, bytes: usize) -> Result<Self, KeyError> {
        if key.family() != algorithm.family() {
            return Err(KeyError::Family(algorithm));
        }
        let shortest = match algorithm {
            Algorithm::HS256 => 32,
            Algorithm::HS384 => 48,
            Algorithm::HS512 => 64,
            _ => 0,
        };
        if bytes < shortest {
            return Err(KeyError::Short { bytes, shortest });
        }
        install_provider();
        Ok(Self {
            id: None,
            algorithm,
            key,
        })
    }

    /// Gives it an id: tokens that name it by `kid` are verified with this key alone.
    #[must_use]
    pub fn id(self, id: impl Into<String>) -> Self {
        Self {
            id: Some(id.into()),
            ..self
        }
    }
}

/// Without the key.
impl fmt::Debug for JwtKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JwtKey")
            .field("id", &self.id)
            .field("algorithm", &self.algorithm)
            .finish_non_exhaustive()
    }
}

/// `jsonwebtoken` panics at its first use where features of an application chose two providers of
/// cryptography. One that the application installed itself stays.
fn install_provider() {
    let _ = rust_crypto::DEFAULT_PROVIDER.install_default();
}

fn read(key: Result<DecodingKey, jsonwebtoken::errors::Error>) -> Result<DecodingKey, KeyError> {
    key.map_err(KeyError::Unreadable)
}

/// The keys of a server. Clones share them, so that whoever fetches new ones keeps a clone.
#[derive(Clone, Debug)]
pub struct KeySet(Arc<RwLock<Arc<[JwtKey]>>>);

impl KeySet {
    /// Takes the keys.
    #[must_use]
    pub fn new(keys: impl IntoIterator<Item = JwtKey>) -> Self {
        Self(Arc::new(RwLock::new(keys.into_iter().collect())))
    }

    /// Reads a JWK Set (RFC 7517), as issuers publish it.
    ///
    /// Keys that are not for signatures are left out, and those that are not known or not whole, as
    /// section 5 of the RFC has it. One that names no algorithm is for RS256, ES256, ES384, `EdDSA` or
    /// HS256, as its type is.
    ///
    /// # Errors
    ///
    /// What is no JWK Set, or one that has no key for signatures.
    pub fn from_jwks(json: &str) -> Result<Self, KeyError> {
        let set: Value = serde_json::from_str(json).map_err(|_| KeyError::NoSet)?;
        let keys = set.get("keys").and_then(Value::as_array);
        let keys = keys.ok_or(KeyError::NoSet)?.iter();
        let keys: Vec<_> = keys.filter_map(of_jwk).collect();
        match keys.is_empty() {
            true => Err(KeyError::None),
            false => Ok(Self::new(keys)),
        }
    }

    /// From here on these are the keys: tokens that were signed with others are refused. To let both
    /// pass for a while, put both in.
    pub fn replace(&self, keys: impl IntoIterator<Item = JwtKey>) {
        self.put(keys.into_iter().collect());
    }

    /// The same with the keys of another set.
    pub fn replace_by(&self, other: &Self) {
        self.put(other.keys());
    }

    fn put(&self, keys: Arc<[JwtKey]>) {
        // Nothing panics while it holds this lock.
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = keys;
    }

    pub(super) fn keys(&self) -> Arc<[JwtKey]> {
        let keys = self.0.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&keys)
    }
}

/// A key of a set, if it is one to verify signatures with.
fn of_jwk(jwk: &Value) -> Option<JwtKey> {
    let jwk: Jwk = serde_json::from_value(jwk.clone()).ok()?;
    let is_for_signatures = match (&jwk.common.public_key_use, &jwk.common.key_operations) {
        (Some(wanted), _) if *wanted != PublicKeyUse::Signature => false,
        (_, Some(operations)) => operations.contains(&KeyOperations::Verify),
        _ => true,
    };
    let algorithm = match jwk.common.key_algorithm {
        Some(algorithm) => algorithm.to_string().parse().ok()?,
        None => default_algorithm(&jwk.algorithm)?,
    };
    let key = DecodingKey::from_jwk(&jwk)
        .ok()
        .filter(|_| is_for_signatures)?;
    let key = JwtKey::new(algorithm, key).ok()?;
    let id = jwk.common.key_id;
    Some(JwtKey { id, ..key })
}

fn default_algorithm(parameters: &AlgorithmParameters) -> Option<Algorithm> {
    Some(match parameters {
        AlgorithmParameters::RSA(_) => Algorithm::RS256,
        AlgorithmParameters::OctetKey(_) => Algorithm::HS256,
        AlgorithmParameters::OctetKeyPair(_) => Algorithm::EdDSA,
        AlgorithmParameters::EllipticCurve(key) => match key.curve {
            EllipticCurve::P256 => Algorithm::ES256,
            EllipticCurve::P384 => Algorithm::ES384,
            _ => return None,
        },
        _ => return None,
    })
}

/// Keys that nothing can be verified with.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum KeyError {
    /// What cannot be read as a key.
    Unreadable(jsonwebtoken::errors::Error),
    /// A key of another family than the algorithm's.
    Family(Algorithm),
    /// A secret that is too short for its algorithm, in bytes.
    Short {
        /// How long it is.
        bytes: usize,
        /// How long it is at least to be.
        shortest: usize,
    },
    /// What is no JWK Set.
    NoSet,
    /// A set with no key for signatures.
    None,
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(error) => write!(f, "this is no key: {error}"),
            Self::Family(algorithm) => write!(f, "this is no key for {algorithm:?}"),
            Self::Short { bytes, shortest } => write!(
                f,
                "a secret of {bytes} bytes is too short: it has at least {shortest}"
            ),
            Self::NoSet => f.write_str("this is no JWK Set: an object with an array `keys`"),
            Self::None => f.write_str("there is no key for signatures in this JWK Set"),
        }
    }
}

impl std::error::Error for KeyError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Unreadable(error) => Some(error),
            _ => None,
        }
    }
}
