//! Checks of keys: a key that verifies nothing, or that anybody can sign for, is refused.

use jsonwebtoken::{DecodingKey, DecodingKeyKind};

use super::KeyError;
use crate::auth::Algorithm;

/// Minimum size of an RSA key in bits (RFC 7518, section 3.3).
const MIN_RSA_BITS: usize = 2048;

/// Maximum size of an RSA key in bits, which the provider of cryptography sets.
const MAX_RSA_BITS: usize = if cfg!(feature = "jwt-aws-lc-rs") {
    8192
} else {
    4096
};

/// Checks a key for an algorithm of its family.
///
/// # Errors
///
/// The reason why the key is refused.
pub(super) fn check(algorithm: Algorithm, key: &DecodingKey) -> Result<(), KeyError> {
    let bytes = match key.kind() {
        DecodingKeyKind::RsaModulusExponent { n, e } => return rsa(n, e),
        DecodingKeyKind::SecretOrDer(bytes) => bytes,
    };
    match algorithm {
        Algorithm::HS256 => secret(bytes, 32),
        Algorithm::HS384 => secret(bytes, 48),
        Algorithm::HS512 => secret(bytes, 64),
        Algorithm::ES256 => point(bytes, 32),
        Algorithm::ES384 => point(bytes, 48),
        Algorithm::EdDSA => ed25519(bytes),
        _ => {
            let (n, e) = rsa_numbers(bytes)?;
            rsa(n, e)
        }
    }
}

/// Whether a PEM file has a private key.
pub(super) fn is_private(pem: &[u8]) -> bool {
    let tag = b"PRIVATE KEY-----";
    pem.windows(tag.len()).any(|part| part == tag)
}

fn secret(bytes: &[u8], minimum: usize) -> Result<(), KeyError> {
    if bytes.trim_ascii_start().starts_with(b"-----BEGIN ") {
        return Err(KeyError::NotSecret);
    }
    if bytes.len() < minimum {
        return Err(KeyError::TooShort {
            bytes: bytes.len(),
            minimum,
        });
    }
    Ok(())
}

/// Checks an uncompressed point of a curve: 4, x, y.
fn point(bytes: &[u8], size: usize) -> Result<(), KeyError> {
    let is_point = matches!(bytes, [4, numbers @ ..]
        if numbers.len() == 2 * size && numbers.iter().any(|byte| *byte != 0));
    if is_point {
        Ok(())
    } else {
        Err(KeyError::Malformed(
            "the coordinates do not have the length of the curve: 32 bytes each for ES256, 48 for ES384",
        ))
    }
}

fn ed25519(bytes: &[u8]) -> Result<(), KeyError> {
    if bytes.len() != 32 {
        return Err(KeyError::Malformed("an Ed25519 public key has 32 bytes"));
    }
    if has_small_order(bytes) {
        return Err(KeyError::Malformed(
            "the point has a small order, so that anybody can sign for it",
        ));
    }
    Ok(())
}

/// Whether the order of a point of edwards25519 is at most 8. Signatures for such a point can be forged.
fn has_small_order(point: &[u8]) -> bool {
    // The y coordinates of the points of order 8, but for the last byte.
    const ORDER_8: [[u8; 31]; 2] = [
        *b"\x26\xe8\x95\x8f\xc2\xb2\x27\xb0\x45\xc3\xf4\x89\xf2\xef\x98\xf0\xd5\xdf\xac\x05\xd3\xc6\x33\x39\xb1\x38\x02\x88\x6d\x53\xfc",
        *b"\xc7\x17\x6a\x70\x3d\x4d\xd8\x4f\xba\x3c\x0b\x76\x0d\x10\x67\x0f\x2a\x20\x53\xfa\x2c\x39\xcc\xc6\x4e\xc7\xfd\x77\x92\xac\x03",
    ];
    let is_all = |value: u8| point[1..31].iter().all(|byte| *byte == value);
    // The others have a y of 0, 1 or -1, or one of these plus the prime.
    is_all(0) || is_all(0xff) || ORDER_8.iter().any(|y| point.starts_with(y))
}

fn rsa(n: &[u8], e: &[u8]) -> Result<(), KeyError> {
    let bits = bits(n);
    if !(MIN_RSA_BITS..=MAX_RSA_BITS).contains(&bits) {
        return Err(KeyError::RsaSize {
            bits,
            minimum: MIN_RSA_BITS,
            maximum: MAX_RSA_BITS,
        });
    }
    let is_odd = |number: &[u8]| number.last().is_some_and(|byte| byte % 2 == 1);
    // With an exponent of 1 the signature equals the signed text.
    if is_odd(n) && is_odd(e) && (2..=33).contains(&self::bits(e)) {
        Ok(())
    } else {
        Err(KeyError::Malformed(
            "the modulus and the public exponent must be odd numbers of the usual size; 65537 is an exponent",
        ))
    }
}

fn bits(number: &[u8]) -> usize {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    match number.get(zeros) {
        Some(first) => 8 * (number.len() - zeros) - first.leading_zeros() as usize,
        None => 0,
    }
}

/// Modulus and exponent of an `RSAPublicKey` (RFC 8017, appendix A.1).
fn rsa_numbers(der: &[u8]) -> Result<(&[u8], &[u8]), KeyError> {
    const NONE: KeyError = KeyError::Malformed("the DER is not an `RSAPublicKey`");
    let (numbers, _) = element(der, 0x30).ok_or(NONE)?;
    let (n, rest) = element(numbers, 2).ok_or(NONE)?;
    let (e, rest) = element(rest, 2).ok_or(NONE)?;
    match (n, rest) {
        (n, []) => Ok((n, e)),
        // A private key begins with its version.
        ([0 | 1], _) => Err(KeyError::PrivateKey),
        _ => Err(NONE),
    }
}

/// Content of a DER element, and the bytes after the element.
fn element(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let [found, length, rest @ ..] = der else {
        return None;
    };
    let (length, rest) = match *length {
        length @ ..=0x7f => (usize::from(length), rest),
        length @ 0x81..=0x84 => {
            let (bytes, rest) = rest.split_at_checked(usize::from(length - 0x80))?;
            let length = bytes
                .iter()
                .fold(0, |all, byte| all << 8 | usize::from(*byte));
            (length, rest)
        }
        _ => return None,
    };
    rest.split_at_checked(length).filter(|_| *found == tag)
}
