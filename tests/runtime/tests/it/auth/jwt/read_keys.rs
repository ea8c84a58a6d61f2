//! Keys as they are read: from PEM, from numbers, and from the JWK Sets of issuers.

use jsonwebtoken::{Algorithm as Signing, EncodingKey};
use rust_svc::auth::{Algorithm, JwtKey, KeyError, KeySet, install_jwt_provider};
use serde_json::{Value, json};

use super::{EC, EC_PUBLIC, ED, RSA, RSA_PUBLIC, jwt, knows, refuses, signed};
use crate::captured::Captured;

/// The beginning of an `RSAPrivateKey`: its version, its modulus and its public exponent.
const PRIVATE_DER: &[u8] = &[0x30, 9, 2, 1, 0, 2, 1, 3, 2, 1, 3];
const RSA_1024: &[u8] = include_bytes!("../keys/rsa1024.public.pem");

/// Keys as issuers publish them, in an order of no meaning, with some that are not for this.
#[tokio::test]
async fn keys_come_as_a_jwk_set() {
    use jsonwebtoken::jwk::Jwk;
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
        jwk(&rsa, Signing::RS256, "enc", |jwk| jwk["use"] = "enc".into()),
        jwk(&rsa, Signing::RS256, "signs", |jwk| jwk["key_ops"] = json!(["sign"])),
        jwk(&rsa, Signing::RS256, "rsa", |jwk| jwk["use"] = "sig".into()),
        jwk(&rsa, Signing::RS256, "rsa-without-alg", drop_alg),
        jwk(&ec, Signing::ES256, "ec", |jwk| jwk["key_ops"] = json!(["verify"])),
        jwk(&ec, Signing::ES256, "ec-without-alg", drop_alg),
        jwk(&ec, Signing::ES256, "mixed", |jwk| jwk["alg"] = "RS256".into()),
        { "kty": "oct", "kid": "short", "alg": "HS256", "k": "AAAA" },
    ] });
    let keys = KeySet::from_jwks(&set.to_string()).unwrap();
    for kid in ["rsa", "rsa-without-alg"] {
        knows(jwt(keys.clone()), &signed(Signing::RS256, &rsa, Some(kid))).await;
    }
    for kid in ["ec", "ec-without-alg"] {
        knows(jwt(keys.clone()), &signed(Signing::ES256, &ec, Some(kid))).await;
    }
    let unknown = "the token is signed with an unknown key";
    for kid in ["enc", "signs", "mixed", "short"] {
        let token = signed(Signing::RS256, &rsa, Some(kid));
        refuses(jwt(keys.clone()), &token, unknown).await;
    }

    for text in ["", "7", "{}", r#"{"keys":7}"#] {
        let error = KeySet::from_jwks(text).unwrap_err();
        assert!(matches!(error, KeyError::NotJwkSet), "{text}: {error}");
    }
    let error = KeySet::from_jwks(r#"{"keys":[{"kty":"odd"}]}"#).unwrap_err();
    assert!(matches!(error, KeyError::NoUsableKey { .. }), "{error}");
}

#[test]
fn jwt_keys_that_are_none_say_so() {
    let error = JwtKey::hs256(b"short").unwrap_err();
    assert_eq!(
        error.to_string(),
        "the secret has 5 bytes and must have at least 32 (`openssl rand -base64 32`)"
    );
    assert!(JwtKey::rs256(b"nonsense").is_err());
    assert!(JwtKey::rs256(EC_PUBLIC).is_err());
    assert!(JwtKey::es256(RSA_PUBLIC).is_err());
    assert!(JwtKey::eddsa(RSA_PUBLIC).is_err());
}

/// Each key is refused when it is read, and its error contains the text.
fn refused(keys: impl IntoIterator<Item = (Result<JwtKey, KeyError>, &'static str)>) {
    for (key, text) in keys {
        let error = key.unwrap_err().to_string();
        assert!(error.contains(text), "{text}: {error}");
    }
}

/// RSA key of a modulus and an exponent.
fn rsa(n: &[u8], e: &[u8]) -> Result<JwtKey, KeyError> {
    JwtKey::from_rsa_components(Algorithm::RS256, n, e)
}

/// Odd modulus of so many bytes, whose first bit is set.
fn modulus(bytes: usize) -> Vec<u8> {
    [vec![0xc1; bytes - 1], vec![0xc3]].concat()
}

#[test]
fn private_keys_are_refused() {
    let der = JwtKey::from_der(Algorithm::RS256, PRIVATE_DER);
    refused([
        (JwtKey::rs256(RSA), "openssl pkey -in private.pem -pubout"),
        (JwtKey::es256(EC), "the key is private"),
        (JwtKey::eddsa(ED), "the key is private"),
        (der, "the key is private"),
    ]);
}

/// A public key is known to everybody: as a secret it lets everybody sign.
#[test]
fn secrets_that_are_files_with_keys_are_refused() {
    refused([
        (
            JwtKey::hs256(RSA_PUBLIC),
            "is a file with a key: use `JwtKey::rs256`",
        ),
        (JwtKey::hs256(RSA), "is a file with a key"),
    ]);
}

#[test]
fn rsa_keys_have_2048_bits_or_what_their_algorithm_needs() {
    const EXPONENT: &[u8] = &[1, 0, 1];
    refused([
        (
            JwtKey::rs256(RSA_1024),
            "the RSA key has 1024 bits and must have 2048 to ",
        ),
        (
            JwtKey::from_pem(Algorithm::PS512, RSA_1024),
            "rsa_keygen_bits:3072",
        ),
        (rsa(&modulus(255), EXPONENT), "the RSA key has 2040 bits"),
        (rsa(&modulus(2048), EXPONENT), "the RSA key has 16384 bits"),
        (rsa(&[], EXPONENT), "the RSA key has 0 bits"),
    ]);
    // The smallest keys that are accepted, without leading zeros and with one.
    assert!(rsa(&modulus(256), EXPONENT).is_ok());
    assert!(rsa(&[vec![0], modulus(256)].concat(), &[0, 3]).is_ok());
}

#[test]
fn malformed_keys_are_refused() {
    for exponent in [&[][..], &[1], &[2], &[0, 0, 1], &[1; 9]] {
        refused([(rsa(&modulus(256), exponent), "65537 is an exponent")]);
    }
    let even = [0xc2; 256];
    refused([
        (rsa(&even, &[1, 0, 1]), "65537 is an exponent"),
        (
            JwtKey::from_der(Algorithm::RS256, b"nonsense"),
            "not an `RSAPublicKey`",
        ),
        (
            JwtKey::from_der(Algorithm::ES256, &[4]),
            "32 bytes each for ES256",
        ),
        (
            JwtKey::from_pem(Algorithm::ES384, EC_PUBLIC),
            "48 for ES384",
        ),
        (JwtKey::from_der(Algorithm::EdDSA, &[]), "has 32 bytes"),
    ]);
}

/// Points of small order on Edwards25519, for which a signature needs no private key.
#[test]
fn ed25519_keys_of_small_order_are_refused() {
    let (mut one, mut minus_one) = ([0; 32], [0xff; 32]);
    one[0] = 1;
    (minus_one[0], minus_one[31]) = (0xec, 0x7f);
    // A point of order 8, and the other point with its y.
    let order_8 = *b"\x26\xe8\x95\x8f\xc2\xb2\x27\xb0\x45\xc3\xf4\x89\xf2\xef\x98\xf0\
        \xd5\xdf\xac\x05\xd3\xc6\x33\x39\xb1\x38\x02\x88\x6d\x53\xfc\x05";
    let mut negative = order_8;
    negative[31] |= 0x80;
    for point in [[0; 32], one, minus_one, order_8, negative] {
        let key = JwtKey::from_der(Algorithm::EdDSA, &point);
        refused([(key, "anybody can sign for it")]);
    }
}

/// A set of an issuer loses its weak keys, and the log says why. If nothing is left, the error says it.
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
        "`empty`: the RSA key has 0 bits",
        "`tiny`: the RSA key has 2 bits",
        "`one`: the key is malformed",
        "`private`: the key is private",
        "`ec`: the key is malformed",
        "`ec-zero`: the key is malformed",
        "`ed`: the key is malformed",
        "`secret`: the secret has 0 bytes and must have",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }

    let (captured, _guard) = Captured::start();
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
