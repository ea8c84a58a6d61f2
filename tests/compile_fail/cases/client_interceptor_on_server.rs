// An interceptor of clients is put on a server.

use compile_fail_tests::Silent;
use compile_fail_tests::svc::kinds_server::KindsServer;
use rust_svc::{Client, Interceptor, Start};
use tonic::Status;

struct Logging;

impl Interceptor<Client> for Logging {
    type State = ();

    async fn start(&self, _: &mut Start<'_, Client>) -> Result<(), Status> {
        Ok(())
    }
}

fn main() {
    let _ = KindsServer::new(Silent).intercept(Logging);
}
