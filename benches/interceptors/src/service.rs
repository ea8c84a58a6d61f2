//! The service, for stubs of both kinds.

use std::iter::Map;
use std::ops::Range;

use tokio_stream::Iter;
use tonic::{Request, Response, Status, Streaming};

use crate::stubs::bench::v1 as stubs;
use crate::svc::bench::v1 as svc;

/// Answers at once.
#[derive(Debug)]
pub(crate) struct Notes;

/// A message of either kind.
pub(crate) fn note<N: From<u32>>(number: u32) -> N {
    N::from(number)
}

/// The notes of a stream. Every 32nd of them lets others run, which makes frames of 32 messages.
type Answers<N> = Iter<Map<Range<u32>, fn(u32) -> Result<N, Status>>>;

macro_rules! service {
    ($package:ident) => {
        impl From<u32> for $package::Note {
            fn from(number: u32) -> Self {
                Self {
                    text: "buy milk and bread".to_owned(),
                    number,
                }
            }
        }

        #[tonic::async_trait]
        impl $package::bench_server::Bench for Notes {
            async fn unary(
                &self,
                request: Request<$package::Note>,
            ) -> Result<Response<$package::Note>, Status> {
                Ok(Response::new(request.into_inner()))
            }

            type StreamStream = Answers<$package::Note>;

            async fn stream(
                &self,
                request: Request<$package::Note>,
            ) -> Result<Response<Self::StreamStream>, Status> {
                let numbers = 0..request.get_ref().number;
                let answers: fn(u32) -> _ = |number| Ok(note(number));
                Ok(Response::new(tokio_stream::iter(numbers.map(answers))))
            }

            async fn upload(
                &self,
                request: Request<Streaming<$package::Note>>,
            ) -> Result<Response<$package::Note>, Status> {
                let mut messages = request.into_inner();
                let mut count = 0;
                while messages.message().await?.is_some() {
                    count += 1;
                }
                Ok(Response::new(note(count)))
            }
        }
    };
}

service!(stubs);
service!(svc);
