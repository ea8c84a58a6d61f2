//! Who is calling: what tonic's own server knows of a connection.

#[cfg(feature = "server")]
use tonic::Extensions;

use super::{Server, Start};

impl Start<'_, Server> {
    /// The address of the client, as tonic's server knows it; none where something else serves, or
    /// over a Unix socket.
    #[cfg(feature = "server")]
    pub fn remote_addr(&self) -> Option<std::net::SocketAddr> {
        remote_addr(self.extensions())
    }

    /// The certificates that the client showed, its own first; none without TLS, or if the server
    /// did not ask for them.
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
