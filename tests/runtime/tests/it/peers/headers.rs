//! Headers and trailers that break the rules: nothing panics, and what can be read is kept.

use http::HeaderMap;
use prost::bytes::Bytes;
use runtime_tests::svc::kinds_api::{KindsApi, KindsMock};
use runtime_tests::svc::kinds_client::KindsClient;
use runtime_tests::svc::kinds_methods::SERVICE;
use runtime_tests::svc::kinds_server::{Kinds, KindsServer};
use runtime_tests::svc::{Request as Message, Response as Reply};
use rust_svc::Logging;
use tonic::metadata::MetadataMap;
use tonic::transport::Server;
use tonic::{Code, Request, Response, Status, Streaming};

use super::{Headers, channel_to_answers, client_of, framed, header_map, request, response};
use crate::echo::{KINDS, Replies, call_api, message};

const DETAILS: &str = "grpc-status-details-bin";

/// Values that no client can read as the details of a status.
fn undecodable() -> Vec<Vec<u8>> {
    let texts: [&[u8]; 8] = [
        b"!!!",
        b"a",
        b"====",
        b"Y Q",
        b"YQ==,YQ==",
        b"YR",
        b"\xff\xfe",
        "ä".as_bytes(),
    ];
    let mut values: Vec<_> = texts.map(<[u8]>::to_vec).into();
    values.push(vec![b'!'; 5_000]);
    values
}

/// Headers or trailers of a server, with the code and the message that they mean.
fn statuses() -> Vec<(Headers, Code, &'static str)> {
    let status = |code: &str, message: &[u8]| -> Headers {
        vec![
            ("grpc-status", code.as_bytes().to_vec()),
            ("grpc-message", message.to_vec()),
        ]
    };
    let mut statuses = vec![
        (status("5", b"%"), Code::NotFound, "%"),
        (status("5", b"%zz%4"), Code::NotFound, "%zz%4"),
        (status("5", b"a%FFb"), Code::NotFound, "a\u{fffd}b"),
        (status("5", b"a\xffb%25"), Code::NotFound, "a\u{fffd}b%"),
        (status("5", b"%E4%"), Code::NotFound, "\u{fffd}%"),
        (status("5", "ä".as_bytes()), Code::NotFound, "ä"),
        (status("5", b"%C3%A4"), Code::NotFound, "ä"),
        (status("abc", b"x"), Code::Unknown, "x"),
        (status("-1", b"x"), Code::Unknown, "x"),
        (status("00", b"x"), Code::Unknown, "x"),
        (status("99999999999999999999", b"x"), Code::Unknown, "x"),
        (status("", b"x"), Code::Unknown, "x"),
    ];
    for details in undecodable() {
        let mut headers = status("5", b"x");
        headers.push((DETAILS, details));
        statuses.push((headers, Code::NotFound, "x"));
    }
    statuses
}

/// A client without interceptors, and one with an interceptor.
async fn clients(
    answer: impl Fn(&mut h2::server::SendResponse<Bytes>) + Clone + Send + 'static,
) -> [Box<dyn KindsApi>; 2] {
    let plain = KindsClient::new(channel_to_answers(answer.clone()).await);
    let watched = KindsClient::new(channel_to_answers(answer).await).intercept(Logging::new());
    [Box::new(plain), Box::new(watched)]
}

#[tokio::test]
async fn no_status_of_a_server_panics_a_client() {
    for (headers, code, text) in statuses() {
        let trailers = headers.clone();
        let in_headers = clients(move |answer| {
            answer.send_response(response(&headers), true).unwrap();
        });
        let in_trailers = clients({
            let trailers = trailers.clone();
            move |answer| {
                let mut body = answer.send_response(response(&vec![]), false).unwrap();
                body.send_trailers(header_map(&trailers)).unwrap();
            }
        });
        let after_a_message = clients({
            let trailers = trailers.clone();
            move |answer| {
                let mut body = answer.send_response(response(&vec![]), false).unwrap();
                body.send_data(framed("1").into(), false).unwrap();
                body.send_trailers(header_map(&trailers)).unwrap();
            }
        });
        for clients in [in_headers.await, in_trailers.await, after_a_message.await] {
            for client in clients {
                for kind in KINDS {
                    let status = call_api(&*client, kind, &["1"]).await.end.unwrap_err();
                    let said = (status.code(), status.message());
                    assert_eq!(said, (code, text), "{kind:?} {trailers:?}");
                    assert!(status.details().is_empty(), "{kind:?} {trailers:?}");
                }
            }
        }
    }
}

/// A call that ends well, with trailers or headers that nobody can read.
#[tokio::test]
async fn what_is_unreadable_beside_an_answer_is_left_out() {
    for details in undecodable() {
        let clients = clients(move |answer| {
            let headers: Headers = vec![(DETAILS, details.clone())];
            let mut trailers = headers.clone();
            trailers.push(("grpc-status", b"0".to_vec()));
            trailers.push(("x-own-bin", details.clone()));
            let mut body = answer.send_response(response(&headers), false).unwrap();
            body.send_data(framed("1").into(), false).unwrap();
            body.send_trailers(header_map(&trailers)).unwrap();
        });
        for client in clients.await {
            for kind in KINDS {
                let end = call_api(&*client, kind, &["1"]).await.end.unwrap();
                assert!(!end.contains_key(DETAILS));
                let own = end.get_bin("x-own-bin").unwrap();
                // Printing and comparing it is no problem, and to read it is an error.
                let _ = (format!("{own:?}"), own == own, own.to_bytes());
            }
        }
    }
}

#[tokio::test]
async fn no_encoding_of_a_server_panics_a_client() {
    for encoding in ["", "gzip", "identity,gzip", "~", "ä"] {
        let encoding = encoding.as_bytes().to_vec();
        let clients = clients(move |answer| {
            let headers: Headers = vec![
                ("grpc-encoding", encoding.clone()),
                ("grpc-accept-encoding", b"\xff".to_vec()),
            ];
            let mut body = answer.send_response(response(&headers), false).unwrap();
            // The flag of the message says that it is compressed.
            body.send_data(vec![1, 0, 0, 0, 1, 0].into(), true).unwrap();
        });
        for client in clients.await {
            for kind in KINDS {
                assert!(call_api(&*client, kind, &["1"]).await.end.is_err());
            }
        }
    }
}

fn with_details(details: Vec<u8>) -> Status {
    let headers: Headers = vec![(DETAILS, details)];
    let metadata = MetadataMap::from_headers(header_map(&headers));
    Status::with_metadata(Code::NotFound, "x", metadata)
}

/// A handler that says what it was told, in metadata: at once, or after one message.
struct Forwards;

fn forwarded<M>(request: &Request<M>) -> Status {
    Status::with_metadata(Code::NotFound, "x", request.metadata().clone())
}

#[tonic::async_trait]
impl Kinds for Forwards {
    async fn unary(&self, request: Request<Message>) -> Result<Response<Reply>, Status> {
        Err(forwarded(&request))
    }

    async fn client_streaming(
        &self,
        request: Request<Streaming<Message>>,
    ) -> Result<Response<Reply>, Status> {
        Err(forwarded(&request))
    }

    type ServerStreamingStream = Replies;

    async fn server_streaming(
        &self,
        request: Request<Message>,
    ) -> Result<Response<Replies>, Status> {
        let answers = [Ok(Reply::default()), Err(forwarded(&request))];
        Ok(Response::new(Box::pin(tokio_stream::iter(answers))))
    }

    type BidiStreamingStream = Replies;

    async fn bidi_streaming(
        &self,
        request: Request<Streaming<Message>>,
    ) -> Result<Response<Replies>, Status> {
        let answers = [Ok(Reply::default()), Err(forwarded(&request))];
        Ok(Response::new(Box::pin(tokio_stream::iter(answers))))
    }
}

#[tokio::test]
async fn no_status_of_a_handler_panics_in_process() {
    for details in undecodable() {
        let plain = KindsServer::new(Forwards);
        let watched = KindsServer::new(Forwards).intercept(Logging::new());
        for api in [&plain as &dyn KindsApi, &watched] {
            let headers: Headers = vec![(DETAILS, details.clone())];
            let metadata = MetadataMap::from_headers(header_map(&headers));
            let mut call = api.call_bidi_streaming([message("1")].into());
            *call.request_mut().metadata_mut() = metadata.clone();
            let mut replies = call.await.unwrap().into_inner();
            replies.message().await.unwrap();
            assert_eq!(replies.message().await.unwrap_err().code(), Code::NotFound);
            let mut call = api.call_unary(message("1"));
            *call.request_mut().metadata_mut() = metadata;
            assert_eq!(call.await.unwrap_err().code(), Code::NotFound);
        }

        let mock = KindsMock::new();
        mock.unary().fails(with_details(details.clone()));
        mock.server_streaming()
            .streams([Ok(Reply::default()), Err(with_details(details))]);
        let status = mock.call_unary(message("1")).await.unwrap_err();
        assert_eq!(status.code(), Code::NotFound);
        let replies = mock.call_server_streaming(message("1")).await;
        let mut replies = replies.unwrap().into_inner();
        replies.message().await.unwrap();
        assert_eq!(replies.message().await.unwrap_err().code(), Code::NotFound);
    }
}

/// The server answers each request, which it would not do if it panicked.
#[tokio::test]
async fn no_header_of_a_client_panics_a_server() {
    let mut odd: Headers = Vec::new();
    for details in undecodable() {
        odd.push((DETAILS, details));
    }
    let timeouts: [&[u8]; 9] = [
        b"",
        b"S",
        b"1",
        b"x",
        b"\xff",
        b"-1S",
        b"1.5S",
        b"99999999H",
        b"999999999999H",
    ];
    odd.extend(timeouts.map(|value| ("grpc-timeout", value.to_vec())));
    let encodings: [&[u8]; 4] = [b"", b"gzip", b"\xff", b"a,b"];
    odd.extend(encodings.map(|value| ("grpc-encoding", value.to_vec())));
    odd.extend(encodings.map(|value| ("grpc-accept-encoding", value.to_vec())));
    odd.push(("grpc-status", b"x".to_vec()));
    odd.push(("grpc-message", b"%FF".to_vec()));
    odd.push(("authorization", b"Bearer \xff".to_vec()));

    let plain = Server::builder().add_service(KindsServer::new(Forwards));
    let watched = KindsServer::new(Forwards).intercept(Logging::new());
    let watched = Server::builder().add_service(watched);
    for router in [plain, watched] {
        let mut client = client_of(router).await;
        for header in &odd {
            for method in SERVICE.methods() {
                client = client.ready().await.unwrap();
                let request = request(method.path(), &vec![header.clone()]);
                let (answer, mut body) = client.send_request(request, false).unwrap();
                body.send_data(framed("1").into(), true).unwrap();
                let answer = answer.await;
                assert!(answer.is_ok(), "{method}: {header:?} {answer:?}");
                let mut body = answer.unwrap().into_body();
                while let Some(data) = body.data().await {
                    data.unwrap();
                }
                let _: Option<HeaderMap> = body.trailers().await.unwrap();
            }
        }
    }
}
