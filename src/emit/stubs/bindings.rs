//! The code that replaces the placeholders of templates.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::template::Bindings;
use crate::emit::tokens::{doc, docs, is_camel};
use crate::emit::{methods, tokens};
use crate::model::{Method, RpcKind, Service, ServiceAttributes};
use crate::options::Options;

/// The bindings of a service.
pub(super) fn service(service: &Service, options: &Options) -> Bindings {
    let mut bindings = Bindings::default();
    bind_names(&mut bindings, service, options);
    bindings.name("missing_docs", allowed(service));
    bind_modules(&mut bindings, service);
    bind_types(&mut bindings, service);
    bindings
}

fn bind_names(bindings: &mut Bindings, service: &Service, options: &Options) {
    let name = &service.name;
    let ident = |suffix: &str| format_ident!("{name}{suffix}");
    let module = |name: &str| format_ident!("{name}");
    let runtime = tokens::rust(&options.runtime_path.0);
    let codec = tokens::rust(&options.codec_path.0);
    bindings
        .name("Example", ident(""))
        .name("ExampleClient", ident("Client"))
        .name("ExampleClientHooks", ident("ClientHooks"))
        .name("ExampleApi", ident("Api"))
        .name("ExampleMock", ident("Mock"))
        .name("ExampleServer", ident("Server"))
        .name("ExampleServerHooks", ident("ServerHooks"))
        .name("example_client", module(&service.client_module))
        .name("example_server", module(&service.server_module))
        .name("example_methods", module(&service.methods_module))
        .name("example_api", module(&service.api_module))
        .name("rust_svc::__private", quote!(#runtime::__private))
        .name("tonic_prost::ProstCodec", codec)
        .text("example.v1.Example", &service.full_name());
}

/// The lints that the modules of a service allow.
fn allowed(service: &Service) -> TokenStream {
    let mut allowed = vec![quote!(missing_docs)];
    if service.has_deprecated() {
        // The code calls what users are told not to call.
        allowed.push(quote!(deprecated));
    }
    if service.methods.is_empty() {
        // The server's `match` of a path has one arm then.
        allowed.push(quote!(clippy::match_single_binding));
        // A client trait without methods imports nothing from the runtime.
        allowed.push(quote!(unused_imports));
    }
    quote!(#(#allowed),*)
}

fn bind_modules(bindings: &mut Bindings, service: &Service) {
    let ServiceAttributes {
        client_module,
        server_module,
        ..
    } = &service.attributes;
    for (line, attributes) in [
        ("Generated client implementations.", client_module),
        ("Generated server implementations.", server_module),
    ] {
        let (line_doc, attributes) = (doc(line), parse_attributes(attributes));
        bindings.docs(line, quote!(#line_doc #attributes));
    }
}

fn bind_types(bindings: &mut Bindings, service: &Service) {
    let (name, attributes) = (&service.name, &service.attributes);
    let deprecated = deprecated(service.is_deprecated);
    let docs = docs(&service.docs);
    for (line, attributes) in [
        ("CLIENT", &attributes.client),
        ("SERVER", &attributes.server),
    ] {
        let attributes = parse_attributes(attributes);
        bindings.docs(line, quote!(#docs #attributes #deprecated));
    }
    let of_trait = doc(&format!(
        "Generated trait containing gRPC methods that should be implemented for use with {name}Server."
    ));
    let how = doc(
        "Write `#[tonic::async_trait]` above the implementation: it turns each `async fn` into these signatures.",
    );
    let of_api = doc(&format!(
        "The methods of a client, with `&self` and dyn-compatible: code that takes a `dyn {name}Api` can be tested without a server."
    ));
    let of_mock = doc(&format!(
        "A mock of [`{name}Api`]: answers with what a test sets, and records requests."
    ));
    let hooks = |of: &str| {
        doc(&format!(
            "Hooks around the methods of [`{of}`]. The default of each hook passes the call on."
        ))
    };
    let attributes = parse_attributes(&attributes.server_trait);
    bindings
        .docs(
            "TRAIT",
            quote!(#of_trait #[doc = ""] #how #attributes #deprecated),
        )
        .docs("API", quote!(#docs #[doc = ""] #of_api #deprecated))
        .docs("MOCK", of_mock)
        .docs("CLIENT_HOOKS", hooks(&format!("{name}Client")))
        .docs("SERVER_HOOKS", hooks(name));
}

/// The bindings of one of its rpcs, with those of the service.
pub(super) fn rpc(shared: &Bindings, service: &Service, method: &Method) -> Bindings {
    let example = Example::new(method.kind);
    let mut bindings = shared.clone();
    let name: TokenStream = tokens::rust(&method.name);
    let (docs, deprecated) = (docs(&method.docs), deprecated(method.is_deprecated));
    bindings
        .name(example.name, name)
        .name(example.call, format_ident!("{}", method.call))
        .name(example.constant, methods::constant_name(method))
        .name("super::Input", tokens::rust(&method.input))
        .name("super::Output", tokens::rust(&method.output))
        .text(example.path, &service.path(method))
        .docs(example.constant, quote!(#docs #deprecated))
        .docs(
            "MOCKED",
            doc(&format!(
                "The mocked method `{}`: sets its answers, and has the requests that it received.",
                method.proto_name
            )),
        )
        .docs(
            "HOOK",
            doc(&format!("Runs around `{}`.", method.proto_name)),
        );
    if let Some(stream) = example.stream {
        let name = format!("{}Stream", method.proto_name);
        let allow = (!is_camel(&name)).then(|| quote!(#[allow(non_camel_case_types)]));
        let line = doc(&format!(
            "Server streaming response type for the {} method.",
            method.proto_name
        ));
        bindings
            .name(stream, format_ident!("{name}"))
            .docs("STREAM", quote!(#line #allow));
    }
    bindings
}

/// The names of the rpc of a kind in the templates.
struct Example {
    name: &'static str,
    call: &'static str,
    constant: &'static str,
    path: &'static str,
    stream: Option<&'static str>,
}

impl Example {
    const fn new(kind: RpcKind) -> Self {
        match kind {
            RpcKind::Unary => Self {
                name: "unary",
                call: "call_unary",
                constant: "UNARY",
                path: "/example.v1.Example/Unary",
                stream: None,
            },
            RpcKind::ClientStreaming => Self {
                name: "client_streaming",
                call: "call_client_streaming",
                constant: "CLIENT_STREAMING",
                path: "/example.v1.Example/ClientStreaming",
                stream: None,
            },
            RpcKind::ServerStreaming => Self {
                name: "server_streaming",
                call: "call_server_streaming",
                constant: "SERVER_STREAMING",
                path: "/example.v1.Example/ServerStreaming",
                stream: Some("ServerStreamingStream"),
            },
            RpcKind::BidiStreaming => Self {
                name: "bidi_streaming",
                call: "call_bidi_streaming",
                constant: "BIDI_STREAMING",
                path: "/example.v1.Example/BidiStreaming",
                stream: Some("BidiStreamingStream"),
            },
        }
    }
}

fn deprecated(is_deprecated: bool) -> Option<TokenStream> {
    is_deprecated.then(|| quote!(#[deprecated]))
}

/// Attributes of the options, which were checked when they were read.
fn parse_attributes(attributes: &[String]) -> TokenStream {
    let attributes = attributes.iter();
    attributes
        .map(|attribute| tokens::rust(attribute))
        .collect()
}
