//! The unit test of the gRPC guide: over a socket, in process, and against a mock.

use rust_svc::auth::Bearer;
use rust_svc::testing::TestServer;
use rust_svc::{Interceptor, Provides, Server, Start};
use tonic::{Code, Status};
use user_service::proto::user::v1::user_service_api::{UserServiceApi, UserServiceMock};
use user_service::proto::user::v1::user_service_client::UserServiceClient;
use user_service::proto::user::v1::user_service_server::UserServiceServer;
use user_service::proto::user::v1::{
    CreateUserBatchResponse, CreateUserRequest, GetUserRequest, ListUsersRequest, User,
    UserEventRequest, UserEventResponse,
};
use user_service::{Caller, Users};

const SECRET: &[u8] = b"the secret of these tests, 32 bytes";

fn test_user() -> CreateUserRequest {
    CreateUserRequest {
        name: "Test User".to_owned(),
        email: "test@example.com".to_owned(),
    }
}

/// The guide's test, as it is there.
#[tokio::test]
async fn creates_and_gets_a_user() -> Result<(), Box<dyn std::error::Error>> {
    let server = TestServer::start(user_service::service(SECRET)?).await?;
    let bearer = Bearer::new(&user_service::token(SECRET, "ada")?)?;
    let client = UserServiceClient::new(server.channel()).intercept(bearer);

    let user = client.call_create_user(test_user()).await?.into_inner();
    assert_eq!(user.name, "Test User");
    let id = user.id.clone();
    let found = client
        .call_get_user(GetUserRequest { id })
        .await?
        .into_inner();
    assert_eq!(found, user);
    Ok(())
}

/// All four kinds, whatever answers.
async fn tries_all_kinds(users: &dyn UserServiceApi) -> Result<(), Status> {
    let user = users.call_create_user(test_user()).await?.into_inner();
    assert_eq!(user.name, "Test User");
    let get = |id: &str| users.call_get_user(GetUserRequest { id: id.to_owned() });
    assert_eq!(get(&user.id).await?.into_inner(), user);
    assert_eq!(get("nobody").await.unwrap_err().code(), Code::NotFound);

    let batch = [test_user(), test_user()];
    let created = users.call_create_user_batch(batch.into()).await?;
    assert_eq!(created.into_inner().created_count, 2);

    let all = ListUsersRequest::default();
    let mut listed = users.call_list_users(all).await?.into_inner();
    let mut count = 0;
    while let Some(user) = listed.message().await? {
        assert_eq!(user.email, "test@example.com");
        count += 1;
    }
    assert_eq!(count, 3);

    let login = UserEventRequest {
        event_type: "login".to_owned(),
        payload: Vec::new(),
    };
    let mut answers = users.call_user_events([login].into()).await?.into_inner();
    let answer = answers.message().await?.expect("an answer to each event");
    assert_eq!(answer.message, "took login of ada with 0 bytes");
    assert_eq!(answers.message().await?, None);
    Ok(())
}

#[tokio::test]
async fn over_a_socket() {
    let service = user_service::service(SECRET).unwrap();
    let server = TestServer::start(service).await.unwrap();
    let bearer = Bearer::new(&user_service::token(SECRET, "ada").unwrap()).unwrap();
    let client = UserServiceClient::new(server.channel()).intercept(bearer);
    tries_all_kinds(&client).await.unwrap();
}

/// In place of authentication: everybody is ada.
struct Ada;

impl Interceptor<Server> for Ada {
    type State = ();

    async fn start(&self, call: &mut Start<'_, Server>) -> Result<(), Status> {
        let name = "ada".to_owned();
        call.extensions_mut().insert(Caller { name });
        Ok(())
    }
}

impl Provides<Caller> for Ada {}

#[tokio::test]
async fn in_process() {
    let users = UserServiceServer::with_context(Users::default()).intercept(Ada);
    tries_all_kinds(&users).await.unwrap();
}

#[tokio::test]
async fn against_the_mock() {
    let user = User {
        id: "user-7".to_owned(),
        name: "Test User".to_owned(),
        email: "test@example.com".to_owned(),
        created_at: None,
    };
    let users = UserServiceMock::new();
    users.create_user().with(test_user()).returns(user.clone());
    users
        .get_user()
        .when(|request| request.id == "user-7")
        .returns(user.clone());
    users
        .get_user()
        .fails(Status::not_found("there is nobody else"));
    users.create_user_batch().returns(CreateUserBatchResponse {
        user_ids: vec!["user-8".to_owned(), "user-9".to_owned()],
        created_count: 2,
    });
    users
        .list_users()
        .returns([user.clone(), user.clone(), user]);
    users.user_events().returns([UserEventResponse {
        acknowledged: true,
        message: "took login of ada with 0 bytes".to_owned(),
    }]);
    tries_all_kinds(&users).await.unwrap();

    assert_eq!(
        users.create_user_batch().requests(),
        [test_user(), test_user()]
    );
    let events = users.user_events().requests();
    assert_eq!(events[0].event_type, "login");
}
