//! What clients show with each call.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use tonic::Status;
use tonic::metadata::{Ascii, AsciiMetadataKey, MetadataValue};

use super::API_KEY;
use crate::interceptor::{Client, Interceptor, Start};

/// Shows a token with each call of a client: `authorization: Bearer <token>`, as RFC 6750 has it.
///
/// Clones share the token, so that whoever renews it keeps one of them.
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
pub struct Bearer(Arc<RwLock<MetadataValue<Ascii>>>);

impl Bearer {
    /// Takes the token.
    ///
    /// # Errors
    ///
    /// A token that no header can have, or an empty one.
    pub fn new(token: &str) -> Result<Self, CredentialError> {
        Ok(Self(Arc::new(RwLock::new(bearer(token)?))))
    }

    /// From here on calls show this token.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new); the token that was there stays.
    pub fn replace(&self, token: &str) -> Result<(), CredentialError> {
        let token = bearer(token)?;
        // Nothing panics while it holds this lock.
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = token;
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
        let value = self
            .0
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

/// Shows a key with each call of a client: `x-api-key: <key>`.
#[derive(Clone)]
pub struct ApiKey {
    header: AsciiMetadataKey,
    key: MetadataValue<Ascii>,
}

impl ApiKey {
    /// Takes the key.
    ///
    /// # Errors
    ///
    /// A key that no header can have, or an empty one.
    pub fn new(key: &str) -> Result<Self, CredentialError> {
        Ok(Self {
            header: AsciiMetadataKey::from_static(API_KEY),
            key: secret(checked(key)?)?,
        })
    }

    /// Takes the name of the header to put it into.
    ///
    /// # Errors
    ///
    /// What cannot be the name of a header.
    pub fn header(self, name: &str) -> Result<Self, CredentialError> {
        let header = name.parse().map_err(|_| CredentialError::Header)?;
        Ok(Self { header, ..self })
    }
}

impl Interceptor<Client> for ApiKey {
    type State = ();

    async fn start(&self, call: &mut Start<'_, Client>) -> Result<(), Status> {
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

/// What a client cannot show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CredentialError {
    /// An empty token or key.
    Empty,
    /// A token or key that is not visible ASCII.
    NotAscii,
    /// The name of no header.
    Header,
}

impl fmt::Display for CredentialError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "an empty credential lets nobody in",
            Self::NotAscii => "a credential is made of visible ASCII characters",
            Self::Header => "no header can have that name",
        })
    }
}

impl std::error::Error for CredentialError {}

/// A space in it would end it for some who read it.
fn checked(credential: &str) -> Result<&str, CredentialError> {
    match credential {
        "" => Err(CredentialError::Empty),
        _ if credential.bytes().all(|byte| byte.is_ascii_graphic()) => Ok(credential),
        _ => Err(CredentialError::NotAscii),
    }
}

/// A value that is not shown where metadata are printed, and that HTTP/2 keeps in no table.
fn secret(value: &str) -> Result<MetadataValue<Ascii>, CredentialError> {
    let mut value: MetadataValue<Ascii> = value.parse().map_err(|_| CredentialError::NotAscii)?;
    value.set_sensitive(true);
    Ok(value)
}
