//! `ApiKeys`.

use std::hint::black_box;
use std::time::{Duration, Instant};

use runtime_tests::svc::kinds_api::KindsApi as _;
use rust_svc::auth::{ApiKeyError, ApiKeys};

use super::{Named, assert_knows, assert_refuses, server, value};
use crate::echo::message;

#[derive(Clone, Debug)]
struct Caller(&'static str);

impl Named for Caller {
    fn name(&self) -> String {
        self.0.to_owned()
    }
}

fn keys() -> ApiKeys<Caller> {
    ApiKeys::new([
        ("a-long-key-of-ada", Caller("ada")),
        ("a-long-key-of-eve", Caller("eve")),
        ("a-longer-key-than-that-of-grace", Caller("grace")),
    ])
    .unwrap()
}

#[tokio::test]
async fn who_has_a_key_is_known() {
    let server = server(keys());
    for (key, name) in [
        ("a-long-key-of-ada", "ada"),
        ("a-long-key-of-eve", "eve"),
        ("a-longer-key-than-that-of-grace", "grace"),
    ] {
        assert_knows(&server, "x-api-key", &[value(key)], name).await;
    }
}

#[tokio::test]
async fn who_has_none_is_refused() {
    let server = server(keys());
    let key = || value("a-long-key-of-ada");
    let unknown = "the API key is not known";
    for (shown, reason) in [
        (vec![], "there is no header `x-api-key`"),
        (vec![value("")], unknown),
        (vec![value("a-long-key-of-bob")], unknown),
        // A beginning, an end, more than all of it, and another case.
        (vec![value("a-long-key-of-ad")], unknown),
        (vec![value("ey-of-ada")], unknown),
        (vec![value("a-long-key-of-ada,a-long-key-of-eve")], unknown),
        (vec![value("A-LONG-KEY-OF-ADA")], unknown),
        (vec![key(), key()], "there are several headers `x-api-key`"),
        (
            vec![key(), value("")],
            "there are several headers `x-api-key`",
        ),
        (vec![value(b"\xff")], "the header `x-api-key` is not ASCII"),
        (vec![value("x".repeat(64 * 1024))], unknown),
    ] {
        assert_refuses(&server, "x-api-key", &shown, reason).await;
    }
}

#[tokio::test]
async fn keys_may_be_in_another_header() {
    let server = server(keys().header("X-Token").unwrap());
    assert_knows(&server, "x-token", &[value("a-long-key-of-ada")], "ada").await;
    let shown = [value("a-long-key-of-ada")];
    assert_refuses(&server, "x-api-key", &shown, "there is no header `x-token`").await;
}

#[test]
fn api_keys_that_are_none_say_so() {
    let error = |keys: &[&str]| ApiKeys::new(keys.iter().map(|key| (*key, ()))).unwrap_err();
    assert_eq!(error(&[]), ApiKeyError::NoKeys);
    let (one, other) = ("sixteen-letters.", "another-that-is-long");
    assert_eq!(error(&[one, ""]), ApiKeyError::Empty);
    assert_eq!(error(&[one, other, one]), ApiKeyError::Duplicate);
    assert_eq!(error(&["two words that are long"]), ApiKeyError::NotAscii);
    for short in ["a", &one[1..]] {
        assert_eq!(error(&[short]), ApiKeyError::TooShort);
        let text = error(&[short]).to_string();
        assert!(text.contains("openssl rand -hex 16"), "{text}");
    }
    assert!(ApiKeys::new([(one, ())]).is_ok());
    assert_eq!(
        keys().header("x y").unwrap_err(),
        ApiKeyError::InvalidHeader
    );
    for name in super::RESERVED {
        let error = keys().header(name).unwrap_err();
        assert_eq!(error, ApiKeyError::ReservedHeader, "{name}");
    }
    assert_eq!(
        keys().header(":path").unwrap_err(),
        ApiKeyError::InvalidHeader
    );
    let shown = format!("{:?}", keys());
    assert!(!shown.contains("key-of"), "{shown}");
}

/// The shortest of many rounds, which nothing disturbed.
fn shortest(mut run: impl FnMut()) -> Duration {
    let rounds = (0..40).map(|_| {
        let start = Instant::now();
        run();
        start.elapsed()
    });
    rounds.min().unwrap()
}

fn ratio(a: Duration, b: Duration) -> f64 {
    a.max(b).as_secs_f64() / a.min(b).as_secs_f64()
}

/// Where two keys differ cannot be told from how long they are compared. That this test could tell is
/// shown by a comparison that can be told.
#[tokio::test]
async fn api_key_timing_is_the_same_wherever_keys_differ() {
    const BYTES: usize = 64 * 1024;
    let known = "k".repeat(BYTES);
    let first = format!("x{}", &known[1..]);
    let last = format!("{}x", &known[1..]);
    let server = server(ApiKeys::new([(known.clone(), Caller("ada"))]).unwrap());
    let time = |key: &str| {
        let key = value(key);
        shortest(|| {
            let mut call = server.call_unary(message(""));
            let metadata = call.request_mut().metadata_mut();
            metadata.insert("x-api-key", key.clone());
            // Ready at once: nothing of it waits.
            let mut call = call.into_future();
            let context = &mut std::task::Context::from_waker(std::task::Waker::noop());
            assert!(call.as_mut().poll(context).is_ready());
        })
    };
    let ours = ratio(time(&first), time(&last));
    let plain = |key: &str| {
        shortest(|| {
            for _ in 0..100 {
                black_box(black_box(known.as_bytes()) == black_box(key.as_bytes()));
            }
        })
    };
    // `==` calls one that looks at both to their first difference.
    let told = ratio(plain(&first), plain(&last));
    assert!(told > 3.0, "this cannot tell: {told}");
    assert!(ours < 1.5, "{ours}");
}
