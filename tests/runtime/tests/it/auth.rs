//! Who is calling: tokens, API keys, and what clients show.

use std::marker::PhantomData;
use std::pin::Pin;

use runtime_tests::svc::kinds_api::KindsApi;
use runtime_tests::svc::kinds_server::{Kinds, KindsServer};
use runtime_tests::svc::{Request as Message, Response as Reply};
use rust_svc::auth::{Authentication, Authenticator};
use rust_svc::{NeedsContext, RequestExt as _, RequestStream};
use tokio_stream::Stream;
use tonic::metadata::{Ascii, MetadataValue};
use tonic::{Code, Request, Response, Status, Streaming};

use crate::captured::Captured;
use crate::echo::{Got, KINDS, Kind, call_api};

mod api_key;
mod clients;
mod jwt;

/// Names of headers that gRPC or HTTP itself uses.
const RESERVED: [&str; 12] = [
    "grpc-timeout",
    "grpc-status",
    "Grpc-Anything",
    "content-type",
    "content-length",
    "te",
    "TE",
    "host",
    "user-agent",
    "connection",
    "transfer-encoding",
    "upgrade",
];

/// Answers with the name of whoever is calling.
struct Names<I>(PhantomData<fn() -> I>);

/// An identity that has a name.
trait Named: Clone + Send + Sync + 'static {
    fn name(&self) -> String;
}

fn reply<I: Named, M>(request: &Request<M>) -> Result<Reply, Status> {
    let text = request.context::<I>()?.name();
    Ok(Reply { text })
}

type Replies = Pin<Box<dyn Stream<Item = Result<Reply, Status>> + Send>>;

#[tonic::async_trait]
impl<I: Named> Kinds for Names<I> {
    async fn unary(&self, request: Request<Message>) -> Result<Response<Reply>, Status> {
        Ok(Response::new(reply::<I, _>(&request)?))
    }

    async fn client_streaming(
        &self,
        request: Request<Streaming<Message>>,
    ) -> Result<Response<Reply>, Status> {
        Ok(Response::new(reply::<I, _>(&request)?))
    }

    type ServerStreamingStream = Replies;

    async fn server_streaming(
        &self,
        request: Request<Message>,
    ) -> Result<Response<Replies>, Status> {
        let reply = reply::<I, _>(&request);
        Ok(Response::new(Box::pin(tokio_stream::once(reply))))
    }

    type BidiStreamingStream = Replies;

    async fn bidi_streaming(
        &self,
        request: Request<Streaming<Message>>,
    ) -> Result<Response<Replies>, Status> {
        let reply = reply::<I, _>(&request);
        Ok(Response::new(Box::pin(tokio_stream::once(reply))))
    }
}

impl<I: Named> NeedsContext for Names<I> {
    type Context = I;
}

/// A server that says who is calling, if it knows.
fn server<A: Authenticator<Identity: Named>>(
    authenticator: A,
) -> KindsServer<Names<A::Identity>, Authentication<A>> {
    // `intercept` compiles since `Authentication` provides what the service needs.
    KindsServer::with_context(Names(PhantomData)).intercept(Authentication::new(authenticator))
}

/// Asks with these values in a header.
async fn ask(api: &dyn KindsApi, kind: Kind, header: &'static str, values: &[Header]) -> Got {
    let with = Shown {
        api,
        header,
        values,
    };
    call_api(&with, kind, &["1"]).await
}

type Header = MetadataValue<Ascii>;

fn value(text: impl AsRef<[u8]>) -> Header {
    Header::try_from(text.as_ref()).unwrap()
}

/// A client whose calls show something.
struct Shown<'a> {
    api: &'a dyn KindsApi,
    header: &'static str,
    values: &'a [Header],
}

macro_rules! shown {
    ($($name:ident: $input:ty => $output:ty;)*) => {
        impl KindsApi for Shown<'_> {
            $(fn $name(&self, request: $input) -> rust_svc::ClientCall<$input, $output> {
                let mut call = self.api.$name(request);
                for value in self.values {
                    call.request_mut().metadata_mut().append(self.header, value.clone());
                }
                call
            })*
        }
    };
}

shown! {
    call_unary: Message => Reply;
    call_client_streaming: RequestStream<Message> => Reply;
    call_server_streaming: Message => Streaming<Reply>;
    call_bidi_streaming: RequestStream<Message> => Streaming<Reply>;
}

/// A call with these credentials passes, and its handler knows the name.
async fn assert_knows(api: &dyn KindsApi, header: &'static str, values: &[Header], name: &str) {
    for kind in KINDS {
        let got = ask(api, kind, header, values).await;
        assert_eq!(got.replies, [name], "{kind:?}: {got:?}");
    }
}

/// A call with these credentials fails with the status of all refused calls. The reason is in the log, without the
/// credentials.
async fn assert_refuses(api: &dyn KindsApi, header: &'static str, values: &[Header], reason: &str) {
    for kind in KINDS {
        let (captured, _guard) = Captured::start();
        let status = ask(api, kind, header, values).await.end.unwrap_err();
        assert_eq!(status.code(), Code::Unauthenticated, "{reason}");
        assert_eq!(status.message(), "the call is not authenticated");
        assert!(status.details().is_empty() && status.metadata().is_empty());
        let events = captured.events();
        let [event] = &events[..] else {
            panic!("one refusal, one line: {events:#?}")
        };
        assert_eq!(event.fields["reason"], reason);
        assert_eq!(
            event.fields["rpc.method"],
            format!("four_kinds.v1.Kinds/{kind:?}")
        );
        for value in values {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            let secret = value.rsplit(' ').next().unwrap().trim();
            assert!(
                secret.len() < 4 || !captured.text().contains(secret),
                "{captured:?}"
            );
        }
    }
}
