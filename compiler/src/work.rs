//! A count of the steps of inner loops, for the test that work grows no faster than the input.
//!
//! Only builds with debug assertions count. The module is public for that test, and no part of the API.

#[cfg(debug_assertions)]
use std::cell::Cell;

#[cfg(debug_assertions)]
thread_local! {
    static DONE: Cell<u64> = const { Cell::new(0) };
}

/// Counts steps of a loop. Calls stand where a loop in a loop would be easy to write.
#[inline]
pub(crate) fn count(steps: usize) {
    #[cfg(debug_assertions)]
    DONE.with(|done| done.set(done.get() + steps as u64));
    #[cfg(not(debug_assertions))]
    let _ = steps;
}

/// The steps of this thread so far.
#[cfg(debug_assertions)]
pub fn done() -> u64 {
    DONE.with(Cell::get)
}
