//! Interceptors for some methods only.

use runtime_tests::svc::kinds_methods::{self, SERVER_STREAMING, SERVICE, UNARY};
use rust_svc::{Matcher, Method, MethodKind, selector};

use super::{call_on, call_server, everywhere, recorder};
use crate::echo::{KINDS, Kind};
use crate::recorder::{Act, Log};

/// The kinds whose method a matcher takes.
async fn taken<T: Matcher + 'static>(matcher: impl Fn() -> T) -> Vec<Kind> {
    let mut taken = Vec::new();
    for kind in KINDS {
        let log = Log::default();
        let selected = selector(matcher(), recorder('a', Act::Nothing, &log));
        call_server(selected, kind, &["1"]).await;
        match log.events().first() {
            Some(event) => {
                assert_eq!(event, "aS");
                taken.push(kind);
            }
            None => assert!(log.events().is_empty()),
        }
    }
    taken
}

#[tokio::test]
async fn by_a_method() {
    assert_eq!(taken(|| UNARY).await, [Kind::Unary]);
    assert_eq!(taken(|| SERVER_STREAMING).await, [Kind::ServerStreaming]);
}

#[tokio::test]
async fn by_a_service() {
    assert_eq!(taken(|| SERVICE).await, KINDS);
    const OTHER: Method = rust_svc::__private::v1::method(
        "four_kinds.v1.Others",
        "Unary",
        "/four_kinds.v1.Others/Unary",
        MethodKind::Unary,
    );
    const OTHERS: rust_svc::Service = rust_svc::__private::v1::service(OTHER.service(), &[OTHER]);
    assert_eq!(taken(|| OTHERS).await, []);
    assert_eq!(taken(|| OTHER).await, []);
}

#[tokio::test]
async fn by_a_kind() {
    let bidi = taken(|| MethodKind::BidiStreaming).await;
    assert_eq!(bidi, [Kind::BidiStreaming]);
}

#[tokio::test]
async fn by_names() {
    assert_eq!(taken(|| "Unary").await, [Kind::Unary]);
    assert_eq!(taken(|| "four_kinds.v1.Kinds").await, KINDS);
    let path = "/four_kinds.v1.Kinds/ClientStreaming";
    assert_eq!(taken(|| path).await, [Kind::ClientStreaming]);
    assert_eq!(taken(|| path.to_owned()).await, [Kind::ClientStreaming]);
}

/// A name is all of it, and as the proto file writes it.
#[tokio::test]
async fn by_no_part_of_a_name() {
    for name in [
        "",
        "unary",
        "Kinds",
        "four_kinds.v1",
        "four_kinds.v1.Kinds/Unary",
        "four_kinds.v1.Kinds.Unary",
        "/four_kinds.v1.Kinds/",
        "*",
    ] {
        assert_eq!(taken(|| name).await, [], "{name:?}");
    }
}

#[tokio::test]
async fn by_lists() {
    let two = [Kind::Unary, Kind::ServerStreaming];
    assert_eq!(taken(|| [UNARY, SERVER_STREAMING]).await, two);
    assert_eq!(taken(|| vec!["Unary", "ServerStreaming"]).await, two);
    let kinds = [MethodKind::Unary, MethodKind::ServerStreaming];
    assert_eq!(taken(|| kinds).await, two);
    assert_eq!(taken(|| SERVICE.methods().to_vec()).await, KINDS);
    assert_eq!(taken(|| [["Unary"], ["ServerStreaming"]]).await, two);
    assert_eq!(taken(|| [UNARY; 0]).await, []);
    assert_eq!(taken(Vec::<String>::new).await, []);
}

/// Boxes make a list of matchers of several types.
#[tokio::test]
async fn by_boxes() {
    let boxes = || -> Vec<Box<dyn Matcher>> { vec![Box::new(UNARY), Box::new("ServerStreaming")] };
    assert_eq!(taken(boxes).await, [Kind::Unary, Kind::ServerStreaming]);
}

#[tokio::test]
async fn by_anything_that_is_known_of_a_method() {
    let streams = taken(|| |method: &Method| method.kind().is_server_streaming()).await;
    assert_eq!(streams, [Kind::ServerStreaming, Kind::BidiStreaming]);
    let named = taken(|| |method: &Method| method.name().starts_with('C')).await;
    assert_eq!(named, [Kind::ClientStreaming]);
    // No method of this service has options.
    let bare = taken(|| |method: &Method| method.options().is_empty()).await;
    assert_eq!(bare, KINDS);
}

/// A function is a matcher too.
#[tokio::test]
async fn by_a_function() {
    fn is_unary(method: &Method) -> bool {
        *method == kinds_methods::UNARY
    }
    assert_eq!(taken(|| is_unary).await, [Kind::Unary]);
}

/// Where a call is not selected, it goes as if there was nothing; where it is, every hook runs.
#[tokio::test]
async fn what_is_not_selected_passes_untouched() {
    for (on, kind) in everywhere() {
        let log = Log::default();
        let inner = recorder('b', Act::ChangeMessages, &log);
        let outer = recorder('a', Act::Nothing, &log);
        let selected = (outer, selector("Unary", inner));
        let got = call_on(on, selected, kind, &["1"]).await;
        let events = log.events().join(" ");
        if kind == Kind::Unary {
            assert_eq!(got.replies, ["1bb"], "{on:?}");
            let all = "aS bS aQ bQ aH bH bD aD bR aR bE=Ok aE=Ok";
            assert_eq!(events, all, "{on:?}");
        } else {
            assert_eq!(got.replies, ["1"], "{on:?} {kind:?}");
            assert!(!events.contains('b'), "{on:?} {kind:?}: {events}");
            assert!(events.ends_with("aE=Ok"), "{on:?} {kind:?}: {events}");
        }
    }
}

/// A refusal of those that are not selected does not happen.
#[tokio::test]
async fn what_is_not_selected_is_not_refused() {
    for kind in KINDS {
        let refusing = recorder('a', Act::RefuseStart, &Log::default());
        let got = call_server(selector(UNARY, refusing), kind, &["1"]).await;
        assert_eq!(got.end.is_err(), kind == Kind::Unary, "{kind:?}");
    }
}

/// Selectors in selectors: both have to take a method.
#[tokio::test]
async fn selectors_are_interceptors() {
    for kind in KINDS {
        let log = Log::default();
        let server_streams = |method: &Method| method.kind().is_server_streaming();
        let client_streams = |method: &Method| method.kind().is_client_streaming();
        let inner = selector(client_streams, recorder('a', Act::Nothing, &log));
        call_server(selector(server_streams, inner), kind, &["1"]).await;
        let is_seen = !log.events().is_empty();
        assert_eq!(is_seen, kind == Kind::BidiStreaming, "{kind:?}");
    }
}
