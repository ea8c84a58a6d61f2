//! What is logged, for tests to look at.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::{DefaultGuard, NoSubscriber};
use tracing::{Event, Level, Metadata, Subscriber};

/// Fields by name, as text.
pub(crate) type Fields = BTreeMap<String, String>;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Logged {
    pub(crate) level: Level,
    pub(crate) fields: Fields,
    /// Which of the spans it is in.
    pub(crate) span: Option<usize>,
}

/// Everything that this thread logs while the guard is there.
#[derive(Clone, Debug, Default)]
pub(crate) struct Captured(Arc<Mutex<Log>>);

#[derive(Debug, Default)]
struct Log {
    spans: Vec<Fields>,
    events: Vec<Logged>,
}

impl Captured {
    pub(crate) fn start() -> (Self, DefaultGuard) {
        // tracing asks the thread that comes first to a line whether it is ever wanted, as long as
        // there is one subscriber: with a second one it asks both.
        let _ = tracing::subscriber::set_global_default(NoSubscriber::new());
        let captured = Self::default();
        let guard = tracing::subscriber::set_default(captured.clone());
        (captured, guard)
    }

    pub(crate) fn spans(&self) -> Vec<Fields> {
        self.0.lock().unwrap().spans.clone()
    }

    pub(crate) fn events(&self) -> Vec<Logged> {
        self.0.lock().unwrap().events.clone()
    }

    /// The events with their levels, and the spans, as one text.
    pub(crate) fn text(&self) -> String {
        format!("{:?}", self.0.lock().unwrap())
    }
}

/// Whether the code under test logs that; tonic and hyper log as well.
fn is_ours(metadata: &Metadata<'_>) -> bool {
    metadata.target().starts_with("rust_svc")
}

impl Subscriber for Captured {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        is_ours(metadata)
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut fields = Fields::new();
        span.record(&mut Shown(&mut fields));
        let spans = &mut self.0.lock().unwrap().spans;
        spans.push(fields);
        Id::from_u64(spans.len() as u64)
    }

    fn record(&self, span: &Id, values: &Record<'_>) {
        let spans = &mut self.0.lock().unwrap().spans;
        values.record(&mut Shown(&mut spans[index(span)]));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields::new();
        event.record(&mut Shown(&mut fields));
        self.0.lock().unwrap().events.push(Logged {
            level: *event.metadata().level(),
            fields,
            span: event.parent().map(index),
        });
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

fn index(span: &Id) -> usize {
    span.into_u64() as usize - 1
}

struct Shown<'a>(&'a mut Fields);

impl Visit for Shown<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name().to_owned(), value.to_owned());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0.insert(field.name().to_owned(), format!("{value:?}"));
    }
}
