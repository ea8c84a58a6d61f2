//! Every rpc, over a real socket.

use std::sync::{Arc, Mutex};

use rust_svc::auth::Bearer;
use rust_svc::errors::Violations;
use rust_svc::testing::TestServer;
use rust_svc::{Idempotency, Logging, MethodKind};
use tokio::sync::mpsc;
use tokio_stream::iter;
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::Channel;
use tonic::{Code, Status};
use tonic_reflection::pb::v1::ServerReflectionRequest;
use tonic_reflection::pb::v1::server_reflection_client::ServerReflectionClient;
use tonic_reflection::pb::v1::server_reflection_request::MessageRequest;
use tonic_reflection::pb::v1::server_reflection_response::MessageResponse;
use user_service::proto::user::v1::user_service_client::UserServiceClient;
use user_service::proto::user::v1::user_service_errors::CreateUserError;
use user_service::proto::user::v1::user_service_methods::{
    CREATE_USER, CREATE_USER_BATCH, GET_USER, LIST_USERS, SERVICE, USER_EVENTS,
};
use user_service::proto::user::v1::{
    CreateUserRequest, GetUserRequest, ListUsersRequest, UserError, UserEventRequest,
};

type Client = UserServiceClient<Channel, Bearer>;

const SECRET: &[u8] = b"the secret of these tests, 32 bytes";

/// A client that shows a token which its server knows.
async fn client() -> Client {
    let token = user_service::token(SECRET, "ada").unwrap();
    UserServiceClient::new(connect().await).intercept(Bearer::new(&token).unwrap())
}

/// Connects to a server of its own, which ends with the test's runtime.
async fn connect() -> Channel {
    let router = user_service::server(SECRET).unwrap();
    let server = TestServer::start_with(|incoming, stop| {
        router.serve_with_incoming_shutdown(incoming, stop)
    });
    server.await.unwrap().channel()
}

fn user(name: &str, email: &str) -> CreateUserRequest {
    CreateUserRequest {
        name: name.to_owned(),
        email: email.to_owned(),
    }
}

fn event(event_type: &str) -> UserEventRequest {
    UserEventRequest {
        event_type: event_type.to_owned(),
        payload: vec![1, 2],
    }
}

fn id(id: &str) -> GetUserRequest {
    GetUserRequest { id: id.to_owned() }
}

/// Why the service refuses a call.
fn refusal<T>(result: Result<T, Status>) -> UserError {
    let status = result.err().expect("a refusal");
    UserError::try_from(&status).unwrap_or_else(|error| panic!("{error}: {status}"))
}

fn invalid(field: &str, problem: &str) -> UserError {
    UserError::InvalidField {
        field: field.to_owned(),
        problem: problem.to_owned(),
    }
}

/// The fields that are not valid.
fn violations<T>(result: Result<T, Status>) -> String {
    let status = result.err().expect("a refusal");
    assert_eq!(status.code(), Code::InvalidArgument);
    let Some(CreateUserError::InvalidUser { .. }) = CreateUserError::from_status(&status) else {
        panic!("{status}");
    };
    let violations = Violations::from_status(&status).expect("the fields");
    violations.to_string()
}

const NAME: &str = "name: a user has a name";
const EMAIL: &str = "email: an address has something on both sides of an @";

async fn list(
    client: &mut Client,
    page_size: i32,
    page_token: &str,
) -> Result<Vec<String>, Status> {
    let request = ListUsersRequest {
        page_size,
        page_token: page_token.to_owned(),
    };
    let mut users = client.list_users(request).await?.into_inner();
    let mut names = Vec::new();
    while let Some(user) = users.message().await? {
        names.push(user.name);
    }
    Ok(names)
}

#[tokio::test]
async fn unary() {
    let mut client = client().await;

    let created = client
        .create_user(user("Ada", "ada@example.com"))
        .await
        .unwrap()
        .into_inner();
    assert!(!created.id.is_empty());
    assert_eq!(created.name, "Ada");
    assert_eq!(created.email, "ada@example.com");
    assert!(created.created_at.is_some_and(|time| time.seconds > 0));

    let found = client.get_user(id(&created.id)).await.unwrap().into_inner();
    assert_eq!(found, created);
}

#[tokio::test]
async fn unary_refused() {
    let mut client = client().await;

    assert_eq!(
        refusal(client.get_user(id("")).await),
        invalid("id", "is required")
    );
    assert_eq!(
        refusal(client.get_user(id("nobody")).await),
        UserError::UserNotFound {
            id: "nobody".to_owned()
        }
    );
    let created = client.create_user(user(" ", "a@b")).await;
    assert_eq!(violations(created), NAME);
    for email in ["", "ada", "@example.com", "ada@"] {
        let created = client.create_user(user("Ada", email)).await;
        assert_eq!(violations(created), EMAIL);
    }
    let created = client.create_user(user("", "")).await;
    assert_eq!(violations(created), format!("{NAME}; {EMAIL}"));
    assert_eq!(
        list(&mut client, 0, "").await.unwrap(),
        Vec::<String>::new()
    );
}

#[tokio::test]
async fn server_streaming() {
    let mut client = client().await;
    let batch = ["A", "B", "C"].map(|name| user(name, "a@b"));
    let ids = client
        .create_user_batch(iter(batch))
        .await
        .unwrap()
        .into_inner()
        .user_ids;

    assert_eq!(list(&mut client, 0, "").await.unwrap(), ["A", "B", "C"]);
    assert_eq!(list(&mut client, 2, "").await.unwrap(), ["A", "B"]);
    assert_eq!(list(&mut client, 2, &ids[1]).await.unwrap(), ["C"]);
    assert_eq!(
        list(&mut client, 2, &ids[2]).await.unwrap(),
        Vec::<String>::new()
    );
    assert_eq!(
        refusal(list(&mut client, -1, "").await),
        invalid("page_size", "is negative")
    );
    assert_eq!(
        refusal(list(&mut client, 2, "nobody").await),
        invalid("page_token", "is not where a page ended")
    );
}

#[tokio::test]
async fn client_streaming() {
    let mut client = client().await;

    let batch = [
        user("Grace", "grace@example.com"),
        user("Alan", "alan@example.com"),
    ];
    let created = client
        .create_user_batch(iter(batch))
        .await
        .unwrap()
        .into_inner();
    assert_eq!(created.created_count, 2);
    assert_eq!(created.user_ids.len(), 2);
    let alan = client
        .get_user(id(&created.user_ids[1]))
        .await
        .unwrap()
        .into_inner();
    assert_eq!(alan.name, "Alan");

    let half_good = [user("Edsger", "edsger@example.com"), user("", "")];
    let refused = client.create_user_batch(iter(half_good)).await;
    assert_eq!(violations(refused), format!("{NAME}; {EMAIL}"));
    let too_many = std::iter::repeat_n(user("Edsger", "edsger@example.com"), 1001);
    assert_eq!(
        refusal(client.create_user_batch(iter(too_many)).await),
        UserError::BatchTooLarge { limit: 1000 }
    );
    assert_eq!(list(&mut client, 0, "").await.unwrap(), ["Grace", "Alan"]);

    let nothing = client
        .create_user_batch(iter([]))
        .await
        .unwrap()
        .into_inner();
    assert_eq!(nothing.created_count, 0);
}

/// Each answer is awaited before the next event is sent, so both directions are open at once.
#[tokio::test]
async fn bidirectional_streaming() {
    let mut client = client().await;
    let (events, receiver) = mpsc::channel(1);
    let answers = client.user_events(ReceiverStream::new(receiver)).await;
    let mut answers = answers.unwrap().into_inner();

    for event_type in ["login", "logout"] {
        events.send(event(event_type)).await.unwrap();
        let answer = answers.message().await.unwrap().unwrap();
        assert!(answer.acknowledged);
        // What the interceptor found out, the handler knows.
        assert!(answer.message.contains("of ada"), "{}", answer.message);
    }
    drop(events);
    assert_eq!(answers.message().await.unwrap(), None);
}

/// An error in the middle of a stream: what was answered before it arrives.
#[tokio::test]
async fn bidirectional_streaming_refused() {
    let mut client = client().await;
    let events = ["login", "", "logout"].map(event);
    let answers = client.user_events(iter(events)).await.unwrap();
    let mut answers = answers.into_inner();
    assert!(answers.message().await.unwrap().unwrap().acknowledged);
    assert_eq!(
        refusal(answers.message().await),
        invalid("event_type", "is required")
    );
    assert_eq!(answers.message().await.unwrap(), None);
}

#[tokio::test]
async fn without_a_token_nobody_is_let_in() {
    let channel = connect().await;
    let mut nobody = UserServiceClient::new(channel.clone());
    let status = nobody.get_user(id("user-1")).await.unwrap_err();
    assert_eq!(status.code(), Code::Unauthenticated);
    let status = nobody.user_events(iter([])).await.unwrap_err();
    assert_eq!(status.code(), Code::Unauthenticated);

    let forged = user_service::token(b"a secret that somebody made up, 32 bytes", "ada").unwrap();
    let stranger = Bearer::new(&forged).unwrap();
    let mut stranger = UserServiceClient::new(channel).intercept(stranger);
    let status = stranger.get_user(id("user-1")).await.unwrap_err();
    assert_eq!(status.code(), Code::Unauthenticated);
    assert_eq!(status.message(), "the call is not authenticated");
}

/// What is logged while the guard is there.
fn log() -> (Arc<Mutex<Vec<u8>>>, tracing::subscriber::DefaultGuard) {
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl std::io::Write for Lines {
        fn write(&mut self, line: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(line);
            Ok(line.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    // tracing asks the thread that comes first to a line whether it is ever wanted, as long as
    // there is one subscriber: with a second one it asks both.
    let _ = tracing::subscriber::set_global_default(tracing::subscriber::NoSubscriber::new());
    let lines = Arc::new(Mutex::new(Vec::new()));
    let writer = Arc::clone(&lines);
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter("rust_svc=debug")
        .with_ansi(false)
        .with_writer(move || Lines(Arc::clone(&writer)))
        .finish();
    (lines, tracing::subscriber::set_default(subscriber))
}

#[tokio::test]
async fn both_sides_log() {
    let (lines, _guard) = log();
    let channel = connect().await;
    let bearer = Bearer::new(&user_service::token(SECRET, "ada").unwrap()).unwrap();
    let interceptors = (Logging::new(), bearer);
    let mut client = UserServiceClient::new(channel.clone()).intercept(interceptors);
    client.get_user(id("nobody")).await.unwrap_err();
    let mut stranger = UserServiceClient::new(channel);
    stranger.get_user(id("nobody")).await.unwrap_err();

    let log = String::from_utf8(lines.lock().unwrap().clone()).unwrap();
    // On whichever side, what is said, and the status if it is an end.
    let said: Vec<_> = log
        .lines()
        .map(|line| {
            assert!(line.contains("user.v1.UserService/GetUser"), "{line}");
            let side = ["server", "client"]
                .into_iter()
                .find(|side| line.contains(&format!("otel.kind=\"{side}\"")));
            let events = [
                "the call starts",
                "request message",
                "the call ends",
                "not authenticated",
            ];
            let event = events.into_iter().find(|event| line.contains(event));
            let codes = ["NOT_FOUND", "UNAUTHENTICATED"];
            let code = codes
                .into_iter()
                .find(|code| line.contains(&format!("rpc.response.status_code=\"{code}\" otel")));
            (
                side.unwrap_or_default(),
                event.unwrap_or(line),
                code.unwrap_or_default(),
            )
        })
        .collect();
    assert_eq!(
        said,
        [
            ("client", "the call starts", ""),
            ("client", "request message", ""),
            ("server", "the call starts", ""),
            ("server", "request message", ""),
            ("server", "the call ends", "NOT_FOUND"),
            ("client", "the call ends", "NOT_FOUND"),
            ("server", "the call starts", ""),
            ("server", "not authenticated", ""),
            ("server", "the call ends", "UNAUTHENTICATED"),
        ],
        "{log}"
    );
    assert!(
        !log.contains("nobody\" }"),
        "contents are nobody's business: {log}"
    );
}

#[test]
fn methods_are_described() {
    assert_eq!(GET_USER.service(), "user.v1.UserService");
    assert_eq!(GET_USER.name(), "GetUser");
    assert_eq!(GET_USER.path(), "/user.v1.UserService/GetUser");
    assert_eq!(GET_USER.idempotency(), Idempotency::NoSideEffects);
    assert_eq!(CREATE_USER.idempotency(), Idempotency::Unknown);
    assert!(!GET_USER.is_deprecated());
    // `idempotency_level` is field 34 of MethodOptions, a varint, and NO_SIDE_EFFECTS is 1.
    assert!(GET_USER.options().starts_with(&[0x90, 0x02, 0x01]));
    // What an extension says is there as well: the errors that the method lists.
    assert!(!CREATE_USER.options().is_empty());

    assert_eq!(GET_USER.kind(), MethodKind::Unary);
    assert_eq!(CREATE_USER_BATCH.kind(), MethodKind::ClientStreaming);
    assert_eq!(LIST_USERS.kind(), MethodKind::ServerStreaming);
    assert_eq!(USER_EVENTS.kind(), MethodKind::BidiStreaming);
}

#[test]
fn the_service_is_a_table_of_its_methods() {
    let all = [
        GET_USER,
        CREATE_USER,
        LIST_USERS,
        CREATE_USER_BATCH,
        USER_EVENTS,
    ];
    assert_eq!(SERVICE.name(), "user.v1.UserService");
    assert_eq!(SERVICE.methods(), all);
    for method in all {
        assert_eq!(SERVICE.method_by_path(method.path()), Some(&method));
    }
    assert_eq!(
        SERVICE.method_by_path("/user.v1.UserService/DeleteUser"),
        None
    );
}

#[tokio::test]
async fn reflection_knows_the_service() {
    let mut client = ServerReflectionClient::new(connect().await);
    let request = |message_request| ServerReflectionRequest {
        host: String::new(),
        message_request: Some(message_request),
    };
    let requests = iter([
        request(MessageRequest::ListServices(String::new())),
        request(MessageRequest::FileContainingSymbol(
            SERVICE.name().to_owned(),
        )),
        request(MessageRequest::FileByFilename(
            "google/protobuf/timestamp.proto".to_owned(),
        )),
    ]);
    let mut responses = client
        .server_reflection_info(requests)
        .await
        .unwrap()
        .into_inner();
    let mut next = async || {
        responses
            .message()
            .await
            .unwrap()
            .unwrap()
            .message_response
            .unwrap()
    };

    let MessageResponse::ListServicesResponse(services) = next().await else {
        panic!("not a list of services")
    };
    assert!(
        services
            .service
            .iter()
            .any(|service| service.name == SERVICE.name())
    );
    for _ in 0..2 {
        let MessageResponse::FileDescriptorResponse(files) = next().await else {
            panic!("not a file")
        };
        assert_eq!(files.file_descriptor_proto.len(), 1);
    }
}
