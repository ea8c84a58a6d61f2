//! What clients are answered, to see that ours makes of it what tonic's does.

use std::time::Duration;

use tonic::{Code, Status};

use super::clients::{Answer, Case, compare, responds, responds_with};
use super::{Chunk, Settings, data, encoded, framed, gzipped, message, trailers};
use crate::echo::Kind;

const ONE_RESPONSE: [Kind; 2] = [Kind::Unary, Kind::ClientStreaming];
const MANY_RESPONSES: [Kind; 2] = [Kind::ServerStreaming, Kind::BidiStreaming];

fn gzip() -> Settings {
    Settings {
        accept_gzip: true,
        send_gzip: true,
        ..Settings::default()
    }
}

/// Trailers of a call that went well.
fn ok() -> Chunk {
    trailers(&[("grpc-status", "0")])
}

/// The status that servers of all languages may send.
const FAILED: [(&str, &str); 5] = [
    ("grpc-status", "5"),
    ("grpc-message", "not%20there"),
    ("grpc-status-details-bin", "bW9yZQ=="),
    ("x-why", "because"),
    ("x-why", "twice"),
];

#[tokio::test]
async fn what_is_asked() {
    let case = |name| Case::new(name, Code::Ok, responds(&[], [message("hello"), ok()]));
    let only = |accept_gzip, send_gzip| Settings {
        accept_gzip,
        send_gzip,
        ..Settings::default()
    };
    compare([
        case("nothing else"),
        case("an empty message").texts(&[""]),
        case("three messages").texts(&["a", "b", "c"]),
        case("no message").texts(&[]),
        case("a timeout").timeout(Duration::from_millis(1500)),
        case("a long timeout").timeout(Duration::from_secs(1 << 38)),
        case("gzip accepted").settings(only(true, false)),
        case("gzip sent").settings(only(false, true)),
        case("both").settings(gzip()).texts(&["a", "b", "c"]),
    ])
    .await;
}

#[tokio::test]
async fn requests_over_the_limit() {
    let answer = || responds(&[], [message("hello"), ok()]);
    let limited = |settings| Settings {
        max_encoding: Some(10),
        ..settings
    };
    compare([
        Case::new("at the limit", Code::Ok, answer())
            .texts(&["12345678"])
            .settings(limited(Settings::default())),
        Case::new("over it", Code::OutOfRange, answer())
            .texts(&["123456789"])
            .settings(limited(Settings::default())),
        Case::new("compressed over it", Code::OutOfRange, answer()).settings(limited(gzip())),
        Case::new("the last one over it", Code::OutOfRange, answer())
            .texts(&["a", "b", "123456789"])
            .settings(limited(Settings::default())),
    ])
    .await;
}

#[tokio::test]
async fn responses_that_are_right() {
    let good = |name, said: &[(&str, &str)], chunks: &[Chunk]| {
        Case::new(name, Code::Ok, responds(said, chunks))
    };
    let with = |more: &[(&str, &str)]| {
        let status = [("grpc-status", "0")];
        trailers(&[&status, more].concat())
    };
    compare([
        good("a message", &[], &[message("hello"), ok()]),
        good("an empty message", &[], &[message(""), ok()]),
        good(
            "a header of two values",
            &[("x-a", "b"), ("x-a", "c")],
            &[message("a"), ok()],
        ),
        good(
            "more trailers",
            &[],
            &[message("a"), with(&[("x-a", "b"), ("x-a", "c")])],
        ),
        good(
            "a trailer that is a header, too",
            &[],
            &[message("a"), with(&[("x-header", "b")])],
        ),
        good(
            "a message of OK",
            &[],
            &[message("a"), with(&[("grpc-message", "fine%20")])],
        ),
        // As Go's servers send it.
        good(
            "an empty message of OK",
            &[],
            &[message("a"), with(&[("grpc-message", "")])],
        ),
        good(
            "details of OK",
            &[],
            &[
                message("a"),
                with(&[("grpc-status-details-bin", "bW9yZQ==")]),
            ],
        ),
        // With one message, tonic lets such a trailer replace the header, and ours do not.
        good(
            "a type in the trailers",
            &[],
            &[message("a"), with(&[("content-type", "odd")])],
        )
        .only(&MANY_RESPONSES),
        good(
            "identity",
            &[("grpc-encoding", "identity")],
            &[message("a"), ok()],
        ),
        // tonic's clients for one response take the first.
        good("two messages", &[], &[message("a"), message("b"), ok()]),
        good("no message", &[], &[ok()]).only(&MANY_RESPONSES),
        good("OK in the headers", &[("grpc-status", "0")], &[]).only(&MANY_RESPONSES),
    ])
    .await;
}

/// A server says how the call ends before it has ended: tonic does not look at the trailers then.
#[tokio::test]
async fn ok_in_the_headers_and_more() {
    let early = |name, chunks: &[Chunk]| {
        Case::new(name, Code::Ok, responds(&[("grpc-status", "0")], chunks))
    };
    compare([
        early("a message", &[message("a")]),
        early("a message and OK", &[message("a"), ok()]),
        early(
            "a message and trailers without a status",
            &[message("a"), trailers(&[("x-a", "b")])],
        ),
        // For one message tonic overlooks that error, and calls with interceptors fail with it.
        early("a message and an error", &[message("a"), trailers(&FAILED)]).only(&MANY_RESPONSES),
        early("an error", &[trailers(&FAILED)]).only(&MANY_RESPONSES),
        early("trailers without a status", &[trailers(&[("x-a", "b")])]).only(&MANY_RESPONSES),
    ])
    .await;
}

#[tokio::test]
async fn errors_of_servers() {
    let case = |name, chunks: &[Chunk]| Case::new(name, Code::NotFound, responds(&[], chunks));
    let trailers_with = |name, code, more: &[(&str, &str)]| {
        Case::new(name, code, responds(&[], [message("a"), trailers(more)]))
    };
    compare([
        Case::new("in the headers", Code::NotFound, responds(&FAILED, [])),
        Case::new(
            "in the headers of a 404",
            Code::NotFound,
            responds_with(404, &FAILED, []),
        ),
        case("in the trailers", &[trailers(&FAILED)]),
        case("after a message", &[message("a"), trailers(&FAILED)]),
        case(
            "after two messages",
            &[message("a"), message("b"), trailers(&FAILED)],
        ),
        trailers_with("an unknown code", Code::Unknown, &[("grpc-status", "99")]),
        trailers_with(
            "a code that is none",
            Code::Unknown,
            &[("grpc-status", "no")],
        ),
        trailers_with(
            "reserved names",
            Code::NotFound,
            &[("grpc-status", "5"), ("content-type", "odd"), ("te", "odd")],
        ),
    ])
    .await;
}

#[tokio::test]
async fn responses_without_a_status() {
    let ends = |name, code, chunks: &[Chunk]| Case::new(name, code, responds(&[], chunks));
    let http = |status, code| {
        Case::new(
            "an HTTP status",
            code,
            responds_with(status, &[], [data("<html>")]),
        )
    };
    let empty =
        |status, code| Case::new("an HTTP status alone", code, responds_with(status, &[], []));
    let mut cases = vec![
        ends("nothing", Code::Unknown, &[]),
        ends("a message", Code::Unknown, &[message("a")]),
        ends(
            "a message and trailers",
            Code::Unknown,
            &[message("a"), trailers(&[("x-a", "b")])],
        ),
        ends("trailers", Code::Unknown, &[trailers(&[("x-a", "b")])]),
    ];
    cases.extend([400, 401, 403, 404, 429, 500, 502, 503, 504].map(|status| {
        let code = match status {
            400 => Code::Internal,
            401 => Code::Unauthenticated,
            403 => Code::PermissionDenied,
            404 => Code::Unimplemented,
            500 => Code::Unknown,
            _ => Code::Unavailable,
        };
        empty(status, code)
    }));
    cases.push(http(503, Code::Internal));
    compare(cases).await;
}

#[tokio::test]
async fn responses_that_are_wrong() {
    let internal = |name, chunks: &[Chunk]| Case::new(name, Code::Internal, responds(&[], chunks));
    let truncated = || data(framed(0, &encoded("hello"))[..8].to_vec());
    compare([
        internal("no message", &[ok()]).only(&ONE_RESPONSE),
        Case::new(
            "OK in the headers",
            Code::Internal,
            responds(&[("grpc-status", "0")], []),
        )
        .only(&ONE_RESPONSE),
        internal("garbage", &[data("garbage"), ok()]),
        internal(
            "garbage after a message",
            &[message("a"), data("garbage"), ok()],
        ),
        internal(
            "compressed without an encoding",
            &[data(framed(1, b"?")), ok()],
        ),
        internal("no protobuf", &[data(framed(0, &[0x0a, 200, 1])), ok()]),
        internal(
            "no protobuf, and a message",
            &[data(framed(0, &[0xff])), message("a"), ok()],
        ),
        internal("truncated", &[truncated()]),
        internal("truncated after a message", &[message("a"), truncated()]),
    ])
    .await;
}

#[tokio::test]
async fn responses_over_the_limit() {
    let limited = |settings| Settings {
        max_decoding: Some(10),
        ..settings
    };
    let large = || message("123456789");
    let case = |name, code, chunks: &[Chunk]| {
        Case::new(name, code, responds(&[], chunks)).settings(limited(Settings::default()))
    };
    let own = data(vec![0, 0, 0x40, 0, 1]);
    let bomb = gzipped(&"bomb ".repeat(1000)).await;
    compare([
        case("at the limit", Code::Ok, &[message("12345678"), ok()]),
        case("over it", Code::OutOfRange, &[large(), ok()]),
        case(
            "the second over it",
            Code::OutOfRange,
            &[message("a"), large(), ok()],
        ),
        Case::new(
            "over tonic's own",
            Code::OutOfRange,
            responds(&[], [own, ok()]),
        ),
        Case::new(
            "compressed, over it",
            Code::ResourceExhausted,
            responds(&[("grpc-encoding", "gzip")], [bomb, ok()]),
        )
        .settings(Settings {
            max_decoding: Some(1000),
            ..gzip()
        }),
    ])
    .await;
}

#[tokio::test]
async fn encodings_of_responses() {
    let zipped = gzipped("hello").await;
    let with = |name, code, encoding, chunk: &Chunk| {
        let answer = responds(&[("grpc-encoding", encoding)], [chunk.clone(), ok()]);
        Case::new(name, code, answer)
    };
    compare([
        with("gzip", Code::Ok, "gzip", &zipped).settings(gzip()),
        with(
            "gzip, but not this message",
            Code::Ok,
            "gzip",
            &message("a"),
        )
        .settings(gzip()),
        with(
            "gzip, which is not accepted",
            Code::Unimplemented,
            "gzip",
            &zipped,
        ),
        with("snappy", Code::Unimplemented, "snappy", &zipped).settings(gzip()),
        with(
            "no gzip",
            Code::Internal,
            "gzip",
            &data(framed(1, b"no gzip")),
        )
        .settings(gzip()),
        with("gzip called identity", Code::Internal, "identity", &zipped).settings(gzip()),
    ])
    .await;
}

#[tokio::test]
async fn transports_that_fail() {
    let mut status = Status::unavailable("no connection");
    status
        .metadata_mut()
        .insert("x-why", "because".parse().unwrap());
    let lost = Chunk::Error(status.clone());
    let cancelled = Chunk::Error(Status::cancelled("gone"));
    let body = |name, code, chunks: &[&Chunk]| {
        let chunks: Vec<_> = chunks.iter().map(|chunk| (*chunk).clone()).collect();
        Case::new(name, code, responds(&[], chunks))
    };
    compare([
        Case::new(
            "with a status",
            Code::Unavailable,
            Answer::Fails(Ok(status)),
        ),
        Case::new("with an error", Code::Unknown, Answer::Fails(Err("broken"))),
        Case::new(
            "before the call",
            Code::Unknown,
            Answer::IsNotReady("broken"),
        ),
        body("in the body", Code::Unavailable, &[&lost]),
        body(
            "after a message",
            Code::Unavailable,
            &[&message("a"), &lost],
        ),
        body("cancelled", Code::Cancelled, &[&cancelled]),
        body(
            "cancelled after a message",
            Code::Cancelled,
            &[&message("a"), &cancelled],
        ),
    ])
    .await;
}
