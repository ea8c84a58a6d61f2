//! Clients and servers of our own, from `templates/`.

use syn::{ImplItem, Item, TraitItem, parse_quote};

use super::templates::{is_of_trait, module, parse, with_arc_self};
use crate::options::Options;

/// The templates of the client module and the server module, as the options want them.
pub(super) fn templates(options: &Options) -> Vec<syn::File> {
    let client = options.client.then(|| client(options));
    let server = options.server.then(|| server(options));
    [client, server].into_iter().flatten().collect()
}

fn client(options: &Options) -> syn::File {
    let text = include_str!("../../../templates/client.rs");
    let mut file = match options.transport {
        true => parse(text),
        false => parse(&text.replace("use tonic::transport;", "")),
    };
    if !options.transport {
        let is_connect = |item: &ImplItem| matches!(item, ImplItem::Fn(function) if function.sig.ident == "connect");
        let items = module(&mut file);
        items.retain(|item| !matches!(item, Item::Impl(item) if item.items.iter().any(is_connect)));
    }
    if !options.has_client_trait() {
        module(&mut file).retain(|item| !is_of_trait(item, "ExampleApi"));
    }
    file
}

fn server(options: &Options) -> syn::File {
    let text = include_str!("../../../templates/server.rs");
    let mut file = match options.arc_self {
        true => parse(&with_arc_self(text)),
        false => parse(text),
    };
    if !options.has_testing() {
        module(&mut file).retain(|item| !is_of_trait(item, "ExampleApi"));
    }
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

fn is_service(item: &&mut Item) -> bool {
    matches!(item, Item::Trait(item) if item.ident == "Example")
}

fn give_default(item: &mut TraitItem) {
    let TraitItem::Fn(function) = item else {
        return;
    };
    function.semi_token = None;
    function.default = Some(parse_quote!({
        std::mem::drop(request);
        v1::not_implemented()
    }));
    let name = function.sig.ident.to_string();
    if ["server_streaming", "bidi_streaming"].contains(&name.as_str()) {
        function.sig.output =
            parse_quote!(-> v1::Answer<'f, tonic::codegen::BoxStream<super::Output>>);
    }
}
