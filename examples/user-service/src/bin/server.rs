//! Serves users until ctrl-c: `server [ADDRESS]`. Whoever knows the token in `USER_SERVICE_TOKEN`
//! may call.

use std::env;
use std::error::Error;

use tokio::net::TcpListener;
use tonic::transport::server::TcpIncoming;
use user_service::{Logging, Tokens};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let address = env::args().nth(1);
    let listener = TcpListener::bind(address.as_deref().unwrap_or("127.0.0.1:50051")).await?;
    println!("listening on {}, until ctrl-c", listener.local_addr()?);

    let incoming = TcpIncoming::from(listener).with_nodelay(Some(true));
    let token = env::var("USER_SERVICE_TOKEN").unwrap_or_else(|_| "only-to-try".to_owned());
    let tokens = Tokens::new([(token, "guest".to_owned())]);
    user_service::server(Logging::to_stderr("server"), tokens)?
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
