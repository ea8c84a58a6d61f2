//! A warning of credentials that go over the network without TLS.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use http::Uri;

use crate::interceptor::{Client, Start};

/// Warns once of credentials that go to another host without TLS. Clones share whether that was said.
#[derive(Clone, Default)]
pub(super) struct Cleartext(Arc<AtomicBool>);

impl Cleartext {
    pub(super) fn warn_of(&self, call: &Start<'_, Client>) {
        let Some(origin) = call.origin().filter(|origin| is_cleartext(origin)) else {
            return;
        };
        if !self.0.swap(true, Ordering::Relaxed) {
            tracing::warn!(
                host = origin.host(),
                "credentials go to another host without TLS, where anybody on the way can read them: connect by https"
            );
        }
    }
}

/// Whether an origin is another host, and without TLS.
fn is_cleartext(origin: &Uri) -> bool {
    let host = origin.host().filter(|host| !is_here(host));
    origin.scheme_str() == Some("http") && host.is_some()
}

/// Whether a host is this machine. `tonic` is what tonic says in place of a Unix socket.
fn is_here(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    let is_loopback = address
        .parse()
        .is_ok_and(|address: IpAddr| address.is_loopback());
    is_loopback || host == "localhost" || host.ends_with(".localhost") || host == "tonic"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_hosts_without_tls_are_told() {
        for (origin, is_told) in [
            ("http://example.com", true),
            ("http://10.0.0.7:50051", true),
            ("http://[2001:db8::1]:1", true),
            ("http://localhost.example.com", true),
            ("https://example.com", false),
            ("http://localhost:50051", false),
            ("http://users.localhost", false),
            ("http://127.0.0.1:1", false),
            ("http://127.8.9.10", false),
            ("http://[::1]:1", false),
            ("http://tonic", false),
            ("example.com", false),
            ("/", false),
        ] {
            assert_eq!(is_cleartext(&origin.parse().unwrap()), is_told, "{origin}");
        }
    }
}
