//! The calls that are made, and what is looked at.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue};
use tonic::metadata::{KeyRef, MetadataMap, MetadataValue};
use tonic::{Code, Status};

use super::world::{
    Act, At, Caller, Got, Handler, METHODS, Mark, PANIC, Probe, Transport, call, failure, marked,
    refusal,
};
use super::{Make, Rule};
use crate::client::ClientCore;
use crate::interceptor::timeout_of;
use crate::{Method, MethodKind};

/// Something to be tried, with an interceptor of its own.
pub(super) struct Check {
    /// In words.
    pub(super) place: String,
    /// The rule that is broken where it does not end.
    pub(super) on_hang: Rule,
    /// The rule that is broken where it panics.
    pub(super) on_panic: Rule,
    pub(super) run: Box<dyn FnOnce(Bench) -> Running + Send>,
}

type Running = Pin<Box<dyn Future<Output = Found>>>;

/// Rules that are broken, and what was seen.
type Found = Vec<(Rule, String)>;

/// All of them.
pub(super) fn all(credentials: &MetadataMap) -> Vec<Check> {
    METHODS
        .into_iter()
        .flat_map(|method| of(method, !credentials.is_empty()))
        .collect()
}

fn of(method: &'static Method, has_credentials: bool) -> Vec<Check> {
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

/// What makes the two sides of a call.
pub(super) struct Bench {
    make: Make,
    credentials: MetadataMap,
}

/// A client, its server, and what calls it makes.
struct World {
    client: Caller,
    handler: Handler,
    recovers: bool,
    metadata: MetadataMap,
    method: &'static Method,
}

impl Bench {
    pub(super) fn new(make: Make, credentials: MetadataMap) -> Self {
        Self { make, credentials }
    }

    fn world(&self, method: &'static Method, outer: Probe, inner: Probe) -> World {
        let mut sides = (self.make)(outer, inner);
        sides.server.push(Probe {
            adds_trailers: true,
            ..Probe::default()
        });
        let handler = Handler::new();
        let transport = Transport::new(handler.clone(), sides.server);
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

    /// Another call has to pass, whatever happened to those before.
    async fn still_passes(&mut self, rule: Rule) -> Found {
        self.handler.set(Act::Echo);
        match self.call(&["after"]).await.end {
            Some(Err(status)) => vec![(rule, format!("the next call failed: {}", shown(&status)))],
            _ => Vec::new(),
        }
    }
}

/// What the handler hears and what is answered, of these messages.
fn expected(method: &Method, messages: &[&str]) -> (Vec<String>, Vec<String>) {
    let each: Vec<_> = messages.iter().map(|text| (*text).to_owned()).collect();
    let joined = vec![messages.concat()];
    match method.kind() {
        MethodKind::Unary => (joined.clone(), joined),
        MethodKind::ClientStreaming => (each, joined),
        MethodKind::BidiStreaming => (each.clone(), each),
        MethodKind::ServerStreaming => {
            let text = messages.iter().map(|text| format!("{text},")).collect();
            (vec![text], each)
        }
    }
}

async fn passes(bench: Bench, method: &'static Method) -> Found {
    let found_mark = Arc::new(AtomicBool::new(false));
    let outer = Probe {
        mark: Some(Mark::default()),
        ..Probe::default()
    };
    let inner = Probe {
        looks: Some(Arc::clone(&found_mark)),
        ..Probe::default()
    };
    let mut world = bench.world(method, outer, inner);
    let large = "x".repeat(1 << 20);
    let mut found = Found::new();
    for messages in [&[][..], &["one"], &["", "two", "three"], &[&large]] {
        let got = world.call(messages).await;
        if let Some(Err(status)) = &got.end {
            found.push((Rule::Passes, format!("it failed: {}", shown(status))));
            continue;
        }
        found.extend(compare(&world, messages, &got));
        if !found_mark.load(Ordering::Relaxed) {
            found.push((Rule::Extensions, "what was put there is gone".to_owned()));
        }
    }
    found.dedup();
    found
}

/// What both sides got of a call that passed.
fn compare(world: &World, messages: &[&str], got: &Got) -> Found {
    let mut found = Found::new();
    let (heard, answered) = expected(world.method, messages);
    let calls = world.handler.take();
    let [call] = &calls[..] else {
        found.push((
            Rule::Passes,
            format!("the handler got {} calls", calls.len()),
        ));
        return found;
    };
    let mut compare = |rule, what: &str, is: bool, seen: String| {
        if !is {
            found.push((rule, format!("{what}: {seen}")));
        }
    };
    let many = |messages: &[String]| short(&format!("{messages:?}"));
    compare(
        Rule::Messages,
        "the handler heard",
        call.messages == heard,
        many(&call.messages),
    );
    compare(
        Rule::Messages,
        "the caller got",
        got.messages == answered,
        many(&got.messages),
    );
    let trailers = got.end.as_ref().and_then(|end| end.as_ref().ok());
    let trailers = trailers.cloned().unwrap_or_default();
    for (rule, key, metadata) in [
        (Rule::Metadata, "x-request", &call.metadata),
        (Rule::Headers, "x-header", &got.headers),
        (Rule::Trailers, "x-trailer", &trailers),
    ] {
        compare(
            rule,
            "there is left",
            is_marked(metadata, key),
            format!("{metadata:?}"),
        );
    }
    for metadata in [&call.metadata, &got.headers, &trailers] {
        let added = reserved(metadata);
        compare(
            Rule::Reserved,
            "there is",
            added.is_empty(),
            added.join(", "),
        );
    }
    let timeout = timeout_of(&call.metadata);
    let is_kept = timeout.is_some_and(|timeout| timeout <= Duration::from_secs(5));
    compare(
        Rule::Deadline,
        "of 5 s there is left",
        is_kept,
        format!("{timeout:?}"),
    );
    found
}

/// Whether the marks are all there.
fn is_marked(metadata: &MetadataMap, key: &'static str) -> bool {
    let expected = marked(key);
    let values =
        |metadata: &MetadataMap| -> Vec<_> { metadata.get_all(key).iter().cloned().collect() };
    values(metadata) == values(&expected)
        && metadata.get_bin("x-mark-bin") == expected.get_bin("x-mark-bin")
}

/// Names that gRPC has for itself, and did not put there.
fn reserved(metadata: &MetadataMap) -> Vec<String> {
    // Those that tracing and statistics of gRPC's own libraries use are for interceptors to set.
    const OF_GRPC: [&str; 10] = [
        "grpc-trace-bin",
        "grpc-tags-bin",
        "grpc-retry-pushback-ms",
        "grpc-previous-rpc-attempts",
        "grpc-timeout",
        "grpc-encoding",
        "grpc-accept-encoding",
        "grpc-status",
        "grpc-message",
        "grpc-status-details-bin",
    ];
    let names = metadata.keys().map(|key| match key {
        KeyRef::Ascii(key) => key.as_str(),
        KeyRef::Binary(key) => key.as_str(),
    });
    let mut added: Vec<_> = names
        .filter(|name| name.starts_with("grpc-") && !OF_GRPC.contains(name))
        .map(str::to_owned)
        .collect();
    for (name, value) in [("content-type", "application/grpc"), ("te", "trailers")] {
        let others = metadata
            .get_all(name)
            .iter()
            .filter(|found| *found != value);
        added.extend(others.map(|value| format!("{name}: {value:?}")));
    }
    added
}

async fn fails(bench: Bench, method: &'static Method) -> Found {
    let mut world = bench.world(method, Probe::default(), Probe::default());
    let mut found = Found::new();
    for code in (1..=16).map(Code::from) {
        world.handler.set(Act::Fail(code));
        let got = world.call(&["one", "two"]).await;
        found.extend(differs(Rule::Status, &got, &failure(code)));
    }
    found.extend(world.still_passes(Rule::Status).await);
    found
}

/// The handler answers, and reads nothing of the request.
async fn is_not_heard(bench: Bench, method: &'static Method) -> Found {
    let mut world = bench.world(method, Probe::default(), Probe::default());
    world.handler.set(Act::Ignore);
    let got = world.call(&["one", "two"]).await;
    match got.end {
        Some(Err(status)) => vec![(Rule::Passes, format!("it failed: {}", shown(&status)))],
        _ => Vec::new(),
    }
}

async fn fails_midway(bench: Bench, method: &'static Method) -> Found {
    let mut world = bench.world(method, Probe::default(), Probe::default());
    world.handler.set(Act::FailMidway);
    let got = world.call(&["one", "two"]).await;
    let mut found = differs(Rule::Status, &got, &failure(Code::Aborted));
    if got.messages != ["one"] {
        let seen = format!("before the error came {:?}", got.messages);
        found.push((Rule::Messages, seen));
    }
    found
}

/// How the end of a call is not what it has to be.
fn differs(rule: Rule, got: &Got, expected: &Status) -> Found {
    let Some(Err(status)) = &got.end else {
        return vec![(rule, format!("of {} came OK", shown(expected)))];
    };
    let is_same = status.code() == expected.code()
        && status.message() == expected.message()
        && status.details() == expected.details()
        && is_marked(status.metadata(), "x-trailer");
    match is_same {
        true => Vec::new(),
        false => vec![(
            rule,
            format!("of {} came {}", shown(expected), shown(status)),
        )],
    }
}

async fn refuses(bench: Bench, method: &'static Method, at: At) -> Found {
    let probe = Probe {
        refuses: Some(at),
        ..Probe::default()
    };
    let mut found = Found::new();
    for (outer, inner) in [(Probe::default(), probe.clone()), (probe, Probe::default())] {
        let mut world = bench.world(method, outer, inner);
        let got = world.call(&["one", "two"]).await;
        found.extend(differs(Rule::Refusals, &got, &refusal()));
    }
    found
}

/// More than a call is polled, from its first moment to its last.
const MOMENTS: usize = 64;

async fn is_dropped(bench: Bench, method: &'static Method) -> Found {
    let mut found = Found::new();
    for act in [Act::Echo, Act::Hang] {
        let mut world = bench.world(method, Probe::default(), Probe::default());
        for moments in 0..MOMENTS {
            world.handler.set(act);
            if drop_after(&mut world, moments).await {
                break;
            }
        }
        found.extend(world.still_passes(Rule::Cancellation).await);
    }
    found
}

/// Polls a call so often and drops it; whether it had ended before.
async fn drop_after(world: &mut World, polls: usize) -> bool {
    let mut call = Box::pin(world.call(&["one", "two", "three"]));
    for _ in 0..polls {
        let poll = std::future::poll_fn(|context| {
            std::task::Poll::Ready(call.as_mut().poll(context).is_ready())
        });
        if poll.await {
            return true;
        }
        tokio::task::yield_now().await;
    }
    false
}

async fn panics(bench: Bench, method: &'static Method) -> Found {
    let mut world = bench.world(method, Probe::default(), Probe::default());
    world.handler.set(Act::Panic);
    let (mut client, metadata) = (world.client.clone(), world.metadata.clone());
    let calling =
        tokio::spawn(
            async move { call(&mut client, method, metadata, vec!["one".to_owned()]).await },
        );
    let seen = match calling.await {
        Err(error) => match error.try_into_panic() {
            Ok(panic) if panic.downcast_ref() == Some(&PANIC) => None,
            _ => Some("another panic came of it".to_owned()),
        },
        Ok(got) => match got.end {
            Some(Err(status)) if world.recovers => status
                .message()
                .contains(PANIC)
                .then(|| format!("the caller is told of it: {}", shown(&status))),
            end => Some(format!("of it came {end:?}")),
        },
    };
    let mut found: Found = seen.into_iter().map(|seen| (Rule::Panics, seen)).collect();
    found.extend(world.still_passes(Rule::Panics).await);
    found
}

async fn releases(bench: Bench, method: &'static Method) -> Found {
    let mark = Mark::default();
    let outer = Probe {
        mark: Some(mark.clone()),
        ..Probe::default()
    };
    let mut world = bench.world(method, outer, Probe::default());
    // Its own, and that of the probe.
    let before = Arc::strong_count(&mark.0);
    for act in [Act::Echo, Act::Fail(Code::Aborted)] {
        world.handler.set(act);
        world.call(&["one", "two"]).await;
    }
    world.handler.set(Act::Hang);
    drop_after(&mut world, 8).await;
    // What ends on other tasks may do so.
    for _ in 0..MOMENTS {
        tokio::task::yield_now().await;
    }
    match Arc::strong_count(&mark.0) - before {
        0 => Vec::new(),
        kept => vec![(
            Rule::Release,
            format!("after 3 calls their extensions are kept {kept} times"),
        )],
    }
}

/// How many calls are there at once.
const CALLS: usize = 32;

async fn many_at_once(bench: Bench, method: &'static Method) -> Found {
    let inner = Probe {
        meeting: Some(Arc::new(tokio::sync::Barrier::new(CALLS))),
        ..Probe::default()
    };
    let world = bench.world(method, Probe::default(), inner);
    let calls: Vec<_> = (0..CALLS)
        .map(|number| {
            let (mut client, metadata) = (world.client.clone(), world.metadata.clone());
            let text = format!("call {number}");
            tokio::spawn(async move { call(&mut client, method, metadata, vec![text]).await })
        })
        .collect();
    let mut found = Found::new();
    for (number, call) in calls.into_iter().enumerate() {
        let got = call.await.unwrap_or_default();
        if got.messages != [format!("call {number}")] {
            found.push((Rule::Concurrency, format!("one of them got {got:?}")));
        }
    }
    found.truncate(1);
    found
}

async fn odd_metadata(bench: Bench, method: &'static Method) -> Found {
    let opaque = || HeaderValue::from_bytes(b"\xff\xfe \x80").ok();
    let long = "x".repeat(64 * 1024);
    let values = [
        opaque(),
        HeaderValue::from_str(&long).ok(),
        HeaderValue::from_str("").ok(),
        HeaderValue::from_str("not base64 !").ok(),
        HeaderValue::from_str("Bearer").ok(),
    ];
    let mut names = vec![
        "authorization",
        "x-odd",
        "x-odd-bin",
        "user-agent",
        "traceparent",
    ];
    let of_credentials: Vec<_> = bench
        .credentials
        .clone()
        .into_headers()
        .into_iter()
        .collect();
    names.extend(
        of_credentials
            .iter()
            .filter_map(|(name, _)| Some(name.as_ref()?.as_str())),
    );
    let mut world = bench.world(method, Probe::default(), Probe::default());
    let usual = world.metadata.clone();
    for name in names {
        let Ok(name) = name.parse::<HeaderName>() else {
            continue;
        };
        for value in values.iter().flatten() {
            // Beside what is there, and in its place. Whether it passes is up to the interceptor.
            for keep in [true, false] {
                let mut headers: HeaderMap = usual.clone().into_headers();
                if !keep {
                    headers.remove(&name);
                }
                headers.append(&name, value.clone());
                world.metadata = MetadataMap::from_headers(headers);
                world.call(&["one"]).await;
            }
        }
    }
    world.metadata = usual;
    world.still_passes(Rule::OddMetadata).await
}

async fn without_credentials(bench: Bench, method: &'static Method) -> Found {
    let mut world = bench.world(method, Probe::default(), Probe::default());
    world.metadata = marked("x-request");
    world
        .metadata
        .insert("grpc-timeout", MetadataValue::from_static("5S"));
    let got = world.call(&["one", "two"]).await;
    let heard = world.handler.take();
    match got.end {
        Some(Err(status)) if status.code() != Code::Ok && heard.is_empty() => Vec::new(),
        end => vec![(
            Rule::Credentials,
            format!(
                "the handler got {} calls, and the caller {end:?}",
                heard.len()
            ),
        )],
    }
}

fn shown(status: &Status) -> String {
    let marks = match is_marked(status.metadata(), "x-trailer") {
        true => "",
        false => ", without its metadata",
    };
    let (code, message) = (crate::code::name(status.code()), status.message());
    format!(
        "{code} {message:?} with {} bytes of details{marks}",
        status.details().len()
    )
}

/// Not all of what is large.
fn short(text: &str) -> String {
    match text.char_indices().nth(100) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
