//! What the cases have in common: a service, and what a user has written for it.

use tonic::{Request, Response, Status, Streaming};

use svc::kinds_server::Kinds;
use svc::{Request as Question, Response as Reply};

#[allow(missing_docs, reason = "a proto package has no comment")]
pub mod svc {
    rust_svc::include_protos!();
    pub use four_kinds::v1::*;
}

/// A service that answers nothing.
#[derive(Debug)]
pub struct Silent;

type Replies = rust_svc::ResponseStream<Reply>;

#[tonic::async_trait]
impl Kinds for Silent {
    async fn unary(&self, _: Request<Question>) -> Result<Response<Reply>, Status> {
        Err(Status::unavailable("silence"))
    }

    async fn client_streaming(
        &self,
        _: Request<Streaming<Question>>,
    ) -> Result<Response<Reply>, Status> {
        Err(Status::unavailable("silence"))
    }

    type ServerStreamingStream = Replies;

    async fn server_streaming(&self, _: Request<Question>) -> Result<Response<Replies>, Status> {
        Err(Status::unavailable("silence"))
    }

    type BidiStreamingStream = Replies;

    async fn bidi_streaming(
        &self,
        _: Request<Streaming<Question>>,
    ) -> Result<Response<Replies>, Status> {
        Err(Status::unavailable("silence"))
    }
}

/// Who is calling.
#[derive(Clone, Debug)]
pub struct Identity;

impl rust_svc::NeedsContext for Silent {
    type Context = Identity;
}
