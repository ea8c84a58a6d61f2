//! Clients that break off their requests: no handler takes a part for the whole.

use h2::client::{ResponseFuture, SendRequest};
use h2::{Reason, SendStream};
use prost::bytes::Bytes;
use runtime_tests::svc::kinds_api::KindsMock;
use runtime_tests::svc::kinds_methods::{
    BIDI_STREAMING, CLIENT_STREAMING, SERVER_STREAMING, UNARY,
};
use runtime_tests::svc::kinds_server::{Kinds, KindsServer};
use runtime_tests::svc::{Request as Message, Response as Reply};
use rust_svc::{Logging, Method};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tonic::transport::Server;
use tonic::transport::server::Router;
use tonic::{Code, Request, Response, Status, Streaming};

use super::{client_of, connection_of, framed, header_map, request};
use crate::echo::{Replies, message};
use crate::recorder::PATIENCE;

/// A result of a handler's reading: a message, an error, or the end.
type Read = Result<Option<String>, Code>;

/// Tells what it reads: in the call itself, or on a task that goes on when the call is dropped.
struct Tells {
    sender: UnboundedSender<Read>,
    on_a_task: bool,
}

impl Tells {
    async fn read(&self, mut messages: Streaming<Message>) {
        let sender = self.sender.clone();
        let read = async move {
            // More often than there are messages: after the end there is nothing any more.
            for _ in 0..6 {
                let next = messages.message().await;
                let next = next.map(|next| next.map(|message| message.text));
                let _ = sender.send(next.map_err(|status| status.code()));
            }
        };
        match self.on_a_task {
            true => drop(tokio::spawn(read).await),
            false => read.await,
        }
    }
}

#[tonic::async_trait]
impl Kinds for Tells {
    async fn unary(&self, request: Request<Message>) -> Result<Response<Reply>, Status> {
        let _ = self.sender.send(Ok(Some(request.into_inner().text)));
        Ok(Response::new(Reply::default()))
    }

    async fn client_streaming(
        &self,
        request: Request<Streaming<Message>>,
    ) -> Result<Response<Reply>, Status> {
        self.read(request.into_inner()).await;
        Ok(Response::new(Reply::default()))
    }

    type ServerStreamingStream = Replies;

    async fn server_streaming(
        &self,
        request: Request<Message>,
    ) -> Result<Response<Replies>, Status> {
        let _ = self.sender.send(Ok(Some(request.into_inner().text)));
        Ok(Response::new(Box::pin(tokio_stream::empty())))
    }

    type BidiStreamingStream = Replies;

    async fn bidi_streaming(
        &self,
        request: Request<Streaming<Message>>,
    ) -> Result<Response<Replies>, Status> {
        self.read(request.into_inner()).await;
        Ok(Response::new(Box::pin(tokio_stream::empty())))
    }
}

/// Begins a call whose body is open.
fn begin(client: &mut SendRequest<Bytes>, method: &Method) -> (ResponseFuture, SendStream<Bytes>) {
    let request = request(method.path(), &vec![]);
    client.send_request(request, false).unwrap()
}

/// Makes another call, with `2` as its message. Servers look at it behind what was sent before.
async fn call_again(client: SendRequest<Bytes>) {
    let mut client = client.ready().await.unwrap();
    let (answer, mut body) = begin(&mut client, &UNARY);
    body.send_data(framed("2").into(), true).unwrap();
    assert!(answer.await.is_ok());
}

/// One server without interceptors, and one with an interceptor.
fn servers(on_a_task: bool) -> [(Router, UnboundedReceiver<Read>); 2] {
    let tells = || {
        let (sender, reads) = unbounded_channel();
        (Tells { sender, on_a_task }, reads)
    };
    let ((plain, of_plain), (watched, of_watched)) = (tells(), tells());
    let plain = Server::builder().add_service(KindsServer::new(plain));
    let watched = KindsServer::new(watched).intercept(Logging::new());
    let watched = Server::builder().add_service(watched);
    [(plain, of_plain), (watched, of_watched)]
}

async fn next(reads: &mut UnboundedReceiver<Read>) -> Option<Read> {
    tokio::time::timeout(PATIENCE, reads.recv()).await.unwrap()
}

/// The parts of a second message that are sent before a request breaks off.
fn parts() -> Vec<Vec<u8>> {
    let second = framed("the second");
    let lengths = [0, 1, 3, 5, 8, second.len() - 1];
    let mut parts: Vec<_> = lengths.map(|length| second[..length].to_vec()).into();
    // A compressed one, and one of 3 MiB.
    parts.push(vec![1, 0, 0, 0, 9, 1]);
    parts.push(vec![0, 0, 0x30, 0, 0, 1, 2, 3]);
    parts
}

const STREAMING: [&Method; 2] = [&CLIENT_STREAMING, &BIDI_STREAMING];

#[tokio::test]
async fn a_stream_that_is_reset_is_an_error() {
    for part in parts() {
        for method in STREAMING {
            for (router, mut reads) in servers(true) {
                let mut client = client_of(router).await;
                let (_answer, mut body) = begin(&mut client, method);
                body.send_data(framed("1").into(), false).unwrap();
                body.send_data(part.clone().into(), false).unwrap();
                assert_eq!(next(&mut reads).await, Some(Ok(Some("1".to_owned()))));
                tokio::task::yield_now().await;
                body.send_reset(Reason::CANCEL);
                assert_eq!(
                    next(&mut reads).await,
                    Some(Err(Code::Cancelled)),
                    "{part:?}"
                );
                // After that, nothing.
                for _ in 0..4 {
                    assert_eq!(next(&mut reads).await, Some(Ok(None)), "{part:?}");
                }
            }
        }
    }
}

/// A reset for another reason is an error, of whatever code.
#[tokio::test]
async fn a_stream_that_is_reset_for_another_reason_is_an_error() {
    for reason in [
        Reason::INTERNAL_ERROR,
        Reason::PROTOCOL_ERROR,
        Reason::REFUSED_STREAM,
        Reason::STREAM_CLOSED,
        Reason::from(4711),
    ] {
        for method in STREAMING {
            for (router, mut reads) in servers(true) {
                let mut client = client_of(router).await;
                let (_answer, mut body) = begin(&mut client, method);
                body.send_data(framed("1").into(), false).unwrap();
                assert_eq!(next(&mut reads).await, Some(Ok(Some("1".to_owned()))));
                body.send_reset(reason);
                let read = next(&mut reads).await;
                assert!(matches!(read, Some(Err(_))), "{reason:?} {read:?}");
            }
        }
    }
}

#[tokio::test]
async fn a_stream_whose_connection_is_gone_is_an_error() {
    for method in STREAMING {
        for (router, mut reads) in servers(true) {
            let (mut client, connection) = connection_of(router).await;
            let (_answer, mut body) = begin(&mut client, method);
            body.send_data(framed("1").into(), false).unwrap();
            assert_eq!(next(&mut reads).await, Some(Ok(Some("1".to_owned()))));
            connection.abort();
            let read = next(&mut reads).await;
            assert!(matches!(read, Some(Err(_))), "{method} {read:?}");
        }
    }
}

/// hyper calls that an end. The call is dropped before its handler could take it for one.
#[tokio::test]
async fn a_reset_without_an_error_is_no_end() {
    for method in STREAMING {
        for (router, mut reads) in servers(false) {
            let mut client = client_of(router).await;
            let (_answer, mut body) = begin(&mut client, method);
            body.send_data(framed("1").into(), false).unwrap();
            assert_eq!(next(&mut reads).await, Some(Ok(Some("1".to_owned()))));
            body.send_reset(Reason::NO_ERROR);
            // The next that is heard of it is another call.
            call_again(client).await;
            assert_eq!(next(&mut reads).await, Some(Ok(Some("2".to_owned()))));
        }
    }
}

#[tokio::test]
async fn one_message_that_breaks_off_reaches_no_handler() {
    for reason in [Reason::CANCEL, Reason::NO_ERROR, Reason::INTERNAL_ERROR] {
        for part in [&framed("1")[..3], &framed("1")[..7], &framed("1")[..]] {
            for method in [&UNARY, &SERVER_STREAMING] {
                for (router, mut reads) in servers(false) {
                    let mut client = client_of(router).await;
                    let (_answer, mut body) = begin(&mut client, method);
                    body.send_data(Bytes::copy_from_slice(part), false).unwrap();
                    tokio::task::yield_now().await;
                    body.send_reset(reason);
                    call_again(client).await;
                    let read = next(&mut reads).await;
                    assert_eq!(read, Some(Ok(Some("2".to_owned()))), "{reason:?} {part:?}");
                }
            }
        }
    }
}

/// A request that ends as it should is read whole, in whichever frames it comes.
#[tokio::test]
async fn a_whole_stream_is_whole_in_any_frames() {
    let all = [framed("1"), framed(""), framed("3")].concat();
    for size in [1, 2, 4, 7, all.len()] {
        for (router, mut reads) in servers(true) {
            let mut client = client_of(router).await;
            let (_answer, mut body) = begin(&mut client, &CLIENT_STREAMING);
            for frame in all.chunks(size) {
                body.send_data(Bytes::copy_from_slice(frame), false)
                    .unwrap();
                tokio::task::yield_now().await;
            }
            body.send_data(Bytes::new(), true).unwrap();
            for text in ["1", "", "3"] {
                assert_eq!(next(&mut reads).await, Some(Ok(Some(text.to_owned()))));
            }
            assert_eq!(next(&mut reads).await, Some(Ok(None)));
        }
    }
}

/// The handler gets a message with its last piece, and does not wait for what comes behind it.
#[tokio::test]
async fn a_message_in_pieces_is_read_while_the_request_goes_on() {
    for method in STREAMING {
        for (router, mut reads) in servers(true) {
            let mut client = client_of(router).await;
            let (_answer, mut body) = begin(&mut client, method);
            for text in ["the first of two", "the second"] {
                for piece in framed(text).chunks(6) {
                    body.send_data(piece.to_vec().into(), false).unwrap();
                    // The server reads each piece alone.
                    tokio::task::yield_now().await;
                }
                assert_eq!(next(&mut reads).await, Some(Ok(Some(text.to_owned()))));
            }
            body.send_reset(Reason::CANCEL);
        }
    }
}

/// A message of which a part came before the end of the stream, or before trailers.
#[tokio::test]
async fn a_message_that_is_not_whole_is_an_error() {
    for has_trailers in [false, true] {
        for (router, mut reads) in servers(true) {
            let mut client = client_of(router).await;
            let (_answer, mut body) = begin(&mut client, &CLIENT_STREAMING);
            body.send_data(framed("1").into(), false).unwrap();
            body.send_data(vec![0, 0, 0, 0, 9, 1].into(), !has_trailers)
                .unwrap();
            if has_trailers {
                let trailers = header_map(&vec![("x-own", b"1".to_vec())]);
                body.send_trailers(trailers).unwrap();
            }
            assert_eq!(next(&mut reads).await, Some(Ok(Some("1".to_owned()))));
            assert_eq!(next(&mut reads).await, Some(Err(Code::Internal)));
        }
    }
}

/// A message beyond the limit is refused when its header is read, and not held until it has come.
#[tokio::test]
async fn a_message_beyond_the_limit_is_refused_at_once() {
    for (router, mut reads) in servers(true) {
        let mut client = client_of(router).await;
        let (_answer, mut body) = begin(&mut client, &CLIENT_STREAMING);
        body.send_data(vec![0, 0, 0x40, 0, 1].into(), false)
            .unwrap();
        assert_eq!(next(&mut reads).await, Some(Err(Code::OutOfRange)));
    }
}

/// A mock as a server says of such a call that it is not complete.
#[tokio::test]
async fn a_mock_is_not_asked_all_of_it() {
    let mock = KindsMock::new();
    mock.client_streaming().returns(Reply::default());
    let router = Server::builder().add_service(KindsServer::new(mock.clone()));
    let mut client = client_of(router).await;
    let (_answer, mut body) = begin(&mut client, &CLIENT_STREAMING);
    body.send_data(framed("1").into(), false).unwrap();
    while mock.client_streaming().requests().is_empty() {
        tokio::task::yield_now().await;
    }
    body.send_reset(Reason::CANCEL);
    mock.unary().returns(Reply::default());
    call_again(client).await;
    assert_eq!(mock.client_streaming().requests(), [message("1")]);
    assert!(!mock.client_streaming().calls()[0].is_complete);
}
