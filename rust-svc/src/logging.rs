//! Logs of calls.

use tonic::{Code, Extensions, Status};
use tracing::field::{self, Empty};
use tracing::{Level, Span, debug, event, info, info_span, trace};

use crate::Method;
use crate::code;
use crate::interceptor::{Call, End, Interceptor, Message, Outcome, Server, Side, Start};

/// Logs calls by [`tracing`], on servers and on clients: the start, each message and the end.
///
/// Each call is a span at INFO. Its name in OpenTelemetry is the method, `user.v1.UserService/GetUser`, and its fields
/// follow the [conventions for gRPC](https://opentelemetry.io/docs/specs/semconv/rpc/grpc/):
///
/// | field | |
/// |---|---|
/// | `rpc.system.name` | `grpc` |
/// | `rpc.method` | `user.v1.UserService/GetUser` |
/// | `rpc.response.status_code` | `OK`, `DEADLINE_EXCEEDED`, … |
/// | `error.type` | the status code of an error |
/// | `network.peer.address`, `network.peer.port` | address of the client, with the feature `server` |
/// | `otel.kind`, `otel.status_code`, `otel.status_description` | fields that `tracing-opentelemetry` reads |
///
/// The events of the span are:
///
/// - the start, at INFO;
/// - each message at DEBUG, with its number and its size in bytes, and the end of the requests at TRACE;
/// - the end, with the method, the status, the `duration` in seconds, and the messages and bytes of each direction. It is
///   at ERROR for errors of a server such as `INTERNAL`, at WARN for errors that a client gets, and at INFO otherwise.
///
/// Contents of metadata and messages may be secret and are not logged: see [`with_contents`](Self::with_contents). The text
/// of a status is logged.
///
/// A handler gets the span of its call from the extensions of its request:
///
/// ```
/// # use tonic::Request;
/// # async fn work() {}
/// # async fn get_user<M>(request: Request<M>) {
/// use tracing::Instrument as _;
///
/// let span = request.extensions().get::<tracing::Span>().cloned();
/// work().instrument(span.unwrap_or_else(tracing::Span::none)).await;
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Logging {
    has_contents: bool,
}

impl Logging {
    /// Logger without contents of messages.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Logs the contents of messages by `Debug`, except fields with `debug_redact`.
    #[must_use]
    pub fn with_contents(self) -> Self {
        Self { has_contents: true }
    }
}

/// Span of a call, and its side.
#[derive(Debug)]
pub struct CallSpan {
    span: Span,
    is_server: bool,
}

impl<S: Side> Interceptor<S> for Logging {
    type State = CallSpan;

    async fn start(&self, call: &mut Start<'_, S>) -> Result<CallSpan, Status> {
        let method = name(call.method());
        let span = info_span!(
            "rpc",
            otel.name = method,
            otel.kind = S::NAME,
            otel.status_code = Empty,
            otel.status_description = Empty,
            rpc.system.name = "grpc",
            rpc.method = method,
            rpc.response.status_code = Empty,
            "error.type" = Empty,
            network.peer.address = Empty,
            network.peer.port = Empty,
        );
        record_peer(&span, call.extensions());
        info!(parent: &span, "the call starts");
        let is_server = S::NAME == Server::NAME;
        if is_server && !span.is_disabled() {
            call.extensions_mut().insert(span.clone());
        }
        Ok(CallSpan { span, is_server })
    }

    fn request_message<M: Message + ?Sized>(
        &self,
        call: &mut Call<'_, CallSpan>,
        message: &mut M,
    ) -> Result<(), Status> {
        let contents = self.has_contents.then(|| field::debug(&*message));
        // Arguments are evaluated only if DEBUG is enabled.
        debug!(
            parent: &call.state.span,
            number = call.requests().messages,
            bytes = message.encoded_len(),
            contents,
            "request message"
        );
        Ok(())
    }

    fn half_close(&self, call: &mut Call<'_, CallSpan>) {
        trace!(parent: &call.state.span, "the requests end");
    }

    fn response_message<M: Message + ?Sized>(
        &self,
        call: &mut Call<'_, CallSpan>,
        message: &mut M,
    ) -> Result<(), Status> {
        let contents = self.has_contents.then(|| field::debug(&*message));
        debug!(
            parent: &call.state.span,
            number = call.responses().messages,
            bytes = message.encoded_len(),
            contents,
            "response message"
        );
        Ok(())
    }

    fn end(&self, call: &mut Call<'_, CallSpan>, end: &mut End<'_>) {
        let method = name(call.method());
        let CallSpan { span, is_server } = &*call.state;
        let code = end.status().code();
        let level = match (code, is_server) {
            (Code::Ok, _) => Level::INFO,
            // Not an error: the client disconnected, or the caller dropped the call.
            _ if end.outcome() == Outcome::Dropped => Level::INFO,
            (code, true) if code::is_server_error(code) => Level::ERROR,
            (_, true) => Level::INFO,
            (_, false) => Level::WARN,
        };
        record_status(span, end.status(), level);
        // The level of an event is a constant.
        macro_rules! event_at {
            ($level:ident) => {
                event!(
                    parent: span,
                    Level::$level,
                    // Repeated for subscribers without spans at INFO.
                    rpc.method = method,
                    rpc.response.status_code = code::name(code),
                    otel.status_description = described(end.status()),
                    outcome = (end.outcome() != Outcome::Completed).then(|| field::debug(end.outcome())),
                    duration = call.elapsed().as_secs_f64(),
                    requests = call.requests().messages,
                    request_bytes = call.requests().bytes,
                    responses = call.responses().messages,
                    response_bytes = call.responses().bytes,
                    "the call ends"
                )
            };
        }
        match level {
            Level::ERROR => event_at!(ERROR),
            Level::WARN => event_at!(WARN),
            _ => event_at!(INFO),
        }
    }
}

/// `user.v1.UserService/GetUser`.
fn name(method: &Method) -> &'static str {
    method.path().trim_start_matches('/')
}

/// Records the status on the span. A call that is not logged at INFO is an error.
fn record_status(span: &Span, status: &Status, level: Level) {
    let code = code::name(status.code());
    span.record("rpc.response.status_code", code);
    if level != Level::INFO {
        span.record("error.type", code);
        span.record("otel.status_code", "ERROR");
        span.record("otel.status_description", described(status));
    }
}

fn described(status: &Status) -> Option<&str> {
    Some(status.message()).filter(|message| !message.is_empty())
}

#[cfg(feature = "server")]
fn record_peer(span: &Span, extensions: &Extensions) {
    if let Some(address) = crate::interceptor::remote_addr(extensions) {
        span.record("network.peer.address", field::display(address.ip()));
        span.record("network.peer.port", address.port());
    }
}

#[cfg(not(feature = "server"))]
fn record_peer(_: &Span, _: &Extensions) {}
