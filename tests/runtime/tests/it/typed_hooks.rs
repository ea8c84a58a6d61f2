//! Typed hooks: what runs around the methods of one service, on either side.

use runtime_tests::svc::Response as Reply;
use runtime_tests::svc::kinds_client::KindsClient;
use runtime_tests::svc::kinds_server::{KindsServer, KindsServerHooks};
use rust_svc::ResponseStream;
use tonic::{Response, Status, Streaming};

use crate::echo::{Echo, Got, Kind, call};

mod client;
mod order;
mod server;

/// Calls a server with hooks, in the same process.
async fn call_server(hooks: impl KindsServerHooks, kind: Kind, texts: &[&str]) -> Got {
    let server = KindsServer::new(Echo::default()).with_hooks(hooks);
    call(&mut KindsClient::new(server), kind, texts).await
}

type One = Result<Response<Reply>, Status>;
type Many = Result<Response<ResponseStream<Reply>>, Status>;
/// What clients get where servers answer with [`Many`].
type Received = Result<Response<Streaming<Reply>>, Status>;

fn reply(text: &str) -> Reply {
    let text = text.to_owned();
    Reply { text }
}

/// A hook of a server that does the same around each method.
macro_rules! server_hooks {
    ($hooks:ty, |$this:pat_param, $request:ident, $next:ident| $body:expr) => {
        impl KindsServerHooks for $hooks {
            server_hooks!(unary(Question) -> One, Reply, |$this, $request, $next| $body);
            server_hooks!(client_streaming(Streaming<Question>) -> One, Reply,
                |$this, $request, $next| $body);
            server_hooks!(server_streaming(Question) -> Many, ResponseStream<Reply>,
                |$this, $request, $next| $body);
            server_hooks!(bidi_streaming(Streaming<Question>) -> Many, ResponseStream<Reply>,
                |$this, $request, $next| $body);
        }
    };
    ($name:ident($in:ty) -> $result:ty, $out:ty, |$this:pat_param, $request:ident, $next:ident| $body:expr) => {
        async fn $name(
            &self,
            $request: tonic::Request<$in>,
            $next: rust_svc::Next<$in, $out>,
        ) -> $result {
            let $this = self;
            $body
        }
    };
}

/// A hook of a client that does the same around each method.
macro_rules! client_hooks {
    ($hooks:ty, |$this:pat_param, $request:ident, $next:ident| $body:expr) => {
        impl KindsClientHooks for $hooks {
            client_hooks!(unary(Question) -> One, Reply, |$this, $request, $next| $body);
            client_hooks!(client_streaming(RequestStream<Question>) -> One, Reply,
                |$this, $request, $next| $body);
            client_hooks!(server_streaming(Question) -> Received, Streaming<Reply>,
                |$this, $request, $next| $body);
            client_hooks!(bidi_streaming(RequestStream<Question>) -> Received, Streaming<Reply>,
                |$this, $request, $next| $body);
        }
    };
    ($name:ident($in:ty) -> $result:ty, $out:ty, |$this:pat_param, $request:ident, $next:ident| $body:expr) => {
        async fn $name(
            &self,
            $request: tonic::Request<$in>,
            $next: impl rust_svc::ClientNext<$in, $out>,
        ) -> $result {
            let $this = self;
            $body
        }
    };
}

pub(crate) use {client_hooks, server_hooks};
