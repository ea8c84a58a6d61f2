//! Our client reads what their servers say.

use rust_svc::errors::{StatusExt as _, Violations, pb};
use tokio_stream::iter;
use tonic::{Code, Status};
use user_service::proto::user::v1::user_service_client::UserServiceClient;
use user_service::proto::user::v1::user_service_errors::{CreateUserBatchError, GetUserError};
use user_service::proto::user::v1::{
    CreateUserRequest, GetUserRequest, ListUsersRequest, UserError, UserEventRequest,
};

use crate::peer::Language;

fn user(name: &str, email: &str) -> CreateUserRequest {
    CreateUserRequest {
        name: name.to_owned(),
        email: email.to_owned(),
    }
}

fn event(event_type: &str) -> UserEventRequest {
    UserEventRequest {
        event_type: event_type.to_owned(),
        payload: Vec::new(),
    }
}

fn get(id: &str) -> GetUserRequest {
    GetUserRequest { id: id.to_owned() }
}

fn invalid_field(field: &str, problem: &str) -> UserError {
    UserError::InvalidField {
        field: field.to_owned(),
        problem: problem.to_owned(),
    }
}

/// The error that a status is, which has to agree with what is inside of it, and with its trailer.
fn read(status: &Status) -> UserError {
    let error = UserError::try_from(status).unwrap_or_else(|error| panic!("{error}: {status}"));
    assert!(!matches!(error, UserError::Unknown(_)), "{status}");
    assert_eq!(error.code(), status.code());
    assert_eq!(error.to_string(), status.message());
    let info: pb::ErrorInfo = status.detail().expect("every error has one");
    assert_eq!(info.reason, error.reason());
    if let UserError::InvalidField { field, .. } = &error {
        assert_eq!(status.metadata().get("field").unwrap(), field);
    }
    error
}

/// Both ways to say what is not valid are there, and say the same.
fn read_violations(status: &Status) -> String {
    let UserError::InvalidUser { bad_request } = read(status) else {
        panic!("{status}");
    };
    assert!(bad_request.is_some());
    let mut plain = Status::new(Code::InvalidArgument, "");
    *plain.metadata_mut() = status.metadata().clone();
    let violations = Violations::from_status(status);
    assert_eq!(violations, Violations::from_status(&plain));
    violations.expect("the list").to_string()
}

async fn says_what_we_read(language: Language) {
    if !language.is_there() {
        return;
    }
    let (_server, address) = language.server().await;
    let mut client = UserServiceClient::connect(format!("http://{address}"))
        .await
        .unwrap();

    let created = client.create_user(user("Ada", "ada@example.com")).await;
    let id = created.unwrap().into_inner().id;
    let found = client.get_user(get(&id)).await.unwrap().into_inner();
    assert_eq!(found.name, "Ada");

    let status = client.get_user(get("Zoë 100%")).await.unwrap_err();
    let id = "Zoë 100%".to_owned();
    assert_eq!(read(&status), UserError::UserNotFound { id: id.clone() });
    assert_eq!(
        GetUserError::from_status(&status),
        Some(GetUserError::UserNotFound { id })
    );
    let status = client.get_user(get("")).await.unwrap_err();
    assert_eq!(read(&status), invalid_field("id", "is required"));

    let status = client.create_user(user(" ", "ada")).await.unwrap_err();
    assert_eq!(
        read_violations(&status),
        "name: a user has a name; email: an address has something on both sides of an @"
    );

    let page = ListUsersRequest {
        page_size: 0,
        page_token: "nobody".to_owned(),
    };
    // Where the error comes before a message, a server may say it before or in the stream.
    let status = match client.list_users(page).await {
        Ok(users) => users.into_inner().message().await.unwrap_err(),
        Err(status) => status,
    };
    let problem = "is not where a page ended";
    assert_eq!(read(&status), invalid_field("page_token", problem));

    let batch = [user("Ada", "ada@example.com"), user("Ada", "@")];
    let status = client.create_user_batch(iter(batch)).await.unwrap_err();
    assert_eq!(
        read_violations(&status),
        "email: an address has something on both sides of an @"
    );
    let batch = std::iter::repeat_n(user("Ada", "ada@example.com"), 1001);
    let status = client.create_user_batch(iter(batch)).await.unwrap_err();
    assert_eq!(
        CreateUserBatchError::from_status(&status),
        Some(CreateUserBatchError::BatchTooLarge { limit: 1000 })
    );

    let events = ["login", "logout", ""].map(event);
    let answers = client.user_events(iter(events)).await.unwrap();
    let mut answers = answers.into_inner();
    for _ in 0..2 {
        assert!(answers.message().await.unwrap().unwrap().acknowledged);
    }
    let status = answers.message().await.unwrap_err();
    assert_eq!(read(&status), invalid_field("event_type", "is required"));
}

#[tokio::test]
async fn we_read_errors_of_python() {
    says_what_we_read(Language::Python).await;
}

#[tokio::test]
async fn we_read_errors_of_node() {
    says_what_we_read(Language::Node).await;
}

#[tokio::test]
async fn we_read_errors_of_go() {
    says_what_we_read(Language::Go).await;
}
