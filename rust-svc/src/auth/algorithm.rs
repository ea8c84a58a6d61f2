//! Algorithms of signatures.

use std::fmt;

use jsonwebtoken::Algorithm as Backend;

/// Algorithm that a token is signed with, by its name in RFC 7518, section 3.1, or RFC 8037.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Algorithm {
    /// HMAC with SHA-256.
    HS256,
    /// HMAC with SHA-384.
    HS384,
    /// HMAC with SHA-512.
    HS512,
    /// ECDSA with the curve P-256 and SHA-256.
    ES256,
    /// ECDSA with the curve P-384 and SHA-384.
    ES384,
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    RS256,
    /// RSASSA-PKCS1-v1_5 with SHA-384.
    RS384,
    /// RSASSA-PKCS1-v1_5 with SHA-512.
    RS512,
    /// RSASSA-PSS with SHA-256.
    PS256,
    /// RSASSA-PSS with SHA-384.
    PS384,
    /// RSASSA-PSS with SHA-512.
    PS512,
    /// Ed25519.
    EdDSA,
}

impl Algorithm {
    const ALL: [Self; 12] = [
        Self::HS256,
        Self::HS384,
        Self::HS512,
        Self::ES256,
        Self::ES384,
        Self::RS256,
        Self::RS384,
        Self::RS512,
        Self::PS256,
        Self::PS384,
        Self::PS512,
        Self::EdDSA,
    ];

    pub(super) const fn backend(self) -> Backend {
        match self {
            Self::HS256 => Backend::HS256,
            Self::HS384 => Backend::HS384,
            Self::HS512 => Backend::HS512,
            Self::ES256 => Backend::ES256,
            Self::ES384 => Backend::ES384,
            Self::RS256 => Backend::RS256,
            Self::RS384 => Backend::RS384,
            Self::RS512 => Backend::RS512,
            Self::PS256 => Backend::PS256,
            Self::PS384 => Backend::PS384,
            Self::PS512 => Backend::PS512,
            Self::EdDSA => Backend::EdDSA,
        }
    }

    /// The algorithm of this name, if it is known.
    pub(super) fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|known| known.to_string() == name)
    }
}

/// Prints the name.
impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}
