//! Authentication: interceptors of servers that verify credentials, and interceptors of clients that send them.
//!
//! On a server, [`Authentication`] runs an [`Authenticator`]: `Jwt` (feature `jwt`), `ApiKeys`
//! (feature `api-key`), or one of your own. It refuses the call, or passes the identity to the handler:
//!
//! ```
//! use rust_svc::auth::{Authentication, Authenticator, Refusal};
//! use rust_svc::{Server, Start};
//!
//! /// Identity of a caller. Handlers get it by `request.context::<Caller>()`.
//! #[derive(Clone)]
//! struct Caller(String);
//!
//! struct Sessions;
//!
//! impl Authenticator for Sessions {
//!     type Identity = Caller;
//!
//!     async fn authenticate(&self, call: &Start<'_, Server>) -> Result<Caller, Refusal> {
//!         let session = call.metadata().get("x-session");
//!         let session = session.ok_or(Refusal::new("there is no session"))?;
//!         // An `.await` is possible here, such as a query of a database.
//!         match session.to_str() {
//!             Ok("of ada") => Ok(Caller("ada".to_owned())),
//!             _ => Err(Refusal::new("the session is not known")),
//!         }
//!     }
//! }
//!
//! // UserServiceServer::new(users).intercept(interceptor)
//! let interceptor = Authentication::new(Sessions);
//! ```
//!
//! On a client, [`Bearer`] and [`ApiKey`] add a credential to each call.

use std::borrow::Cow;
use std::fmt;

use tonic::Status;
#[cfg(any(feature = "api-key", feature = "_jwt"))]
use tonic::metadata::MetadataMap;
use tracing::Span;

use crate::context::Provides;
use crate::interceptor::{Interceptor, Server, Start};

#[cfg(feature = "_jwt")]
mod algorithm;
#[cfg(feature = "api-key")]
mod api_key;
mod cleartext;
mod credentials;
#[cfg(feature = "_jwt")]
mod jwt;
#[cfg(feature = "_jwt")]
mod keys;

#[cfg(feature = "_jwt")]
pub use algorithm::Algorithm;
#[cfg(feature = "api-key")]
pub use api_key::{ApiKeyError, ApiKeys};
pub use credentials::{ApiKey, Bearer, CredentialError};
#[cfg(feature = "_jwt")]
pub use jwt::Jwt;
#[cfg(feature = "_jwt")]
pub use keys::{JwtKey, KeyError, KeySet, install_jwt_provider};

/// Default header of an API key.
const API_KEY: &str = "x-api-key";

/// Verifies the credentials of a call.
pub trait Authenticator: Send + Sync + 'static {
    /// Identity of a caller. Handlers get it by [`RequestExt::context`](crate::RequestExt::context).
    type Identity: Clone + Send + Sync + 'static;

    /// Verifies the metadata, or anything else that is known of a call before its first message.
    ///
    /// # Errors
    ///
    /// The reason why the call is refused, for the log. The caller does not get it.
    fn authenticate(
        &self,
        call: &Start<'_, Server>,
    ) -> impl Future<Output = Result<Self::Identity, Refusal>> + Send;
}

/// Reason why a call is refused.
///
/// The text goes to the log. It names the check that failed, and must not contain the credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal(Cow<'static, str>);

impl Refusal {
    /// Refusal with a reason without a period, such as `the token has expired`.
    pub fn new(reason: impl Into<Cow<'static, str>>) -> Self {
        Self(reason.into())
    }

    /// Reason.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Refusal {}

/// Interceptor that refuses calls without valid credentials, before it reads a message.
///
/// A refused call ends with `UNAUTHENTICATED`. The message is always the same, since the reason would help an attacker.
/// The reason is logged at INFO.
#[derive(Clone, Debug)]
pub struct Authentication<A>(A);

impl<A: Authenticator> Authentication<A> {
    /// Interceptor with this authenticator.
    pub fn new(authenticator: A) -> Self {
        Self(authenticator)
    }
}

impl<A: Authenticator> Interceptor<Server> for Authentication<A> {
    type State = ();

    async fn start(&self, call: &mut Start<'_, Server>) -> Result<(), Status> {
        match self.0.authenticate(call).await {
            Ok(identity) => {
                call.extensions_mut().insert(identity);
                Ok(())
            }
            Err(refusal) => {
                // Span of an outer `Logging`, if there is one.
                let span = call.extensions().get().cloned();
                tracing::info!(
                    parent: span.unwrap_or_else(Span::current),
                    rpc.system.name = "grpc",
                    rpc.method = call.method().path().trim_start_matches('/'),
                    reason = refusal.reason(),
                    "a call is not authenticated"
                );
                Err(Status::unauthenticated("the call is not authenticated"))
            }
        }
    }
}

impl<A: Authenticator> Provides<A::Identity> for Authentication<A> {}

/// The only value of a header. With two values, another component may verify the other one.
///
/// # Errors
///
/// A header that is missing, repeated or not ASCII.
#[cfg(any(feature = "api-key", feature = "_jwt"))]
fn only<'a>(metadata: &'a MetadataMap, header: &str) -> Result<&'a str, Refusal> {
    let mut values = metadata.get_all(header).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => value
            .to_str()
            .map_err(|_| Refusal::new(format!("the header `{header}` is not ASCII"))),
        (None, _) => Err(Refusal::new(format!("there is no header `{header}`"))),
        _ => Err(Refusal::new(format!(
            "there are several headers `{header}`"
        ))),
    }
}
