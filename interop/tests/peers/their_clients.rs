//! Their clients read what our server says.

use rust_svc::testing::TestServer;
use serde_json::{Value, json};

use crate::peer::Language;

pub(crate) const SECRET: &[u8] = b"the secret of these tests, 32 bytes";

/// What every client has to see, whatever its language.
pub(crate) fn expected() -> Value {
    let invalid_field = |field: &str, problem: &str| {
        let message = format!("{field} {problem}");
        json!({
            "code": "INVALID_ARGUMENT",
            "message": message,
            "status": {"code": 3, "message": message},
            "reason": "INVALID_FIELD",
            "domain": "users.example.com",
            "metadata": {"field": field, "problem": problem},
            "violations": [],
            "trailers": {"field": field},
        })
    };
    let invalid_user = |violations: Value| {
        json!({
            "code": "INVALID_ARGUMENT",
            "message": "the user is not valid",
            "status": {"code": 3, "message": "the user is not valid"},
            "reason": "INVALID_USER",
            "domain": "users.example.com",
            "metadata": {},
            "violations": violations,
            "trailers": {"validation-errors": violations},
        })
    };
    let name = json!({"field": "name", "description": "a user has a name"});
    let email = json!({
        "field": "email",
        "description": "an address has something on both sides of an @",
    });
    json!({
        "get_user_unknown": {
            "code": "NOT_FOUND",
            "message": "there is no user Zoë 100%",
            "status": {"code": 5, "message": "there is no user Zoë 100%"},
            "reason": "USER_NOT_FOUND",
            "domain": "users.example.com",
            "metadata": {"id": "Zoë 100%"},
            "violations": [],
            "trailers": {},
        },
        "get_user_empty": invalid_field("id", "is required"),
        "create_user_invalid": invalid_user(json!([name, email])),
        "list_users_token": invalid_field("page_token", "is not where a page ended"),
        "create_user_batch_invalid": invalid_user(json!([email])),
        "user_events_untyped": {
            "answers": [
                "took login of interop with 0 bytes",
                "took logout of interop with 0 bytes",
            ],
            "error": invalid_field("event_type", "is required"),
        },
        "create_and_get": {"name": "Ada", "email": "ada@example.com"},
        "no_token": {
            "code": "UNAUTHENTICATED",
            "message": "the call is not authenticated",
            "status": null,
            "reason": null,
            "domain": null,
            "metadata": {},
            "violations": [],
            "trailers": {},
        },
    })
}

async fn reads_our_errors(language: Language) {
    if !language.is_there() {
        return;
    }
    let router = user_service::server(SECRET).unwrap();
    let server = TestServer::start_with(|incoming, stop| {
        router.serve_with_incoming_shutdown(incoming, stop)
    });
    let server = server.await.unwrap();
    let token = user_service::token(SECRET, "interop").unwrap();
    let seen = language.client(&server.address().to_string(), &token).await;
    for (call, expected) in expected().as_object().unwrap() {
        assert_eq!(seen[call], *expected, "{language:?}, {call}");
    }
}

#[tokio::test]
async fn python_reads_our_errors() {
    reads_our_errors(Language::Python).await;
}

#[tokio::test]
async fn node_reads_our_errors() {
    reads_our_errors(Language::Node).await;
}

#[tokio::test]
async fn go_reads_our_errors() {
    reads_our_errors(Language::Go).await;
}
