//! Transport that observes the end of each response.

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
use crate::deadline::{Current, Deadline, Until};
use crate::metadata::{make_readable, status_of, trailers_of};

/// Transport whose response bodies report their end to the [`Observer`] in the extensions of the request.
#[derive(Clone, Debug)]
pub(super) struct Tap<T>(T);

impl<T> Tap<T> {
    pub(super) fn new(transport: T) -> Self {
        Self(transport)
    }
}

/// Observer of a response, in the extensions of its request.
#[derive(Clone)]
pub(super) struct Observer(pub(super) Arc<dyn Observe>);

pub(super) trait Observe: Send + Sync {
    /// The response ended with this status, which interceptors may change.
    fn response_ended(&self, status: &mut Status);

    /// The caller dropped the response before its end.
    fn response_dropped(&self);
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
        TapFuture {
            response,
            observer,
            // A call runs inside of itself.
            deadline: Current::limit_of_thread(),
        }
    }
}

pin_project! {
    pub(super) struct TapFuture<F> {
        #[pin]
        response: F,
        observer: Option<Observer>,
        deadline: Option<Deadline>,
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
        // A response without a body has its status in the headers.
        let early = response.headers().get(Status::GRPC_STATUS);
        let is_early = early.is_some_and(|code| code == "0");
        let observer = this.observer.take();
        Poll::Ready(Ok(response.map(|body| Tapped {
            body: Until::new(body, *this.deadline, |status| Err(status.clone())),
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
    /// Body of a response.
    pub(super) struct Tapped<B> {
        #[pin]
        body: Until<B>,
        watch: Option<Watch>,
    }
}

struct Watch {
    observer: Observer,
    http_status: StatusCode,
    /// Whether the headers have the status, which is OK.
    is_early: bool,
    is_over: bool,
}

impl Watch {
    /// Reports the end of the response. Returns the status of interceptors, if they change it.
    fn report_end(&mut self, mut status: Status) -> Option<Status> {
        self.is_over = true;
        let before = status.clone();
        self.observer.0.response_ended(&mut status);
        let is_same = status.code() == before.code()
            && status.message() == before.message()
            && status.details() == before.details()
            && status.metadata().as_ref() == before.metadata().as_ref();
        (!is_same).then_some(status)
    }

    fn trailers(&mut self, trailers: HeaderMap) -> Result<Frame<Bytes>, Status> {
        let status = status_of(&trailers).unwrap_or_else(|| {
            if self.is_early {
                let metadata = MetadataMap::from_headers(trailers.clone());
                Status::with_metadata(Code::Ok, "", metadata)
            } else {
                missing_status(self.http_status)
            }
        });
        match self.report_end(status) {
            Some(status) => trailers_of(&status),
            None => Ok(Frame::trailers(trailers)),
        }
    }

    /// The body ended without trailers. Unless interceptors change the status, tonic makes it: tonic knows whether a
    /// message is incomplete.
    fn no_trailers(&mut self) -> Option<Result<Frame<Bytes>, Status>> {
        let status = if self.is_early {
            Status::ok("")
        } else {
            missing_status(self.http_status)
        };
        self.report_end(status).map(|status| trailers_of(&status))
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        if !self.is_over {
            self.observer.0.response_dropped();
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
        let mut this = self.project();
        let frame = match ready!(this.body.as_mut().poll_inner(context)) {
            Ok(frame) => frame,
            Err(expired) => {
                return Poll::Ready(Some(match (expired, this.watch) {
                    (Err(status), Some(watch)) => {
                        Err(watch.report_end(status.clone()).unwrap_or(status))
                    }
                    (expired, _) => expired,
                }));
            }
        };
        let frame = match frame {
            Some(Ok(frame)) if frame.is_data() => return Poll::Ready(Some(Ok(frame))),
            frame => frame,
        };
        if this.watch.is_some() {
            // A response that interceptors have seen the end of has ended.
            this.body.set(Until::Over);
        }
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
                let status = broken_response(Status::from_error(error.into()));
                let ended = this.watch.as_mut();
                let ended = ended.and_then(|watch| watch.report_end(status.clone()));
                Some(Err(ended.unwrap_or(status)))
            }
            None => this.watch.as_mut().and_then(Watch::no_trailers),
        })
    }
}

/// Error of a response that broke off after it had begun. The server received the call, whatever the inner error.
#[derive(Debug)]
pub(crate) struct BrokenResponse(Status);

impl fmt::Display for BrokenResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the response broke off")
    }
}

impl Error for BrokenResponse {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.0)
    }
}

fn broken_response(status: Status) -> Status {
    let mut outer = Status::with_details_and_metadata(
        status.code(),
        status.message(),
        Bytes::copy_from_slice(status.details()),
        status.metadata().clone(),
    );
    outer.set_source(Arc::new(BrokenResponse(status)));
    outer
}

/// Status of a response without one, as tonic maps it from HTTP: no gRPC server sent the response.
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
