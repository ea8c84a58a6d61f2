//! Clients and servers of our own, from `templates/`.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{ImplItem, Item, TraitItem, parse_quote};

use super::is_camel;
use crate::emit::{methods, tokens};
use crate::model::{Kind, Method, Service};
use crate::options::Options;
use crate::template::{Bindings, Template};

/// The two templates, as the options want them.
pub(super) struct Templates {
    client: Option<syn::File>,
    server: Option<syn::File>,
}

impl Templates {
    pub(super) fn new(options: &Options) -> Self {
        Self {
            client: options.client.then(|| client(options)),
            server: options.server.then(|| server(options)),
        }
    }

    /// The client module and the server module of a service.
    pub(super) fn fill(&self, service: &Service, options: &Options) -> String {
        let bindings = of_service(service, options);
        let methods = service.methods.iter();
        let rpcs: Vec<_> = methods
            .map(|method| (method.kind, of_rpc(&bindings, service, method)))
            .collect();
        let template = Template {
            service: &bindings,
            rpcs: &rpcs,
        };
        let files = [&self.client, &self.server].into_iter().flatten();
        files
            .map(|file| tokens::print(template.fill(file)))
            .collect()
    }
}

fn client(options: &Options) -> syn::File {
    let mut file = parse(include_str!("../../../templates/client.rs"));
    if !options.transport {
        let is_connect = |item: &ImplItem| matches!(item, ImplItem::Fn(function) if function.sig.ident == "connect");
        let items = module(&mut file);
        items.retain(|item| !matches!(item, Item::Impl(item) if item.items.iter().any(is_connect)));
    }
    file
}

fn server(options: &Options) -> syn::File {
    let text = include_str!("../../../templates/server.rs");
    let mut file = match options.arc_self {
        true => parse(&with_arc_self(text)),
        false => parse(text),
    };
    if options.default_stubs {
        let items = module(&mut file);
        let Some(Item::Trait(service)) = items.iter_mut().find(is_service) else {
            unreachable!("the template has the trait of the service");
        };
        let items = &mut service.items;
        items.retain(|item| matches!(item, TraitItem::Fn(_)));
        items.iter_mut().for_each(give_default);
    }
    file
}

/// Methods that take an `Arc` of the service borrow nothing.
fn with_arc_self(template: &str) -> String {
    template
        .replace(
            "(service, request)",
            "(std::sync::Arc::clone(service), request)",
        )
        .replace("<'s, 'f>", "<'f>")
        .replace("&'s self", "self: std::sync::Arc<Self>")
        .replace("'s: 'f,", "")
}

fn is_service(item: &&mut Item) -> bool {
    matches!(item, Item::Trait(item) if item.ident == "Example")
}

fn give_default(item: &mut TraitItem) {
    let TraitItem::Fn(function) = item else {
        return;
    };
    function.semi_token = None;
    function.default = Some(parse_quote!({
        let _ = request;
        v1::not_implemented()
    }));
    let name = function.sig.ident.to_string();
    if ["server_streaming", "bidi_streaming"].contains(&name.as_str()) {
        function.sig.output = parse_quote!(-> v1::Answer<'f, v1::ResponseStream<super::Output>>);
    }
}

fn parse(text: &str) -> syn::File {
    syn::parse_file(text).expect("a test compiles the templates")
}

/// The items of the one module that a template is.
fn module(file: &mut syn::File) -> &mut Vec<Item> {
    match file.items.as_mut_slice() {
        [Item::Mod(module)] => &mut module.content.as_mut().expect("it is written there").1,
        _ => unreachable!("a template is one module"),
    }
}

/// What stands for the service of the templates.
fn of_service(service: &Service, options: &Options) -> Bindings {
    let name = &service.name;
    let ident = |suffix: &str| format_ident!("{name}{suffix}");
    let runtime = tokens::rust(&options.runtime_path.0);
    let mut bindings = Bindings::default();
    bindings
        .name("Example", ident(""))
        .name("ExampleClient", ident("Client"))
        .name("ExampleClientHooks", ident("ClientHooks"))
        .name("ExampleServer", ident("Server"))
        .name("ExampleServerHooks", ident("ServerHooks"))
        .name("example_client", format_ident!("{}", service.client_module))
        .name("example_server", format_ident!("{}", service.server_module))
        .name(
            "example_methods",
            format_ident!("{}", service.methods_module),
        )
        .name("rust_svc::__private", quote!(#runtime::__private))
        .name(
            "tonic_prost::ProstCodec",
            tokens::rust(&options.codec_path.0),
        )
        .text("example.v1.Example", &service.full_name());

    let attributes = &service.attributes;
    let mut allowed = vec![quote!(missing_docs)];
    if service.has_deprecated() {
        // The code calls what users are told not to call.
        allowed.push(quote!(deprecated));
    }
    if service.methods.is_empty() {
        // The server's `match` of a path has one arm then.
        allowed.push(quote!(clippy::match_single_binding));
    }
    bindings.name("missing_docs", quote!(#(#allowed),*));
    let deprecated = deprecated(service.is_deprecated);
    let docs = docs(&service.docs);
    for (line, attributes) in [
        (
            "Generated client implementations.",
            &attributes.client_module,
        ),
        (
            "Generated server implementations.",
            &attributes.server_module,
        ),
    ] {
        let (line_doc, attributes) = (doc(line), parse_attributes(attributes));
        bindings.docs(line, quote!(#line_doc #attributes));
    }
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
        "Write `#[tonic::async_trait]` on the implementation: it makes these signatures of `async fn`.",
    );
    let attributes = parse_attributes(&attributes.server_trait);
    bindings.docs(
        "TRAIT",
        quote!(#of_trait #[doc = ""] #how #attributes #deprecated),
    );
    bindings.docs(
        "CLIENT_HOOKS",
        doc(&format!(
            "What is to run around the methods of [`{name}Client`]: each passes the call on unless it is written."
        )),
    );
    bindings.docs(
        "SERVER_HOOKS",
        doc(&format!(
            "What is to run around the methods of [`{name}`]: each passes the call on unless it is written."
        )),
    );
    bindings
}

/// The same for one of its rpcs.
fn of_rpc(service: &Bindings, of: &Service, method: &Method) -> Bindings {
    let example = Example::of(method.kind);
    let mut bindings = service.clone();
    let name: TokenStream = tokens::rust(&method.name);
    let (docs, deprecated) = (docs(&method.docs), deprecated(method.is_deprecated));
    bindings
        .name(example.name, name)
        .name(example.constant, methods::constant_name(method))
        .name("super::Input", tokens::rust(&method.input))
        .name("super::Output", tokens::rust(&method.output))
        .text(example.path, &of.path(method))
        .docs(example.constant, quote!(#docs #deprecated))
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

/// What the rpc of a kind is called in the templates.
struct Example {
    name: &'static str,
    constant: &'static str,
    path: &'static str,
    stream: Option<&'static str>,
}

impl Example {
    const fn of(kind: Kind) -> Self {
        match kind {
            Kind::Unary => Self {
                name: "unary",
                constant: "UNARY",
                path: "/example.v1.Example/Unary",
                stream: None,
            },
            Kind::ClientStreaming => Self {
                name: "client_streaming",
                constant: "CLIENT_STREAMING",
                path: "/example.v1.Example/ClientStreaming",
                stream: None,
            },
            Kind::ServerStreaming => Self {
                name: "server_streaming",
                constant: "SERVER_STREAMING",
                path: "/example.v1.Example/ServerStreaming",
                stream: Some("ServerStreamingStream"),
            },
            Kind::BidiStreaming => Self {
                name: "bidi_streaming",
                constant: "BIDI_STREAMING",
                path: "/example.v1.Example/BidiStreaming",
                stream: Some("BidiStreamingStream"),
            },
        }
    }
}

fn doc(line: &str) -> TokenStream {
    let line = match line {
        "" => String::new(),
        line if line.starts_with(' ') => line.to_owned(),
        line => format!(" {line}"),
    };
    quote!(#[doc = #line])
}

fn docs(lines: &[String]) -> TokenStream {
    lines.iter().map(|line| doc(line)).collect()
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
