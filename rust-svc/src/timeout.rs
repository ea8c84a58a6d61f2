//! The header `grpc-timeout`.

use std::io::Write as _;
use std::time::Duration;

use http::{HeaderName, HeaderValue};
use tonic::metadata::MetadataMap;

use crate::metadata::find;

static HEADER: HeaderName = HeaderName::from_static("grpc-timeout");

/// Maximum number of the header: eight digits.
const LARGEST: u128 = 99_999_999;

/// Reads the timeout. `None` if it is missing or invalid.
pub(crate) fn from_metadata(metadata: &MetadataMap) -> Option<Duration> {
    parse(find(metadata.as_ref(), &HEADER)?.as_bytes())
}

/// Writes a timeout. A longer one than the header can express is written as the maximum, which is 11,415 years.
pub(crate) fn set(metadata: &mut MetadataMap, timeout: Duration) {
    metadata.as_mut().insert(HEADER.clone(), header(timeout));
}

/// Parses `TimeoutValue TimeoutUnit` of gRPC over HTTP/2: one to eight digits and a letter.
fn parse(value: &[u8]) -> Option<Duration> {
    let (unit, digits) = value.split_last()?;
    if !(1..=8).contains(&digits.len()) || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let count = digits
        .iter()
        .fold(0, |count, digit| count * 10 + u64::from(digit - b'0'));
    Some(match unit {
        b'H' => Duration::from_secs(count * 60 * 60),
        b'M' => Duration::from_secs(count * 60),
        b'S' => Duration::from_secs(count),
        b'm' => Duration::from_millis(count),
        b'u' => Duration::from_micros(count),
        b'n' => Duration::from_nanos(count),
        _ => return None,
    })
}

/// Formats a timeout in the smallest unit that can express it, rounded up.
fn header(timeout: Duration) -> HeaderValue {
    const NANOS: [(u128, &str); 6] = [
        (1, "n"),
        (1_000, "u"),
        (1_000_000, "m"),
        (1_000_000_000, "S"),
        (60 * 1_000_000_000, "M"),
        (60 * 60 * 1_000_000_000, "H"),
    ];
    let mut counts = NANOS
        .iter()
        .map(|(nanos, unit)| (timeout.as_nanos().div_ceil(*nanos), *unit));
    let fitting = counts.find(|(count, _)| *count <= LARGEST);
    let (count, unit) = fitting.unwrap_or((LARGEST, "H"));
    // Eight digits and a letter fit, and are a valid value.
    let mut text = [0; 9];
    let mut rest = &mut text[..];
    let _ = write!(rest, "{count}{unit}");
    let left = rest.len();
    HeaderValue::from_bytes(&text[..text.len() - left])
        .unwrap_or(const { HeaderValue::from_static("99999999H") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timeouts_are_those_of_the_specification() {
        let valid = [
            ("1H", Duration::from_secs(3600)),
            ("2M", Duration::from_secs(120)),
            ("00000003S", Duration::from_secs(3)),
            ("99999999m", Duration::from_millis(99_999_999)),
            ("5u", Duration::from_micros(5)),
            ("0n", Duration::ZERO),
        ];
        for (text, timeout) in valid {
            assert_eq!(parse(text.as_bytes()), Some(timeout), "{text}");
        }
        for text in [
            "",
            "H",
            "1",
            "1h",
            "+1S",
            "1 S",
            "123456789n",
            "-1S",
            "1.5S",
        ] {
            assert_eq!(parse(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn any_timeout_has_a_header() {
        let written = [
            (Duration::ZERO, "0n"),
            (Duration::from_nanos(99_999_999), "99999999n"),
            (Duration::from_nanos(100_000_001), "100001u"),
            (Duration::from_millis(30_000), "30000000u"),
            (Duration::from_secs(99_999_999), "99999999S"),
            (Duration::from_secs(100_000_000), "1666667M"),
            (Duration::from_secs(60 * 60 * 99_999_999), "99999999H"),
            (Duration::from_secs(60 * 60 * 99_999_999 + 1), "99999999H"),
            (Duration::MAX, "99999999H"),
        ];
        for (timeout, text) in written {
            assert_eq!(header(timeout), text, "{timeout:?}");
            let read = parse(text.as_bytes());
            assert!(read >= Some(timeout) || text == "99999999H", "{timeout:?}");
        }
    }
}
