//! The descriptors of descriptor.proto, as the compiler has them: every `options` message is bytes.

pub(crate) use rust_svc_compiler::descriptor::*;
