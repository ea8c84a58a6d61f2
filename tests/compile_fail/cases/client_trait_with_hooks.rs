// A client with typed hooks, where a client trait is wanted.

use std::sync::Arc;

use compile_fail_tests::svc::kinds_api::KindsApi;
use compile_fail_tests::svc::kinds_client::{KindsClient, KindsClientHooks};
use tonic::transport::Channel;

struct Hooks;

impl KindsClientHooks for Hooks {}

fn shared(channel: Channel) -> Arc<dyn KindsApi> {
    Arc::new(KindsClient::new(channel).with_hooks(Hooks))
}

fn main() {}
