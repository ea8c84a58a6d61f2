// A typed hook takes another message than its rpc.

use compile_fail_tests::svc::Response as Reply;
use compile_fail_tests::svc::kinds_server::KindsServerHooks;
use rust_svc::Next;
use tonic::{Request, Response, Status};

struct Hooks;

impl KindsServerHooks for Hooks {
    async fn unary(
        &self,
        request: Request<Reply>,
        next: Next<Reply, Reply>,
    ) -> Result<Response<Reply>, Status> {
        next.run(request).await
    }
}

fn main() {}
