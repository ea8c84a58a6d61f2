//! The clock of this crate: that of tokio, which tests can pause.

use std::time::Duration;

use tokio::time::Instant;

/// Now. `None` on `wasm32-unknown-unknown`, where the standard library has no clock: it panics if it is asked.
pub(crate) fn now() -> Option<Instant> {
    let has_clock = !cfg!(all(target_family = "wasm", target_os = "unknown"));
    has_clock.then(Instant::now)
}

/// Time since `start`, or zero without a clock.
pub(crate) fn since(start: Option<Instant>) -> Duration {
    start
        .zip(now())
        .map_or(Duration::ZERO, |(start, now)| now.duration_since(start))
}
