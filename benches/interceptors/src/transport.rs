//! The pipe between client and server.

use std::io;

use hyper_util::rt::TokioIo;
use tokio::io::DuplexStream;
use tokio_stream::StreamExt as _;
use tonic::transport::server::Router;
use tonic::transport::{Channel, Endpoint, Error};
use tower::service_fn;

/// How much is on its way at most: more than any frame.
const PIPE: usize = 64 * 1024;

/// Serves one connection, and makes it.
pub(crate) async fn connect(router: Router) -> Result<Channel, Error> {
    let (near, far) = tokio::io::duplex(PIPE);
    // A server whose listener has ended would end as well.
    let incoming = tokio_stream::once(Ok::<_, io::Error>(far)).chain(tokio_stream::pending());
    tokio::spawn(router.serve_with_incoming(incoming));
    let mut near = Some(near);
    let connector = service_fn(move |_| {
        let taken = near.take();
        async move { once(taken) }
    });
    Endpoint::from_static("http://bench")
        .connect_with_connector(connector)
        .await
}

fn once(near: Option<DuplexStream>) -> io::Result<TokioIo<DuplexStream>> {
    let near = near.ok_or_else(|| io::Error::other("the connection is made once"))?;
    Ok(TokioIo::new(near))
}
