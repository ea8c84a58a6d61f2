//! A line for each call, on whichever side.

use std::fmt;

use rust_svc::{Call, End, Interceptor, Message, Outcome, Side, Start};
use tonic::Status;

/// Logs calls, and each of their messages, to where it is told.
pub struct Logging {
    side: &'static str,
    write: Box<dyn Fn(String) + Send + Sync>,
}

impl Logging {
    /// For a side, which each line begins with.
    pub fn new(side: &'static str, write: impl Fn(String) + Send + Sync + 'static) -> Self {
        Self {
            side,
            write: Box::new(write),
        }
    }

    /// To standard error.
    pub fn to_stderr(side: &'static str) -> Self {
        Self::new(side, |line| eprintln!("{line}"))
    }

    fn line(&self, call: impl fmt::Display, what: fmt::Arguments<'_>) {
        (self.write)(format!("{} {call} {what}", self.side));
    }
}

/// Written once: what it does is the same on both sides.
impl<S: Side> Interceptor<S> for Logging {
    type State = ();

    async fn start(&self, call: &mut Start<'_, S>) -> Result<(), Status> {
        self.line(call.method(), format_args!("starts"));
        Ok(())
    }

    fn request_message<M: Message + ?Sized>(
        &self,
        call: &mut Call<'_, ()>,
        message: &mut M,
    ) -> Result<(), Status> {
        self.line(call.method(), format_args!("asks {message:?}"));
        Ok(())
    }

    fn response_message<M: Message + ?Sized>(
        &self,
        call: &mut Call<'_, ()>,
        message: &mut M,
    ) -> Result<(), Status> {
        self.line(call.method(), format_args!("answers {message:?}"));
        Ok(())
    }

    fn end(&self, call: &mut Call<'_, ()>, end: &mut End<'_>) {
        let (status, elapsed) = (end.status(), call.elapsed());
        match end.outcome() {
            Outcome::Completed => self.line(
                call.method(),
                format_args!("ends {:?} after {elapsed:.1?}", status.code()),
            ),
            outcome => self.line(
                call.method(),
                format_args!("ends nowhere ({outcome:?}) after {elapsed:.1?}"),
            ),
        }
    }
}

impl fmt::Debug for Logging {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Logging")
            .field("side", &self.side)
            .finish_non_exhaustive()
    }
}
