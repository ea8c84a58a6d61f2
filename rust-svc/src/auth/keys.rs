//! Keys that verify tokens.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyOperations, PublicKeyUse};
use jsonwebtoken::{AlgorithmFamily, DecodingKey};
use serde_json::Value;

use super::Algorithm;

mod check;
mod error;

pub use error::KeyError;

/// Key that verifies tokens, for one algorithm. The header of a token does not choose another (RFC 8725, section 3.1).
#[derive(Clone)]
pub struct JwtKey {
    pub(super) id: Option<String>,
    pub(super) algorithm: Algorithm,
    pub(super) key: DecodingKey,
}

impl JwtKey {
    /// Secret for HS256, which the issuer has as well: random bytes, not a text that can be guessed.
    ///
    /// # Errors
    ///
    /// The errors of [`from_secret`](Self::from_secret).
    pub fn hs256(secret: &[u8]) -> Result<Self, KeyError> {
        Self::from_secret(Algorithm::HS256, secret)
    }

    /// RSA public key in PEM, for RS256.
    ///
    /// # Errors
    ///
    /// The errors of [`from_pem`](Self::from_pem).
    pub fn rs256(pem: &[u8]) -> Result<Self, KeyError> {
        Self::from_pem(Algorithm::RS256, pem)
    }

    /// Public key of the curve P-256 in PEM, for ES256.
    ///
    /// # Errors
    ///
    /// The errors of [`from_pem`](Self::from_pem).
    pub fn es256(pem: &[u8]) -> Result<Self, KeyError> {
        Self::from_pem(Algorithm::ES256, pem)
    }

    /// Ed25519 public key in PEM, for `EdDSA`.
    ///
    /// # Errors
    ///
    /// The errors of [`from_pem`](Self::from_pem).
    pub fn eddsa(pem: &[u8]) -> Result<Self, KeyError> {
        Self::from_pem(Algorithm::EdDSA, pem)
    }

    /// Secret for HS256, HS384 or HS512.
    ///
    /// # Errors
    ///
    /// A secret shorter than the hash, which RFC 7518, section 3.2, forbids; a file with a key, since a public key is
    /// not a secret; another algorithm.
    pub fn from_secret(algorithm: Algorithm, secret: &[u8]) -> Result<Self, KeyError> {
        Self::checked(algorithm, DecodingKey::from_secret(secret))
    }

    /// Public key in PEM.
    ///
    /// # Errors
    ///
    /// A file that cannot be read, a private key, a key of another algorithm, or an RSA key of less than 2048 bits,
    /// which RFC 7518, section 3.3, forbids.
    pub fn from_pem(algorithm: Algorithm, pem: &[u8]) -> Result<Self, KeyError> {
        if check::is_private(pem) {
            return Err(KeyError::PrivateKey);
        }
        let key = match algorithm.backend().family() {
            AlgorithmFamily::Hmac => return Err(KeyError::WrongAlgorithm(algorithm)),
            AlgorithmFamily::Rsa => DecodingKey::from_rsa_pem(pem),
            AlgorithmFamily::Ec => DecodingKey::from_ec_pem(pem),
            AlgorithmFamily::Ed => DecodingKey::from_ed_pem(pem),
        };
        Self::checked(algorithm, key.map_err(KeyError::unreadable)?)
    }

    /// Public key in binary: an `RSAPublicKey` in DER (RFC 8017), an uncompressed point of a curve (SEC 1), or the 32
    /// bytes of an Ed25519 key (RFC 8032).
    ///
    /// # Errors
    ///
    /// The errors of [`from_pem`](Self::from_pem).
    pub fn from_der(algorithm: Algorithm, der: &[u8]) -> Result<Self, KeyError> {
        let key = match algorithm.backend().family() {
            AlgorithmFamily::Hmac => return Err(KeyError::WrongAlgorithm(algorithm)),
            AlgorithmFamily::Rsa => DecodingKey::from_rsa_der(der),
            AlgorithmFamily::Ec => DecodingKey::from_ec_der(der),
            AlgorithmFamily::Ed => DecodingKey::from_ed_der(der),
        };
        Self::checked(algorithm, key)
    }

    /// RSA public key by its modulus and its public exponent, in big-endian order.
    ///
    /// # Errors
    ///
    /// The errors of [`from_pem`](Self::from_pem).
    pub fn from_rsa_components(
        algorithm: Algorithm,
        modulus: &[u8],
        exponent: &[u8],
    ) -> Result<Self, KeyError> {
        let key = DecodingKey::from_rsa_raw_components(modulus, exponent);
        Self::checked(algorithm, key)
    }

    fn checked(algorithm: Algorithm, key: DecodingKey) -> Result<Self, KeyError> {
        if key.family() != algorithm.backend().family() {
            return Err(KeyError::WrongAlgorithm(algorithm));
        }
        check::check(algorithm, &key)?;
        install_jwt_provider();
        Ok(Self {
            id: None,
            algorithm,
            key,
        })
    }

    /// Sets the id. Tokens with this `kid` are verified with this key alone.
    #[must_use]
    pub fn id(self, id: impl Into<String>) -> Self {
        Self {
            id: Some(id.into()),
            ..self
        }
    }
}

/// Does not print the key.
impl fmt::Debug for JwtKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JwtKey")
            .field("id", &self.id)
            .field("algorithm", &self.algorithm)
            .finish_non_exhaustive()
    }
}

/// Installs the cryptography that the features of this crate choose as the provider of `jsonwebtoken`, unless the
/// application has installed one. Each constructor of [`JwtKey`] does it as well.
///
/// For programs that sign tokens with `jsonwebtoken` and have no `JwtKey`: it panics at its first use if the features of
/// an application choose two providers and none is installed.
pub fn install_jwt_provider() {
    #[cfg(feature = "jwt-aws-lc-rs")]
    use jsonwebtoken::crypto::aws_lc as provider;
    #[cfg(not(feature = "jwt-aws-lc-rs"))]
    use jsonwebtoken::crypto::rust_crypto as provider;
    let _ = provider::DEFAULT_PROVIDER.install_default();
}

/// Keys of a server. Clones share them: keep one to replace the keys while the server runs.
#[derive(Clone, Debug)]
pub struct KeySet(Arc<RwLock<Arc<[JwtKey]>>>);

impl KeySet {
    /// Set of these keys.
    #[must_use]
    pub fn new(keys: impl IntoIterator<Item = JwtKey>) -> Self {
        Self(Arc::new(RwLock::new(keys.into_iter().collect())))
    }

    /// Reads a JWK Set (RFC 7517), as issuers publish it.
    ///
    /// Keys that are not for signatures are skipped, and so are unknown, incomplete and weak keys (section 5 of the RFC).
    /// Each is logged with the reason, at WARN. A key without `alg` is for RS256, ES256, ES384, `EdDSA` or HS256, by its
    /// type.
    ///
    /// # Errors
    ///
    /// A text that is not a JWK Set, or a set without a usable key, with the reason for each key.
    pub fn from_jwks(json: &str) -> Result<Self, KeyError> {
        let set: Value = serde_json::from_str(json).map_err(|_| KeyError::NotJwkSet)?;
        let set = set.get("keys").and_then(Value::as_array);
        let (mut keys, mut skipped) = (Vec::new(), Vec::new());
        for jwk in set.ok_or(KeyError::NotJwkSet)? {
            match read_jwk(jwk) {
                Ok(key) => keys.push(key),
                Err(reason) => {
                    let id = jwk.get("kid").and_then(Value::as_str);
                    tracing::warn!(kid = id, reason, "a key of a JWK Set was skipped");
                    let id = id.map_or("a key without `kid`".to_owned(), |id| format!("`{id}`"));
                    skipped.push(format!("{id}: {reason}"));
                }
            }
        }
        if keys.is_empty() {
            return Err(KeyError::NoUsableKey { skipped });
        }
        Ok(Self::new(keys))
    }

    /// Replaces the keys. Tokens that were signed with others are refused from now on: include the old keys as long as
    /// their tokens are valid.
    pub fn replace(&self, keys: impl IntoIterator<Item = JwtKey>) {
        self.put(keys.into_iter().collect());
    }

    /// Replaces the keys with those of another set.
    pub fn replace_with(&self, other: &Self) {
        self.put(other.keys());
    }

    fn put(&self, keys: Arc<[JwtKey]>) {
        // No code panics while it holds this lock.
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = keys;
    }

    pub(super) fn keys(&self) -> Arc<[JwtKey]> {
        let keys = self.0.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&keys)
    }
}

/// Reads a key of a JWK Set.
///
/// # Errors
///
/// The reason why it does not verify signatures.
fn read_jwk(value: &Value) -> Result<JwtKey, String> {
    let jwk: Jwk = serde_json::from_value(value.clone()).map_err(|error| error.to_string())?;
    let is_for_signatures = match (&jwk.common.public_key_use, &jwk.common.key_operations) {
        (Some(wanted), _) if *wanted != PublicKeyUse::Signature => false,
        (_, Some(operations)) => operations.contains(&KeyOperations::Verify),
        _ => true,
    };
    if !is_for_signatures {
        return Err("the key is not for signatures".to_owned());
    }
    if value.get("d").is_some() {
        return Err(KeyError::PrivateKey.to_string());
    }
    let algorithm = match jwk.common.key_algorithm {
        Some(algorithm) => Algorithm::from_name(&algorithm.to_string()),
        None => default_algorithm(&jwk.algorithm),
    };
    let algorithm = algorithm.ok_or("the algorithm is not known")?;
    let key = DecodingKey::from_jwk(&jwk).map_err(KeyError::unreadable);
    let key = key.and_then(|key| JwtKey::checked(algorithm, key));
    let key = key.map_err(|error| error.to_string())?;
    let id = jwk.common.key_id;
    Ok(JwtKey { id, ..key })
}

/// Algorithm of a key that names none.
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
