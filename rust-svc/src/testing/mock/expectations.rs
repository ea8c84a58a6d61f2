//! Answers of a method of a mock.

use std::any::type_name;
use std::fmt::{self, Write as _};
use std::panic::Location;
use std::sync::Arc;

use tonic::{Request, Status};

use super::MockRequest;
use crate::Method;
use crate::arity::{RequestArity, ResponseArity};
use crate::hooks::Answer;

pub(super) type SharedAnswer<Q, A> = Arc<
    dyn Fn(Request<<Q as RequestArity>::Sent>) -> Answer<'static, <A as ResponseArity>::Received>
        + Send
        + Sync,
>;

/// Answer, and the calls that get it.
pub(super) struct Expectation<Q: MockRequest, A: ResponseArity> {
    pub(super) condition: Condition<Q::Message>,
    pub(super) limit: Option<u64>,
    pub(super) used: u64,
    pub(super) place: &'static Location<'static>,
    pub(super) answer: SharedAnswer<Q, A>,
}

/// Condition on a request.
pub(super) enum Condition<M> {
    Any,
    Equal(M),
    When(Box<dyn Fn(&M) -> bool + Send + Sync>),
}

impl<M: PartialEq> Condition<M> {
    fn fits(&self, message: Option<&M>) -> bool {
        match (self, message) {
            (Self::Any, _) => true,
            (Self::Equal(wanted), message) => message == Some(wanted),
            (Self::When(holds), message) => message.is_some_and(holds),
        }
    }
}

/// Answers of a method, in the order in which they were set.
pub(super) struct Expectations<Q: MockRequest, A: ResponseArity>(Vec<Expectation<Q, A>>);

impl<Q: MockRequest, A: ResponseArity> Default for Expectations<Q, A> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<Q: MockRequest, A: ResponseArity> Expectations<Q, A> {
    pub(super) fn push(&mut self, rule: Expectation<Q, A>) {
        self.0.push(rule);
    }

    /// Answer to a request. Counts its use.
    ///
    /// # Errors
    ///
    /// `UNIMPLEMENTED` without an answer, with the request and the answers that are set.
    pub(super) fn find(
        &mut self,
        method: &Method,
        message: Option<&Q::Message>,
    ) -> Result<SharedAnswer<Q, A>, Status> {
        let rule = self.0.iter_mut().find(|rule| {
            rule.limit.is_none_or(|limit| rule.used < limit) && rule.condition.fits(message)
        });
        match rule {
            Some(rule) => {
                rule.used += 1;
                Ok(Arc::clone(&rule.answer))
            }
            None => Err(Status::unimplemented(self.nothing_for(method, message))),
        }
    }

    fn nothing_for(&self, method: &Method, message: Option<&Q::Message>) -> String {
        let name = format!("{}.{}", method.service(), method.name());
        let mut text = match message {
            Some(message) => format!("the mock of {name} was asked {message:?}"),
            None => format!(
                "the mock of {name} was asked a stream of `{}`",
                short_name::<Q::Message>()
            ),
        };
        text.push_str(if self.0.is_empty() {
            ", and nothing is set"
        } else {
            ", and nothing is set for that; set are"
        });
        for rule in &self.0 {
            // Writing to a string does not fail.
            let _ = write!(text, "\n- {rule}");
        }
        text
    }
}

impl<Q: MockRequest, A: ResponseArity> fmt::Display for Expectation<Q, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.condition {
            Condition::Any => write!(f, "an answer to anything")?,
            Condition::Equal(message) => write!(f, "an answer to {message:?}")?,
            Condition::When(_) => write!(f, "an answer to what fits a condition")?,
        }
        match self.limit {
            Some(limit) => write!(f, ", used {} of {limit} times", self.used)?,
            None => write!(f, ", used {} times", self.used)?,
        }
        write!(f, ", from {}", self.place)
    }
}

fn short_name<T>() -> &'static str {
    let name = type_name::<T>();
    name.rsplit("::").next().unwrap_or(name)
}
