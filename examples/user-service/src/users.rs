//! The service itself.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::{Mutex, MutexGuard};
use std::time::SystemTime;

use prost_types::Timestamp;
use rust_svc::{NeedsContext, RequestExt as _};
use tokio_stream::{Stream, StreamExt as _};
use tonic::metadata::MetadataValue;
use tonic::{Request, Response, Status, Streaming};

use crate::Caller;
use crate::proto::user::v1::user_service_server::UserService;
use crate::proto::user::v1::{
    CreateUserBatchResponse, CreateUserRequest, GetUserRequest, ListUsersRequest, User,
    UserEventRequest, UserEventResponse,
};

/// Users in memory: they are gone when the server stops.
#[derive(Debug, Default)]
pub struct Users {
    store: Mutex<Store>,
}

impl Users {
    /// Never held across an `.await`, nor by anything that panics.
    fn store(&self) -> MutexGuard<'_, Store> {
        self.store
            .lock()
            .expect("nothing panics while it holds this lock")
    }
}

impl NeedsContext for Users {
    type Context = Caller;
}

#[tonic::async_trait]
impl UserService for Users {
    async fn get_user(&self, request: Request<GetUserRequest>) -> Result<Response<User>, Status> {
        let id = request.into_inner().id;
        if id.is_empty() {
            return Err(invalid("id", "the id of a user is required"));
        }
        let user = self.store().find(&id).cloned();
        user.map(Response::new)
            .ok_or_else(|| Status::not_found(format!("there is no user {id:?}")))
    }

    async fn create_user(
        &self,
        request: Request<CreateUserRequest>,
    ) -> Result<Response<User>, Status> {
        let request = request.into_inner();
        validate(&request)?;
        Ok(Response::new(self.store().create(request).clone()))
    }

    type ListUsersStream = Pin<Box<dyn Stream<Item = Result<User, Status>> + Send>>;

    async fn list_users(
        &self,
        request: Request<ListUsersRequest>,
    ) -> Result<Response<Self::ListUsersStream>, Status> {
        let ListUsersRequest {
            page_size,
            page_token,
        } = request.into_inner();
        let limit = match usize::try_from(page_size) {
            Ok(0) => usize::MAX,
            Ok(limit) => limit,
            Err(_) => return Err(invalid("page_size", "the size of a page is not negative")),
        };
        // The page as it is now: a slow client keeps nobody from creating users.
        let page = self.store().page(&page_token, limit).map(<[User]>::to_vec);
        let page = page.ok_or_else(|| invalid("page_token", "no page ended with this user"))?;
        Ok(Response::new(Box::pin(tokio_stream::iter(
            page.into_iter().map(Ok),
        ))))
    }

    async fn create_user_batch(
        &self,
        request: Request<Streaming<CreateUserRequest>>,
    ) -> Result<Response<CreateUserBatchResponse>, Status> {
        let mut requests = request.into_inner();
        let mut batch = Vec::new();
        while let Some(request) = requests.message().await? {
            validate(&request)?;
            batch.push(request);
        }
        let created_count = i32::try_from(batch.len())
            .map_err(|_| Status::resource_exhausted("too many users for one batch"))?;

        let mut store = self.store();
        let user_ids = batch
            .into_iter()
            .map(|request| store.create(request).id.clone())
            .collect();
        Ok(Response::new(CreateUserBatchResponse {
            user_ids,
            created_count,
        }))
    }

    type UserEventsStream = Pin<Box<dyn Stream<Item = Result<UserEventResponse, Status>> + Send>>;

    async fn user_events(
        &self,
        request: Request<Streaming<UserEventRequest>>,
    ) -> Result<Response<Self::UserEventsStream>, Status> {
        let caller = request.context::<Caller>()?.clone();
        let events = request.into_inner();
        let answers = events.map(move |event| Ok(answer(&caller, event?)));
        Ok(Response::new(Box::pin(answers)))
    }
}

/// Users in the order in which they were created, and where each stands.
#[derive(Debug, Default)]
struct Store {
    users: Vec<User>,
    positions: HashMap<String, usize>,
}

impl Store {
    fn find(&self, id: &str) -> Option<&User> {
        self.positions
            .get(id)
            .map(|&position| &self.users[position])
    }

    fn create(&mut self, request: CreateUserRequest) -> &User {
        let position = self.users.len();
        // Users are never removed, so a position is never given twice either.
        let id = format!("user-{}", position + 1);
        self.positions.insert(id.clone(), position);
        self.users.push(User {
            id,
            name: request.name,
            email: request.email,
            created_at: Some(Timestamp::from(SystemTime::now())),
        });
        &self.users[position]
    }

    /// Up to `limit` users after the one with the id `token`, or `None` if there is no such user.
    fn page(&self, token: &str, limit: usize) -> Option<&[User]> {
        let start = match token {
            "" => 0,
            id => self.positions.get(id)? + 1,
        };
        let rest = &self.users[start..];
        Some(&rest[..limit.min(rest.len())])
    }
}

fn validate(request: &CreateUserRequest) -> Result<(), Status> {
    if request.name.trim().is_empty() {
        return Err(invalid("name", "the name of a user is required"));
    }
    match request.email.split_once('@') {
        Some((local, domain)) if !local.is_empty() && !domain.is_empty() => Ok(()),
        _ => Err(invalid(
            "email",
            "an email address has something on both sides of an @",
        )),
    }
}

/// An INVALID_ARGUMENT whose trailer `field` names what is not valid.
fn invalid(field: &'static str, message: &str) -> Status {
    let mut status = Status::invalid_argument(message);
    status
        .metadata_mut()
        .insert("field", MetadataValue::from_static(field));
    status
}

fn answer(caller: &Caller, event: UserEventRequest) -> UserEventResponse {
    let UserEventRequest {
        event_type,
        payload,
    } = event;
    match event_type.as_str() {
        "" => UserEventResponse {
            acknowledged: false,
            message: "an event has a type".to_owned(),
        },
        _ => UserEventResponse {
            acknowledged: true,
            message: format!(
                "took {event_type} of {} with {} bytes",
                caller.name,
                payload.len()
            ),
        },
    }
}
