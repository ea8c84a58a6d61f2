//! Checks of an interceptor: calls, and what is compared.

use std::pin::Pin;

use http::HeaderValue;
use tonic::Status;
use tonic::metadata::MetadataMap;

use super::world::{Act, At, Caller, Got, Handler, METHODS, Probe, ServerTransport, call, marked};
use super::{MakeSides, Rule};
use crate::client::ClientCore;
use crate::{Method, MethodKind};

mod failing;
mod passing;

use failing::{fails, fails_midway, is_dropped, many_at_once, panics, refuses, releases};
use passing::{is_not_heard, odd_metadata, passes, without_credentials};

/// Check with an interceptor of its own.
pub(super) struct Check {
    /// Description.
    pub(super) place: String,
    /// Rule that is broken if the check does not end.
    pub(super) on_hang: Rule,
    /// Rule that is broken if it panics.
    pub(super) on_panic: Rule,
    pub(super) run: Box<dyn FnOnce(Bench) -> Running + Send>,
}

type Running = Pin<Box<dyn Future<Output = Found>>>;

/// Broken rules, each with what was observed.
type Found = Vec<(Rule, String)>;

/// All checks.
pub(super) fn all(credentials: &MetadataMap) -> Vec<Check> {
    METHODS
        .into_iter()
        .flat_map(|method| for_method(method, !credentials.is_empty()))
        .collect()
}

/// Checks of one kind of rpc.
fn for_method(method: &'static Method, has_credentials: bool) -> Vec<Check> {
    let check = |what: &str, on_hang, on_panic, run| Check {
        place: format!("{:?}, {what}", method.kind()),
        on_hang,
        on_panic,
        run,
    };
    let plain = |what: &str, run| check(what, Rule::NoBlocking, Rule::NoPanic, run);
    let mut checks = vec![
        plain("calls that pass", run(method, passes)),
        plain("calls that fail", run(method, fails)),
        plain("a handler that reads nothing", run(method, is_not_heard)),
        check(
            "calls that are dropped",
            Rule::NoBlocking,
            Rule::Cancellation,
            run(method, is_dropped),
        ),
        plain("a handler that panics", run(method, panics)),
        plain(
            "a call after whose end nothing is kept",
            run(method, releases),
        ),
        check(
            "many calls at once",
            Rule::Concurrency,
            Rule::NoPanic,
            run(method, many_at_once),
        ),
        check(
            "odd metadata",
            Rule::OddMetadata,
            Rule::OddMetadata,
            run(method, odd_metadata),
        ),
    ];
    if streams_responses(method) {
        checks.push(plain(
            "a stream that fails midway",
            run(method, fails_midway),
        ));
    }
    for at in [At::Start, At::Request, At::Response] {
        checks.push(plain(
            &format!("another that refuses at {at:?}"),
            Box::new(move |bench| Box::pin(refuses(bench, method, at))),
        ));
    }
    if has_credentials {
        checks.push(plain(
            "a call without credentials",
            run(method, without_credentials),
        ));
    }
    checks
}

fn run<R: Future<Output = Found> + 'static>(
    method: &'static Method,
    check: fn(Bench, &'static Method) -> R,
) -> Box<dyn FnOnce(Bench) -> Running + Send> {
    Box::new(move |bench| Box::pin(check(bench, method)))
}

fn streams_responses(method: &Method) -> bool {
    matches!(
        method.kind(),
        MethodKind::ServerStreaming | MethodKind::BidiStreaming
    )
}

/// Factory of the two sides of a call.
pub(super) struct Bench {
    make: MakeSides,
    credentials: MetadataMap,
}

/// Client, server and the call that is made.
struct World {
    client: Caller,
    handler: Handler,
    recovers: bool,
    metadata: MetadataMap,
    method: &'static Method,
}

impl Bench {
    pub(super) fn new(make: MakeSides, credentials: MetadataMap) -> Self {
        Self { make, credentials }
    }

    fn world(&self, method: &'static Method, outer: Probe, inner: Probe) -> World {
        let mut sides = (self.make)(outer, inner);
        sides.server.push(Probe {
            adds_trailers: true,
            ..Probe::default()
        });
        let handler = Handler::new();
        let transport = ServerTransport::new(handler.clone(), sides.server);
        let mut metadata = self.credentials.clone().into_headers();
        metadata.extend(marked("x-request").into_headers());
        metadata.insert("grpc-timeout", HeaderValue::from_static("5S"));
        World {
            client: ClientCore::new(transport).intercept(sides.client),
            handler,
            recovers: sides.recovers,
            metadata: MetadataMap::from_headers(metadata),
            method,
        }
    }
}

impl World {
    async fn call(&mut self, messages: &[&str]) -> Got {
        let messages = messages.iter().map(|text| (*text).to_owned()).collect();
        let metadata = self.metadata.clone();
        call(&mut self.client, self.method, metadata, messages).await
    }

    /// Checks that the next call passes.
    async fn still_passes(&mut self, rule: Rule) -> Found {
        self.handler.set(Act::Echo);
        match self.call(&["after"]).await.end {
            Some(Err(status)) => vec![(rule, format!("the next call failed: {}", shown(&status)))],
            _ => Vec::new(),
        }
    }
}

/// Whether all marks are present.
fn is_marked(metadata: &MetadataMap, key: &'static str) -> bool {
    let expected = marked(key);
    let values =
        |metadata: &MetadataMap| -> Vec<_> { metadata.get_all(key).iter().cloned().collect() };
    values(metadata) == values(&expected)
        && metadata.get_bin("x-mark-bin") == expected.get_bin("x-mark-bin")
}

fn shown(status: &Status) -> String {
    let marks = if is_marked(status.metadata(), "x-trailer") {
        ""
    } else {
        ", without its metadata"
    };
    let (code, message) = (crate::code::name(status.code()), status.message());
    format!(
        "{code} {message:?} with {} bytes of details{marks}",
        status.details().len()
    )
}
