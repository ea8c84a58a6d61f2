// An interceptor, in a tuple, tells the service what it needs to know.

use compile_fail_tests::svc::kinds_server::KindsServer;
use compile_fail_tests::{Identity, Silent};
use rust_svc::{Interceptor, Provides, Server, Side, Start};
use tonic::Status;

struct Logging;

impl<S: Side> Interceptor<S> for Logging {
    type State = ();

    async fn start(&self, _: &mut Start<'_, S>) -> Result<(), Status> {
        Ok(())
    }
}

struct Auth;

impl Interceptor<Server> for Auth {
    type State = ();

    async fn start(&self, call: &mut Start<'_, Server>) -> Result<(), Status> {
        call.extensions_mut().insert(Identity);
        Ok(())
    }
}

impl Provides<Identity> for Auth {}

fn main() {
    let alone = KindsServer::with_context(Silent).intercept(Auth);
    let _ = tonic::transport::Server::builder().add_service(alone);
    let _ = KindsServer::with_context(Silent).intercept((Logging, (Auth, Logging)));
}
