//! Method descriptors: what interceptors, routers and policies know of an rpc before it runs.

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

use super::{policies, tokens};
use crate::model::{Idempotency, Method, Service};
use crate::options::Options;

/// The module of a service's method descriptors.
///
/// ```text
/// /// The methods of `user.v1.UserService`, known at compile time.
/// pub mod user_service_methods {
///     use ::rust_svc::__private::v1;
///     /// `/user.v1.UserService/GetUser`
///     pub const GET_USER: ::rust_svc::Method = v1::method(…);
///     /// `user.v1.UserService` with all of its methods.
///     pub const SERVICE: ::rust_svc::Service = v1::service(…);
/// }
/// ```
pub(super) fn methods(service: &Service, options: &Options) -> String {
    let runtime = tokens::rust(&options.runtime_path.0);
    let module = format_ident!("{}", service.methods_module);
    let name = service.full_name();
    let constants = service
        .methods
        .iter()
        .map(|method| constant(service, method, &runtime));
    let names = service.methods.iter().map(constant_name);
    let module_doc = tokens::doc(&format!("The methods of `{name}`, known at compile time."));
    let descriptor = policies::of_service(
        quote!(v1::service(#name, &[#(#names),*])),
        service.retry_throttling,
    );
    let service_doc = tokens::doc(&format!("`{name}` with all of its methods."));
    tokens::print(quote! {
        #module_doc
        pub mod #module {
            use #runtime::__private::v1;

            #(#constants)*

            #service_doc
            pub const SERVICE: #runtime::Service = #descriptor;
        }
    })
}

fn constant(service: &Service, method: &Method, runtime: &TokenStream) -> TokenStream {
    let name = constant_name(method);
    let service_name = service.full_name();
    let method_name = &method.proto_name;
    let path = service.path(method);
    let doc = tokens::doc(&format!("`{path}`"));
    let kind = format_ident!("{}", format!("{:?}", method.kind));
    let mut value = quote!(v1::method(#service_name, #method_name, #path, v1::MethodKind::#kind));
    let idempotency = match method.idempotency {
        Idempotency::Unknown => None,
        Idempotency::NoSideEffects => Some(quote!(NoSideEffects)),
        Idempotency::Idempotent => Some(quote!(Idempotent)),
    };
    if let Some(level) = idempotency {
        value = quote!(v1::idempotency(#value, v1::Idempotency::#level));
    }
    if method.is_deprecated {
        value = quote!(v1::deprecated(#value));
    }
    if !method.options.is_empty() {
        let options = Literal::byte_string(&method.options);
        value = quote!(v1::options(#value, #options));
    }
    value = policies::of_method(value, &method.policy);
    quote! {
        #doc
        pub const #name: #runtime::Method = #value;
    }
}

/// Two functions that differ have constants that differ; `SERVICE` is taken.
pub(super) fn constant_name(method: &Method) -> syn::Ident {
    let name = method.name.trim_start_matches("r#").to_uppercase();
    if name == "SERVICE" {
        format_ident!("SERVICE_")
    } else {
        format_ident!("{name}")
    }
}
