//! The setups that are measured.

use std::time::Duration;

use rust_svc::{Deadlines, Interceptor};
use tonic::transport::server::Router;
use tonic::transport::{Error, Server};
use tonic_async_interceptor::AsyncInterceptedService;

use crate::calls::Client;
use crate::interceptors::{One, five, five_dyn};
use crate::peers::{Boxed, look_up, look_up_async};
use crate::service::Notes;
use crate::stubs::bench::v1::{bench_client as tonic_client, bench_server as tonic_server};
use crate::svc::bench::v1::{bench_client as svc_client, bench_server as svc_server};
use crate::transport::connect;

/// A server and a client: the one that a name does not mention is tonic's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setup {
    /// tonic's stubs on both sides: what all others are compared with.
    Plain,
    /// Our server without interceptors.
    Ours0,
    /// Our server with one interceptor.
    Ours1,
    /// Our server with a tuple of five.
    Ours5,
    /// Our server with a list of five whose types are not known.
    OursDyn5,
    /// Our client without interceptors.
    OursClient0,
    /// Our client with one interceptor.
    OursClient1,
    /// Our client with a tuple of five.
    OursClient5,
    /// Our server without interceptors, with a deadline.
    Deadline0,
    /// Our server with one interceptor and a deadline.
    Deadline1,
    /// One of tonic's interceptors on a server.
    TonicInterceptor,
    /// A tower service with a boxed future around a server.
    TowerBoxed,
    /// One of `tonic-async-interceptor` on a server.
    TonicAsyncInterceptor,
    /// tonic's client on tonic's server, with nothing between them.
    Direct,
    /// Our client on our server, with nothing between them.
    DirectOurs,
    /// Our client with a deadline on our server, with nothing between them.
    DirectDeadline,
    /// Our server without interceptors, called through its client trait.
    InProcess0,
    /// Our server with one interceptor, called through its client trait.
    InProcess1,
}

impl Setup {
    /// All of them.
    pub const ALL: [Self; 18] = [
        Self::Plain,
        Self::Ours0,
        Self::Ours1,
        Self::Ours5,
        Self::OursDyn5,
        Self::OursClient0,
        Self::OursClient1,
        Self::OursClient5,
        Self::Deadline0,
        Self::Deadline1,
        Self::TonicInterceptor,
        Self::TowerBoxed,
        Self::TonicAsyncInterceptor,
        Self::Direct,
        Self::DirectOurs,
        Self::DirectDeadline,
        Self::InProcess0,
        Self::InProcess1,
    ];

    /// The name of it on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Ours0 => "ours_0",
            Self::Ours1 => "ours_1",
            Self::Ours5 => "ours_5",
            Self::OursDyn5 => "ours_dyn_5",
            Self::OursClient0 => "ours_client_0",
            Self::OursClient1 => "ours_client_1",
            Self::OursClient5 => "ours_client_5",
            Self::Deadline0 => "deadline_0",
            Self::Deadline1 => "deadline_1",
            Self::TonicInterceptor => "tonic_interceptor",
            Self::TowerBoxed => "tower_boxed",
            Self::TonicAsyncInterceptor => "tonic_async_interceptor",
            Self::Direct => "direct",
            Self::DirectOurs => "direct_ours",
            Self::DirectDeadline => "direct_deadline",
            Self::InProcess0 => "in_process_0",
            Self::InProcess1 => "in_process_1",
        }
    }

    /// The one with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.name() == name)
    }

    pub(crate) async fn connect(self) -> Result<Client, Error> {
        if let Some(client) = self.in_process() {
            return Ok(client);
        }
        let channel = connect(self.router()).await?;
        Ok(match self {
            Self::OursClient0 => Client::Ours0(svc_client::BenchClient::new(channel)),
            Self::OursClient1 => {
                Client::Ours1(svc_client::BenchClient::new(channel).intercept(One))
            }
            Self::OursClient5 => {
                Client::Ours5(svc_client::BenchClient::new(channel).intercept(five()))
            }
            _ => Client::Tonic(tonic_client::BenchClient::new(channel)),
        })
    }

    /// What goes without HTTP/2.
    fn in_process(self) -> Option<Client> {
        let ours = svc_server::BenchServer::new(Notes);
        Some(match self {
            Self::Direct => {
                let server = tonic_server::BenchServer::new(Notes);
                Client::Direct(tonic_client::BenchClient::new(server))
            }
            Self::DirectOurs => Client::DirectOurs(svc_client::BenchClient::new(ours)),
            Self::DirectDeadline => {
                let client = svc_client::BenchClient::new(ours);
                Client::DirectOurs(client.deadlines(deadlines()))
            }
            Self::InProcess0 => Client::InProcess(Box::new(ours)),
            Self::InProcess1 => Client::InProcess(Box::new(ours.intercept(One))),
            _ => return None,
        })
    }

    fn router(self) -> Router {
        let mut server = Server::builder();
        let plain = tonic_server::BenchServer::new(Notes);
        match self {
            Self::Ours0 => server.add_service(svc_server::BenchServer::new(Notes)),
            Self::Deadline0 => {
                let ours = svc_server::BenchServer::new(Notes);
                server.add_service(ours.deadlines(deadlines()))
            }
            Self::Deadline1 => {
                let ours = svc_server::BenchServer::new(Notes).intercept(One);
                server.add_service(ours.deadlines(deadlines()))
            }
            Self::Ours1 => intercepted(One),
            Self::Ours5 => intercepted(five()),
            Self::OursDyn5 => intercepted(five_dyn()),
            Self::TonicInterceptor => {
                let with = tonic_server::BenchServer::with_interceptor;
                server.add_service(with(Notes, look_up))
            }
            Self::TowerBoxed => server.add_service(Boxed(plain)),
            Self::TonicAsyncInterceptor => {
                server.add_service(AsyncInterceptedService::new(plain, look_up_async))
            }
            _ => server.add_service(plain),
        }
    }
}

/// A minute for each call, which none takes.
fn deadlines() -> Deadlines {
    Deadlines::new().default_timeout(Duration::from_secs(60))
}

fn intercepted(interceptors: impl Interceptor<rust_svc::Server> + 'static) -> Router {
    let server = svc_server::BenchServer::new(Notes).intercept(interceptors);
    Server::builder().add_service(server)
}
