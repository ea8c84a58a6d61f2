//! Tests for any interceptor.

use std::fmt;
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use tonic::metadata::{Ascii, AsciiMetadataKey, MetadataMap, MetadataValue};

use crate::interceptor::{Client, Interceptor, InterceptorList, Server};

mod checks;
mod rule;
mod world;

use checks::{Bench, Check};
pub use rule::{Report, Rule, RuleViolation};
use world::Probe;

/// Test suite that checks the [`Rule`]s of interceptors that let calls pass.
///
/// It makes calls of all four kinds to a service of its own: with no, many and large messages; calls that succeed, fail,
/// panic, are refused, are dropped at each poll, and run concurrently. Each check has its own interceptor, which the closure
/// makes, and its own thread, so that a check that blocks is reported.
///
/// ```
/// use rust_svc::testing::InterceptorSuite;
/// use rust_svc::{Interceptor, Server, Start};
/// use tonic::Status;
///
/// struct Names;
///
/// impl Interceptor<Server> for Names {
///     type State = ();
///
///     async fn start(&self, call: &mut Start<'_, Server>) -> Result<(), Status> {
///         match call.metadata().get("x-name") {
///             Some(_) => Ok(()),
///             None => Err(Status::unauthenticated("who is it?")),
///         }
///     }
/// }
///
/// // In a `#[test]`:
/// InterceptorSuite::on_server(|| Names)
///     .metadata("x-name", "ada") // what calls need to pass
///     .assert();
/// ```
pub struct InterceptorSuite {
    make: MakeSides,
    metadata: MetadataMap,
    skipped: Vec<Rule>,
    patience: Duration,
}

/// Makes both sides of a call, with the interceptor between two probes.
type MakeSides = Arc<dyn Fn(Probe, Probe) -> Sides + Send + Sync>;

/// Interceptors of both sides of a call.
struct Sides {
    server: InterceptorList<Server>,
    client: InterceptorList<Client>,
    recovers: bool,
}

impl InterceptorSuite {
    /// Suite for an interceptor of servers, which the closure makes.
    pub fn on_server<I: Interceptor<Server> + 'static>(
        make: impl Fn() -> I + Send + Sync + 'static,
    ) -> Self {
        Self::new(move |outer, inner| {
            let interceptor = make();
            let recovers = interceptor.recovers();
            let mut server = InterceptorList::new();
            server.push(outer);
            server.push(interceptor);
            server.push(inner);
            Sides {
                server,
                client: InterceptorList::new(),
                recovers,
            }
        })
    }

    /// Suite for an interceptor of clients, which the closure makes.
    pub fn on_client<I: Interceptor<Client> + 'static>(
        make: impl Fn() -> I + Send + Sync + 'static,
    ) -> Self {
        Self::new(move |outer, inner| {
            let mut client = InterceptorList::new();
            client.push(outer);
            client.push(make());
            client.push(inner);
            Sides {
                server: InterceptorList::new(),
                client,
                recovers: false,
            }
        })
    }

    fn new(make: impl Fn(Probe, Probe) -> Sides + Send + Sync + 'static) -> Self {
        Self {
            make: Arc::new(make),
            metadata: MetadataMap::new(),
            skipped: Vec::new(),
            patience: Duration::from_secs(10),
        }
    }

    /// Adds metadata that calls need to pass. The suite then checks that calls without it are refused
    /// ([`Rule::Credentials`]).
    ///
    /// # Panics
    ///
    /// With an invalid key or value.
    #[must_use]
    #[track_caller]
    pub fn metadata(mut self, key: &str, value: &str) -> Self {
        let key: Result<AsciiMetadataKey, _> = key.parse();
        let value: Result<MetadataValue<Ascii>, _> = value.parse();
        match (key, value) {
            (Ok(key), Ok(value)) => self.metadata.append(key, value),
            _ => panic!("the metadata is invalid"),
        };
        self
    }

    /// Skips a rule that the interceptor breaks on purpose. Write the reason beside the call.
    #[must_use]
    pub fn skip(mut self, rule: Rule) -> Self {
        self.skipped.push(rule);
        self
    }

    /// Sets the time after which a check counts as blocked: 10 seconds by default.
    #[must_use]
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Runs all checks. A check that blocks leaves its thread running. If calls do not pass ([`Rule::Passes`]), only that is
    /// reported.
    ///
    /// # Errors
    ///
    /// The broken rules, with the checks that broke them.
    pub fn run(&self) -> Result<(), Report> {
        let checks = checks::all(&self.metadata);
        let running: Vec<_> = checks.into_iter().map(|check| self.start(check)).collect();
        let mut violations: Vec<_> = running.into_iter().flat_map(|wait| wait()).collect();
        // If calls do not pass, the other violations follow from that.
        if violations
            .iter()
            .any(|violation| violation.rule == Rule::Passes)
        {
            violations.retain(|violation| violation.rule == Rule::Passes);
        }
        violations.retain(|violation| !self.skipped.contains(&violation.rule));
        Report::new(violations).map_or(Ok(()), Err)
    }

    /// Runs all checks, and panics if a rule is broken.
    ///
    /// # Panics
    ///
    /// With the report, if a rule is broken.
    #[track_caller]
    pub fn assert(&self) {
        if let Err(report) = self.run() {
            panic!("{report}");
        }
    }

    /// Starts a check on a thread. The returned closure waits for it.
    fn start(&self, check: Check) -> impl FnOnce() -> Vec<RuleViolation> + use<> {
        let (make, metadata) = (Arc::clone(&self.make), self.metadata.clone());
        let (started, patience) = (Instant::now(), self.patience);
        let (done, result) = channel();
        let (run, place, on_hang) = (check.run, check.place, check.on_hang);
        let place_of_check = place.clone();
        // The thread logs to the subscriber of the caller.
        let log = tracing::dispatcher::get_default(Clone::clone);
        let thread = thread::spawn(move || {
            let _log = tracing::dispatcher::set_default(&log);
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            let found = runtime.map(|runtime| runtime.block_on(run(Bench::new(make, metadata))));
            // The receiver is gone after a timeout.
            let _ = done.send(found);
        });
        move || {
            let broken = |rule, seen: String| {
                vec![RuleViolation {
                    rule,
                    place: place.clone(),
                    seen,
                }]
            };
            match result.recv_timeout(patience.saturating_sub(started.elapsed())) {
                Ok(Ok(found)) => found
                    .into_iter()
                    .map(|(rule, seen)| RuleViolation {
                        rule,
                        place: place_of_check.clone(),
                        seen,
                    })
                    .collect(),
                Ok(Err(error)) => broken(Rule::Passes, format!("there is no runtime: {error}")),
                Err(RecvTimeoutError::Timeout) => broken(
                    on_hang,
                    format!("it did not come to an end in {patience:?}"),
                ),
                Err(RecvTimeoutError::Disconnected) => {
                    let panic = thread.join().err();
                    let text = panic
                        .as_ref()
                        .map_or("nothing", |panic| crate::recovery::text(&**panic));
                    broken(check.on_panic, format!("a hook panicked: {text}"))
                }
            }
        }
    }
}

impl fmt::Debug for InterceptorSuite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InterceptorSuite")
            .field("skipped", &self.skipped)
            .field("patience", &self.patience)
            .finish_non_exhaustive()
    }
}
