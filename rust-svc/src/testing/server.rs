//! Servers on a free port.

use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::Pin;

use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tonic::body::Body;
use tonic::codegen::Service;
use tonic::server::NamedService;
use tonic::transport::server::TcpIncoming;
use tonic::transport::{Channel, Endpoint, Error, Server};

/// Server on a free port of this machine, and a connection to it.
///
/// It serves until [`shutdown`](Self::shutdown), or until the runtime of the test ends. Dropping it does not stop the server,
/// so that one line makes a client:
///
/// ```text
/// let server = UserServiceServer::new(Users::default());
/// let mut client = UserServiceClient::new(TestServer::start(server).await?.channel());
/// ```
#[derive(Debug)]
pub struct TestServer {
    address: SocketAddr,
    channel: Channel,
    stop: oneshot::Sender<()>,
    task: JoinHandle<Result<(), Error>>,
}

/// Future that ends when a [`TestServer`] stops.
pub type Stop = Pin<Box<dyn Future<Output = ()> + Send>>;

impl TestServer {
    /// Serves one service.
    ///
    /// # Errors
    ///
    /// The errors of the operating system, if it has no free port.
    pub async fn start<S>(service: S) -> io::Result<Self>
    where
        S: NamedService
            + Service<
                http::Request<Body>,
                Response = http::Response<Body>,
                Error = Infallible,
                Future: Send,
            > + Clone
            + Send
            + Sync
            + 'static,
    {
        let router = Server::builder().add_service(service);
        Self::start_with(|incoming, stop| router.serve_with_incoming_shutdown(incoming, stop)).await
    }

    /// Runs a server of any kind: with several services, with layers, or with TLS.
    ///
    /// ```no_run
    /// # use rust_svc::testing::TestServer;
    /// # async fn start(router: tonic::transport::server::Router) -> std::io::Result<()> {
    /// let server = TestServer::start_with(|incoming, stop| {
    ///     router.serve_with_incoming_shutdown(incoming, stop)
    /// });
    /// let channel = server.await?.channel();
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// The errors of the operating system, if it has no free port.
    pub async fn start_with<F, R>(serve: F) -> io::Result<Self>
    where
        F: FnOnce(TcpIncoming, Stop) -> R,
        R: Future<Output = Result<(), Error>> + Send + 'static,
    {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        // Nagle's algorithm delays small frames.
        let incoming = TcpIncoming::from(listener).with_nodelay(Some(true));
        let (stop, stopped) = oneshot::channel();
        let forever = async {
            if stopped.await.is_err() {
                std::future::pending().await
            }
        };
        let task = tokio::spawn(serve(incoming, Box::pin(forever)));
        // The port accepts connections as soon as it is bound.
        let endpoint = Endpoint::from_shared(format!("http://{address}"));
        let channel = endpoint.map_err(io::Error::other)?.connect_lazy();
        Ok(Self {
            address,
            channel,
            stop,
            task,
        })
    }

    /// Address of the server.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Connection without TLS. It is opened by the first call, and clones share it.
    #[must_use]
    pub fn channel(&self) -> Channel {
        self.channel.clone()
    }

    /// Stops the server: it accepts no new calls, and this waits for the current ones.
    ///
    /// # Errors
    ///
    /// The errors of the server, including its panic.
    pub async fn shutdown(self) -> io::Result<()> {
        // The server may have ended.
        let _ = self.stop.send(());
        drop(self.channel);
        let served = self.task.await.map_err(io::Error::other)?;
        served.map_err(io::Error::other)
    }
}
