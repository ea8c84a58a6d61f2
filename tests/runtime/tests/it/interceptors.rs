//! What interceptors get to know of a call, what they may do to it, and how they are put together.
//!
//! Most tests here call a server in the same process, without HTTP/2 between: when such a call is
//! over, everything is dropped that could still run a hook.

use runtime_tests::svc::kinds_client::KindsClient;
use runtime_tests::svc::kinds_server::KindsServer;
use rust_svc::{Call, Client, End, Interceptor, Method, Outcome, Server, Start, Traffic};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::timeout;
use tonic::{Code, Status};

use crate::echo::{Echo, Got, KINDS, Kind, call};
use crate::recorder::{Act, Log, PATIENCE, Recorder};

mod ends;
mod facts;
mod limits;
mod lists;
mod messages;
mod metadata;
mod panics;
mod refused;
mod selected;
mod starting;
mod storm;

/// Which side the interceptors are on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum On {
    Server,
    Client,
}

pub(crate) const SIDES: [On; 2] = [On::Server, On::Client];

/// Each kind of rpc on each side.
pub(crate) fn everywhere() -> impl Iterator<Item = (On, Kind)> {
    SIDES
        .into_iter()
        .flat_map(|on| KINDS.map(|kind| (on, kind)))
}

/// An interceptor for either side.
pub(crate) trait EitherSide: Interceptor<Server> + Interceptor<Client> + 'static {}

impl<I: Interceptor<Server> + Interceptor<Client> + 'static> EitherSide for I {}

/// Makes a call with interceptors on one side.
pub(crate) async fn call_on<I: EitherSide>(
    on: On,
    interceptors: I,
    kind: Kind,
    texts: &[&str],
) -> Got {
    match on {
        On::Server => call_server(interceptors, kind, texts).await,
        On::Client => call_client(interceptors, kind, texts).await,
    }
}

pub(crate) async fn call_server<I>(interceptors: I, kind: Kind, texts: &[&str]) -> Got
where
    I: Interceptor<Server> + 'static,
{
    let server = KindsServer::new(Echo::default()).intercept(interceptors);
    call(&mut KindsClient::new(server), kind, texts).await
}

pub(crate) async fn call_client<I>(interceptors: I, kind: Kind, texts: &[&str]) -> Got
where
    I: Interceptor<Client> + 'static,
{
    let server = KindsServer::new(Echo::default());
    let mut client = KindsClient::new(server).intercept(interceptors);
    call(&mut client, kind, texts).await
}

pub(crate) fn code(got: &Got) -> Code {
    got.end.as_ref().err().map_or(Code::Ok, Status::code)
}

pub(crate) fn recorder(name: char, act: Act, log: &Log) -> Recorder {
    let log = log.clone();
    Recorder { name, act, log }
}

/// What an `end` saw.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) method: &'static Method,
    pub(crate) outcome: Outcome,
    pub(crate) status: Status,
    pub(crate) requests: Traffic,
    pub(crate) responses: Traffic,
}

/// Tells a test of each `end`, and changes it.
pub(crate) struct Witness {
    ends: UnboundedSender<Ended>,
    change: fn(&mut End<'_>),
}

/// The ends that a [`Witness`] saw.
pub(crate) struct Ends(UnboundedReceiver<Ended>);

pub(crate) fn witness() -> (Witness, Ends) {
    changing(|_| ())
}

pub(crate) fn changing(change: fn(&mut End<'_>)) -> (Witness, Ends) {
    let (ends, received) = unbounded_channel();
    (Witness { ends, change }, Ends(received))
}

impl<S: rust_svc::Side> Interceptor<S> for Witness {
    type State = ();

    async fn start(&self, _: &mut Start<'_, S>) -> Result<(), Status> {
        Ok(())
    }

    fn end(&self, call: &mut Call<'_, ()>, end: &mut End<'_>) {
        let ended = Ended {
            method: call.method(),
            outcome: end.outcome(),
            status: end.status().clone(),
            requests: call.requests(),
            responses: call.responses(),
        };
        // A test that got what it wanted is over.
        let _ = self.ends.send(ended);
        (self.change)(end);
    }
}

impl Ends {
    /// The one end that there is. Waits until the witness is dropped, after which there are no more.
    pub(crate) async fn only(mut self) -> Ended {
        let end = self.next().await.expect("an end");
        let second = self.next().await;
        assert!(second.is_none(), "after {end:?} {second:?}");
        end
    }

    /// The next end, or none when the witness is dropped.
    pub(crate) async fn next(&mut self) -> Option<Ended> {
        let next = timeout(PATIENCE, self.0.recv()).await;
        next.expect("an end, or that there are no more")
    }
}
