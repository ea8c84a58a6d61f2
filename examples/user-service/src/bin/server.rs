//! Serves users until ctrl-c: `server [ADDRESS]`. Whoever has a token that was signed with the secret
//! in `USER_SERVICE_SECRET` may call. What is logged is up to `RUST_LOG`, as in `RUST_LOG=debug`.

use std::env;
use std::error::Error;

use tokio::net::TcpListener;
use tonic::transport::server::TcpIncoming;
use tracing_subscriber::EnvFilter;
use user_service::ONLY_TO_TRY;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).init();

    let secret = env::var("USER_SERVICE_SECRET").unwrap_or_else(|_| ONLY_TO_TRY.to_owned());
    let server = user_service::server(secret.as_bytes())?;

    let address = env::args().nth(1);
    let listener = TcpListener::bind(address.as_deref().unwrap_or("127.0.0.1:50051")).await?;
    println!("listening on {}, until ctrl-c", listener.local_addr()?);
    let incoming = TcpIncoming::from(listener).with_nodelay(Some(true));
    server
        .serve_with_incoming_shutdown(incoming, ctrl_c())
        .await?;
    println!("all calls are done, goodbye");
    Ok(())
}

/// From here on no new calls are taken, and those that are under way may end.
async fn ctrl_c() {
    tokio::signal::ctrl_c()
        .await
        .expect("the system lets a process listen for ctrl-c");
}
