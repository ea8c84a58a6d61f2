// The service needs to know who is calling, and its server has no interceptors.

use compile_fail_tests::Silent;
use compile_fail_tests::svc::kinds_server::KindsServer;
use tonic::transport::Server;

fn main() {
    let _ = Server::builder().add_service(KindsServer::with_context(Silent));
}
