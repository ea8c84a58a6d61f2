//! The code that buf generated, included from the folder where it is checked in.

#[allow(missing_docs, reason = "a proto package has no comment")]
#[path = "gen/mod.rs"]
pub mod proto;
