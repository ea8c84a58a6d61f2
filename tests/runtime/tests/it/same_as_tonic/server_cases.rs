//! What servers are asked, to see that ours answers as tonic's does.

use http::{Method, Version};
use tonic::{Code, Status};

use super::servers::{Case, compare};
use super::{Chunk, Settings, data, encoded, framed, gzipped, message, trailers};
use crate::echo::Kind;

const ONE_REQUEST: [Kind; 2] = [Kind::Unary, Kind::ServerStreaming];
const MANY_REQUESTS: [Kind; 2] = [Kind::ClientStreaming, Kind::BidiStreaming];

fn gzip() -> Settings {
    Settings {
        accept_gzip: true,
        send_gzip: true,
        ..Settings::default()
    }
}

fn decoding(limit: usize) -> Settings {
    Settings {
        max_decoding: Some(limit),
        ..Settings::default()
    }
}

fn encoding(limit: usize) -> Settings {
    Settings {
        max_encoding: Some(limit),
        ..Settings::default()
    }
}

#[tokio::test]
async fn requests_that_are_right() {
    let split = framed(0, &encoded("in pieces"));
    let (start, rest) = split.split_at(3);
    let (middle, end) = rest.split_at(5);
    let joined = [framed(0, &encoded("a")), framed(0, &encoded("b"))].concat();
    compare([
        Case::new("a message", Code::Ok, [message("hello")]),
        Case::new("an empty message", Code::Ok, [message("")]),
        Case::new("three replies", Code::Ok, [message("a,b,c")]),
        Case::new("no reply", Code::Ok, [message("none")]),
        Case::new("a large reply", Code::Ok, [message("large")]),
        Case::new(
            "in pieces",
            Code::Ok,
            [start, middle, end].map(<[u8]>::to_vec).map(data),
        ),
        Case::new(
            "an empty frame",
            Code::Ok,
            [data(""), message("a"), data("")],
        ),
        Case::new("two at once", Code::Ok, [data(joined)]),
        Case::new(
            "a field that is not known",
            Code::Ok,
            [data(framed(0, &[0x50, 1]))],
        ),
    ])
    .await;
}

#[tokio::test]
async fn metadata() {
    let asks = || [message("metadata")];
    let and_trailers = || {
        let more = [
            ("x-trailer", "one"),
            ("x-trailer", "two"),
            ("x-both", "trailer"),
        ];
        [message("metadata"), trailers(&more)]
    };
    compare([
        Case::new("metadata", Code::Ok, asks())
            .header("x-text", "text")
            .header("x-bytes-bin", "AP8")
            .header("grpc-timeout", "1S")
            .header("user-agent", "somebody"),
        Case::new("trailers", Code::Ok, and_trailers()).header("x-both", "header"),
        Case::new("a timeout that is none", Code::Ok, asks()).header("grpc-timeout", "soon"),
    ])
    .await;
}

#[tokio::test]
async fn paths_methods_and_content_types() {
    let ok = |name| Case::new(name, Code::Ok, [message("hello")]);
    let unknown = |name| Case::new(name, Code::Unimplemented, [message("hello")]);
    compare([
        unknown("no such method").path("/four_kinds.v1.Kinds/Missing"),
        unknown("no such service").path("/four_kinds.v1.Missing/Unary"),
        unknown("nothing").path("/"),
        unknown("a slash more").path("/four_kinds.v1.Kinds/Unary/"),
        unknown("in lower case").path("/four_kinds.v1.Kinds/unary"),
        unknown("GET of what is not there")
            .path("/four_kinds.v1.Kinds/Missing")
            .method(Method::GET),
        ok("a query")
            .path("/four_kinds.v1.Kinds/Unary?a=b")
            .only(&[Kind::Unary]),
        ok("GET").method(Method::GET),
        ok("HTTP/1.1").version(Version::HTTP_11),
        ok("another content-type").header("content-type", "text/plain"),
        ok("JSON").header("content-type", "application/grpc+json"),
        ok("no content-type").header("content-type", ""),
        ok("te").header("te", "gzip"),
    ])
    .await;
}

#[tokio::test]
async fn frames_that_are_wrong() {
    let internal = |name, chunks: &[Chunk]| Case::new(name, Code::Internal, chunks);
    let whole = || message("hello");
    let truncated = || data(framed(0, &encoded("hello"))[..8].to_vec());
    let invalid = || data(framed(0, &[0x0a, 200, 1]));
    compare([
        internal("compressed without an encoding", &[data(framed(1, b"?"))]),
        internal("the same, and empty", &[data(framed(1, b""))]),
        internal("a flag of 2", &[data(framed(2, &encoded("hello")))]),
        internal("a flag of 255", &[data(framed(255, b""))]),
        internal("no protobuf", &[invalid()]),
        internal("not UTF-8", &[data(framed(0, &[0x0a, 1, 0xff]))]),
        // A field with another wire type is no case: to our messages it is unknown, to prost's an error.
        internal("truncated", &[truncated()]),
        internal("truncated in its header", &[data(vec![0, 0, 0])]),
        internal("a message and half of one", &[whole(), truncated()]),
        internal("a message and nonsense", &[whole(), data(framed(2, b""))]),
        internal("a message and no protobuf", &[whole(), invalid()]),
    ])
    .await;
}

#[tokio::test]
async fn too_few_messages_and_too_many() {
    let none = |code| Case::new("no message", code, []);
    let only_trailers = |code| Case::new("only trailers", code, [trailers(&[("x-a", "b")])]);
    let two = [message("a"), message("b")];
    compare([
        none(Code::Internal).only(&ONE_REQUEST),
        none(Code::Ok).only(&MANY_REQUESTS),
        only_trailers(Code::Internal).only(&ONE_REQUEST),
        only_trailers(Code::Ok).only(&MANY_REQUESTS),
        Case::new("two messages", Code::Ok, two.clone()),
        Case::new(
            "two messages and trailers",
            Code::Ok,
            [two[0].clone(), two[1].clone(), trailers(&[("x-a", "b")])],
        ),
    ])
    .await;
}

/// Bodies that are cancelled are no case, since tonic takes them for whole: see `peers::breaks_off`.
#[tokio::test]
async fn bodies_that_fail() {
    let mut status = Status::data_loss("lost");
    status
        .metadata_mut()
        .insert("x-lost", "all".parse().unwrap());
    let lost = Chunk::Error(status);
    let case = |name, code, chunks: &[&Chunk]| {
        let chunks: Vec<_> = chunks.iter().map(|chunk| (*chunk).clone()).collect();
        Case::new(name, code, chunks)
    };
    let whole = message("hello");
    compare([
        case("at once", Code::DataLoss, &[&lost]),
        case("after a message", Code::DataLoss, &[&whole, &lost]),
    ])
    .await;
}

#[tokio::test]
async fn handlers_that_fail() {
    compare([
        Case::new("refused", Code::NotFound, [message("a")]).header("x-refuse", "1"),
        Case::new("refused by compression", Code::NotFound, [message("a")])
            .settings(gzip())
            .header("grpc-accept-encoding", "gzip")
            .header("x-refuse", "1"),
        Case::new("at the message", Code::NotFound, [message("fail")]),
        Case::new("in the middle", Code::NotFound, [message("a,b,fail,c")])
            .only(&[Kind::ServerStreaming]),
        Case::new(
            "in the middle",
            Code::NotFound,
            ["a", "b", "fail", "c"].map(message),
        )
        .only(&MANY_REQUESTS),
        Case::new("with OK", Code::Ok, [message("fail oddly")]),
        Case::new(
            "with OK in the middle",
            Code::Ok,
            [message("a,fail oddly,b")],
        )
        .only(&[Kind::ServerStreaming]),
    ])
    .await;
}

#[tokio::test]
async fn encodings_of_requests() {
    let hello = |name, code| Case::new(name, code, [message("hello")]);
    let compressed = gzipped("hello").await;
    let zipped = |name, code| Case::new(name, code, [compressed.clone()]);
    compare([
        hello("snappy", Code::Unimplemented).header("grpc-encoding", "snappy"),
        hello("snappy where gzip is accepted", Code::Unimplemented)
            .settings(gzip())
            .header("grpc-encoding", "snappy"),
        hello("not text", Code::Unimplemented).header("grpc-encoding", b"\xff\xfe"),
        hello("a name beyond ASCII", Code::Unimplemented).header("grpc-encoding", "gzíp"),
        hello("no name", Code::Unimplemented).header("grpc-encoding", ""),
        hello("GZIP", Code::Unimplemented)
            .settings(gzip())
            .header("grpc-encoding", "GZIP"),
        hello("identity", Code::Ok).header("grpc-encoding", "identity"),
        zipped("gzip called identity", Code::Internal)
            .settings(gzip())
            .header("grpc-encoding", "identity"),
        zipped("gzip", Code::Unimplemented).header("grpc-encoding", "gzip"),
        zipped("gzip", Code::Ok)
            .settings(gzip())
            .header("grpc-encoding", "gzip"),
        zipped("gzip without saying so", Code::Internal).settings(gzip()),
        hello("gzip, but not this message", Code::Ok)
            .settings(gzip())
            .header("grpc-encoding", "gzip"),
        Case::new("no gzip", Code::Internal, [data(framed(1, b"no gzip"))])
            .settings(gzip())
            .header("grpc-encoding", "gzip"),
        Case::new("both", Code::Ok, [compressed.clone(), message("b")])
            .settings(gzip())
            .header("grpc-encoding", "gzip"),
    ])
    .await;
}

#[tokio::test]
async fn encodings_of_responses() {
    let large = |name| Case::new(name, Code::Ok, [message("large")]).settings(gzip());
    compare([
        large("gzip").header("grpc-accept-encoding", "gzip"),
        large("gzip among others").header("grpc-accept-encoding", "br , gzip,identity"),
        large("others").header("grpc-accept-encoding", "br,identity"),
        large("in upper case").header("grpc-accept-encoding", "GZIP"),
        large("not text").header("grpc-accept-encoding", b"gzip,\xff"),
        large("nothing said"),
        large("gzip, which is not offered")
            .settings(Settings::default())
            .header("grpc-accept-encoding", "gzip"),
        large("not this response")
            .header("grpc-accept-encoding", "gzip")
            .header("x-uncompressed", "1"),
        Case::new("many", Code::Ok, [message("a,b,large")])
            .settings(gzip())
            .header("grpc-accept-encoding", "gzip"),
        Case::new("an empty one", Code::Ok, [message("")])
            .settings(gzip())
            .header("grpc-accept-encoding", "gzip"),
        Case::new("a failure", Code::NotFound, [message("fail")])
            .settings(gzip())
            .header("grpc-accept-encoding", "gzip"),
        Case::new("no message", Code::Ok, [])
            .settings(gzip())
            .header("grpc-accept-encoding", "gzip")
            .only(&MANY_REQUESTS),
    ])
    .await;
}

#[tokio::test]
async fn limits() {
    let too_large = [0, 0, 0x40, 0, 1];
    let bomb = gzipped(&"bomb ".repeat(1000)).await;
    compare([
        Case::new("at the limit", Code::Ok, [message("12345678")]).settings(decoding(10)),
        Case::new("over the limit", Code::OutOfRange, [message("123456789")])
            .settings(decoding(10)),
        Case::new(
            "the second over the limit",
            Code::OutOfRange,
            [message("1"), message("123456789")],
        )
        .settings(decoding(10)),
        Case::new(
            "over tonic's own limit",
            Code::OutOfRange,
            [data(too_large.to_vec())],
        ),
        Case::new(
            "compressed, over the limit",
            Code::ResourceExhausted,
            [bomb],
        )
        .settings(Settings {
            max_decoding: Some(1000),
            ..gzip()
        })
        .header("grpc-encoding", "gzip"),
        Case::new("a reply at the limit", Code::Ok, [message("12345678")]).settings(encoding(10)),
        Case::new(
            "a reply over the limit",
            Code::OutOfRange,
            [message("large")],
        )
        .settings(encoding(10)),
        Case::new(
            "a later reply over the limit",
            Code::OutOfRange,
            [message("a,b,large")],
        )
        .settings(encoding(10))
        .only(&[Kind::ServerStreaming]),
        // The limit is one of what is sent.
        Case::new(
            "a compressed reply below the limit",
            Code::Ok,
            [message("large")],
        )
        .settings(Settings {
            max_encoding: Some(100),
            ..gzip()
        })
        .header("grpc-accept-encoding", "gzip"),
        Case::new(
            "a compressed reply over the limit",
            Code::OutOfRange,
            [message("large")],
        )
        .settings(Settings {
            max_encoding: Some(10),
            ..gzip()
        })
        .header("grpc-accept-encoding", "gzip"),
    ])
    .await;
}
