//! Interceptors of some methods.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use tonic::{Status, metadata::MetadataMap};

use super::list::maybe;
use super::{Call, End, Interceptor, Message, Side, Start};
use crate::{Method, MethodKind, Service};

/// Limits an interceptor to the methods that a [`Matcher`] matches.
///
/// ```
/// use rust_svc::{Method, MethodKind, selector};
/// # use rust_svc::{Interceptor, Server, Start, __private::v1};
/// # const GET_USER: Method = v1::method("user.v1.UserService", "GetUser", "/user.v1.UserService/GetUser", MethodKind::Unary);
/// # #[derive(Clone)]
/// # struct Audit;
/// # impl Interceptor<Server> for Audit {
/// #     type State = ();
/// #     async fn start(&self, _: &mut Start<'_, Server>) -> Result<(), tonic::Status> { Ok(()) }
/// # }
/// # fn check(_: impl Interceptor<Server>) {}
/// # check((
///
/// selector(GET_USER, Audit), // the constant of a method, which the compiler checks
/// # ));check((
/// selector("user.v1.UserService", Audit), // a name, for example from a configuration
/// # ));check((
/// selector(MethodKind::BidiStreaming, Audit),
/// # ));check((
/// selector(|method: &Method| method.is_deprecated(), Audit), // any predicate
/// # ));
/// ```
pub fn selector<I>(matcher: impl Matcher + 'static, interceptor: I) -> Selector<I> {
    Selector {
        matcher: Arc::new(matcher),
        interceptor,
    }
}

/// Matcher of the methods that an interceptor runs for: see [`selector`].
///
/// - A predicate over [`Method`].
/// - A [`Method`], a [`Service`] or a [`MethodKind`].
/// - Text: the name of a method (`GetUser`), the full name of a service (`user.v1.UserService`) or a path
///   (`/user.v1.UserService/GetUser`).
/// - An array or a `Vec`: what any of its matchers matches. With several types, a `Vec<Box<dyn Matcher>>`.
pub trait Matcher: Send + Sync {
    /// Whether this method matches.
    fn matches(&self, method: &Method) -> bool;
}

impl<F: Fn(&Method) -> bool + Send + Sync> Matcher for F {
    fn matches(&self, method: &Method) -> bool {
        self(method)
    }
}

impl Matcher for Method {
    fn matches(&self, method: &Method) -> bool {
        self.path() == method.path()
    }
}

impl Matcher for Box<dyn Matcher> {
    fn matches(&self, method: &Method) -> bool {
        (**self).matches(method)
    }
}

impl Matcher for Service {
    fn matches(&self, method: &Method) -> bool {
        self.name() == method.service()
    }
}

impl Matcher for MethodKind {
    fn matches(&self, method: &Method) -> bool {
        *self == method.kind()
    }
}

impl Matcher for &str {
    fn matches(&self, method: &Method) -> bool {
        [method.name(), method.service(), method.path()].contains(self)
    }
}

impl Matcher for String {
    fn matches(&self, method: &Method) -> bool {
        Matcher::matches(&self.as_str(), method)
    }
}

impl<T: Matcher, const N: usize> Matcher for [T; N] {
    fn matches(&self, method: &Method) -> bool {
        self.iter().any(|matcher| matcher.matches(method))
    }
}

impl<T: Matcher> Matcher for Vec<T> {
    fn matches(&self, method: &Method) -> bool {
        self.iter().any(|matcher| matcher.matches(method))
    }
}

/// Interceptor of some methods: see [`selector`].
#[derive(Clone)]
pub struct Selector<I> {
    // A `dyn`: with the type of the matcher, one with a lifetime such as `&'static str` would make calls of a client not
    // `Send`.
    matcher: Arc<dyn Matcher>,
    interceptor: I,
}

impl<I: fmt::Debug> fmt::Debug for Selector<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Selector")
            .field("interceptor", &self.interceptor)
            .finish_non_exhaustive()
    }
}

impl<S: Side, I: Interceptor<S>> Interceptor<S> for Selector<I> {
    type State = Option<I::State>;

    async fn start(&self, call: &mut Start<'_, S>) -> Result<Self::State, Status> {
        if !self.matcher.matches(call.method()) {
            return Ok(None);
        }
        self.interceptor.start(call).await.map(Some)
    }

    fn request_message<M: Message + ?Sized>(
        &self,
        call: &mut Call<'_, Self::State>,
        message: &mut M,
    ) -> Result<(), Status> {
        maybe(Some(&self.interceptor), call, |interceptor, call| {
            interceptor.request_message(call, message)
        })
    }

    fn half_close(&self, call: &mut Call<'_, Self::State>) {
        maybe(Some(&self.interceptor), call, |interceptor, call| {
            interceptor.half_close(call);
        });
    }

    fn response_headers(
        &self,
        call: &mut Call<'_, Self::State>,
        headers: &mut MetadataMap,
    ) -> Result<(), Status> {
        maybe(Some(&self.interceptor), call, |interceptor, call| {
            interceptor.response_headers(call, headers)
        })
    }

    fn response_message<M: Message + ?Sized>(
        &self,
        call: &mut Call<'_, Self::State>,
        message: &mut M,
    ) -> Result<(), Status> {
        maybe(Some(&self.interceptor), call, |interceptor, call| {
            interceptor.response_message(call, message)
        })
    }

    fn recovers(&self) -> bool {
        self.interceptor.recovers()
    }

    fn recover(
        &self,
        call: &mut Call<'_, Self::State>,
        panic: &(dyn Any + Send),
    ) -> Option<Status> {
        maybe(Some(&self.interceptor), call, |interceptor, call| {
            interceptor.recover(call, panic)
        })
    }

    fn end(&self, call: &mut Call<'_, Self::State>, end: &mut End<'_>) {
        maybe(Some(&self.interceptor), call, |interceptor, call| {
            interceptor.end(call, end);
        });
    }
}
