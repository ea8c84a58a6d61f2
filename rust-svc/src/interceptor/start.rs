//! What `start` knows of a call.

use std::marker::PhantomData;
use std::time::{Duration, Instant};

use tonic::Extensions;
use tonic::metadata::MetadataMap;

use super::Side;
use super::call::Facts;
use crate::Method;

/// A call that starts.
#[derive(Debug)]
pub struct Start<'a, S: Side> {
    pub(crate) facts: &'a Facts,
    metadata: &'a mut MetadataMap,
    extensions: &'a mut Extensions,
    side: PhantomData<S>,
}

impl<'a, S: Side> Start<'a, S> {
    pub(crate) fn new(
        facts: &'a Facts,
        metadata: &'a mut MetadataMap,
        extensions: &'a mut Extensions,
    ) -> Self {
        Self {
            facts,
            metadata,
            extensions,
            side: PhantomData,
        }
    }

    /// Which rpc this is, with what its proto file says about it.
    pub fn method(&self) -> &'static Method {
        self.facts.method
    }

    /// The metadata of the request.
    pub fn metadata(&self) -> &MetadataMap {
        self.metadata
    }

    /// The metadata of the request, to be changed.
    pub fn metadata_mut(&mut self) -> &mut MetadataMap {
        self.metadata
    }

    /// What tonic, tower layers and interceptors further out attached to the request.
    pub fn extensions(&self) -> &Extensions {
        self.extensions
    }

    /// The same, to be added to. On a server the handler finds it in its request:
    /// [`RequestExt::context`](crate::RequestExt::context).
    pub fn extensions_mut(&mut self) -> &mut Extensions {
        self.extensions
    }

    /// When the call started.
    pub fn started(&self) -> Instant {
        self.facts.started
    }

    /// How long the client is ready to wait, from `grpc-timeout`: none if there is none, or not one
    /// that the gRPC specification allows.
    pub fn timeout(&self) -> Option<Duration> {
        timeout_of(self.metadata)
    }

    /// When the client stops waiting, as far as this side knows: [`timeout`](Self::timeout) from when
    /// the call started.
    pub fn deadline(&self) -> Option<Instant> {
        self.facts.started.checked_add(self.timeout()?)
    }
}

/// What metadata say of how long the client waits.
pub(crate) fn timeout_of(metadata: &MetadataMap) -> Option<Duration> {
    parse_timeout(metadata.get("grpc-timeout")?.as_encoded_bytes())
}

/// `TimeoutValue TimeoutUnit` of gRPC over HTTP/2: one to eight digits and a letter.
fn parse_timeout(value: &[u8]) -> Option<Duration> {
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
            assert_eq!(parse_timeout(text.as_bytes()), Some(timeout), "{text}");
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
            assert_eq!(parse_timeout(text.as_bytes()), None, "{text}");
        }
    }
}
