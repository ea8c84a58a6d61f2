//! Descriptors of services.

use std::fmt;

use crate::{Method, RetryThrottling};

/// Descriptor of a service and its methods, as its proto file declares them.
///
/// Generated code has a constant for each, such as `user_service_methods::SERVICE`. Layers look up the method of a path in
/// it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Service {
    name: &'static str,
    methods: &'static [Method],
    retry_throttling: Option<RetryThrottling>,
}

impl Service {
    pub(crate) const fn new(name: &'static str, methods: &'static [Method]) -> Self {
        Self {
            name,
            methods,
            retry_throttling: None,
        }
    }

    pub(crate) const fn with_retry_throttling(mut self, throttling: RetryThrottling) -> Self {
        self.retry_throttling = Some(throttling);
        self
    }

    /// Full name: `user.v1.UserService`. Health checks and reflection use it.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Methods, in the order of the proto file.
    pub const fn methods(&self) -> &'static [Method] {
        self.methods
    }

    /// When clients stop sending calls of its methods again, as the proto file or a service config says it.
    pub const fn retry_throttling(&self) -> Option<RetryThrottling> {
        self.retry_throttling
    }

    /// Method with this name in the proto file: `GetUser`.
    pub fn method(&self, name: &str) -> Option<&'static Method> {
        self.methods.iter().find(|method| method.name() == name)
    }

    /// Method with this path: `/user.v1.UserService/GetUser`. Paths are case-sensitive and complete, as in gRPC over
    /// HTTP/2.
    pub fn method_by_path(&self, path: &str) -> Option<&'static Method> {
        self.methods.iter().find(|method| method.path() == path)
    }
}

/// Prints the name.
impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::__private::v1;
    use crate::MethodKind::{ServerStreaming, Unary};

    const GET: Method = v1::method("a.v1.Things", "Get", "/a.v1.Things/Get", Unary);
    const GET_ALL: Method = v1::method(
        "a.v1.Things",
        "GetAll",
        "/a.v1.Things/GetAll",
        ServerStreaming,
    );
    const THINGS: Service = v1::service("a.v1.Things", &[GET, GET_ALL]);

    #[test]
    fn finds_methods_by_name() {
        assert_eq!(THINGS.method("Get"), Some(&GET));
        assert_eq!(THINGS.method("GetAll"), Some(&GET_ALL));
        assert_eq!(THINGS.method("get"), None);
        assert_eq!(THINGS.method(""), None);
    }

    #[test]
    fn finds_methods_by_exact_path_only() {
        assert_eq!(THINGS.method_by_path("/a.v1.Things/GetAll"), Some(&GET_ALL));
        for path in [
            "",
            "/",
            "/a.v1.Things",
            "a.v1.Things/Get",
            "/a.v1.Things/Get/",
            "/a.v1.things/Get",
            "/b.v1.Things/Get",
        ] {
            assert_eq!(THINGS.method_by_path(path), None, "{path}");
        }
    }

    #[test]
    fn throttles_what_it_is_told_to() {
        const THROTTLED: Service = v1::retry_throttling(THINGS, 10, 100);
        assert_eq!(THINGS.retry_throttling(), None);
        assert_eq!(THROTTLED.methods(), THINGS.methods());
        let throttling = THROTTLED.retry_throttling().unwrap();
        assert_eq!(
            (throttling.max_tokens(), throttling.token_ratio()),
            (10, 0.1)
        );
    }

    #[test]
    fn a_service_may_be_empty() {
        const EMPTY: Service = v1::service("a.v1.Empty", &[]);
        assert!(EMPTY.methods().is_empty());
        assert_eq!(EMPTY.method_by_path("/a.v1.Empty/Get"), None);
        assert_eq!(EMPTY.to_string(), "a.v1.Empty");
    }
}
