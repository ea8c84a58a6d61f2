//! Services called like something that tonic-build's code uses by its bare name: `service Body`.
//!
//! The server trait of such a service stands in the module whose code means tonic's `Body`. So the
//! code is made for a service of a name that nothing has, what is meant is written out, and then the
//! service gets its own name.

use proc_macro2::{Group, Spacing, TokenStream, TokenTree};

use crate::model::service_module;

/// Stands for the service's name until everything else is written out.
pub(super) const STAND_IN: &str = "RsvcService";

/// The name as tonic-build makes a module of it.
const STAND_IN_MODULE: &str = "rsvc_service_";

/// The items that the modules of a server use by a bare name, and the modules that those are in.
const BARE: [(&str, &str); 14] = [
    ("Arc", "std::sync"),
    ("Body", "tonic::codegen"),
    ("BoxFuture", "tonic::codegen"),
    ("BoxStream", "tonic::codegen"),
    ("Clone", "std::clone"),
    ("CompressionEncoding", "tonic::codegen"),
    ("Context", "std::task"),
    ("Default", "std::default"),
    ("EnabledCompressionEncodings", "tonic::codegen"),
    ("InterceptedService", "tonic::codegen"),
    ("Into", "std::convert"),
    ("Option", "std::option"),
    ("Poll", "std::task"),
    ("StdError", "tonic::codegen"),
];

/// The module of the item that a service of this name would hide, if there is one.
fn origin(service: &str) -> Option<&'static str> {
    BARE.iter()
        .find(|(name, _)| *name == service)
        .map(|(_, origin)| *origin)
}

/// Whether the code of this service has to be made under another name.
pub(super) fn hides(service: &str) -> bool {
    origin(service).is_some()
}

/// Writes out what the service's name hides: `Body` becomes `::tonic::codegen::Body`.
pub(super) fn write_out(tokens: TokenStream, service: &str) -> TokenStream {
    let Some(origin) = origin(service) else {
        return tokens;
    };
    let origin = format!("::{origin}::{service}");
    let full: TokenStream = origin.parse().expect("origins are paths");
    replace(tokens, service, &full)
}

fn replace(tokens: TokenStream, name: &str, full: &TokenStream) -> TokenStream {
    let mut replaced = TokenStream::new();
    // After `::` a name goes on a path that says where it is from; after `:` it begins one.
    let (mut is_joint, mut is_inside_path) = (false, false);
    for token in tokens {
        let colon = match &token {
            TokenTree::Punct(punct) if punct.as_char() == ':' => Some(punct.spacing()),
            _ => None,
        };
        match token {
            TokenTree::Ident(ident) if ident == name && !is_inside_path => {
                replaced.extend(full.clone());
            }
            TokenTree::Group(group) => {
                let inner = replace(group.stream(), name, full);
                replaced.extend([TokenTree::Group(Group::new(group.delimiter(), inner))]);
            }
            token => replaced.extend([token]),
        }
        is_inside_path = is_joint && colon.is_some();
        is_joint = colon == Some(Spacing::Joint);
    }
    replaced
}

/// Gives the service its name.
pub(super) fn name(text: &str, service: &str) -> String {
    let module = service_module(service, "");
    text.replace(STAND_IN, service)
        .replace(STAND_IN_MODULE, &module)
}
