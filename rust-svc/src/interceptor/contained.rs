//! Panics of hooks, after which other hooks still run.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

/// Payload of a panic that was caught. The panic hook has already run.
pub(crate) type Panic = Box<dyn Any + Send>;

/// Runs a hook and catches its panic.
///
/// # Errors
///
/// The panic. The state of the hook may be inconsistent, and the call ends.
pub(crate) fn contained<T>(hook: impl FnOnce() -> T) -> Result<T, Panic> {
    catch_unwind(AssertUnwindSafe(hook))
}

/// Resumes a panic, unless the thread is panicking: a second panic would abort the process.
pub(super) fn resume(result: Result<(), Panic>) {
    if let Err(panic) = result
        && !std::thread::panicking()
    {
        resume_unwind(panic);
    }
}
