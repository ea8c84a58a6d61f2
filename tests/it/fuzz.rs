//! Random input: never a panic, and never code that does not compile.
//!
//! A few tries by default, from fixed seeds; `RUST_SVC_FUZZ_SECONDS` goes on for longer, from other seeds each
//! time, which are told. `RUST_SVC_FUZZ_SEED` is the seed to begin at.

use std::time::{Duration, Instant};

mod memory;
mod random;
mod requests;
mod texts;
mod trees;
mod verdicts;

/// Seeds, as long as there is time.
struct Tries {
    first: u64,
    count: u64,
    /// How many there are, or until when they go on.
    end: Result<u64, Instant>,
}

impl Tries {
    /// So many by default; the time of a longer run is shared by all tests here.
    fn new(default: u64) -> Self {
        let seconds = std::env::var("RUST_SVC_FUZZ_SECONDS").ok();
        match seconds.and_then(|seconds| seconds.parse().ok()) {
            Some(seconds) => {
                let first = std::env::var("RUST_SVC_FUZZ_SEED").ok();
                let first = first.and_then(|first| first.parse().ok());
                let first = first.unwrap_or_else(|| u64::from(std::process::id()) << 32);
                eprintln!("seeds from {first}");
                let end = Err(Instant::now() + Duration::from_secs(seconds));
                Self {
                    first,
                    count: 0,
                    end,
                }
            }
            None => Self {
                first: 7,
                count: 0,
                end: Ok(default),
            },
        }
    }
}

impl Iterator for Tries {
    type Item = u64;

    fn next(&mut self) -> Option<u64> {
        let is_over = match self.end {
            Ok(count) => self.count == count,
            Err(end) => Instant::now() >= end,
        };
        self.count += u64::from(!is_over);
        (!is_over).then(|| self.first + self.count)
    }
}
