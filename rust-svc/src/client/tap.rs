//! Between tonic's client and the transport: where the end of a stream of responses can be seen.

use std::error::Error;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use http::{HeaderMap, StatusCode};
use http_body::{Body as HttpBody, Frame};
use pin_project_lite::pin_project;
use tonic::body::Body;
use tonic::codegen::{Bytes, Service};
use tonic::metadata::MetadataMap;
use tonic::{Code, Status};

use super::Transport;
use crate::metadata::{make_readable, status_of, trailers_of};

/// A transport whose response bodies tell an [`Observer`] of their end, where the request brought
/// one along.
#[derive(Clone, Debug)]
pub(super) struct Tap<T>(T);

impl<T> Tap<T> {
    pub(super) fn new(transport: T) -> Self {
        Self(transport)
    }
}

/// Waits for the end of a call; travels in the extensions of a request.
#[derive(Clone)]
pub(super) struct Observer(pub(super) Arc<dyn Observe>);

pub(super) trait Observe: Send + Sync {
    /// The call ends with this status, or with what it becomes.
    fn end(&self, status: &mut Status);

    /// The caller is not interested any more.
    fn abandon(&self);
}

impl fmt::Debug for Observer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Observer").finish_non_exhaustive()
    }
}

impl<T: Transport> Service<http::Request<Body>> for Tap<T> {
    type Response = http::Response<Tapped<T::ResponseBody>>;
    type Error = T::Error;
    type Future = TapFuture<T::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), T::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, mut request: http::Request<Body>) -> Self::Future {
        let observer = request.extensions_mut().remove();
        let response = self.0.call(request);
        TapFuture { response, observer }
    }
}

pin_project! {
    pub(super) struct TapFuture<F> {
        #[pin]
        response: F,
        observer: Option<Observer>,
    }
}

impl<F, B, E> Future for TapFuture<F>
where
    F: Future<Output = Result<http::Response<B>, E>>,
{
    type Output = Result<http::Response<Tapped<B>>, E>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let mut response = ready!(this.response.poll(context))?;
        make_readable(response.headers_mut());
        let http_status = response.status();
        // A call that ends with its headers has its status there.
        let early = response.headers().get(Status::GRPC_STATUS);
        let is_early = early.is_some_and(|code| code == "0");
        let observer = this.observer.take();
        Poll::Ready(Ok(response.map(|body| Tapped {
            body,
            watch: observer.map(|observer| Watch {
                observer,
                http_status,
                is_early,
                is_over: false,
            }),
        })))
    }
}

pin_project! {
    /// The body of a response.
    pub(super) struct Tapped<B> {
        #[pin]
        body: B,
        watch: Option<Watch>,
    }
}

struct Watch {
    observer: Observer,
    http_status: StatusCode,
    /// The headers already had the status, which is OK.
    is_early: bool,
    is_over: bool,
}

impl Watch {
    /// What the status becomes, if it becomes another.
    fn end(&mut self, mut status: Status) -> Option<Status> {
        self.is_over = true;
        let before = status.clone();
        self.observer.0.end(&mut status);
        let is_same = status.code() == before.code()
            && status.message() == before.message()
            && status.details() == before.details()
            && status.metadata().as_ref() == before.metadata().as_ref();
        (!is_same).then_some(status)
    }

    fn trailers(&mut self, trailers: HeaderMap) -> Result<Frame<Bytes>, Status> {
        let status = status_of(&trailers).unwrap_or_else(|| match self.is_early {
            true => {
                let metadata = MetadataMap::from_headers(trailers.clone());
                Status::with_metadata(Code::Ok, "", metadata)
            }
            false => missing_status(self.http_status),
        });
        match self.end(status) {
            Some(status) => trailers_of(&status),
            None => Ok(Frame::trailers(trailers)),
        }
    }

    /// The body ends without trailers. Unless interceptors say something else, tonic says itself what it
    /// makes of that: it knows whether it broke off a message.
    fn nothing(&mut self) -> Option<Result<Frame<Bytes>, Status>> {
        let status = match self.is_early {
            true => Status::ok(""),
            false => missing_status(self.http_status),
        };
        self.end(status).map(|status| trailers_of(&status))
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        if !self.is_over {
            self.observer.0.abandon();
        }
    }
}

impl<B> HttpBody for Tapped<B>
where
    B: tonic::codegen::Body<Data = Bytes, Error: Into<tonic::codegen::StdError>>,
{
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let this = self.project();
        let frame = match this.watch {
            // What was over because an interceptor stopped it stays over.
            Some(watch) if watch.is_over => return Poll::Ready(None),
            _ => ready!(this.body.poll_frame(context)),
        };
        Poll::Ready(match frame {
            Some(Ok(frame)) => Some(match frame.into_trailers() {
                Ok(mut trailers) => {
                    make_readable(&mut trailers);
                    match this.watch {
                        Some(watch) => watch.trailers(trailers),
                        None => Ok(Frame::trailers(trailers)),
                    }
                }
                Err(frame) => Ok(frame),
            }),
            Some(Err(error)) => {
                let status = begun(Status::from_error(error.into()));
                let ended = this.watch.as_mut();
                let ended = ended.and_then(|watch| watch.end(status.clone()));
                Some(Err(ended.unwrap_or(status)))
            }
            None => this.watch.as_mut().and_then(Watch::nothing),
        })
    }
}

/// The error that broke off a response which had begun: the server has got the call, whatever the error
/// says.
#[derive(Debug)]
pub(crate) struct Begun(Status);

impl fmt::Display for Begun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the response broke off")
    }
}

impl Error for Begun {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.0)
    }
}

fn begun(status: Status) -> Status {
    let mut outer = Status::with_details_and_metadata(
        status.code(),
        status.message(),
        Bytes::copy_from_slice(status.details()),
        status.metadata().clone(),
    );
    outer.set_source(Arc::new(Begun(status)));
    outer
}

/// What tonic says of a response that something other than a gRPC server gave.
fn missing_status(status: StatusCode) -> Status {
    let code = match status {
        StatusCode::BAD_REQUEST => Code::Internal,
        StatusCode::UNAUTHORIZED => Code::Unauthenticated,
        StatusCode::FORBIDDEN => Code::PermissionDenied,
        StatusCode::NOT_FOUND => Code::Unimplemented,
        StatusCode::TOO_MANY_REQUESTS
        | StatusCode::BAD_GATEWAY
        | StatusCode::SERVICE_UNAVAILABLE
        | StatusCode::GATEWAY_TIMEOUT => Code::Unavailable,
        StatusCode::OK => {
            return Status::unknown(
                "protocol error: missing grpc-status trailer, stream was terminated without a final status (possible truncation by a proxy or load balancer)",
            );
        }
        _ => Code::Unknown,
    };
    let status = status.as_u16();
    Status::new(
        code,
        format!("grpc-status header missing, mapped from HTTP status code {status}"),
    )
}
