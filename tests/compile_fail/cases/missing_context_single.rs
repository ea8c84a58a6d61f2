// The service needs to know who is calling, and its one interceptor does not say it.

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
    let _ = KindsServer::with_context(Silent).intercept(Logging);
}
