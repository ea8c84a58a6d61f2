//! Peers of a server, as the server of tonic knows them.

#[cfg(feature = "server")]
use tonic::Extensions;

use super::{Server, Start};

impl Start<'_, Server> {
    /// Address of the client. `None` with another server than tonic's, or over a Unix socket.
    #[cfg(feature = "server")]
    pub fn remote_addr(&self) -> Option<std::net::SocketAddr> {
        remote_addr(self.extensions())
    }

    /// Certificates of the client, its own first. `None` without TLS, or if the server does not request them.
    #[cfg(feature = "tls")]
    pub fn peer_certs(
        &self,
    ) -> Option<std::sync::Arc<Vec<tonic::transport::CertificateDer<'static>>>> {
        tls(self.extensions())?.peer_certs()
    }
}

#[cfg(feature = "server")]
pub(crate) fn remote_addr(extensions: &Extensions) -> Option<std::net::SocketAddr> {
    use tonic::transport::server::TcpConnectInfo;
    let plain = extensions.get::<TcpConnectInfo>();
    #[cfg(feature = "tls")]
    let plain = plain.or_else(|| Some(tls(extensions)?.get_ref()));
    plain.and_then(TcpConnectInfo::remote_addr)
}

#[cfg(feature = "tls")]
fn tls(
    extensions: &Extensions,
) -> Option<&tonic::transport::server::TlsConnectInfo<tonic::transport::server::TcpConnectInfo>> {
    extensions.get()
}
