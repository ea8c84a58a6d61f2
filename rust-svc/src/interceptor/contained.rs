//! Hooks that panic, where others have to run nevertheless.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

/// A panic that was caught. Whoever is told of panics was told already.
pub(crate) type Panic = Box<dyn Any + Send>;

/// Runs a hook.
///
/// # Errors
///
/// Its panic. What it was doing is half done; a call whose hook panicked is over.
pub(crate) fn contained<T>(hook: impl FnOnce() -> T) -> Result<T, Panic> {
    catch_unwind(AssertUnwindSafe(hook))
}

/// Goes on with a panic, unless there is one already: a second would end the process.
pub(super) fn go_on(result: Result<(), Panic>) {
    if let Err(panic) = result
        && !std::thread::panicking()
    {
        resume_unwind(panic);
    }
}
