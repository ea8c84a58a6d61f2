//! Calls with and without interceptors, in process: tonic's client and tonic's server with HTTP/2
//! between them, over a pipe in memory and on one thread.
//!
//! [`Setup`] says what is measured, [`Workload`] with which calls, and [`Bench`] makes them.

use tokio::runtime::{Builder, Runtime};
use tonic::Status;

mod calls;
mod interceptors;
mod peers;
mod service;
mod setup;
mod transport;

pub use setup::Setup;

use calls::Client;

#[allow(
    missing_docs,
    unreachable_pub,
    reason = "generated, and not for others"
)]
mod svc {
    rust_svc::include_protos!("svc/mod.rs");
}

#[allow(
    missing_docs,
    unreachable_pub,
    reason = "generated, and not for others"
)]
mod stubs {
    rust_svc::include_protos!("tonic/mod.rs");
}

/// How many messages one call streams.
pub const MESSAGES: u32 = 1_000;

/// The kinds of calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Workload {
    /// One request, one response.
    Unary,
    /// One request, [`MESSAGES`] responses.
    Stream,
    /// [`MESSAGES`] requests, one response.
    Upload,
}

impl Workload {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Unary, Self::Stream, Self::Upload];

    /// The name of it on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unary => "unary",
            Self::Stream => "stream",
            Self::Upload => "upload",
        }
    }

    /// The one with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.name() == name)
    }

    /// How many messages one call has, which is what its cost is divided by.
    pub fn messages(self) -> u32 {
        match self {
            Self::Unary => 1,
            Self::Stream | Self::Upload => MESSAGES,
        }
    }

    /// After how many calls buffers and tables have the size that they keep.
    pub fn warm_up(self) -> u64 {
        match self {
            Self::Unary => 200,
            Self::Stream | Self::Upload => 3,
        }
    }
}

/// A server, a client, and the connection between them.
#[derive(Debug)]
pub struct Bench {
    runtime: Runtime,
    client: Client,
}

impl Bench {
    /// Connects a client to a server.
    ///
    /// # Errors
    ///
    /// None, unless the setup is broken.
    pub fn new(setup: Setup) -> Result<Self, Box<dyn std::error::Error>> {
        // A runtime of one thread, so that instructions are counted in the order in which they run.
        let runtime = Builder::new_current_thread().enable_time().build()?;
        let client = runtime.block_on(setup.connect())?;
        Ok(Self { runtime, client })
    }

    /// Makes calls, one after the other.
    ///
    /// # Errors
    ///
    /// None, unless the setup is broken.
    pub fn run(&mut self, workload: Workload, calls: u64) -> Result<(), Status> {
        self.runtime.block_on(async {
            for _ in 0..calls {
                self.client.call(workload).await?;
            }
            Ok(())
        })
    }
}
