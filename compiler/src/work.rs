//! How much is done, for a test that it grows no faster than the input. Release builds count nothing.

#[cfg(debug_assertions)]
use std::cell::Cell;

#[cfg(debug_assertions)]
thread_local! {
    static DONE: Cell<u64> = const { Cell::new(0) };
}

/// Notes so many steps of a loop. It stands where a loop in a loop would be easy to write.
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
