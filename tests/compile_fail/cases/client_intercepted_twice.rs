// Interceptors are put on a client a second time.

use compile_fail_tests::svc::kinds_client::KindsClient;
use rust_svc::{Client, Interceptor, Start};
use tonic::Status;
use tonic::transport::Channel;

struct Logging;

impl Interceptor<Client> for Logging {
    type State = ();

    async fn start(&self, _: &mut Start<'_, Client>) -> Result<(), Status> {
        Ok(())
    }
}

fn twice(channel: Channel) {
    let _ = KindsClient::new(channel)
        .intercept(Logging)
        .intercept(Logging);
}

fn main() {}
