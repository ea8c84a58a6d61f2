//! Calls each rpc of a server once: `client [ADDRESS]`, with a token that it signs with the secret in
//! `USER_SERVICE_SECRET`. What is logged is up to `RUST_LOG`.

use std::env;
use std::error::Error;

use rust_svc::Logging;
use rust_svc::auth::Bearer;
use tokio_stream::iter;
use tracing_subscriber::EnvFilter;
use user_service::ONLY_TO_TRY;
use user_service::proto::user::v1::user_service_client::UserServiceClient;
use user_service::proto::user::v1::user_service_errors::GetUserError;
use user_service::proto::user::v1::{
    CreateUserRequest, GetUserRequest, ListUsersRequest, UserEventRequest,
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(filter).init();

    let address = env::args()
        .nth(1)
        .unwrap_or_else(|| "127.0.0.1:50051".to_owned());
    let secret = env::var("USER_SERVICE_SECRET").unwrap_or_else(|_| ONLY_TO_TRY.to_owned());
    let token = user_service::token(secret.as_bytes(), "guest")?;
    let interceptors = (Logging::new(), Bearer::new(&token)?);
    let mut client = UserServiceClient::connect(format!("http://{address}"))
        .await?
        .intercept(interceptors);

    let ada = client
        .create_user(user("Ada", "ada@example.com"))
        .await?
        .into_inner();
    println!("CreateUser       {ada:?}");

    let found = client
        .get_user(GetUserRequest { id: ada.id })
        .await?
        .into_inner();
    println!("GetUser          {found:?}");

    let batch = [
        user("Grace", "grace@example.com"),
        user("Alan", "alan@example.com"),
    ];
    let created = client.create_user_batch(iter(batch)).await?.into_inner();
    println!("CreateUserBatch  {created:?}");

    let everyone = ListUsersRequest::default();
    let mut users = client.list_users(everyone).await?.into_inner();
    while let Some(user) = users.message().await? {
        println!("ListUsers        {user:?}");
    }

    let events = [event("login", b"from a browser"), event("logout", b"")];
    let mut answers = client.user_events(iter(events)).await?.into_inner();
    while let Some(answer) = answers.message().await? {
        println!("UserEvents       {answer:?}");
    }

    let nobody = GetUserRequest {
        id: "nobody".to_owned(),
    };
    if let Err(status) = client.get_user(nobody).await {
        match GetUserError::from_status(&status) {
            Some(GetUserError::UserNotFound { id }) => println!("GetUser          no {id}"),
            Some(error) => println!("GetUser          {error}"),
            // Nothing that the method lists: the connection, say.
            None => println!("GetUser          {status}"),
        }
    }
    Ok(())
}

fn user(name: &str, email: &str) -> CreateUserRequest {
    CreateUserRequest {
        name: name.to_owned(),
        email: email.to_owned(),
    }
}

fn event(event_type: &str, payload: &[u8]) -> UserEventRequest {
    UserEventRequest {
        event_type: event_type.to_owned(),
        payload: payload.to_vec(),
    }
}
