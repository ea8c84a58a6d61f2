//! The calls, as clients of each kind make them.

use std::fmt;

use rust_svc::{Interceptor, RequestStream};
use tokio_stream::StreamExt as _;
use tonic::metadata::MetadataValue;
use tonic::transport::Channel;
use tonic::{Request, Status};

use crate::interceptors::{Five, One, USER};
use crate::service::{Notes, note};
use crate::stubs::bench::v1::bench_client::BenchClient as TonicClient;
use crate::stubs::bench::v1::bench_server::BenchServer as TonicServer;
use crate::svc::bench::v1::bench_api::BenchApi;
use crate::svc::bench::v1::bench_client::BenchClient as SvcClient;
use crate::svc::bench::v1::bench_server::BenchServer as SvcServer;
use crate::{MESSAGES, Workload};

/// A client of any setup. An enum and not a trait object: that would allocate for each call.
pub(crate) enum Client {
    Tonic(TonicClient<Channel>),
    Ours0(SvcClient<Channel>),
    Ours1(SvcClient<Channel, One>),
    Ours5(SvcClient<Channel, Five>),
    Direct(TonicClient<TonicServer<Notes>>),
    DirectOurs(SvcClient<SvcServer<Notes>>),
    InProcess(Box<dyn BenchApi>),
}

impl Client {
    pub(crate) async fn call(&mut self, workload: Workload) -> Result<(), Status> {
        match self {
            Self::Tonic(client) => client.call(workload).await,
            Self::Ours0(client) => client.call(workload).await,
            Self::Ours1(client) => client.call(workload).await,
            Self::Ours5(client) => client.call(workload).await,
            Self::Direct(client) => client.call(workload).await,
            Self::DirectOurs(client) => client.call(workload).await,
            Self::InProcess(server) => in_process(&**server, workload).await,
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
calls!([] TonicClient<TonicServer<Notes>>);
calls!([I: Interceptor<rust_svc::Client> + 'static] SvcClient<Channel, I>);
calls!([] SvcClient<SvcServer<Notes>>);

/// Makes the calls of [`calls!`] through the client trait.
async fn in_process(api: &dyn BenchApi, workload: Workload) -> Result<(), Status> {
    match workload {
        Workload::Unary => {
            let call = api.call_unary(note(1)).metadata(USER, "somebody");
            assert_eq!(call.await?.get_ref().number, 1);
        }
        Workload::Stream => {
            let call = api.call_stream(note(MESSAGES)).metadata(USER, "somebody");
            let mut messages = call.await?.into_inner();
            let mut count = 0;
            while messages.next().await.transpose()?.is_some() {
                count += 1;
            }
            assert_eq!(count, MESSAGES);
        }
        Workload::Upload => {
            let messages = RequestStream::new(tokio_stream::iter((0..MESSAGES).map(note)));
            let call = api.call_upload(messages).metadata(USER, "somebody");
            assert_eq!(call.await?.get_ref().number, MESSAGES);
        }
    }
    Ok(())
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").finish_non_exhaustive()
    }
}

/// A request with the header that interceptors look for.
fn known<M>(message: M) -> Request<M> {
    let mut request = Request::new(message);
    let user = MetadataValue::from_static("somebody");
    request.metadata_mut().insert(USER, user);
    request
}
