//! Generated servers: the way from a request to a response, with interceptors.

use std::convert::Infallible;
use std::pin::pin;
use std::sync::Arc;

use http_body::Body as HttpBody;
use tonic::body::Body;
use tonic::codec::{Codec, CompressionEncoding, EnabledCompressionEncodings};
use tonic::codegen::{BoxFuture, StdError};
use tonic::{Code, Status};

use crate::context::{Needs, NeedsContext};
use crate::deadline::{Deadlines, Within};
use crate::hooks::Answer;
use crate::interceptor::{Intercepted, Interceptor, OwnedCall as _, Server};
use crate::limits::Limits;

mod compression;
#[cfg(feature = "testing")]
mod in_process;
mod messages;
mod recovery;
mod request;
mod response;
mod rpc;
mod whole;

use recovery::recovered;
use request::Incoming;

#[cfg(feature = "testing")]
pub use in_process::in_process;
use request::ServerRequest;
use response::{Outgoing, ServerResponse};
pub use rpc::{Handler, Hook, Rpc};

/// Contents of a generated server.
#[derive(Debug)]
pub struct ServerCore<T, I, H> {
    inner: Arc<T>,
    interceptors: Arc<I>,
    hooks: Arc<H>,
    // Behind a pointer: each call has a copy of all this in its future.
    settings: Arc<Settings>,
}

/// Settings of a server, which its builder methods change.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Settings {
    accepted: EnabledCompressionEncodings,
    sent: EnabledCompressionEncodings,
    limits: Limits,
    deadlines: Deadlines,
}

impl<T, I, H> Clone for ServerCore<T, I, H> {
    fn clone(&self) -> Self {
        Self {
            inner: Arc::clone(&self.inner),
            interceptors: Arc::clone(&self.interceptors),
            hooks: Arc::clone(&self.hooks),
            settings: Arc::clone(&self.settings),
        }
    }
}

impl<T> ServerCore<T, (), ()> {
    /// Server without interceptors.
    pub fn new(inner: Arc<T>) -> Self {
        Self {
            inner,
            interceptors: Arc::new(()),
            hooks: Arc::new(()),
            settings: Arc::default(),
        }
    }
}

impl<T: NeedsContext> ServerCore<T, Needs<T::Context>, ()> {
    /// Server that needs interceptors that provide a context.
    pub fn with_context(inner: Arc<T>) -> Self {
        ServerCore::new(inner).intercept(Needs::new())
    }
}

impl<T, I, H> ServerCore<T, I, H> {
    /// Replaces the interceptors.
    pub fn intercept<J>(self, interceptors: J) -> ServerCore<T, J, H> {
        ServerCore {
            inner: self.inner,
            interceptors: Arc::new(interceptors),
            hooks: self.hooks,
            settings: self.settings,
        }
    }

    /// Replaces the typed hooks.
    pub fn with_hooks<J>(self, hooks: J) -> ServerCore<T, I, J> {
        ServerCore {
            inner: self.inner,
            interceptors: self.interceptors,
            hooks: Arc::new(hooks),
            settings: self.settings,
        }
    }

    /// See `tonic::server::Grpc`.
    #[must_use]
    pub fn accept_compressed(mut self, encoding: CompressionEncoding) -> Self {
        Arc::make_mut(&mut self.settings).accepted.enable(encoding);
        self
    }

    /// See `tonic::server::Grpc`.
    #[must_use]
    pub fn send_compressed(mut self, encoding: CompressionEncoding) -> Self {
        Arc::make_mut(&mut self.settings).sent.enable(encoding);
        self
    }

    /// See `tonic::server::Grpc`.
    #[must_use]
    pub fn max_decoding_message_size(mut self, limit: usize) -> Self {
        Arc::make_mut(&mut self.settings).limits.decoding = Some(limit);
        self
    }

    /// See `tonic::server::Grpc`.
    #[must_use]
    pub fn max_encoding_message_size(mut self, limit: usize) -> Self {
        Arc::make_mut(&mut self.settings).limits.encoding = Some(limit);
        self
    }

    /// Sets the deadlines of calls.
    #[must_use]
    pub fn deadlines(mut self, deadlines: Deadlines) -> Self {
        Arc::make_mut(&mut self.settings).deadlines = deadlines;
        self
    }
}

/// Future of an HTTP response.
pub type HttpAnswer = BoxFuture<HttpResponse, Infallible>;

/// HTTP response of a generated server.
pub type HttpResponse = http::Response<Body>;

/// Body of a request, of any HTTP server.
pub trait RequestBody: HttpBody<Error: Into<StdError> + Send> + Send + 'static {}

impl<B: HttpBody<Error: Into<StdError> + Send> + Send + 'static> RequestBody for B {}

/// Serves one request: runs interceptors, typed hooks and the handler, and makes the response.
pub fn serve<T, I, H, B, C, Q, A>(
    core: &ServerCore<T, I, H>,
    request: http::Request<B>,
    mut codec: C,
    rpc: Rpc<T, H, Q, A>,
) -> HttpAnswer
where
    T: Send + Sync + 'static,
    I: Interceptor<Server> + 'static,
    H: Send + Sync + 'static,
    B: RequestBody,
    C: Codec<Decode = Q::Message, Encode = A::Message> + Send + 'static,
    Q: ServerRequest,
    A: ServerResponse,
{
    let core = core.clone();
    let (mut head, body) = request::split(request);
    Box::pin(async move {
        let settings = &core.settings;
        let current = head.current(rpc.method(), &settings.deadlines);
        let deadline = || current.and_then(|current| current.limit());
        let mut call =
            Intercepted::new(&core.interceptors, rpc.method(), deadline()).map(Q::Call::new);
        // Pinned here: a future that is moved into another one is copied whole.
        let answered = {
            let answering = pin!(async {
                let encodings = head.start(&mut call, settings).await?;
                let incoming = Incoming {
                    body,
                    codec: &mut codec,
                    encodings,
                    limits: settings.limits.of_server(rpc.method().policy()),
                };
                let request = Q::receive(&mut head, incoming, &mut call).await?;
                // The handler does not begin what nobody waits for.
                deadline().map_or(Ok(()), |deadline| deadline.check())?;
                let answer = recovered(&mut call, rpc.answer(&core, request)).await?;
                Ok((answer, encodings))
            });
            Within::new(current.as_ref(), answering).await
        };
        Ok(match answered {
            Ok((answer, encodings)) => {
                let outgoing = Outgoing {
                    codec,
                    encodings,
                    limits: settings.limits.of_server(rpc.method().policy()),
                    deadline: deadline(),
                };
                A::respond(call, answer, outgoing)
            }
            Err(status) => A::failure(call, status),
        })
    })
}

/// Answer of a method that the service does not implement.
#[must_use]
pub fn not_implemented<Out>() -> Answer<'static, Out>
where
    Out: Send + 'static,
{
    Box::pin(async { Err(Status::unimplemented("Not yet implemented")) })
}

/// Response to a request with an unknown path, which has no message, like tonic's.
pub fn unimplemented() -> HttpAnswer {
    Box::pin(async {
        let mut response = http::Response::new(Body::default());
        let headers = response.headers_mut();
        headers.insert(Status::GRPC_STATUS, (Code::Unimplemented as i32).into());
        headers.insert(
            http::header::CONTENT_TYPE,
            tonic::metadata::GRPC_CONTENT_TYPE,
        );
        Ok(response)
    })
}
