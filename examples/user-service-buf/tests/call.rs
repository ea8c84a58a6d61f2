//! One call over a real socket: that what buf generated compiles, and that its two sides agree.

use tokio::net::TcpListener;
use tokio_stream::Empty;
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;
use tonic::{Code, Request, Response, Status, Streaming};
use user_service_buf::proto::user::v1::user_service_client::UserServiceClient;
use user_service_buf::proto::user::v1::user_service_methods::{GET_USER, SERVICE};
use user_service_buf::proto::user::v1::user_service_server::{UserService, UserServiceServer};
use user_service_buf::proto::user::v1::{
    CreateUserBatchResponse, CreateUserRequest, GetUserRequest, ListUsersRequest, User,
    UserEventRequest, UserEventResponse,
};

/// Has every user that it is asked for, and does nothing else.
struct Anybody;

#[tonic::async_trait]
impl UserService for Anybody {
    async fn get_user(&self, request: Request<GetUserRequest>) -> Result<Response<User>, Status> {
        Ok(Response::new(User {
            id: request.into_inner().id,
            ..User::default()
        }))
    }

    async fn create_user(&self, _: Request<CreateUserRequest>) -> Result<Response<User>, Status> {
        Err(Status::unimplemented("creates nobody"))
    }

    type ListUsersStream = Empty<Result<User, Status>>;

    async fn list_users(
        &self,
        _: Request<ListUsersRequest>,
    ) -> Result<Response<Self::ListUsersStream>, Status> {
        Ok(Response::new(tokio_stream::empty()))
    }

    async fn create_user_batch(
        &self,
        _: Request<Streaming<CreateUserRequest>>,
    ) -> Result<Response<CreateUserBatchResponse>, Status> {
        Err(Status::unimplemented("creates nobody"))
    }

    type UserEventsStream = Empty<Result<UserEventResponse, Status>>;

    async fn user_events(
        &self,
        _: Request<Streaming<UserEventRequest>>,
    ) -> Result<Response<Self::UserEventsStream>, Status> {
        Ok(Response::new(tokio_stream::empty()))
    }
}

#[tokio::test]
async fn a_call_arrives() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = Server::builder().add_service(UserServiceServer::new(Anybody));
    tokio::spawn(server.serve_with_incoming(TcpIncoming::from(listener)));
    let mut client = UserServiceClient::connect(format!("http://{address}"))
        .await
        .unwrap();

    let request = GetUserRequest {
        id: "ada".to_owned(),
    };
    assert_eq!(
        client.get_user(request).await.unwrap().into_inner().id,
        "ada"
    );

    let request = CreateUserRequest::default();
    assert_eq!(
        client.create_user(request).await.unwrap_err().code(),
        Code::Unimplemented
    );
}

#[test]
fn the_method_is_described() {
    assert_eq!(
        SERVICE.method_by_path("/user.v1.UserService/GetUser"),
        Some(&GET_USER)
    );
}
