// Typed hooks with the messages of their rpcs, on both sides.

use compile_fail_tests::Silent;
use compile_fail_tests::svc::kinds_client::{KindsClient, KindsClientHooks};
use compile_fail_tests::svc::kinds_server::{KindsServer, KindsServerHooks};
use compile_fail_tests::svc::{Request as Question, Response as Reply};
use rust_svc::{ClientNext, Next};
use tonic::{Request, Response, Status};

struct Hooks;

impl KindsServerHooks for Hooks {
    async fn unary(
        &self,
        request: Request<Question>,
        next: Next<Question, Reply>,
    ) -> Result<Response<Reply>, Status> {
        next.run(request).await
    }
}

impl KindsClientHooks for Hooks {
    async fn unary(
        &self,
        request: Request<Question>,
        next: impl ClientNext<Question, Reply>,
    ) -> Result<Response<Reply>, Status> {
        next.run(request).await
    }
}

fn main() {
    let server = KindsServer::new(Silent).with_hooks(Hooks);
    let _ = KindsClient::new(server).with_hooks(Hooks);
}
