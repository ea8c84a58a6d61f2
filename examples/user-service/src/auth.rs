//! Authentication: a caller has a token that was signed with the secret of the service.

use jsonwebtoken::{EncodingKey, Header, encode, errors::Error, get_current_timestamp};
use rust_svc::auth::{Authentication, Jwt, JwtKey, KeyError, KeySet};
use serde::{Deserialize, Serialize};

/// The issuer and the audience of tokens: both are the service itself.
const ISSUER: &str = "https://users.example.com";
const AUDIENCE: &str = "user-service";

/// How long a token is valid, in seconds.
const LIFETIME: u64 = 60 * 60;

/// The caller. Handlers get it by `request.context::<Caller>()`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Caller {
    /// The name that the token stands for.
    #[serde(rename = "sub")]
    pub name: String,
}

/// Lets in calls with a token. Others are refused before a message is read.
///
/// # Errors
///
/// A secret of less than 32 bytes.
pub fn authentication(secret: &[u8]) -> Result<Authentication<Jwt<Caller>>, KeyError> {
    let keys = KeySet::new([JwtKey::hs256(secret)?]);
    Ok(Authentication::new(Jwt::new(keys, ISSUER, AUDIENCE)))
}

/// A token for a caller, valid for an hour.
///
/// # Errors
///
/// None, as far as is known: `jsonwebtoken` can fail for other keys.
pub fn token(secret: &[u8], name: &str) -> Result<String, Error> {
    #[derive(Serialize)]
    struct Claims {
        #[serde(flatten)]
        caller: Caller,
        iss: &'static str,
        aud: &'static str,
        exp: u64,
    }
    let claims = Claims {
        caller: Caller {
            name: name.to_owned(),
        },
        iss: ISSUER,
        aud: AUDIENCE,
        exp: get_current_timestamp() + LIFETIME,
    };
    encode(
        &Header::default(),
        &claims,
        &EncodingKey::from_secret(secret),
    )
}
