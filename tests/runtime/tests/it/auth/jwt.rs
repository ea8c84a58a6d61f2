//! `Jwt`.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use rust_svc::auth::{self, Jwt, JwtKey, KeyError, KeySet, install_jwt_provider};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Named, assert_knows, assert_refuses, server, value};

mod read_keys;

const SECRET: &[u8] = b"the secret of the tests, 32 bytes";
const OTHER: &[u8] = b"another secret that nobody knows of";
const RSA: &[u8] = include_bytes!("keys/rsa.pem");
const RSA_PUBLIC: &[u8] = include_bytes!("keys/rsa.public.pem");
const EC: &[u8] = include_bytes!("keys/ec.pem");
const EC_PUBLIC: &[u8] = include_bytes!("keys/ec.public.pem");
const ED: &[u8] = include_bytes!("keys/ed.pem");
const ED_PUBLIC: &[u8] = include_bytes!("keys/ed.public.pem");

#[derive(Clone, Debug, Deserialize)]
struct Claims {
    sub: String,
}

impl Named for Claims {
    fn name(&self) -> String {
        self.sub.clone()
    }
}

fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_secs()
}

/// Claims that nothing is wrong with.
fn claims() -> Value {
    json!({ "sub": "ada", "iss": "issuer", "aud": "service", "exp": now() + 600 })
}

fn with(claim: &str, value: impl Into<Value>) -> Value {
    let mut claims = claims();
    claims[claim] = value.into();
    claims
}

fn without(claim: &str) -> Value {
    let mut claims = claims();
    claims.as_object_mut().unwrap().remove(claim);
    claims
}

fn hs256(secret: &[u8], claims: &Value) -> String {
    install_jwt_provider();
    let key = EncodingKey::from_secret(secret);
    encode(&Header::new(Algorithm::HS256), claims, &key).unwrap()
}

fn signed(algorithm: Algorithm, key: &EncodingKey, kid: Option<&str>) -> String {
    install_jwt_provider();
    let mut header = Header::new(algorithm);
    header.kid = kid.map(str::to_owned);
    encode(&header, &claims(), key).unwrap()
}

fn keys() -> KeySet {
    KeySet::new([JwtKey::hs256(SECRET).unwrap()])
}

fn jwt(keys: KeySet) -> Jwt<Claims> {
    Jwt::new(keys, "issuer", "service")
}

async fn refuses(jwt: Jwt<Claims>, token: &str, reason: &str) {
    let shown = [value(format!("Bearer {token}"))];
    assert_refuses(&server(jwt), "authorization", &shown, reason).await;
}

async fn knows(jwt: Jwt<Claims>, token: &str) {
    let shown = [value(format!("Bearer {token}"))];
    assert_knows(&server(jwt), "authorization", &shown, "ada").await;
}

#[tokio::test]
async fn who_has_a_token_is_known() {
    knows(jwt(keys()), &hs256(SECRET, &claims())).await;
    // Several audiences, of which this is one.
    let token = hs256(SECRET, &with("aud", json!(["other", "service"])));
    knows(jwt(keys()), &token).await;
    knows(jwt(keys()), &hs256(SECRET, &with("nbf", now() - 10))).await;
}

#[tokio::test]
async fn each_algorithm_has_its_keys() {
    let rsa = EncodingKey::from_rsa_pem(RSA).unwrap();
    let ec = EncodingKey::from_ec_pem(EC).unwrap();
    let ed = EncodingKey::from_ed_pem(ED).unwrap();
    let all = || {
        KeySet::new([
            JwtKey::rs256(RSA_PUBLIC).unwrap(),
            JwtKey::es256(EC_PUBLIC).unwrap(),
            JwtKey::eddsa(ED_PUBLIC).unwrap(),
        ])
    };
    knows(jwt(all()), &signed(Algorithm::RS256, &rsa, None)).await;
    knows(jwt(all()), &signed(Algorithm::ES256, &ec, None)).await;
    knows(jwt(all()), &signed(Algorithm::EdDSA, &ed, None)).await;
    // A key for another algorithm of its family is another key.
    let token = signed(Algorithm::PS256, &rsa, None);
    refuses(
        jwt(all()),
        &token,
        "the token is signed with an unknown key",
    )
    .await;
    let key = JwtKey::from_pem(auth::Algorithm::PS256, RSA_PUBLIC);
    knows(jwt(KeySet::new([key.unwrap()])), &token).await;
}

#[tokio::test]
async fn a_wrong_key_is_refused() {
    let token = hs256(OTHER, &claims());
    refuses(
        jwt(keys()),
        &token,
        "the signature of the token is not valid",
    )
    .await;
    // Signed with the right key, and changed afterwards.
    let token = hs256(SECRET, &claims());
    let (rest, signature) = token.rsplit_once('.').unwrap();
    let (header, _) = rest.split_once('.').unwrap();
    let other = hs256(SECRET, &with("sub", "eve"));
    let claims_of_other = other.split('.').nth(1).unwrap();
    let mixed = format!("{header}.{claims_of_other}.{signature}");
    refuses(
        jwt(keys()),
        &mixed,
        "the signature of the token is not valid",
    )
    .await;
    refuses(
        jwt(KeySet::new([])),
        &token,
        "the token is signed with an unknown key",
    )
    .await;
}

#[tokio::test]
async fn an_expired_token_is_refused() {
    let token = hs256(SECRET, &with("exp", now() - 60));
    refuses(jwt(keys()), &token, "the token has expired").await;
    refuses(
        jwt(keys()),
        &hs256(SECRET, &without("exp")),
        "the token has no valid `exp`",
    )
    .await;
    let token = hs256(SECRET, &with("exp", "tomorrow"));
    refuses(jwt(keys()), &token, "the token has no valid `exp`").await;
    // Clocks differ: by so much, and no more.
    let token = hs256(SECRET, &with("exp", now() - 10));
    knows(jwt(keys()), &token).await;
    refuses(
        jwt(keys()).leeway(Duration::ZERO),
        &token,
        "the token has expired",
    )
    .await;
    let token = hs256(SECRET, &with("exp", now() - 60));
    knows(jwt(keys()).leeway(Duration::from_secs(90)), &token).await;
    let token = hs256(SECRET, &with("exp", 1));
    refuses(
        jwt(keys()).leeway(Duration::MAX),
        &token,
        "the token has expired",
    )
    .await;
}

#[tokio::test]
async fn a_token_that_is_not_valid_yet_is_refused() {
    let token = hs256(SECRET, &with("nbf", now() + 60));
    refuses(jwt(keys()), &token, "the token is not valid yet").await;
    let token = hs256(SECRET, &with("nbf", "soon"));
    refuses(jwt(keys()), &token, "the token has no valid `nbf`").await;
}

/// A token that says of itself that it needs no signature.
#[tokio::test]
async fn alg_none_is_refused() {
    let unsigned = hs256(SECRET, &claims());
    let payload = unsigned.split('.').nth(1).unwrap();
    // {"typ":"JWT","alg":"none"}, and the same as "None", which some have fallen for.
    for header in [
        "eyJ0eXAiOiJKV1QiLCJhbGciOiJub25lIn0",
        "eyJ0eXAiOiJKV1QiLCJhbGciOiJOb25lIn0",
    ] {
        for signature in ["", "AAAA"] {
            let token = format!("{header}.{payload}.{signature}");
            refuses(jwt(keys()), &token, "the token is malformed").await;
        }
    }
}

/// A public key is no secret: who signs with it as with one is refused.
#[tokio::test]
async fn algorithm_confusion_is_refused() {
    let public = || KeySet::new([JwtKey::rs256(RSA_PUBLIC).unwrap()]);
    let reason = "the token is signed with an unknown key";
    refuses(jwt(public()), &hs256(RSA_PUBLIC, &claims()), reason).await;
    let key = jsonwebtoken::DecodingKey::from_rsa_pem(RSA_PUBLIC).unwrap();
    if let Ok(der) = key.try_get_as_bytes() {
        refuses(jwt(public()), &hs256(der, &claims()), reason).await;
    }
    let ec = EncodingKey::from_ec_pem(EC).unwrap();
    refuses(jwt(public()), &signed(Algorithm::ES256, &ec, None), reason).await;
    // The public key cannot be read as a secret by mistake.
    let error = JwtKey::from_pem(auth::Algorithm::HS256, RSA_PUBLIC).unwrap_err();
    assert!(matches!(
        error,
        KeyError::WrongAlgorithm(auth::Algorithm::HS256)
    ));
}

#[tokio::test]
async fn a_wrong_audience_or_issuer_is_refused() {
    for (claims, reason) in [
        (with("aud", "other"), "the token is for another audience"),
        (
            with("aud", json!(["other"])),
            "the token is for another audience",
        ),
        (with("aud", json!([])), "the token is for another audience"),
        (with("aud", 7), "the token has no valid `aud`"),
        (without("aud"), "the token has no valid `aud`"),
        (with("iss", "other"), "the token is from another issuer"),
        (without("iss"), "the token has no valid `iss`"),
        // RFC 7519 has one issuer: a list in which it is among others says nothing.
        (
            with("iss", json!(["issuer"])),
            "the token has no valid `iss`",
        ),
        (
            with("iss", json!(["issuer", "other"])),
            "the token has no valid `iss`",
        ),
        (with("iss", 7), "the token has no valid `iss`"),
    ] {
        refuses(jwt(keys()), &hs256(SECRET, &claims), reason).await;
    }
    let both = || jwt(keys()).or_audience("other").or_issuer("another");
    knows(both(), &hs256(SECRET, &with("aud", "other"))).await;
    knows(both(), &hs256(SECRET, &with("iss", "another"))).await;
    knows(both(), &hs256(SECRET, &claims())).await;
}

#[tokio::test]
async fn headers_that_are_no_token_are_refused() {
    let token = hs256(SECRET, &claims());
    let good = value(format!("Bearer {token}"));
    let one = |text: &[u8]| vec![value(text)];
    for (shown, reason) in [
        (vec![], "there is no header `authorization`"),
        (
            vec![good.clone(), good],
            "there are several headers `authorization`",
        ),
        (one(b"Bearer"), "there is no token"),
        (one(b"Bearer "), "there is no token"),
        (one(token.as_bytes()), "there is no token"),
        (
            one(format!("Basic {token}").as_bytes()),
            "the scheme is not `Bearer`",
        ),
        (
            one(b"Bearer \xff\xfe"),
            "the header `authorization` is not ASCII",
        ),
        (one(b"Bearer nonsense"), "the token is malformed"),
        (one(b"Bearer a.b.c"), "the token is malformed"),
        (one(b"Bearer ...."), "the token is malformed"),
        (
            one(format!("Bearer {token}.more").as_bytes()),
            "the token is malformed",
        ),
        (
            one(format!("Bearer {token} {token}").as_bytes()),
            "the token is malformed",
        ),
    ] {
        assert_refuses(&server(jwt(keys())), "authorization", &shown, reason).await;
    }
    // The case of a scheme does not matter.
    let shown = [value(format!("bEARER  {token}"))];
    assert_knows(&server(jwt(keys())), "authorization", &shown, "ada").await;
}

#[tokio::test]
async fn a_token_of_64_kb_is_refused() {
    let long = || hs256(SECRET, &with("padding", "x".repeat(48 * 1024)));
    assert!(long().len() > 64 * 1024);
    refuses(jwt(keys()), &long(), "the token is too long").await;
    refuses(jwt(keys()), &"x".repeat(64 * 1024), "the token is too long").await;
    knows(jwt(keys()).max_bytes(128 * 1024), &long()).await;
}

#[tokio::test]
async fn claims_that_cannot_be_read_are_refused() {
    let reason = "the claims of the token cannot be deserialized";
    refuses(jwt(keys()), &hs256(SECRET, &without("sub")), reason).await;
    refuses(jwt(keys()), &hs256(SECRET, &with("sub", 7)), reason).await;
}

/// An extension that has to be understood, and is not.
#[tokio::test]
async fn critical_extensions_are_refused() {
    let mut header = Header::new(Algorithm::HS256);
    header.crit = Some(vec!["b64".to_owned()]);
    install_jwt_provider();
    let token = encode(&header, &claims(), &EncodingKey::from_secret(SECRET)).unwrap();
    refuses(
        jwt(keys()),
        &token,
        "the token has an unknown critical extension",
    )
    .await;
}

#[tokio::test]
async fn a_token_names_its_key() {
    let (old, new) = (
        EncodingKey::from_secret(OTHER),
        EncodingKey::from_secret(SECRET),
    );
    let set = || {
        KeySet::new([
            JwtKey::hs256(OTHER).unwrap().id("old"),
            JwtKey::hs256(SECRET).unwrap().id("new"),
        ])
    };
    let token = |key, kid| signed(Algorithm::HS256, key, kid);
    knows(jwt(set()), &token(&new, Some("new"))).await;
    knows(jwt(set()), &token(&old, Some("old"))).await;
    // A token that names no key may be of any of them.
    knows(jwt(set()), &token(&new, None)).await;
    knows(jwt(set()), &token(&old, None)).await;
    // A token that names one is of that one.
    let reason = "the signature of the token is not valid";
    refuses(jwt(set()), &token(&new, Some("old")), reason).await;
    let reason = "the token is signed with an unknown key";
    refuses(jwt(set()), &token(&new, Some("other")), reason).await;
    // What is wrong with a token that the first of two keys signed is not that the second did not.
    let expired = hs256(OTHER, &with("exp", now() - 60));
    refuses(jwt(set()), &expired, "the token has expired").await;
}

#[tokio::test]
async fn keys_are_replaced_while_the_server_runs() {
    let set = KeySet::new([JwtKey::hs256(OTHER).unwrap()]);
    let server = server(jwt(set.clone()));
    let shown = |secret| [value(format!("Bearer {}", hs256(secret, &claims())))];
    let reason = "the signature of the token is not valid";
    assert_knows(&server, "authorization", &shown(OTHER), "ada").await;
    assert_refuses(&server, "authorization", &shown(SECRET), reason).await;

    set.replace([
        JwtKey::hs256(OTHER).unwrap(),
        JwtKey::hs256(SECRET).unwrap(),
    ]);
    assert_knows(&server, "authorization", &shown(OTHER), "ada").await;
    assert_knows(&server, "authorization", &shown(SECRET), "ada").await;

    set.replace_with(&keys());
    assert_refuses(&server, "authorization", &shown(OTHER), reason).await;
    assert_knows(&server, "authorization", &shown(SECRET), "ada").await;
}

/// What is secret is not shown.
#[test]
fn jwt_shows_no_secrets() {
    let shown = format!("{:?}", jwt(keys()));
    assert!(
        shown.contains("HS256") && shown.contains("issuer"),
        "{shown}"
    );
    assert!(
        !shown.contains("secret of the tests") && !shown.contains("116, 104"),
        "{shown}"
    );
}
