//! What clients show with each call.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use tonic::Status;
use tonic::metadata::{Ascii, AsciiMetadataKey, MetadataValue};

use super::API_KEY;
use super::cleartext::Cleartext;
use crate::interceptor::{Client, Interceptor, Start};
use crate::metadata::is_reserved;

/// Shows a token with each call of a client: `authorization: Bearer <token>`, as RFC 6750 has it.
///
/// Clones share the token, so that whoever renews it keeps one of them.
///
/// Where a token goes without TLS to another host, the log says so once, at WARN: as far as a client
/// knows where it goes, see [`Start::origin`].
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
    /// Takes the token.
    ///
    /// # Errors
    ///
    /// A token that no header can have, or an empty one.
    pub fn new(token: &str) -> Result<Self, CredentialError> {
        Ok(Self {
            token: Arc::new(RwLock::new(bearer(token)?)),
            cleartext: Cleartext::default(),
        })
    }

    /// From here on calls show this token.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new); the token that was there stays.
    pub fn replace(&self, token: &str) -> Result<(), CredentialError> {
        let token = bearer(token)?;
        // Nothing panics while it holds this lock.
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
        self.cleartext.warn_of(call);
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

/// Shows a key with each call of a client: `x-api-key: <key>`.
///
/// Where a key goes without TLS to another host, the log says so once, at WARN: as far as a client knows
/// where it goes, see [`Start::origin`].
#[derive(Clone)]
pub struct ApiKey {
    header: AsciiMetadataKey,
    key: MetadataValue<Ascii>,
    cleartext: Cleartext,
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
            cleartext: Cleartext::default(),
        })
    }

    /// Takes the name of the header to put it into.
    ///
    /// # Errors
    ///
    /// What cannot be the name of a header, or is one of gRPC's or HTTP's own.
    pub fn header(self, name: &str) -> Result<Self, CredentialError> {
        let header: AsciiMetadataKey = name.parse().map_err(|_| CredentialError::Header)?;
        match is_reserved(header.as_str()) {
            true => Err(CredentialError::Reserved),
            false => Ok(Self { header, ..self }),
        }
    }
}

impl Interceptor<Client> for ApiKey {
    type State = ();

    async fn start(&self, call: &mut Start<'_, Client>) -> Result<(), Status> {
        self.cleartext.warn_of(call);
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
    /// A header that gRPC or HTTP uses itself.
    Reserved,
}

impl fmt::Display for CredentialError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "an empty credential lets nobody in",
            Self::NotAscii => "a credential is made of visible ASCII characters",
            Self::Header => "no header can have that name",
            Self::Reserved => {
                "gRPC or HTTP uses that header itself: take one of your own, such as `x-api-key`"
            }
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
