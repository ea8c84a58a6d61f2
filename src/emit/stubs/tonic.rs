//! Clients and servers as tonic-build makes them.

use proc_macro2::TokenStream;
use syn::{Attribute, Item, ItemMod, TraitItem, parse_quote};
use tonic_build::{Attributes, CodeGenBuilder};

use crate::emit::tokens;
use crate::model::{Method, RpcKind, Service, ServiceAttributes};
use crate::options::Options;

mod shadow;

/// The client module and the server module of a service.
pub(super) fn stubs(service: &Service, options: &Options) -> String {
    let stubs = Stubs {
        service,
        methods: service
            .methods
            .iter()
            .map(|method| StubMethod {
                method,
                codec_path: &options.codec_path.0,
            })
            .collect(),
    };
    let attributes = &service.attributes;
    let mut builder = CodeGenBuilder::new();
    builder
        .build_transport(options.transport)
        .use_arc_self(options.arc_self)
        .generate_default_stubs(options.default_stubs);
    let mut text = String::new();
    if options.client {
        builder.attributes(client_attributes(attributes));
        text += &finish(builder.generate_client(&stubs, ""), service);
    }
    if options.server {
        builder.attributes(server_attributes(attributes));
        text += &finish(builder.generate_server(&stubs, ""), service);
    }
    text
}

fn client_attributes(attributes: &ServiceAttributes) -> Attributes {
    // `.` stands for all: which service an attribute is for was decided in the model.
    let mut client = Attributes::default();
    attributes
        .client_module
        .iter()
        .for_each(|attribute| client.push_mod(".", attribute));
    attributes
        .client
        .iter()
        .for_each(|attribute| client.push_struct(".", attribute));
    client
}

fn server_attributes(attributes: &ServiceAttributes) -> Attributes {
    let mut server = Attributes::default();
    attributes
        .server_module
        .iter()
        .for_each(|attribute| server.push_mod(".", attribute));
    attributes
        .server
        .iter()
        .for_each(|attribute| server.push_struct(".", attribute));
    attributes
        .server_trait
        .iter()
        .for_each(|attribute| server.push_trait(".", attribute));
    server
}

/// A service as tonic-build wants to see one.
struct Stubs<'a> {
    service: &'a Service,
    methods: Vec<StubMethod<'a>>,
}

struct StubMethod<'a> {
    method: &'a Method,
    codec_path: &'a str,
}

impl<'a> tonic_build::Service for Stubs<'a> {
    type Comment = String;
    type Method = StubMethod<'a>;

    fn name(&self) -> &str {
        if shadow::hides(&self.service.name) {
            shadow::STAND_IN
        } else {
            &self.service.name
        }
    }

    fn package(&self) -> &str {
        &self.service.package
    }

    fn identifier(&self) -> &str {
        &self.service.proto_name
    }

    fn methods(&self) -> &[Self::Method] {
        &self.methods
    }

    fn comment(&self) -> &[Self::Comment] {
        &self.service.docs
    }
}

impl tonic_build::Method for StubMethod<'_> {
    type Comment = String;

    fn name(&self) -> &str {
        &self.method.name
    }

    fn identifier(&self) -> &str {
        &self.method.proto_name
    }

    fn codec_path(&self) -> &str {
        self.codec_path
    }

    fn client_streaming(&self) -> bool {
        matches!(
            self.method.kind,
            RpcKind::ClientStreaming | RpcKind::BidiStreaming
        )
    }

    fn server_streaming(&self) -> bool {
        matches!(
            self.method.kind,
            RpcKind::ServerStreaming | RpcKind::BidiStreaming
        )
    }

    fn comment(&self) -> &[Self::Comment] {
        &self.method.docs
    }

    fn deprecated(&self) -> bool {
        self.method.is_deprecated
    }

    fn request_response_name(&self, _: &str, _: bool) -> (TokenStream, TokenStream) {
        (
            tokens::rust(&self.method.input),
            tokens::rust(&self.method.output),
        )
    }
}

/// Adds what tonic-build leaves out: deprecation, and attributes that keep lints quiet about names that come from
/// proto files. Nothing that it wrote is changed.
fn finish(tokens: TokenStream, service: &Service) -> String {
    let mut file = tokens::parse(shadow::write_out(tokens, &service.name));
    for item in &mut file.items {
        if let Item::Mod(module) = item {
            finish_module(module, service);
        }
    }
    let text = prettyplease::unparse(&file);
    if shadow::hides(&service.name) {
        shadow::name(&text, &service.name)
    } else {
        text
    }
}

fn finish_module(module: &mut ItemMod, service: &Service) {
    if service.has_deprecated() {
        // The server calls the trait's methods, deprecated ones too.
        module.attrs.push(parse_quote!(#![allow(deprecated)]));
    }
    if service.methods.is_empty() {
        // The server's `match` of a path has one arm then.
        module
            .attrs
            .push(parse_quote!(#![allow(clippy::match_single_binding)]));
    }
    for item in module.content.iter_mut().flat_map(|(_, items)| items) {
        match item {
            Item::Struct(item) => {
                deprecate(&mut item.attrs, service.is_deprecated);
                tidy_docs(&mut item.attrs);
            }
            Item::Trait(item) => {
                deprecate(&mut item.attrs, service.is_deprecated);
                item.items
                    .iter_mut()
                    .for_each(|item| finish_trait_item(item, service));
            }
            Item::Impl(item) => {
                for item in &mut item.items {
                    if let syn::ImplItem::Fn(function) = item {
                        tidy_docs(&mut function.attrs);
                    }
                }
            }
            _ => {}
        }
    }
}

fn finish_trait_item(item: &mut TraitItem, service: &Service) {
    match item {
        TraitItem::Fn(function) => {
            let name = function.sig.ident.to_string();
            let mut methods = service.methods.iter();
            let is_deprecated = methods.any(|method| method.is_deprecated && method.name == name);
            deprecate(&mut function.attrs, is_deprecated);
            tidy_docs(&mut function.attrs);
        }
        // `rpc search_log` has `type search_logStream`, which users of tonic-build have in their
        // code.
        TraitItem::Type(item) if !tokens::is_camel(&item.ident.to_string()) => {
            item.attrs
                .push(parse_quote!(#[allow(non_camel_case_types)]));
        }
        _ => {}
    }
}

fn deprecate(attributes: &mut Vec<Attribute>, is_deprecated: bool) {
    if is_deprecated {
        attributes.push(parse_quote!(#[deprecated]));
    }
}

/// tonic-build makes an empty line of a comment a line with a space at its end.
fn tidy_docs(attributes: &mut [Attribute]) {
    for attribute in attributes {
        let syn::Meta::NameValue(meta) = &mut attribute.meta else {
            continue;
        };
        if let syn::Expr::Lit(doc) = &mut meta.value
            && let syn::Lit::Str(line) = &doc.lit
            && line.value() == " "
        {
            doc.lit = parse_quote!("");
        }
    }
}
