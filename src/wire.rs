//! The wire format of protobuf, as the compiler has it.

pub(crate) use rust_svc_compiler::wire::*;
