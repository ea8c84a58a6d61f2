// An interceptor sees messages of every type, and this one wants one only.

use compile_fail_tests::svc::Request as Question;
use rust_svc::{Call, Interceptor, Server, Start};
use tonic::Status;

struct Audit;

impl Interceptor<Server> for Audit {
    type State = ();

    async fn start(&self, _: &mut Start<'_, Server>) -> Result<(), Status> {
        Ok(())
    }

    fn request_message(&self, _: &mut Call<'_, ()>, _: &mut Question) -> Result<(), Status> {
        Ok(())
    }
}

fn main() {}
