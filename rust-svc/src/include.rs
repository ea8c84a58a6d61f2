//! Inclusion of generated code from `OUT_DIR`.

/// Includes the module tree that `rust_svc_build` wrote to `OUT_DIR`. The package `user.v1` is the module `user::v1`.
///
/// ```text
/// mod proto {
///     rust_svc::include_protos!();
/// }
/// use proto::user::v1::user_service_client::UserServiceClient;
/// ```
///
/// A build script that generates several trees gives each its own `include_file`, which is named here:
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
