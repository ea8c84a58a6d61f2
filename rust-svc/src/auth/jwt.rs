//! Authentication by JSON Web Tokens.

use std::collections::HashSet;
use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use jsonwebtoken::dangerous::insecure_decode_claims;
use jsonwebtoken::errors::{Error, ErrorKind, new_error};
use jsonwebtoken::{Header, Validation, decode, decode_header};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{Authenticator, JwtKey, KeySet, Refusal, only};
use crate::interceptor::{Server, Start};

/// Default maximum length of a token in bytes.
const MAX_BYTES: usize = 16 * 1024;

/// Default tolerance between the clocks of issuers and servers.
const LEEWAY: Duration = Duration::from_secs(30);

/// Maximum tolerance between clocks.
const MAX_LEEWAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Authenticates callers by a JSON Web Token (RFC 7519) in `authorization: Bearer <token>` (RFC 6750).
///
/// A token is valid if
///
/// - it is signed with a [`JwtKey`] of the set and with the algorithm of that key. The algorithm in the header of the
///   token must agree with it. `alg: none` is refused;
/// - `iss` is the issuer, as one text, and `aud` contains the audience. Both are required;
/// - `exp` is present and in the future, and `nbf`, if present, is in the past, with a leeway of 30 seconds;
/// - it has no critical extensions (`crit`), since this crate implements none;
/// - its claims can be deserialized as a `C`, which is the identity that handlers get;
/// - it has at most 16 KiB, and is the only value of the header.
///
/// ```
/// use rust_svc::auth::{Authentication, Jwt, JwtKey, KeyError, KeySet};
/// use serde::Deserialize;
///
/// /// Who is calling: handlers get it by `request.context::<Claims>()`.
/// #[derive(Clone, Deserialize)]
/// struct Claims {
///     sub: String,
/// }
///
/// # fn main() -> Result<(), KeyError> {
/// let keys = KeySet::new([JwtKey::hs256(b"a secret of thirty-two bytes, at least")?]);
/// let jwt = Jwt::<Claims>::new(keys, "https://issuer.example.com", "user-service");
/// // UserServiceServer::new(users).intercept(interceptor)
/// let interceptor = Authentication::new(jwt);
/// # Ok(())
/// # }
/// ```
pub struct Jwt<C> {
    keys: KeySet,
    /// Rules of the claims. The algorithm is set for each key.
    validation: Validation,
    max_bytes: usize,
    claims: PhantomData<fn() -> C>,
}

impl<C: DeserializeOwned + Clone + Send + Sync + 'static> Jwt<C> {
    /// Accepts tokens of this issuer for this audience. Tokens of the issuer for another service are refused.
    pub fn new(keys: KeySet, issuer: impl Into<String>, audience: impl Into<String>) -> Self {
        // The algorithm is set for each key.
        let mut validation = Validation::default();
        validation.set_required_spec_claims(&["exp", "iss", "aud"]);
        validation.validate_nbf = true;
        validation.leeway = LEEWAY.as_secs();
        validation.iss = Some(HashSet::from([issuer.into()]));
        validation.aud = Some(HashSet::from([audience.into()]));
        Self {
            keys,
            validation,
            max_bytes: MAX_BYTES,
            claims: PhantomData,
        }
    }

    /// Accepts tokens of this issuer as well.
    #[must_use]
    pub fn or_issuer(mut self, issuer: impl Into<String>) -> Self {
        let issuers = self.validation.iss.get_or_insert_default();
        issuers.insert(issuer.into());
        self
    }

    /// Accepts tokens for this audience as well.
    #[must_use]
    pub fn or_audience(mut self, audience: impl Into<String>) -> Self {
        let audiences = self.validation.aud.get_or_insert_default();
        audiences.insert(audience.into());
        self
    }

    /// Sets the tolerance between clocks, in whole seconds: 30 by default, a day at most.
    #[must_use]
    pub fn leeway(mut self, leeway: Duration) -> Self {
        self.validation.leeway = leeway.min(MAX_LEEWAY).as_secs();
        self
    }

    /// Sets the maximum length of a token in bytes: 16 KiB by default.
    #[must_use]
    pub fn max_bytes(mut self, bytes: usize) -> Self {
        self.max_bytes = bytes;
        self
    }

    fn verify(&self, authorization: &str) -> Result<C, Refusal> {
        let token = token(authorization)?;
        if token.len() > self.max_bytes {
            return Err(Refusal::new("the token is too long"));
        }
        let header = decode_header(token).map_err(|_| Refusal::new("the token is malformed"))?;
        if header.crit.is_some() {
            return Err(Refusal::new("the token has an unknown critical extension"));
        }
        let keys = self.keys.keys();
        let mut refusal = Refusal::new("the token is signed with an unknown key");
        for key in keys.iter().filter(|key| fits(key, &header)) {
            match self.verify_with(key, token) {
                Ok(claims) => return Ok(claims),
                // Another key may have signed it.
                Err(error) if is_signature_error(&error) => refusal = refusal_for(&error),
                Err(error) => return Err(refusal_for(&error)),
            }
        }
        Err(refusal)
    }

    fn verify_with(&self, key: &JwtKey, token: &str) -> Result<C, Error> {
        let mut validation = self.validation.clone();
        validation.algorithms = vec![key.algorithm.backend()];
        let claims = decode(token, &key.key, &validation)?.claims;
        // `jsonwebtoken` also accepts a list of issuers that contains the right one.
        let OneIssuer { .. } = insecure_decode_claims(token)
            .map_err(|_| new_error(ErrorKind::InvalidClaimFormat("iss".to_owned())))?;
        Ok(claims)
    }
}

/// Claims whose issuer is one text (RFC 7519, section 4.1.1).
#[derive(Deserialize)]
struct OneIssuer {
    #[serde(rename = "iss")]
    _issuer: String,
}

/// Token after the scheme, which is case-insensitive (RFC 9110, section 11.1).
fn token(authorization: &str) -> Result<&str, Refusal> {
    let (scheme, token) = authorization
        .split_once(' ')
        .ok_or(Refusal::new("there is no token"))?;
    let token = token.trim_start_matches(' ');
    match token {
        _ if !scheme.eq_ignore_ascii_case("bearer") => {
            Err(Refusal::new("the scheme is not `Bearer`"))
        }
        "" => Err(Refusal::new("there is no token")),
        token => Ok(token),
    }
}

/// Whether a key may have signed a token: the key that the token names, or any if it names none.
fn fits(key: &JwtKey, header: &Header) -> bool {
    let is_named = match &header.kid {
        Some(id) => key.id.as_ref() == Some(id),
        None => true,
    };
    is_named && key.algorithm.backend() == header.alg
}

fn is_signature_error(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::InvalidSignature)
}

/// Reason for the log, without any content of the token.
fn refusal_for(error: &Error) -> Refusal {
    Refusal::new(match error.kind() {
        ErrorKind::InvalidSignature => "the signature of the token is not valid",
        ErrorKind::ExpiredSignature => "the token has expired",
        ErrorKind::ImmatureSignature => "the token is not valid yet",
        ErrorKind::InvalidIssuer => "the token is from another issuer",
        ErrorKind::InvalidAudience => "the token is for another audience",
        ErrorKind::MissingRequiredClaim(claim) | ErrorKind::InvalidClaimFormat(claim) => {
            return Refusal::new(format!("the token has no valid `{claim}`"));
        }
        ErrorKind::Json(_) => "the claims of the token cannot be deserialized",
        _ => "the token is not valid",
    })
}

impl<C: DeserializeOwned + Clone + Send + Sync + 'static> Authenticator for Jwt<C> {
    type Identity = C;

    async fn authenticate(&self, call: &Start<'_, Server>) -> Result<C, Refusal> {
        self.verify(only(call.metadata(), "authorization")?)
    }
}

impl<C> fmt::Debug for Jwt<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Jwt")
            .field("keys", &self.keys)
            .field("issuers", &self.validation.iss)
            .field("audiences", &self.validation.aud)
            .field("leeway", &self.validation.leeway)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use jsonwebtoken::{EncodingKey, encode, get_current_timestamp};
    use serde::Serialize;

    use super::*;

    #[derive(Clone, Serialize, Deserialize)]
    struct Claims {
        iss: String,
        aud: String,
        exp: u64,
    }

    /// Works with each provider of cryptography, and with both.
    #[test]
    fn a_token_is_verified() {
        let secret = b"a secret of thirty-two bytes, at least";
        let keys = KeySet::new([JwtKey::hs256(secret).unwrap()]);
        let jwt = Jwt::<Claims>::new(keys, "issuer", "service");
        let claims = Claims {
            iss: "issuer".to_owned(),
            aud: "service".to_owned(),
            exp: get_current_timestamp() + 600,
        };
        let key = EncodingKey::from_secret(secret);
        let token = encode(&Header::default(), &claims, &key).unwrap();
        assert_eq!(
            jwt.verify(&format!("Bearer {token}")).unwrap().iss,
            "issuer"
        );
        let other = EncodingKey::from_secret(b"another secret of thirty-two bytes");
        let token = encode(&Header::default(), &claims, &other).unwrap();
        assert!(jwt.verify(&format!("Bearer {token}")).is_err());
    }
}
