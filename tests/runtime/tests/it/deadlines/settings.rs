//! Which timeout a call has: of what the call, the code and the server say.

use std::time::Duration;

use runtime_tests::svc::kinds_client::KindsClient;
use runtime_tests::svc::kinds_server::KindsServer;
use rust_svc::Deadlines;
use tokio::time::Instant;
use tonic::{Code, Request};

use super::{Slow, Stage};
use crate::echo::message;

fn deadlines(default: Option<u64>, max: Option<u64>) -> Deadlines {
    let deadlines = Deadlines::new();
    let deadlines = match default {
        Some(millis) => deadlines.default_timeout(Duration::from_millis(millis)),
        None => deadlines,
    };
    match max {
        Some(millis) => deadlines.max_timeout(Duration::from_millis(millis)),
        None => deadlines,
    }
}

/// Milliseconds, if something says them.
type Millis = Option<u64>;

/// The timeout that a call asks for, the default and the maximum, and the one that it has, in milliseconds.
const CASES: [(Millis, Millis, Millis, u64); 9] = [
    (Some(300), None, None, 300),
    (None, Some(500), None, 500),
    (None, None, Some(700), 700),
    (Some(300), Some(500), None, 300),
    (Some(600), Some(500), None, 600),
    (Some(300), Some(500), Some(200), 200),
    (Some(300), None, Some(700), 300),
    (None, Some(500), Some(700), 500),
    (None, Some(900), Some(700), 700),
];

/// Time after which a call that never ends is over.
async fn taken(asked: Option<u64>, client: Deadlines, server: Deadlines) -> Duration {
    let server = KindsServer::new(Slow::new(Stage::BeforeHeaders)).deadlines(server);
    let mut client = KindsClient::new(server).deadlines(client);
    let mut request = Request::new(message("1"));
    if let Some(millis) = asked {
        request.set_timeout(Duration::from_millis(millis));
    }
    let start = Instant::now();
    let status = client.unary(request).await.unwrap_err();
    assert_eq!(status.code(), Code::DeadlineExceeded);
    start.elapsed()
}

#[tokio::test(start_paused = true)]
async fn the_minimum_of_what_is_said() {
    let early = Duration::from_millis(1);
    for (asked, default, max, expected) in CASES {
        let about = format!("{asked:?} {default:?} {max:?}");
        let expected = Duration::from_millis(expected);
        let set = deadlines(default, max);
        let on_client = taken(asked, set, Deadlines::new()).await;
        let on_server = taken(asked, Deadlines::new(), set).await;
        // The server knows of it, and is a millisecond early.
        assert_eq!(on_client, expected - early, "{about}");
        assert_eq!(on_server, expected - early, "{about}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_shorter_of_both_sides() {
    let (short, long) = (deadlines(Some(300), None), deadlines(Some(500), Some(500)));
    for (client, server) in [(short, long), (long, deadlines(None, Some(300)))] {
        let taken = taken(None, client, server).await;
        assert_eq!(taken, Duration::from_millis(299));
    }
}
