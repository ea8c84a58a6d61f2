//! Who is calling: interceptors that find it out from metadata, and those that say it.
//!
//! On a server, [`Authentication`] runs an [`Authenticator`]: `Jwt` (feature `jwt`), `ApiKeys`
//! (feature `api-key`), or one of your own. It refuses calls, or tells handlers the identity:
//!
//! ```
//! use rust_svc::auth::{Authentication, Authenticator, Refusal};
//! use rust_svc::{Server, Start};
//!
//! /// Who is calling: handlers get it by `request.context::<Caller>()`.
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
//!         // It may wait: for a database, say.
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
//! On a client, [`Bearer`] and [`ApiKey`] show what they are given with each call.

use std::borrow::Cow;
use std::fmt;

use tonic::Status;
#[cfg(any(feature = "api-key", feature = "_jwt"))]
use tonic::metadata::MetadataMap;
use tracing::Span;

use crate::context::Provides;
use crate::interceptor::{Interceptor, Server, Start};

#[cfg(feature = "api-key")]
mod api_key;
mod cleartext;
mod credentials;
#[cfg(feature = "_jwt")]
mod jwt;
#[cfg(feature = "_jwt")]
mod keys;

#[cfg(feature = "api-key")]
pub use api_key::{ApiKeyError, ApiKeys};
pub use credentials::{ApiKey, Bearer, CredentialError};
/// The version of `jsonwebtoken` that [`Jwt`] is made with.
#[cfg(feature = "_jwt")]
pub use jsonwebtoken;
#[cfg(feature = "_jwt")]
pub use jwt::Jwt;
#[cfg(feature = "_jwt")]
pub use keys::{JwtKey, KeyError, KeySet, install_jwt_provider};

/// Where an API key is, unless something else is said.
const API_KEY: &str = "x-api-key";

/// Finds out who is calling.
pub trait Authenticator: Send + Sync + 'static {
    /// The caller: handlers read it by [`RequestExt::context`](crate::RequestExt::context).
    type Identity: Clone + Send + Sync + 'static;

    /// Looks at the metadata, the peer or whatever else is known of a call before its first message.
    ///
    /// # Errors
    ///
    /// Why the call is refused: for the log, and never for the caller.
    fn authenticate(
        &self,
        call: &Start<'_, Server>,
    ) -> impl Future<Output = Result<Self::Identity, Refusal>> + Send;
}

/// Why a call is refused.
///
/// The text is for the log alone, and must not hold what is secret: say which check failed, and not what
/// was shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal(Cow<'static, str>);

impl Refusal {
    /// Takes the reason: half a sentence, such as `the token has expired`.
    pub fn new(reason: impl Into<Cow<'static, str>>) -> Self {
        Self(reason.into())
    }

    /// The reason.
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

/// Lets in calls of those whom an [`Authenticator`] knows, before a byte of their messages is read.
///
/// All others get `UNAUTHENTICATED` with one message, whatever the reason: to know which check failed
/// helps nobody but those who guess. The reason is in the log, at INFO.
#[derive(Clone, Debug)]
pub struct Authentication<A>(A);

impl<A: Authenticator> Authentication<A> {
    /// Takes what finds out who is calling.
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
                // The span of a `Logging` further out, if there is one.
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

/// The one value of a header. Two of them could be two answers to who is calling, of which others may
/// have looked at the other.
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
