//! Keys that tokens are signed with.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyOperations, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey};
use serde_json::Value;

mod check;

/// A key that tokens are verified with: for one algorithm, whatever a token says of itself (RFC 8725,
/// section 3.1).
#[derive(Clone)]
pub struct JwtKey {
    pub(super) id: Option<String>,
    pub(super) algorithm: Algorithm,
    pub(super) key: DecodingKey,
}

impl JwtKey {
    /// A secret that is shared with whoever signs, for HS256: random bytes, and no text that somebody can
    /// guess.
    ///
    /// # Errors
    ///
    /// Less than 32 bytes, which RFC 7518, section 3.2, forbids, or a file with a key: a public key is
    /// no secret.
    pub fn hs256(secret: &[u8]) -> Result<Self, KeyError> {
        Self::new(Algorithm::HS256, DecodingKey::from_secret(secret))
    }

    /// An RSA public key in PEM, for RS256.
    ///
    /// # Errors
    ///
    /// What is not one, a private key, or one of less than 2048 bits, which RFC 7518, section 3.3, forbids.
    pub fn rs256(pem: &[u8]) -> Result<Self, KeyError> {
        Self::new(Algorithm::RS256, public(pem, DecodingKey::from_rsa_pem)?)
    }

    /// A public key of the curve P-256 in PEM, for ES256.
    ///
    /// # Errors
    ///
    /// What is not one, or a private key.
    pub fn es256(pem: &[u8]) -> Result<Self, KeyError> {
        Self::new(Algorithm::ES256, public(pem, DecodingKey::from_ec_pem)?)
    }

    /// An Ed25519 public key in PEM, for `EdDSA`.
    ///
    /// # Errors
    ///
    /// What is not one, or a private key.
    pub fn eddsa(pem: &[u8]) -> Result<Self, KeyError> {
        Self::new(Algorithm::EdDSA, public(pem, DecodingKey::from_ed_pem)?)
    }

    /// A key of any other algorithm.
    ///
    /// # Errors
    ///
    /// A key that is not one of the algorithm's or too weak for it, or a secret that is shorter than its
    /// hash.
    pub fn new(algorithm: Algorithm, key: DecodingKey) -> Result<Self, KeyError> {
        if key.family() != algorithm.family() {
            return Err(KeyError::Family(algorithm));
        }
        check::check(algorithm, &key)?;
        install_jwt_provider();
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

/// Shows no key.
impl fmt::Debug for JwtKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JwtKey")
            .field("id", &self.id)
            .field("algorithm", &self.algorithm)
            .finish_non_exhaustive()
    }
}

/// Installs the provider of cryptography that the features of this crate choose, unless the application
/// installed one of its own. Every [`JwtKey`] does that as well.
///
/// A program that signs tokens and makes no `JwtKey` calls this once before. Without it `jsonwebtoken`
/// panics at its first use where features anywhere in an application chose two providers.
pub fn install_jwt_provider() {
    #[cfg(feature = "jwt-aws-lc-rs")]
    use jsonwebtoken::crypto::aws_lc as provider;
    #[cfg(not(feature = "jwt-aws-lc-rs"))]
    use jsonwebtoken::crypto::rust_crypto as provider;
    let _ = provider::DEFAULT_PROVIDER.install_default();
}

fn public(
    pem: &[u8],
    read: fn(&[u8]) -> Result<DecodingKey, jsonwebtoken::errors::Error>,
) -> Result<DecodingKey, KeyError> {
    match check::is_private(pem) {
        true => Err(KeyError::Private),
        false => read(pem).map_err(KeyError::Unreadable),
    }
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
    /// Keys that are not for signatures are left out, and those that are not known, not whole or too
    /// weak, as section 5 of the RFC has it; the log says which and why, at WARN. One that names no
    /// algorithm is for RS256, ES256, ES384, `EdDSA` or HS256, as its type is.
    ///
    /// # Errors
    ///
    /// What is no JWK Set, or one that has no key for signatures: the error says what is wrong with each key.
    pub fn from_jwks(json: &str) -> Result<Self, KeyError> {
        let set: Value = serde_json::from_str(json).map_err(|_| KeyError::NoSet)?;
        let set = set.get("keys").and_then(Value::as_array);
        let (mut keys, mut left_out) = (Vec::new(), Vec::new());
        for jwk in set.ok_or(KeyError::NoSet)? {
            match of_jwk(jwk) {
                Ok(key) => keys.push(key),
                Err(reason) => {
                    let id = jwk.get("kid").and_then(Value::as_str);
                    tracing::warn!(kid = id, reason, "a key of a JWK Set is left out");
                    let id = id.map_or("a key without `kid`".to_owned(), |id| format!("`{id}`"));
                    left_out.push(format!("{id}: {reason}"));
                }
            }
        }
        match keys.is_empty() {
            true => Err(KeyError::None { left_out }),
            false => Ok(Self::new(keys)),
        }
    }

    /// From here on these are the keys: tokens that were signed with others are refused. To let both
    /// pass for a while, put both in.
    pub fn replace(&self, keys: impl IntoIterator<Item = JwtKey>) {
        self.put(keys.into_iter().collect());
    }

    /// Replaces the keys by those of another set.
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

/// A key of a set, or why it is not one to verify signatures with.
fn of_jwk(value: &Value) -> Result<JwtKey, String> {
    let jwk: Jwk = serde_json::from_value(value.clone()).map_err(|error| error.to_string())?;
    let is_for_signatures = match (&jwk.common.public_key_use, &jwk.common.key_operations) {
        (Some(wanted), _) if *wanted != PublicKeyUse::Signature => false,
        (_, Some(operations)) => operations.contains(&KeyOperations::Verify),
        _ => true,
    };
    if !is_for_signatures {
        return Err("it is not for signatures".to_owned());
    }
    if value.get("d").is_some() {
        return Err(KeyError::Private.to_string());
    }
    let algorithm = match jwk.common.key_algorithm {
        Some(algorithm) => algorithm.to_string().parse().ok(),
        None => default_algorithm(&jwk.algorithm),
    };
    let algorithm = algorithm.ok_or("its algorithm is not known")?;
    let key = DecodingKey::from_jwk(&jwk).map_err(KeyError::Unreadable);
    let key = key.and_then(|key| JwtKey::new(algorithm, key));
    let key = key.map_err(|error| error.to_string())?;
    let id = jwk.common.key_id;
    Ok(JwtKey { id, ..key })
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

/// Keys that are refused when they are read.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum KeyError {
    /// What cannot be read as a key.
    Unreadable(jsonwebtoken::errors::Error),
    /// A key whose numbers do not fit its algorithm, with the reason.
    Malformed(&'static str),
    /// A private key in place of the public one.
    Private,
    /// A file with a key in place of a secret.
    NoSecret,
    /// A key of another family than the algorithm's.
    Family(Algorithm),
    /// A secret that is too short for its algorithm, in bytes.
    Short {
        /// How long it is.
        bytes: usize,
        /// How long it is at least to be.
        shortest: usize,
    },
    /// An RSA key that is too short, or longer than can be verified with.
    Rsa {
        /// How many bits its modulus has.
        bits: usize,
        /// How many it has to have at least.
        shortest: usize,
        /// How many it may have.
        longest: usize,
    },
    /// What is no JWK Set.
    NoSet,
    /// A set with no key for signatures.
    None {
        /// Its keys, and what is wrong with each.
        left_out: Vec<String>,
    },
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(error) => write!(f, "this is no key: {error}"),
            Self::Malformed(reason) => write!(f, "this key verifies nothing: {reason}"),
            Self::Private => f.write_str(
                "this is a private key, which only whoever signs may have: take the public one (`openssl pkey -in private.pem -pubout`)",
            ),
            Self::NoSecret => f.write_str(
                "this is a file with a key, and no secret: take `JwtKey::rs256`, `es256` or `eddsa` for it, or random bytes (`openssl rand -base64 32`)",
            ),
            Self::Family(algorithm) => write!(f, "this is no key for {algorithm:?}"),
            Self::Short { bytes, shortest } => write!(
                f,
                "a secret of {bytes} bytes is too short: it has at least {shortest} (`openssl rand -base64 {shortest}`)"
            ),
            Self::Rsa {
                bits,
                shortest,
                longest,
            } => write!(
                f,
                "an RSA key of {bits} bits is not taken: it has {shortest} to {longest} (`openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072`)"
            ),
            Self::NoSet => f.write_str("this is no JWK Set: an object with an array `keys`"),
            Self::None { left_out } => {
                f.write_str("there is no key for signatures in this JWK Set")?;
                for key in left_out {
                    write!(f, "; {key}")?;
                }
                Ok(())
            }
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
