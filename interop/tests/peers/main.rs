//! What our server says of its errors, peers read; what peers say, we read: code, message,
//! `google.rpc.ErrorInfo`, `google.rpc.BadRequest` and plain trailers.
//!
//! `interop/install.sh` installs the peers, and `just interop` runs it before these tests. A language that
//! is not there is skipped, and said so.

mod deadlines;
mod peer;
mod service_config;
mod their_clients;
mod their_servers;
