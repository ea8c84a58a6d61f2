// One interceptor for both sides: written once, put on a server and on its client.

use compile_fail_tests::Silent;
use compile_fail_tests::svc::kinds_client::KindsClient;
use compile_fail_tests::svc::kinds_server::KindsServer;
use rust_svc::{Call, End, Interceptor, Message, Side, Start};
use tonic::Status;

#[derive(Clone)]
struct Logging;

impl<S: Side> Interceptor<S> for Logging {
    type State = ();

    async fn start(&self, call: &mut Start<'_, S>) -> Result<(), Status> {
        println!("{} starts", call.method());
        Ok(())
    }

    fn request_message<M: Message + ?Sized>(
        &self,
        call: &mut Call<'_, ()>,
        _: &mut M,
    ) -> Result<(), Status> {
        println!("{} is asked", call.method());
        Ok(())
    }

    fn end(&self, call: &mut Call<'_, ()>, end: &mut End<'_>) {
        println!("{}: {:?}", call.method(), end.status().code());
    }
}

fn main() {
    let server = KindsServer::new(Silent).intercept(Logging);
    let mut client = KindsClient::new(server).intercept((Logging, Logging));
    drop(client.unary(compile_fail_tests::svc::Request::default()));
}
