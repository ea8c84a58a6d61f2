// Interceptors are put on a second time, which does not say where the first ones are then.

use compile_fail_tests::Silent;
use compile_fail_tests::svc::kinds_server::KindsServer;
use rust_svc::{Interceptor, Server, Start};
use tonic::Status;

struct Logging;

impl Interceptor<Server> for Logging {
    type State = ();

    async fn start(&self, _: &mut Start<'_, Server>) -> Result<(), Status> {
        Ok(())
    }
}

fn main() {
    let _ = KindsServer::new(Silent)
        .intercept(Logging)
        .intercept(Logging);
}
