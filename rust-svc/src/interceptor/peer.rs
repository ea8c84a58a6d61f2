//! Who is calling: what tonic's own server knows of a connection.

use super::{Server, Start};

impl Start<'_, Server> {
    /// The address of the client, as tonic's server knows it; none where something else serves, or
    /// over a Unix socket.
    #[cfg(feature = "server")]
    pub fn remote_addr(&self) -> Option<std::net::SocketAddr> {
        use tonic::transport::server::TcpConnectInfo;
        let address = |info: &TcpConnectInfo| info.remote_addr();
        let plain = self.extensions().get::<TcpConnectInfo>();
        #[cfg(feature = "tls")]
        let plain = plain.or_else(|| Some(self.tls()?.get_ref()));
        plain.and_then(address)
    }

    /// The certificates that the client showed, its own first; none without TLS, or if the server
    /// did not ask for them.
    #[cfg(feature = "tls")]
    pub fn peer_certs(
        &self,
    ) -> Option<std::sync::Arc<Vec<tonic::transport::CertificateDer<'static>>>> {
        self.tls()?.peer_certs()
    }

    #[cfg(feature = "tls")]
    fn tls(
        &self,
    ) -> Option<&tonic::transport::server::TlsConnectInfo<tonic::transport::server::TcpConnectInfo>>
    {
        self.extensions().get()
    }
}
