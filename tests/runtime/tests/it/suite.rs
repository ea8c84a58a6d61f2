//! The suite for interceptors: our own pass it, and each rule has one that breaks it.

use rust_svc::auth::{
    ApiKey, ApiKeys, Authentication, Bearer, Jwt, JwtKey, KeySet, install_jwt_provider,
};
use rust_svc::testing::{InterceptorSuite, Recorder};
use rust_svc::{InterceptorList, Logging, MethodKind, PanicRecovery, Server, selector};
use serde::{Deserialize, Serialize};

mod broken;

#[test]
fn logging() {
    InterceptorSuite::on_server(Logging::new).assert();
    InterceptorSuite::on_client(Logging::new).assert();
    InterceptorSuite::on_server(|| Logging::new().with_contents()).assert();
}

#[test]
fn recorder() {
    InterceptorSuite::on_server(Recorder::new).assert();
    InterceptorSuite::on_client(Recorder::new).assert();
}

#[test]
fn panic_recovery() {
    InterceptorSuite::on_server(|| PanicRecovery).assert();
}

#[test]
fn what_clients_show() {
    InterceptorSuite::on_client(|| Bearer::new("token").unwrap()).assert();
    InterceptorSuite::on_client(|| ApiKey::new("key").unwrap()).assert();
}

#[test]
fn api_keys() {
    let keys = || {
        Authentication::new(
            ApiKeys::new([("the-key-of-the-suite", ()), ("the-key-of-others", ())]).unwrap(),
        )
    };
    InterceptorSuite::on_server(keys)
        .metadata("x-api-key", "the-key-of-the-suite")
        .assert();
}

#[test]
fn jwt() {
    #[derive(Clone, Serialize, Deserialize)]
    struct Claims {
        iss: String,
        aud: String,
        exp: u64,
    }
    const SECRET: &[u8] = b"a secret of thirty-two bytes, at least";
    let claims = Claims {
        iss: "issuer".to_owned(),
        aud: "service".to_owned(),
        exp: jsonwebtoken::get_current_timestamp() + 600,
    };
    let key = jsonwebtoken::EncodingKey::from_secret(SECRET);
    install_jwt_provider();
    let token = jsonwebtoken::encode(&jsonwebtoken::Header::default(), &claims, &key).unwrap();
    let jwt = || {
        let keys = KeySet::new([JwtKey::hs256(SECRET).unwrap()]);
        Authentication::new(Jwt::<Claims>::new(keys, "issuer", "service"))
    };
    InterceptorSuite::on_server(jwt)
        .metadata("authorization", &format!("Bearer {token}"))
        .assert();
}

/// What puts interceptors together is one itself.
#[test]
fn none_and_many() {
    InterceptorSuite::on_server(|| ()).assert();
    InterceptorSuite::on_client(|| ()).assert();
    InterceptorSuite::on_server(|| (Logging::new(), PanicRecovery, Recorder::new())).assert();
    InterceptorSuite::on_client(|| (Logging::new(), Bearer::new("token").unwrap())).assert();
    InterceptorSuite::on_server(|| selector(MethodKind::Unary, Logging::new())).assert();
    InterceptorSuite::on_server(|| Some(Logging::new())).assert();
    InterceptorSuite::on_server(|| {
        let mut list = InterceptorList::<Server>::new();
        list.push(Logging::new());
        list.push(Recorder::new());
        list
    })
    .assert();
}
