//! What clients show: `Bearer` and `ApiKey`.

use std::marker::PhantomData;

use runtime_tests::svc::kinds_api::KindsApi as _;
use runtime_tests::svc::kinds_client::KindsClient;
use runtime_tests::svc::kinds_server::KindsServer;
use rust_svc::auth::{
    ApiKey, ApiKeys, Authentication, Authenticator, Bearer, CredentialError, Refusal,
};
use rust_svc::{Server, Start};

use super::{Named, Names, server};
use crate::echo::message;

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
        let keys = ApiKeys::new([("secret", Seen("ada".to_owned()))]).unwrap();
        KindsServer::new(Names::<Seen>(PhantomData))
            .intercept(Authentication::new(keys.header(header).unwrap()))
    };
    let key = ApiKey::new("secret").unwrap();
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
    let key = ApiKey::new("secret").unwrap();
    assert_eq!(
        key.clone().header("a b").unwrap_err(),
        CredentialError::Header
    );
    assert_eq!(
        key.clone().header("x-bin").unwrap_err(),
        CredentialError::Header
    );
    let shown = format!("{key:?} {:?}", Bearer::new("secret").unwrap());
    assert!(!shown.contains("secret"), "{shown}");
}
