//! The calls, as clients of each kind make them.

use rust_svc::Interceptor;
use tokio_stream::StreamExt as _;
use tonic::metadata::MetadataValue;
use tonic::transport::Channel;
use tonic::{Request, Status};

use crate::interceptors::{Five, One, USER};
use crate::service::note;
use crate::stubs::bench::v1::bench_client::BenchClient as TonicClient;
use crate::svc::bench::v1::bench_client::BenchClient as SvcClient;
use crate::{MESSAGES, Workload};

/// A client of any setup. An enum and not a trait object: that would allocate for each call.
#[derive(Debug)]
pub(crate) enum Client {
    Tonic(TonicClient<Channel>),
    Ours0(SvcClient<Channel>),
    Ours1(SvcClient<Channel, One>),
    Ours5(SvcClient<Channel, Five>),
}

impl Client {
    pub(crate) async fn call(&mut self, workload: Workload) -> Result<(), Status> {
        match self {
            Self::Tonic(client) => client.call(workload).await,
            Self::Ours0(client) => client.call(workload).await,
            Self::Ours1(client) => client.call(workload).await,
            Self::Ours5(client) => client.call(workload).await,
        }
    }
}

/// The two kinds of clients have the same methods, but messages of their own.
trait Calls {
    async fn call(&mut self, workload: Workload) -> Result<(), Status>;
}

macro_rules! calls {
    ([$($generics:tt)*] $client:ty) => {
        impl<$($generics)*> Calls for $client {
            async fn call(&mut self, workload: Workload) -> Result<(), Status> {
                match workload {
                    Workload::Unary => {
                        let answer = self.unary(known(note(1))).await?;
                        assert_eq!(answer.get_ref().number, 1);
                    }
                    Workload::Stream => {
                        let answer = self.stream(known(note(MESSAGES))).await?;
                        let mut messages = answer.into_inner();
                        let mut count = 0;
                        while messages.next().await.transpose()?.is_some() {
                            count += 1;
                        }
                        assert_eq!(count, MESSAGES);
                    }
                    Workload::Upload => {
                        let messages = tokio_stream::iter((0..MESSAGES).map(note));
                        let answer = self.upload(known(messages)).await?;
                        assert_eq!(answer.get_ref().number, MESSAGES);
                    }
                }
                Ok(())
            }
        }
    };
}

calls!([] TonicClient<Channel>);
calls!([I: Interceptor<rust_svc::Client> + 'static] SvcClient<Channel, I>);

/// A request with the header that interceptors look for.
fn known<M>(message: M) -> Request<M> {
    let mut request = Request::new(message);
    let user = MetadataValue::from_static("somebody");
    request.metadata_mut().insert(USER, user);
    request
}
