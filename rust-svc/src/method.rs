//! Descriptors of rpcs.

use std::fmt;

use crate::Policy;

/// Descriptor of an rpc, as its proto file declares it.
///
/// Generated code has a constant for each, such as `user_service_methods::GET_USER`. It is `Copy` and `'static`, and works
/// as a key or a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Method {
    service: &'static str,
    name: &'static str,
    path: &'static str,
    kind: MethodKind,
    idempotency: Idempotency,
    is_deprecated: bool,
    options: &'static [u8],
    policy: &'static Policy,
}

impl Method {
    pub(crate) const fn new(
        service: &'static str,
        name: &'static str,
        path: &'static str,
        kind: MethodKind,
    ) -> Self {
        Self {
            service,
            name,
            path,
            kind,
            idempotency: Idempotency::Unknown,
            is_deprecated: false,
            options: &[],
            policy: &Policy::NONE,
        }
    }

    pub(crate) const fn with_idempotency(self, idempotency: Idempotency) -> Self {
        Self {
            idempotency,
            ..self
        }
    }

    pub(crate) const fn with_deprecated(self) -> Self {
        Self {
            is_deprecated: true,
            ..self
        }
    }

    pub(crate) const fn with_options(self, options: &'static [u8]) -> Self {
        Self { options, ..self }
    }

    pub(crate) const fn with_policy(self, policy: &'static Policy) -> Self {
        Self { policy, ..self }
    }

    /// Full name of the service: `user.v1.UserService`.
    pub const fn service(&self) -> &'static str {
        self.service
    }

    /// Name in the proto file: `GetUser`.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Path (`:path`) of requests, as gRPC over HTTP/2 defines it:
    /// `/user.v1.UserService/GetUser`.
    pub const fn path(&self) -> &'static str {
        self.path
    }

    /// Kind, by the keyword `stream` in its declaration.
    pub const fn kind(&self) -> MethodKind {
        self.kind
    }

    /// Effect of repeated calls, from the option `idempotency_level`.
    pub const fn idempotency(&self) -> Idempotency {
        self.idempotency
    }

    /// Whether the rpc has `option deprecated = true`.
    pub const fn is_deprecated(&self) -> bool {
        self.is_deprecated
    }

    /// Options of the rpc, including custom ones: an encoded `google.protobuf.MethodOptions` with its fields in ascending
    /// order. Empty without options.
    ///
    /// Decode it as a message that has a field with the number of the extension, or with a descriptor pool that has the
    /// extension.
    pub const fn options(&self) -> &'static [u8] {
        self.options
    }

    /// How its calls are made, as the proto file or a service config says it. Empty where neither says anything.
    pub const fn policy(&self) -> &'static Policy {
        self.policy
    }
}

/// Prints the path.
impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.path)
    }
}

/// Kind of an rpc: each side sends one message or a stream.
///
/// The enum is exhaustive: gRPC has these four kinds, which the two `stream` keywords of a proto file declare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MethodKind {
    /// One request, one response.
    Unary,
    /// Many requests, one response.
    ClientStreaming,
    /// One request, many responses.
    ServerStreaming,
    /// Many requests, many responses, in any order.
    BidiStreaming,
}

impl MethodKind {
    /// Whether the client sends a stream: `rpc M(stream Request)`.
    pub const fn is_client_streaming(self) -> bool {
        matches!(self, Self::ClientStreaming | Self::BidiStreaming)
    }

    /// Whether the server sends a stream: `returns (stream Response)`.
    pub const fn is_server_streaming(self) -> bool {
        matches!(self, Self::ServerStreaming | Self::BidiStreaming)
    }
}

/// Prints words: `server streaming`.
impl fmt::Display for MethodKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Unary => "unary",
            Self::ClientStreaming => "client streaming",
            Self::ServerStreaming => "server streaming",
            Self::BidiStreaming => "bidirectional streaming",
        })
    }
}

/// Effect of repeated calls: `MethodOptions.idempotency_level` of `descriptor.proto`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Idempotency {
    /// Not declared: `IDEMPOTENCY_UNKNOWN`, the default.
    #[default]
    Unknown,
    /// A call changes nothing, so that it is idempotent as well: `NO_SIDE_EFFECTS`.
    NoSideEffects,
    /// A repeated call has no further effect: `IDEMPOTENT`.
    Idempotent,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::__private::v1;

    const PLAIN: Method = v1::method("a.B", "C", "/a.B/C", MethodKind::Unary);

    #[test]
    fn declares_nothing_unless_told() {
        assert_eq!(PLAIN.service(), "a.B");
        assert_eq!(PLAIN.name(), "C");
        assert_eq!(PLAIN.path(), "/a.B/C");
        assert_eq!(PLAIN.kind(), MethodKind::Unary);
        assert_eq!(PLAIN.idempotency(), Idempotency::default());
        assert!(!PLAIN.is_deprecated());
        assert!(PLAIN.options().is_empty());
        assert_eq!(*PLAIN.policy(), Policy::default());
    }

    #[test]
    fn additions_leave_the_rest_alone() {
        const FULL: Method = v1::options(
            v1::deprecated(v1::idempotency(
                v1::policy(PLAIN, const { &v1::fail_fast(v1::no_policy()) }),
                Idempotency::NoSideEffects,
            )),
            &[0x88, 0x02, 0x01],
        );
        assert_eq!(FULL.path(), PLAIN.path());
        assert_eq!(FULL.idempotency(), Idempotency::NoSideEffects);
        assert!(FULL.is_deprecated());
        assert_eq!(FULL.options(), [0x88, 0x02, 0x01]);
        assert_eq!(FULL.policy().wait_for_ready(), Some(false));
    }

    #[test]
    fn kinds_say_which_side_streams() {
        use MethodKind::*;
        let sides = |kind: MethodKind| (kind.is_client_streaming(), kind.is_server_streaming());
        assert_eq!(sides(Unary), (false, false));
        assert_eq!(sides(ClientStreaming), (true, false));
        assert_eq!(sides(ServerStreaming), (false, true));
        assert_eq!(sides(BidiStreaming), (true, true));
    }

    #[test]
    fn displays_pad_like_strings() {
        assert_eq!(format!("{PLAIN:>8}|"), "  /a.B/C|");
        assert_eq!(format!("{:<7}|", MethodKind::Unary), "unary  |");
    }
}
