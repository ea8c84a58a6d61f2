//! Warning about credentials that are sent without TLS.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use http::Uri;

use crate::interceptor::{Client, Start};

/// Warns once about credentials that are sent to another host without TLS. Clones share whether it has warned.
#[derive(Clone, Default)]
pub(super) struct Cleartext(Arc<AtomicBool>);

impl Cleartext {
    pub(super) fn warn(&self, call: &Start<'_, Client>) {
        let Some(origin) = call.origin().filter(|origin| is_cleartext(origin)) else {
            return;
        };
        if !self.0.swap(true, Ordering::Relaxed) {
            tracing::warn!(
                host = origin.host(),
                "credentials are sent to another host without TLS: connect by https"
            );
        }
    }
}

/// Whether an origin is another host without TLS.
fn is_cleartext(origin: &Uri) -> bool {
    let host = origin.host().filter(|host| !is_local(host));
    origin.scheme_str() == Some("http") && host.is_some()
}

/// Whether a host is this machine. tonic uses the host `tonic` for a Unix socket.
fn is_local(host: &str) -> bool {
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
