//! The service itself.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::{Mutex, MutexGuard};
use std::time::SystemTime;

use prost_types::Timestamp;
use rust_svc::errors::{ResultExt as _, Violations};
use rust_svc::{NeedsContext, RequestExt as _};
use tokio_stream::{Stream, StreamExt as _};
use tonic::{Request, Response, Status, Streaming};

use crate::Caller;
use crate::proto::user::v1::user_service_server::UserService;
use crate::proto::user::v1::{
    CreateUserBatchResponse, CreateUserRequest, GetUserRequest, ListUsersRequest, User, UserError,
    UserEventRequest, UserEventResponse,
};

/// How many users a batch creates at most.
const LARGEST_BATCH: u32 = 1000;

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
            return Err(invalid("id", "is required"));
        }
        let user = self.store().find(&id).cloned();
        let user = user.ok_or(UserError::UserNotFound { id })?;
        Ok(Response::new(user))
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
            Err(_) => return Err(invalid("page_size", "is negative")),
        };
        // The page as it is now: a slow client keeps nobody from creating users.
        let page = self.store().page(&page_token, limit).map(<[User]>::to_vec);
        let page = page.ok_or_else(|| invalid("page_token", "is not where a page ended"))?;
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
            if batch.len() == LARGEST_BATCH as usize {
                let limit = LARGEST_BATCH;
                return Err(UserError::BatchTooLarge { limit }.into());
            }
            batch.push(request);
        }

        let mut store = self.store();
        let user_ids: Vec<_> = batch
            .into_iter()
            .map(|request| store.create(request).id.clone())
            .collect();
        Ok(Response::new(CreateUserBatchResponse {
            created_count: i32::try_from(user_ids.len()).internal()?,
            user_ids,
        }))
    }

    type UserEventsStream = Pin<Box<dyn Stream<Item = Result<UserEventResponse, Status>> + Send>>;

    async fn user_events(
        &self,
        request: Request<Streaming<UserEventRequest>>,
    ) -> Result<Response<Self::UserEventsStream>, Status> {
        let caller = request.context::<Caller>()?.clone();
        // An error ends the stream: tonic sends nothing behind it.
        let events = request.into_inner();
        let answers = events.map(move |event| answer(&caller, event?));
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

/// Everything that is wrong with a user, and not only the first thing.
fn validate(request: &CreateUserRequest) -> Result<(), UserError> {
    let mut violations = Violations::new();
    if request.name.trim().is_empty() {
        violations.add("name", "a user has a name");
    }
    if !is_address(&request.email) {
        violations.add("email", "an address has something on both sides of an @");
    }
    if violations.is_empty() {
        Ok(())
    } else {
        Err(UserError::InvalidUser {
            bad_request: Some(violations.into()),
        })
    }
}

fn is_address(email: &str) -> bool {
    let parts = email.split_once('@');
    parts.is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty())
}

fn invalid(field: &str, problem: &str) -> Status {
    let error = UserError::InvalidField {
        field: field.to_owned(),
        problem: problem.to_owned(),
    };
    error.into()
}

fn answer(caller: &Caller, event: UserEventRequest) -> Result<UserEventResponse, Status> {
    let UserEventRequest {
        event_type,
        payload,
    } = event;
    if event_type.is_empty() {
        return Err(invalid("event_type", "is required"));
    }
    Ok(UserEventResponse {
        acknowledged: true,
        message: format!(
            "took {event_type} of {} with {} bytes",
            caller.name,
            payload.len()
        ),
    })
}
