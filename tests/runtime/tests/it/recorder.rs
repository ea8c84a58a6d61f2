//! Interceptors that write down what they see, and do one thing to a call.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use runtime_tests::svc::{Request as Question, Response as Reply};
use rust_svc::{Call, End, Interceptor, Message, Outcome, Side, Start};
use tonic::metadata::MetadataMap;
use tonic::{Code, Status};

/// Long enough for what happens on other tasks, also when the machine is busy.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

/// What happened, in order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    pub(crate) fn push(&self, event: impl Into<String>) {
        self.0.lock().unwrap().push(event.into());
    }

    pub(crate) fn events(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }

    /// What happened since it was last taken.
    pub(crate) fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }

    /// Waits until something happened.
    pub(crate) async fn wait_for(&self, event: &str) {
        let found = async {
            while !self.events().iter().any(|known| known == event) {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        let found = tokio::time::timeout(PATIENCE, found).await;
        assert!(found.is_ok(), "no {event:?} in {:?}", self.events());
    }
}

/// What an interceptor does besides writing down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    Nothing,
    RefuseStart,
    /// From the message of this number on.
    RefuseRequest(u64),
    RefuseResponse(u64),
    /// Says its name in every message.
    ChangeMessages,
    /// Another status, and a trailer more.
    ChangeEnd,
}

#[derive(Clone, Debug)]
pub(crate) struct Recorder {
    pub(crate) name: char,
    pub(crate) act: Act,
    pub(crate) log: Log,
}

impl Recorder {
    fn note(&self, event: &str) {
        self.log.push(format!("{}{event}", self.name));
    }

    fn refusal(&self) -> Status {
        Status::permission_denied(format!("refused by {}", self.name))
    }
}

/// Adds a letter to the text of either message.
fn say<M: Message + ?Sized>(message: &mut M, name: char) {
    if let Some(question) = message.downcast_mut::<Question>() {
        question.text.push(name);
    }
    if let Some(reply) = message.downcast_mut::<Reply>() {
        reply.text.push(name);
    }
}

impl<S: Side> Interceptor<S> for Recorder {
    type State = ();

    async fn start(&self, _: &mut Start<'_, S>) -> Result<(), Status> {
        self.note("S");
        // Somewhere else for a moment, as real ones are.
        tokio::task::yield_now().await;
        match self.act {
            Act::RefuseStart => Err(self.refusal()),
            _ => Ok(()),
        }
    }

    fn request_message<M: Message + ?Sized>(
        &self,
        call: &mut Call<'_, ()>,
        message: &mut M,
    ) -> Result<(), Status> {
        self.note("Q");
        assert!(message.downcast_ref::<Question>().is_some());
        match self.act {
            Act::RefuseRequest(number) if call.requests().messages >= number => Err(self.refusal()),
            Act::ChangeMessages => {
                say(message, self.name);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn half_close(&self, _: &mut Call<'_, ()>) {
        self.note("H");
    }

    fn response_headers(
        &self,
        _: &mut Call<'_, ()>,
        headers: &mut MetadataMap,
    ) -> Result<(), Status> {
        self.note("D");
        headers.insert("x-header", self.name.to_string().parse().unwrap());
        Ok(())
    }

    fn response_message<M: Message + ?Sized>(
        &self,
        call: &mut Call<'_, ()>,
        message: &mut M,
    ) -> Result<(), Status> {
        self.note("R");
        assert!(message.downcast_ref::<Reply>().is_some());
        match self.act {
            Act::RefuseResponse(number) if call.responses().messages >= number => {
                Err(self.refusal())
            }
            Act::ChangeMessages => {
                say(message, self.name);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn end(&self, _: &mut Call<'_, ()>, end: &mut End<'_>) {
        match end.outcome() {
            Outcome::Completed => self.note(&format!("E={:?}", end.status().code())),
            outcome => self.note(&format!("E={outcome:?}")),
        }
        if self.act == Act::ChangeEnd {
            let mut status = Status::new(Code::Aborted, "changed");
            let value = self.name.to_string().parse().unwrap();
            status.metadata_mut().insert("x-trailer", value);
            end.set_status(status);
        }
    }
}

/// Writes out what two interceptors, `a` outside of `b`, do: `Q` is `aQ bQ`, and `R` is `bR aR`.
/// What is for one of them only, or not an interceptor's, is written out already.
pub(crate) fn expected(events: &str) -> Vec<String> {
    let mut expected = Vec::new();
    for event in events.split_whitespace() {
        match event.chars().next() {
            Some('S' | 'Q' | 'H') => {
                expected.extend(["a", "b"].map(|name| format!("{name}{event}")));
            }
            Some('D' | 'R' | 'E') => {
                expected.extend(["b", "a"].map(|name| format!("{name}{event}")));
            }
            _ => expected.push(event.to_owned()),
        }
    }
    expected
}
