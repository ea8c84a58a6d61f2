//! `Jwt`.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rust_svc::auth::jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, encode};
use rust_svc::auth::{Jwt, JwtKey, KeyError, KeySet, install_jwt_provider};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Named, assert_knows, assert_refuses, server, value};

const SECRET: &[u8] = b"the secret of the tests, 32 bytes";
const OTHER: &[u8] = b"another secret that nobody knows of";
const RSA: &[u8] = include_bytes!("keys/rsa.pem");
const RSA_PUBLIC: &[u8] = include_bytes!("keys/rsa.public.pem");
const RSA_1024: &[u8] = include_bytes!("keys/rsa1024.public.pem");
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
    // The same key for another algorithm of its family is another key.
    let token = signed(Algorithm::PS256, &rsa, None);
    refuses(
        jwt(all()),
        &token,
        "the token is signed with a key that is not known",
    )
    .await;
    let key = JwtKey::new(
        Algorithm::PS256,
        DecodingKey::from_rsa_pem(RSA_PUBLIC).unwrap(),
    );
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
    // Of the right one, and changed afterwards.
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
        "the token is signed with a key that is not known",
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
            refuses(jwt(keys()), &token, "this is no token").await;
        }
    }
}

/// A public key is no secret: who signs with it as with one is refused.
#[tokio::test]
async fn algorithm_confusion_is_refused() {
    let public = || KeySet::new([JwtKey::rs256(RSA_PUBLIC).unwrap()]);
    let reason = "the token is signed with a key that is not known";
    refuses(jwt(public()), &hs256(RSA_PUBLIC, &claims()), reason).await;
    let key = DecodingKey::from_rsa_pem(RSA_PUBLIC).unwrap();
    if let Ok(der) = key.try_get_as_bytes() {
        refuses(jwt(public()), &hs256(der, &claims()), reason).await;
    }
    let ec = EncodingKey::from_ec_pem(EC).unwrap();
    refuses(jwt(public()), &signed(Algorithm::ES256, &ec, None), reason).await;
    // Nor can the key be had for another algorithm by mistake.
    let error = JwtKey::new(Algorithm::HS256, key).unwrap_err();
    assert!(matches!(error, KeyError::Family(Algorithm::HS256)));
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
        (with("iss", "other"), "the token is of another issuer"),
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
        (one(b"Bearer nonsense"), "this is no token"),
        (one(b"Bearer a.b.c"), "this is no token"),
        (one(b"Bearer ...."), "this is no token"),
        (
            one(format!("Bearer {token}.more").as_bytes()),
            "this is no token",
        ),
        (
            one(format!("Bearer {token} {token}").as_bytes()),
            "this is no token",
        ),
    ] {
        assert_refuses(&server(jwt(keys())), "authorization", &shown, reason).await;
    }
    // Of a scheme the case does not matter.
    let shown = [value(format!("bEARER  {token}"))];
    assert_knows(&server(jwt(keys())), "authorization", &shown, "ada").await;
}

#[tokio::test]
async fn a_token_of_64_kb_is_refused() {
    let long = || hs256(SECRET, &with("padding", "x".repeat(48 * 1024)));
    assert!(long().len() > 64 * 1024);
    refuses(jwt(keys()), &long(), "the token is too long").await;
    refuses(jwt(keys()), &"x".repeat(64 * 1024), "the token is too long").await;
    knows(jwt(keys()).longest(128 * 1024), &long()).await;
}

#[tokio::test]
async fn claims_that_cannot_be_read_are_refused() {
    let reason = "the claims of the token cannot be read";
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
        "the token has extensions that are not known",
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
    // Without a name it may be any of them.
    knows(jwt(set()), &token(&new, None)).await;
    knows(jwt(set()), &token(&old, None)).await;
    // With one it is that, and no other.
    let reason = "the signature of the token is not valid";
    refuses(jwt(set()), &token(&new, Some("old")), reason).await;
    let reason = "the token is signed with a key that is not known";
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

    set.replace_by(&keys());
    assert_refuses(&server, "authorization", &shown(OTHER), reason).await;
    assert_knows(&server, "authorization", &shown(SECRET), "ada").await;
}

/// Keys as issuers publish them, in an order of no meaning, with some that are not for this.
#[tokio::test]
async fn keys_come_as_a_jwk_set() {
    use rust_svc::auth::jsonwebtoken::jwk::Jwk;
    install_jwt_provider();
    let rsa = EncodingKey::from_rsa_pem(RSA).unwrap();
    let ec = EncodingKey::from_ec_pem(EC).unwrap();
    let jwk = |key, algorithm, kid: &str, alter: fn(&mut Value)| {
        let jwk = Jwk::from_encoding_key(key, algorithm).unwrap();
        let mut jwk = serde_json::to_value(jwk).unwrap();
        jwk["kid"] = kid.into();
        alter(&mut jwk);
        jwk
    };
    let drop_alg: fn(&mut Value) = |jwk| {
        jwk.as_object_mut().unwrap().remove("alg");
    };
    let set = json!({ "keys": [
        { "kty": "unheard-of", "kid": "odd" },
        { "kty": "RSA", "kid": "half" },
        7,
        jwk(&rsa, Algorithm::RS256, "enc", |jwk| jwk["use"] = "enc".into()),
        jwk(&rsa, Algorithm::RS256, "signs", |jwk| jwk["key_ops"] = json!(["sign"])),
        jwk(&rsa, Algorithm::RS256, "rsa", |jwk| jwk["use"] = "sig".into()),
        jwk(&rsa, Algorithm::RS256, "rsa-without-alg", drop_alg),
        jwk(&ec, Algorithm::ES256, "ec", |jwk| jwk["key_ops"] = json!(["verify"])),
        jwk(&ec, Algorithm::ES256, "ec-without-alg", drop_alg),
        jwk(&ec, Algorithm::ES256, "mixed", |jwk| jwk["alg"] = "RS256".into()),
        { "kty": "oct", "kid": "short", "alg": "HS256", "k": "AAAA" },
    ] });
    let keys = KeySet::from_jwks(&set.to_string()).unwrap();
    for kid in ["rsa", "rsa-without-alg"] {
        knows(
            jwt(keys.clone()),
            &signed(Algorithm::RS256, &rsa, Some(kid)),
        )
        .await;
    }
    for kid in ["ec", "ec-without-alg"] {
        knows(jwt(keys.clone()), &signed(Algorithm::ES256, &ec, Some(kid))).await;
    }
    let unknown = "the token is signed with a key that is not known";
    for kid in ["enc", "signs", "mixed", "short"] {
        let token = signed(Algorithm::RS256, &rsa, Some(kid));
        refuses(jwt(keys.clone()), &token, unknown).await;
    }

    for text in ["", "7", "{}", r#"{"keys":7}"#] {
        let error = KeySet::from_jwks(text).unwrap_err();
        assert!(matches!(error, KeyError::NoSet), "{text}: {error}");
    }
    let error = KeySet::from_jwks(r#"{"keys":[{"kty":"odd"}]}"#).unwrap_err();
    assert!(matches!(error, KeyError::None { .. }), "{error}");
}

#[test]
fn jwt_keys_that_are_none_say_so() {
    let error = JwtKey::hs256(b"short").unwrap_err();
    assert_eq!(
        error.to_string(),
        "a secret of 5 bytes is too short: it has at least 32 (`openssl rand -base64 32`)"
    );
    assert!(JwtKey::rs256(b"nonsense").is_err());
    assert!(JwtKey::rs256(EC_PUBLIC).is_err());
    assert!(JwtKey::es256(RSA_PUBLIC).is_err());
    assert!(JwtKey::eddsa(RSA_PUBLIC).is_err());
}

/// A key with which nobody should verify is refused when it is read, and the error says what to do.
#[test]
fn jwt_keys_that_are_weak_or_wrong_are_refused() {
    use rust_svc::auth::jsonwebtoken::errors::Error;
    let pem = |read: fn(&[u8]) -> Result<DecodingKey, Error>, pem| read(pem).unwrap();
    let n = |bytes: usize| [vec![0xc1; bytes - 1], vec![0xc3]].concat();
    let rsa = |n: &[u8], e: &[u8]| {
        JwtKey::new(Algorithm::RS256, DecodingKey::from_rsa_raw_components(n, e))
    };
    let ed = |x: [u8; 32]| JwtKey::new(Algorithm::EdDSA, DecodingKey::from_ed_der(&x));
    let mut one = [0; 32];
    one[0] = 1;
    for (key, text) in [
        // Private keys in place of public ones.
        (JwtKey::rs256(RSA), "openssl pkey -in private.pem -pubout"),
        (JwtKey::es256(EC), "this is a private key"),
        (JwtKey::eddsa(ED), "this is a private key"),
        (
            JwtKey::new(Algorithm::RS256, pem(DecodingKey::from_rsa_pem, RSA)),
            "this is a private key",
        ),
        // A public key, which everybody has, in place of a secret.
        (JwtKey::hs256(RSA_PUBLIC), "no secret: take `JwtKey::rs256`"),
        (JwtKey::hs256(RSA), "no secret"),
        // Short ones.
        (
            JwtKey::rs256(RSA_1024),
            "an RSA key of 1024 bits is not taken: it has 2048 to ",
        ),
        (
            JwtKey::new(Algorithm::PS512, pem(DecodingKey::from_rsa_pem, RSA_1024)),
            "rsa_keygen_bits:3072",
        ),
        (rsa(&n(255), &[1, 0, 1]), "an RSA key of 2040 bits"),
        (rsa(&n(2048), &[1, 0, 1]), "an RSA key of 16384 bits"),
        (rsa(&[], &[1, 0, 1]), "an RSA key of 0 bits"),
        // Numbers that are none.
        (rsa(&n(256), &[]), "65537 is an exponent"),
        (rsa(&n(256), &[1]), "65537 is an exponent"),
        (rsa(&n(256), &[2]), "65537 is an exponent"),
        (rsa(&n(256), &[0, 0, 1]), "65537 is an exponent"),
        (rsa(&n(256), &[1; 9]), "65537 is an exponent"),
        (rsa(&[0xc2; 256], &[1, 0, 1]), "65537 is an exponent"),
        (
            JwtKey::new(Algorithm::RS256, DecodingKey::from_rsa_der(b"nonsense")),
            "it is no `RSAPublicKey`",
        ),
        (
            JwtKey::new(Algorithm::ES256, DecodingKey::from_ec_der(&[4])),
            "32 bytes each for ES256",
        ),
        (
            JwtKey::new(Algorithm::ES384, pem(DecodingKey::from_ec_pem, EC_PUBLIC)),
            "48 for ES384",
        ),
        (
            JwtKey::new(Algorithm::EdDSA, DecodingKey::from_ed_der(&[])),
            "has 32 bytes",
        ),
        (ed([0; 32]), "one that anybody can sign for"),
        (ed(one), "one that anybody can sign for"),
    ] {
        let error = key.unwrap_err().to_string();
        assert!(error.contains(text), "{text}: {error}");
    }
    // The smallest that is taken, with leading zeros and without.
    assert!(rsa(&n(256), &[1, 0, 1]).is_ok());
    assert!(rsa(&[vec![0], n(256)].concat(), &[0, 3]).is_ok());
}

/// Of a set that issuers publish, such keys are left out, and the log says why; if nothing is left, the
/// error does.
#[test]
fn jwk_sets_lose_their_weak_keys() {
    let n = "wcHB".repeat(85) + "wcM";
    let weak = json!([
        { "kty": "RSA", "kid": "empty", "n": "", "e": "" },
        { "kty": "RSA", "kid": "tiny", "n": "Aw", "e": "AQAB" },
        { "kty": "RSA", "kid": "one", "n": n, "e": "AQ" },
        { "kty": "RSA", "kid": "private", "n": n, "e": "AQAB", "d": "AQAB" },
        { "kty": "EC", "kid": "ec", "crv": "P-256", "x": "", "y": "" },
        { "kty": "EC", "kid": "ec-zero", "crv": "P-256", "x": "AA", "y": "AA" },
        { "kty": "OKP", "kid": "ed", "crv": "Ed25519", "x": "" },
        { "kty": "oct", "kid": "secret", "k": "" },
    ]);
    let error = KeySet::from_jwks(&json!({ "keys": weak }).to_string()).unwrap_err();
    let text = error.to_string();
    for part in [
        "`empty`: an RSA key of 0 bits",
        "`tiny`: an RSA key of 2 bits",
        "`one`: this key verifies nothing",
        "`private`: this is a private key",
        "`ec`: this key verifies nothing",
        "`ec-zero`: this key verifies nothing",
        "`ed`: this key verifies nothing",
        "`secret`: a secret of 0 bytes is too short",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }

    let (captured, _guard) = crate::captured::Captured::start();
    let mut keys = weak.as_array().unwrap().clone();
    keys.push(json!({ "kty": "RSA", "kid": "good", "n": n, "e": "AQAB" }));
    let set = KeySet::from_jwks(&json!({ "keys": keys }).to_string()).unwrap();
    let shown = format!("{set:?}");
    assert!(shown.contains("good") && !shown.contains("tiny"), "{shown}");
    let events = captured.events();
    assert_eq!(events.len(), 8);
    assert_eq!(events[1].fields["kid"], "tiny");
    assert!(events[1].fields["reason"].contains("2 bits"));
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
