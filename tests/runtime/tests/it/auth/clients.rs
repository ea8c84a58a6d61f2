//! What clients show: `Bearer` and `ApiKey`.

use std::marker::PhantomData;

use runtime_tests::svc::kinds_api::KindsApi as _;
use runtime_tests::svc::kinds_client::KindsClient;
use runtime_tests::svc::kinds_server::KindsServer;
use rust_svc::auth::{
    ApiKey, ApiKeys, Authentication, Authenticator, Bearer, CredentialError, Refusal,
};
use rust_svc::{Server, Start};
use tonic::transport::Uri;

use super::{Named, Names, server};
use crate::captured::Captured;
use crate::echo::{Echo, connect, message};

#[derive(Clone, Debug)]
struct Seen(String);

impl Named for Seen {
    fn name(&self) -> String {
        self.0.clone()
    }
}

/// Lets everybody in, and says what they showed.
struct Mirror;

impl Authenticator for Mirror {
    type Identity = Seen;

    async fn authenticate(&self, call: &Start<'_, Server>) -> Result<Seen, Refusal> {
        let shown = call.metadata().get_all("authorization").iter();
        let shown: Vec<_> = shown.map(|value| value.to_str().unwrap()).collect();
        Ok(Seen(shown.join("|")))
    }
}

#[tokio::test]
async fn a_bearer_shows_its_token_and_the_next_one() {
    let bearer = Bearer::new("first").unwrap();
    let client = KindsClient::new(server(Mirror)).intercept(bearer.clone());
    let shown = async || {
        client
            .call_unary(message(""))
            .await
            .unwrap()
            .into_inner()
            .text
    };
    assert_eq!(shown().await, "Bearer first");
    bearer.replace("second").unwrap();
    assert_eq!(shown().await, "Bearer second");
    assert_eq!(bearer.replace(""), Err(CredentialError::Empty));
    assert_eq!(shown().await, "Bearer second");
    // What the call had before: a doubled header would be refused.
    let call = client
        .call_unary(message(""))
        .metadata("authorization", "mine");
    assert_eq!(call.await.unwrap().into_inner().text, "Bearer second");
}

#[tokio::test]
async fn an_api_key_is_shown_where_it_is_looked_for() {
    let keys = |header: &str| {
        let keys = ApiKeys::new([("secret-of-somebody", Seen("ada".to_owned()))]).unwrap();
        KindsServer::new(Names::<Seen>(PhantomData))
            .intercept(Authentication::new(keys.header(header).unwrap()))
    };
    let key = ApiKey::new("secret-of-somebody").unwrap();
    let client = KindsClient::new(keys("x-api-key")).intercept(key.clone());
    let reply = client.call_unary(message("")).await.unwrap();
    assert_eq!(reply.into_inner().text, "ada");
    let key = key.header("x-token").unwrap();
    let client = KindsClient::new(keys("x-token")).intercept(key);
    let reply = client.call_unary(message("")).await.unwrap();
    assert_eq!(reply.into_inner().text, "ada");
}

#[test]
fn api_key_and_bearer_say_what_they_cannot_show() {
    for (credential, error) in [
        ("", CredentialError::Empty),
        ("two words", CredentialError::NotAscii),
        ("line\n", CredentialError::NotAscii),
        ("é", CredentialError::NotAscii),
    ] {
        assert_eq!(Bearer::new(credential).unwrap_err(), error);
        assert_eq!(ApiKey::new(credential).unwrap_err(), error);
    }
    let key = ApiKey::new("secret-of-somebody").unwrap();
    assert_eq!(
        key.clone().header("a b").unwrap_err(),
        CredentialError::InvalidHeader
    );
    assert_eq!(
        key.clone().header("x-bin").unwrap_err(),
        CredentialError::InvalidHeader
    );
    for name in super::RESERVED {
        let error = key.clone().header(name).unwrap_err();
        assert_eq!(error, CredentialError::ReservedHeader, "{name}");
    }
    let shown = format!("{key:?} {:?}", Bearer::new("secret").unwrap());
    assert!(!shown.contains("secret"), "{shown}");
}

/// The client knows the origin by `with_origin`.
#[tokio::test]
async fn credentials_in_the_clear_are_warned_of_once() {
    let router =
        || tonic::transport::Server::builder().add_service(KindsServer::new(Echo::default()));
    for (origin, warnings) in [
        (Some("http://users.example.com"), 2),
        (Some("https://users.example.com"), 0),
        (Some("http://localhost:50051"), 0),
        (None, 0),
    ] {
        let channel = connect(router()).await;
        let client = match origin {
            Some(origin) => KindsClient::with_origin(channel, Uri::from_static(origin)),
            None => KindsClient::new(channel),
        };
        let bearer = Bearer::new("some.secret.token").unwrap();
        let key = ApiKey::new("secret-of-somebody").unwrap();
        let client = client.intercept((bearer, key));
        let (captured, _guard) = Captured::start();
        for _ in 0..3 {
            client.clone().call_unary(message("1")).await.unwrap();
        }
        let events = captured.events();
        assert_eq!(events.len(), warnings, "{origin:?} {events:?}");
        for event in events {
            assert_eq!(event.level, tracing::Level::WARN);
            assert_eq!(event.fields["host"], "users.example.com");
            assert!(event.fields["message"].contains("without TLS"));
        }
        assert!(!captured.text().contains("secret"));
    }
}

/// Interceptors know the address that `connect` was given.
#[tokio::test]
async fn a_client_that_connects_knows_where_it_goes() {
    use rust_svc::testing::TestServer;
    use rust_svc::{Client, Interceptor};

    #[derive(Clone)]
    struct Asks(std::sync::Arc<std::sync::Mutex<Option<Uri>>>);

    impl Interceptor<Client> for Asks {
        type State = ();

        async fn start(&self, call: &mut Start<'_, Client>) -> Result<(), tonic::Status> {
            *self.0.lock().unwrap() = call.origin().cloned();
            Ok(())
        }
    }

    let server = TestServer::start(KindsServer::new(Echo::default()))
        .await
        .unwrap();
    let url = format!("http://{}/", server.address());
    let asks = Asks(std::sync::Arc::default());
    let client = KindsClient::connect(url.clone()).await.unwrap();
    let client = client.intercept(asks.clone());
    client.call_unary(message("1")).await.unwrap();
    assert_eq!(asks.0.lock().unwrap().clone().unwrap().to_string(), url);
    let client = KindsClient::new(server.channel()).intercept(asks.clone());
    client.call_unary(message("1")).await.unwrap();
    assert_eq!(*asks.0.lock().unwrap(), None);
}
