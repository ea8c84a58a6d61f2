//! The descriptors of descriptor.proto, as the compiler has them: every `options` message is bytes.

use prost::Message as _;
pub(crate) use rust_svc_compiler::descriptor::*;
use rust_svc_compiler::wire::Codec as _;

/// A file as prost-types sees it, without custom options; `None` where its options are not what
/// descriptor.proto says.
pub(crate) fn to_prost(file: &File) -> Option<prost_types::FileDescriptorProto> {
    prost_types::FileDescriptorProto::decode(file.encode_to_vec().as_slice()).ok()
}
