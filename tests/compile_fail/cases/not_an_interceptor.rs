// Something else is put on a server.

use compile_fail_tests::Silent;
use compile_fail_tests::svc::kinds_server::KindsServer;

struct Logging;

fn main() {
    let _ = KindsServer::new(Silent).intercept(Logging);
}
