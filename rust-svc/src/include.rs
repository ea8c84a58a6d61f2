//! How generated code gets from `OUT_DIR` into a crate.

/// Includes the module tree that `rust_svc_build` wrote to `OUT_DIR`: every package as a module,
/// `user.v1` as `user::v1`.
///
/// ```text
/// mod proto {
///     rust_svc::include_protos!();
/// }
/// use proto::user::v1::user_service_client::UserServiceClient;
/// ```
///
/// A build script that generates more than once gives each its own `include_file`, to be named
/// here:
///
/// ```text
/// mod admin {
///     rust_svc::include_protos!("admin.rs");
/// }
/// ```
#[macro_export]
macro_rules! include_protos {
    () => {
        $crate::include_protos!("mod.rs");
    };
    ($include_file:literal) => {
        ::core::include!(::core::concat!(::core::env!("OUT_DIR"), "/", $include_file));
    };
}
