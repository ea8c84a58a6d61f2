//! Credentials of clients.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use tonic::Status;
use tonic::metadata::{Ascii, AsciiMetadataKey, MetadataValue};

use super::API_KEY;
use super::cleartext::Cleartext;
use crate::interceptor::{Client, Interceptor, Start};
use crate::metadata::is_reserved;

/// Adds a token to each call of a client: `authorization: Bearer <token>` (RFC 6750).
///
/// Clones share the token: keep one to renew it.
///
/// The first call that sends the token to another host without TLS is logged at WARN, if the client knows its
/// [origin](Start::origin).
///
/// ```
/// use rust_svc::auth::Bearer;
///
/// let bearer = Bearer::new("some.jwt.token")?;
/// // UserServiceClient::new(channel).intercept(bearer.clone())
/// bearer.replace("its.next.one")?;
/// # Ok::<(), rust_svc::auth::CredentialError>(())
/// ```
#[derive(Clone)]
pub struct Bearer {
    token: Arc<RwLock<MetadataValue<Ascii>>>,
    cleartext: Cleartext,
}

impl Bearer {
    /// Adds this token.
    ///
    /// # Errors
    ///
    /// A token that is empty or not visible ASCII.
    pub fn new(token: &str) -> Result<Self, CredentialError> {
        Ok(Self {
            token: Arc::new(RwLock::new(bearer(token)?)),
            cleartext: Cleartext::default(),
        })
    }

    /// Replaces the token.
    ///
    /// # Errors
    ///
    /// The errors of [`new`](Self::new). The old token stays.
    pub fn replace(&self, token: &str) -> Result<(), CredentialError> {
        let token = bearer(token)?;
        // No code panics while it holds this lock.
        *self.token.write().unwrap_or_else(PoisonError::into_inner) = token;
        Ok(())
    }
}

fn bearer(token: &str) -> Result<MetadataValue<Ascii>, CredentialError> {
    let token = checked(token)?;
    secret(&format!("Bearer {token}"))
}

impl Interceptor<Client> for Bearer {
    type State = ();

    async fn start(&self, call: &mut Start<'_, Client>) -> Result<(), Status> {
        self.cleartext.warn(call);
        let value = self
            .token
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        call.metadata_mut().insert("authorization", value);
        Ok(())
    }
}

impl fmt::Debug for Bearer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bearer").finish_non_exhaustive()
    }
}

/// Adds a key to each call of a client: `x-api-key: <key>`.
///
/// The first call that sends the key to another host without TLS is logged at WARN, if the client knows its
/// [origin](Start::origin).
#[derive(Clone)]
pub struct ApiKey {
    header: AsciiMetadataKey,
    key: MetadataValue<Ascii>,
    cleartext: Cleartext,
}

impl ApiKey {
    /// Adds this key.
    ///
    /// # Errors
    ///
    /// A key that is empty or not visible ASCII.
    pub fn new(key: &str) -> Result<Self, CredentialError> {
        Ok(Self {
            header: AsciiMetadataKey::from_static(API_KEY),
            key: secret(checked(key)?)?,
            cleartext: Cleartext::default(),
        })
    }

    /// Sets the header of the key.
    ///
    /// # Errors
    ///
    /// An invalid name of a header, or a header that gRPC or HTTP uses.
    pub fn header(self, name: &str) -> Result<Self, CredentialError> {
        let header: AsciiMetadataKey = name.parse().map_err(|_| CredentialError::InvalidHeader)?;
        if is_reserved(header.as_str()) {
            return Err(CredentialError::ReservedHeader);
        }
        Ok(Self { header, ..self })
    }
}

impl Interceptor<Client> for ApiKey {
    type State = ();

    async fn start(&self, call: &mut Start<'_, Client>) -> Result<(), Status> {
        self.cleartext.warn(call);
        let metadata = call.metadata_mut();
        metadata.insert(self.header.clone(), self.key.clone());
        Ok(())
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiKey")
            .field("header", &self.header)
            .finish_non_exhaustive()
    }
}

/// Error of a credential that is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CredentialError {
    /// The token or key is empty.
    Empty,
    /// The token or key is not visible ASCII.
    NotAscii,
    /// The name of the header is invalid.
    InvalidHeader,
    /// gRPC or HTTP uses the header.
    ReservedHeader,
}

impl fmt::Display for CredentialError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "the credential is empty",
            Self::NotAscii => "the credential must be visible ASCII",
            Self::InvalidHeader => "the name of the header is invalid",
            Self::ReservedHeader => {
                "gRPC or HTTP uses the header: choose another, such as `x-api-key`"
            }
        })
    }
}

impl std::error::Error for CredentialError {}

/// Checks a token or key: some readers would end it at a space.
fn checked(credential: &str) -> Result<&str, CredentialError> {
    match credential {
        "" => Err(CredentialError::Empty),
        _ if credential.bytes().all(|byte| byte.is_ascii_graphic()) => Ok(credential),
        _ => Err(CredentialError::NotAscii),
    }
}

/// Value that is not printed, and that HPACK does not keep in its table.
fn secret(value: &str) -> Result<MetadataValue<Ascii>, CredentialError> {
    let mut value: MetadataValue<Ascii> = value.parse().map_err(|_| CredentialError::NotAscii)?;
    value.set_sensitive(true);
    Ok(value)
}
