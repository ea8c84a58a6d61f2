//! Checks of calls that pass.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue};
use tonic::Code;
use tonic::metadata::{KeyRef, MetadataMap, MetadataValue};

use super::super::Rule;
use super::super::world::{Act, Got, Mark, Probe, marked};
use super::{Bench, Found, World, is_marked, shown};
use crate::timeout;
use crate::{Method, MethodKind};

/// Messages that the handler receives, and messages that it returns, for these messages.
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

pub(super) async fn passes(bench: Bench, method: &'static Method) -> Found {
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

/// Compares what both sides received with what is expected.
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
    let timeout = timeout::from_metadata(&call.metadata);
    let is_kept = timeout.is_some_and(|timeout| timeout <= Duration::from_secs(5));
    compare(
        Rule::Deadline,
        "of 5 s there is left",
        is_kept,
        format!("{timeout:?}"),
    );
    found
}

/// Reserved metadata that gRPC did not add.
fn reserved(metadata: &MetadataMap) -> Vec<String> {
    // Interceptors may set those that tracing and statistics of gRPC libraries use.
    const ALLOWED: [&str; 10] = [
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
        .filter(|name| name.starts_with("grpc-") && !ALLOWED.contains(name))
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

/// The handler answers without reading the request.
pub(super) async fn is_not_heard(bench: Bench, method: &'static Method) -> Found {
    let mut world = bench.world(method, Probe::default(), Probe::default());
    world.handler.set(Act::Ignore);
    let got = world.call(&["one", "two"]).await;
    match got.end {
        Some(Err(status)) => vec![(Rule::Passes, format!("it failed: {}", shown(&status)))],
        _ => Vec::new(),
    }
}

pub(super) async fn odd_metadata(bench: Bench, method: &'static Method) -> Found {
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
    let credentials: Vec<_> = bench
        .credentials
        .clone()
        .into_headers()
        .into_iter()
        .collect();
    names.extend(
        credentials
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
            // In addition to the existing value, and in its place. The interceptor decides whether it passes.
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

pub(super) async fn without_credentials(bench: Bench, method: &'static Method) -> Found {
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

/// Shortens a long text.
fn short(text: &str) -> String {
    match text.char_indices().nth(100) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
